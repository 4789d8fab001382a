//! Files that are sent.
use serde_json::{Value, json};

use crate::discord::limits::hash;

/// How long an address of a file is good, in seconds.
const GOOD: i64 = 24 * 3600;

/// A file with its content.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// `image/png`, …
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What it shows, for those who can't see it.
    pub description: Option<String>,
}

impl File {
    /// A file; the end of its name tells what kind it is of.
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> File {
        File::of_type(name, None, bytes.into())
    }

    /// A file of a kind that is known.
    pub(in crate::discord) fn of_type(name: &str, sort: Option<&str>, bytes: Vec<u8>) -> File {
        let sort = sort.filter(|sort| *sort != "application/octet-stream").unwrap_or_else(|| of_name(name));
        File { name: cleaned(name), content_type: sort.to_owned(), bytes, description: None }
    }

    /// As the API shows it, with an address that is good for a day from `date`, in seconds since 1970.
    pub(in crate::discord) fn json(&self, id: u64, host: &str, channel: u64, date: i64) -> Value {
        let expires = date + GOOD;
        let signed = format!("ex={expires:x}&is={date:x}&hm={}", signature(id, expires));
        let url = format!("http://{host}/attachments/{channel}/{id}/{}?{signed}&", self.name);
        let mut json = json!({"id": id.to_string(), "filename": self.name, "size": self.bytes.len(), "url": url,
            "proxy_url": url, "content_type": self.content_type});
        if self.content_type.starts_with("image/") {
            json["width"] = json!(640);
            json["height"] = json!(480);
        }
        if let Some(description) = &self.description {
            json["description"] = json!(description);
        }
        json
    }
}

/// What an address has to bear.
pub fn signature(id: u64, expires: i64) -> String {
    let half = hash(&format!("{id}/{expires}"));
    format!("{half:016x}{:016x}{half:016x}{:016x}", !half, half.rotate_left(17))
}

fn of_name(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "mp4" => "video/mp4",
        "ogg" => "audio/ogg",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

/// Discord leaves letters, digits, `.`, `-` and `_` of a name.
fn cleaned(name: &str) -> String {
    let good = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    name.chars().map(good).collect()
}
