//! Files: those of Discord by the message they came with, those of other platforms by their bytes.
//!
//! What it is not: no address is kept, for Discord's expire.
use bot_core::reply::Run;
use bot_runtime::files::{File, Files};
use serde_json::Value as Json;

use crate::api::{Api, Failure, LARGEST};
use crate::inbound::pieces;
use crate::send::{Letter, NONCE, id, is_id, literal, styled};

/// Bytes of a file that is handed to another platform: what the largest of them take.
const HANDED: u64 = 50 << 20;

const GONE: &str = "the file is not there any more";
const TOO_LARGE: &str = "the file is larger than the 10 MB that Discord takes from a bot";
const TOO_LARGE_TO_GIVE: &str = "the file is larger than 50 MB, which other platforms don't take from a bot";

/// One of a message's files.
enum Found {
    Attachment { name: String, url: String },
    Sticker(String),
}

/// How one is shown.
enum Shown {
    File(File),
    Words(String),
}

/// A file by the name that `inbound` gives: the message it came with, and which of its files.
pub fn file_name(name: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<_> = name.split('/').collect();
    match parts[..] {
        [channel, message, file] if parts.iter().all(|id| is_id(id)) => Some((channel, message, file)),
        _ => None,
    }
}

/// By which a file stands in a thread once, also when it is shown again after a kill.
pub fn file_nonce(name: &str) -> String {
    let own = file_name(name).map(|(_, _, file)| file.to_owned());
    // Ids of other platforms are too long: the message they came with tells them apart.
    let own = own.unwrap_or_else(|| name.split('/').take(2).collect::<Vec<_>>().join("."));
    format!("f{own}").chars().take(NONCE).collect()
}

impl Api {
    /// Shows a file in a channel; one of Discord's that is too large as an address. Returns the message's id.
    pub async fn show(&self, files: &Files, to: &str, name: &str, letter: Letter) -> Result<String, Failure> {
        let path = format!("channels/{to}/messages");
        let made = match self.bytes(files, name).await? {
            Shown::File(file) => self.send(&path, &letter.body(), &file).await?,
            Shown::Words(words) => self.post(&path, &letter.say(&words)).await?,
        };
        id(&made)
    }

    async fn bytes(&self, files: &Files, name: &str) -> Result<Shown, Failure> {
        if file_name(name).is_none() {
            let file = files.fetch(name).await?;
            let fits = file.bytes.len() as u64 <= LARGEST;
            return if fits { Ok(Shown::File(file)) } else { Err(Failure::refused(TOO_LARGE)) };
        }
        Ok(match self.found(name).await? {
            Found::Sticker(name) => Shown::Words(literal(&format!("[{name}]"))),
            Found::Attachment { name, url } => match self.fetch(&url, LARGEST).await? {
                Some(bytes) => Shown::File(File { name, bytes }),
                None => Shown::Words(styled(&[Run { text: name, link: Some(url), ..Run::default() }])),
            },
        })
    }

    /// A file of Discord's, for another platform.
    pub async fn hand_out(&self, name: &str) -> Result<File, Failure> {
        match self.found(name).await? {
            Found::Sticker(_) => Err(Failure::refused("stickers can be shown in Discord only")),
            Found::Attachment { name, url } => {
                let bytes = self.fetch(&url, HANDED).await?;
                Ok(File { name, bytes: bytes.ok_or_else(|| Failure::refused(TOO_LARGE_TO_GIVE))? })
            }
        }
    }

    async fn found(&self, name: &str) -> Result<Found, Failure> {
        let (channel, message, file) = file_name(name).ok_or_else(|| Failure::refused(GONE))?;
        let message = self.get(&format!("channels/{channel}/messages/{message}")).await;
        let message = message.map_err(|failure| match failure.is(&[10003, 10008, 50001]) {
            true => Failure::refused(GONE),
            false => failure,
        })?;
        let find = |name: &str| {
            let mut all =
                pieces(&message).into_iter().flat_map(|piece| piece[name].as_array().into_iter().flatten());
            all.find(|found| found["id"] == file)
        };
        let text = |json: &Json, or: &str| json.as_str().unwrap_or(or).to_owned();
        if let Some(sticker) = find("sticker_items") {
            return Ok(Found::Sticker(text(&sticker["name"], "sticker")));
        }
        let found = find("attachments").ok_or_else(|| Failure::refused(GONE))?;
        Ok(Found::Attachment { name: text(&found["filename"], "file"), url: text(&found["url"], "") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_the_file_is() {
        assert_eq!(file_name("1/22/333"), Some(("1", "22", "333")));
        for foreign in ["", "1", "1/2", "1/2/x", "1/2/3/4", "-5/1/AgAC-_x", "1//3"] {
            assert_eq!(file_name(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn each_file_has_a_nonce_of_its_own_that_is_short_enough() {
        assert_eq!(
            file_nonce("1574156999292092416/1574157054195531780/1574157054195531776"),
            "f1574157054195531776"
        );
        assert_eq!(file_nonce("-1001234567890/17/AgACAgQAAxk"), "f-1001234567890.17");
        assert!(file_nonce("-1001234567890123/2147483647/AgACAgQAAxk").len() <= NONCE);
    }
}
