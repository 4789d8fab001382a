//! What a request is answered: a result, or the server's own refusal.
use serde_json::{Map, Value, json};

/// A result, or why there is none.
pub type Answer = Result<Reply, Refusal>;

/// What goes well.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    /// Null: without a body.
    pub body: Value,
}

/// 200 with that body.
pub fn ok(body: Value) -> Answer {
    Ok(Reply { status: 200, body })
}

/// 204.
pub fn done() -> Answer {
    Ok(Reply { status: 204, body: Value::Null })
}

/// What doesn't.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub body: Value,
    /// It is for one who asks too often.
    pub limited: Option<Limited>,
}

/// How long one has to wait, and for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Limited {
    /// Seconds.
    pub retry_after: f64,
    pub global: bool,
}

impl Refusal {
    /// A refusal with that code, its own status and its own text.
    pub fn code(code: u64) -> Refusal {
        let (status, _) = of_code(code);
        Refusal::status(status, code)
    }

    /// The same with another status.
    pub fn status(status: u16, code: u64) -> Refusal {
        Refusal::new(status, code, of_code(code).1)
    }

    /// Any.
    pub fn new(status: u16, code: u64, message: &str) -> Refusal {
        Refusal { status, body: json!({"message": message, "code": code}), limited: None }
    }

    /// 429 with `retry_after` in seconds.
    pub fn too_many(retry_after: f64, global: bool) -> Refusal {
        let body = json!({"message": "You are being rate limited.", "retry_after": retry_after, "global": global, "code": 0});
        Refusal { status: 429, body, limited: Some(Limited { retry_after, global }) }
    }

    /// One field that is wrong; the path is written with dots: `components.0.label`.
    pub fn field(path: &str, code: &str, message: &str) -> Refusal {
        let mut form = Form::default();
        form.wrong(path, code, message);
        form.refusal()
    }
}

/// Faults in the fields of a body: 50035.
#[derive(Default)]
pub struct Form(Map<String, Value>);

impl Form {
    /// A field is wrong.
    pub fn wrong(&mut self, path: &str, code: &str, message: &str) {
        let mut at = &mut self.0;
        for part in path.split('.') {
            let below = at.entry(part).or_insert_with(|| json!({}));
            let Some(map) = below.as_object_mut() else { return };
            at = map;
        }
        let errors = at.entry("_errors").or_insert_with(|| json!([]));
        if let Some(errors) = errors.as_array_mut() {
            errors.push(json!({"code": code, "message": message}));
        }
    }

    /// A text has to have that many characters.
    pub fn length(&mut self, path: &str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        if length == 0 && least > 0 {
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required");
        } else if !(least..=most).contains(&length) {
            self.bad_length(path, least, most);
        }
    }

    /// A list has to have that many entries, or a text that many characters.
    pub fn bad_length(&mut self, path: &str, least: usize, most: usize) {
        let (code, message) = if least <= 1 && most < usize::MAX && least == 0 {
            ("BASE_TYPE_MAX_LENGTH", format!("Must be {most} or fewer in length."))
        } else {
            ("BASE_TYPE_BAD_LENGTH", format!("Must be between {least} and {most} in length."))
        };
        self.wrong(path, code, &message);
    }

    /// A field that has to be there.
    pub fn required(&mut self, path: &str) {
        self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// All is well, or it is refused.
    pub fn check(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.refusal()) }
    }

    fn refusal(self) -> Refusal {
        let body = json!({"message": "Invalid Form Body", "code": 50035, "errors": self.0});
        Refusal { status: 400, body, limited: None }
    }
}

/// The status and text of a code.
pub fn of_code(code: u64) -> (u16, &'static str) {
    CODES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or((400, "An error occurred."), |(_, status, text)| (*status, *text))
}

/// Codes with their usual status and their texts.
const CODES: &[(u64, u16, &str)] = &[
    (0, 404, "404: Not Found"),
    (10002, 404, "Unknown Application"),
    (10003, 404, "Unknown Channel"),
    (10004, 404, "Unknown Guild"),
    (10007, 404, "Unknown Member"),
    (10008, 404, "Unknown Message"),
    (10009, 404, "Unknown Overwrite"),
    (10011, 404, "Unknown Role"),
    (10013, 404, "Unknown User"),
    (10014, 400, "Unknown Emoji"),
    (10015, 404, "Unknown Webhook"),
    (10062, 404, "Unknown interaction"),
    (10063, 404, "Unknown application command"),
    (20012, 403, "You are not authorized to perform this action on this application"),
    (20016, 429, "This action cannot be performed due to slowmode rate limit."),
    (20028, 429, "The channel you are writing has hit the write rate limit."),
    (30010, 400, "Maximum number of reactions reached (20)"),
    (30032, 400, "Maximum number of application commands reached (100)"),
    (40001, 401, "Unauthorized"),
    (40003, 429, "You are opening direct messages too fast"),
    (40005, 413, "Request entity too large"),
    (40060, 400, "Interaction has already been acknowledged."),
    (50001, 403, "Missing Access"),
    (50003, 403, "Cannot execute action on a DM channel"),
    (50005, 403, "Cannot edit a message authored by another user"),
    (50006, 400, "Cannot send an empty message"),
    (50007, 403, "Cannot send messages to this user"),
    (50008, 400, "Cannot send messages in a non-text channel"),
    (50013, 403, "Missing Permissions"),
    (
        50016,
        400,
        "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete",
    ),
    (50021, 403, "Cannot execute action on a system message"),
    (50024, 400, "Cannot execute action on this channel type"),
    (50027, 401, "Invalid Webhook Token"),
    (50033, 400, "Invalid Recipient(s)"),
    (50034, 400, "You can only bulk delete messages that are under 14 days old."),
    (50083, 400, "Thread is archived"),
    (50109, 400, "The request body contains invalid JSON."),
    (50278, 403, "Cannot send messages to this user due to having no mutual guilds"),
    (160002, 403, "You do not have permission to reply without reading message history"),
    (160004, 400, "A thread has already been created for this message"),
    (160005, 400, "Thread is locked"),
    (160006, 400, "Maximum number of active threads reached"),
];
