//! What a message can carry besides text.
use serde_json::{Map, Value, json};

/// A kind of file, or of another thing, that people send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A picture.
    Photo,
    /// A file.
    Document,
    /// A video.
    Video,
    /// A round video.
    VideoNote,
    /// Music.
    Audio,
    /// A voice message.
    Voice,
    /// A moving picture, which is a document too.
    Animation,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// A phone number.
    Contact,
    /// A die.
    Dice,
}

impl Media {
    /// All of them.
    pub const ALL: [Media; 11] = [
        Media::Photo,
        Media::Document,
        Media::Video,
        Media::VideoNote,
        Media::Audio,
        Media::Voice,
        Media::Animation,
        Media::Sticker,
        Media::Location,
        Media::Contact,
        Media::Dice,
    ];

    /// The field of a message that it stands in.
    pub fn field(self) -> &'static str {
        match self {
            Media::Photo => "photo",
            Media::Document => "document",
            Media::Video => "video",
            Media::VideoNote => "video_note",
            Media::Audio => "audio",
            Media::Voice => "voice",
            Media::Animation => "animation",
            Media::Sticker => "sticker",
            Media::Location => "location",
            Media::Contact => "contact",
            Media::Dice => "dice",
        }
    }

    /// The kind of that field.
    pub fn of_field(field: &str) -> Option<Media> {
        Media::ALL.into_iter().find(|media| media.field() == field)
    }

    /// It can have a caption.
    pub fn has_caption(self) -> bool {
        !matches!(self, Media::VideoNote | Media::Sticker | Media::Location | Media::Contact | Media::Dice)
    }

    /// The fields of a message that carries one; `file` is its file's id.
    pub(super) fn content(self, file: &str, name: &str) -> Map<String, Value> {
        let mut content = Map::new();
        content.insert(self.field().to_owned(), self.value(file, name));
        if self == Media::Animation {
            content.insert("document".to_owned(), Media::Document.value(file, name));
        }
        content
    }

    fn value(self, file: &str, name: &str) -> Value {
        let id = |more: Value| {
            let mut value = json!({"file_id": file, "file_unique_id": format!("u{file}"), "file_size": 4096});
            value.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            value
        };
        match self {
            Media::Photo => {
                json!([id(json!({"width": 90, "height": 67})), id(json!({"width": 1280, "height": 960}))])
            }
            Media::Document => id(json!({"file_name": name, "mime_type": "application/pdf"})),
            Media::Video => id(json!({"width": 640, "height": 480, "duration": 7, "mime_type": "video/mp4"})),
            Media::VideoNote => id(json!({"length": 240, "duration": 7})),
            Media::Audio => id(json!({"duration": 180, "mime_type": "audio/mpeg", "title": "A song"})),
            Media::Voice => id(json!({"duration": 4, "mime_type": "audio/ogg"})),
            Media::Animation => {
                id(json!({"width": 320, "height": 240, "duration": 3, "file_name": "funny.mp4"}))
            }
            Media::Sticker => {
                id(json!({"type": "regular", "width": 512, "height": 512, "is_animated": false,
                "is_video": false, "emoji": "👍", "set_name": "Thumbs"}))
            }
            Media::Location => json!({"latitude": 52.520008, "longitude": 13.404954}),
            Media::Contact => json!({"phone_number": "+49301234567", "first_name": "Ann"}),
            Media::Dice => json!({"emoji": "🎲", "value": 4}),
        }
    }
}
