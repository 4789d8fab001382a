//! Accounts: people and the bot.
use serde_json::{Value, json};

/// The account that anonymous administrators write from.
pub const ANONYMOUS: i64 = 1_087_968_824;

/// A person, or the bot.
#[derive(Clone, Debug)]
pub struct User {
    pub id: i64,
    pub name: String,
    /// The name after the @; the bot has one, people need not.
    pub username: Option<String>,
    /// The language of the app, as IETF writes it.
    pub language: Option<String>,
    pub bot: bool,
    /// The account was deleted.
    pub deactivated: bool,
}

impl User {
    pub fn person(id: i64, name: &str, language: Option<&str>) -> User {
        let language = language.map(str::to_owned);
        User { id, name: name.to_owned(), username: None, language, bot: false, deactivated: false }
    }

    pub fn bot(id: i64, name: &str, username: &str) -> User {
        User { username: Some(username.to_owned()), bot: true, ..User::person(id, name, None) }
    }

    /// The `User` of the Bot API.
    pub fn json(&self) -> Value {
        let mut user = json!({"id": self.id, "is_bot": self.bot, "first_name": self.name});
        if let Some(name) = &self.username {
            user["username"] = json!(name);
        }
        if let Some(language) = &self.language {
            user["language_code"] = json!(language);
        }
        user
    }
}
