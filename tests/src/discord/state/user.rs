//! Accounts.
use serde_json::{Value, json};

/// Somebody.
#[derive(Clone, Debug)]
pub struct User {
    pub id: u64,
    /// The name that is shown.
    pub name: String,
    pub locale: String,
    pub bot: bool,
    /// Takes no direct messages from members of the servers.
    pub closed: bool,
}

impl User {
    /// A person.
    pub fn person(id: u64, name: &str, locale: &str) -> User {
        let locale = match locale {
            "" | "en" => "en-US",
            "es" => "es-ES",
            locale => locale,
        };
        User { id, name: name.to_owned(), locale: locale.to_owned(), bot: false, closed: false }
    }

    /// As the API shows it.
    pub fn json(&self) -> Value {
        let handle: String =
            self.name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        let mut json = json!({"id": self.id.to_string(), "username": format!("{handle}{}", self.id % 1000),
            "discriminator": "0", "global_name": self.name, "avatar": null, "public_flags": 0, "flags": 0,
            "primary_guild": null, "avatar_decoration_data": null, "collectibles": null, "banner": null,
            "accent_color": null});
        if self.bot {
            json["bot"] = json!(true);
            json["global_name"] = Value::Null;
            json["username"] = json!(self.name);
            json["discriminator"] = json!("0001");
        }
        json
    }
}
