//! What the server's errors may say: its literals, as they are listed beside the interface's description, and what comes from
//! elsewhere and is no literal there.

/// Descriptions that are no literals of the server itself, and where each is from: `layer` is the server's translation of what
/// Telegram answers (`fail_query_with_error`), `library` a message of TDLib, `check` one that the server puts together from a
/// kind of message or of chat and an ending, `Telegram` what Telegram answers and the server passes on.
const ELSEWHERE: &[(i64, &str, &str)] = &[
    (400, "Bad Request: message to edit not found", "check: the message of editMessage…"),
    (400, "Bad Request: message to reply not found", "check: the message of reply_parameters, until 7.0"),
    (400, "Bad Request: message to be replied not found", "check: the message of reply_parameters"),
    (400, "Bad Request: message to delete not found", "check: the message of deleteMessage"),
    (400, "Bad Request: message to copy not found", "check: the message of copyMessage"),
    (400, "Bad Request: message to forward not found", "check: the message of forwardMessage"),
    (400, "Bad Request: message to pin not found", "check: the message of pinChatMessage"),
    (
        400,
        "Bad Request: there are no messages to copy",
        "library: none of the messages of copyMessages can be copied",
    ),
    (400, "Bad Request: message can't be copied", "library: a service message, or protected content"),
    (400, "Bad Request: message can't be edited", "library: a message of somebody else"),
    (400, "Bad Request: message can't be deleted", "layer: MESSAGE_DELETE_FORBIDDEN"),
    (
        400,
        "Bad Request: message can't be deleted for everyone",
        "library: a message too old, or of somebody else",
    ),
    (400, "Bad Request: message text is empty", "library: the text of a message, trimmed"),
    (400, "Bad Request: text must be non-empty", "library: the text of a message, trimmed"),
    (400, "Bad Request: message is too long", "library: MESSAGE_TOO_LONG"),
    (400, "Bad Request: message caption is too long", "library: MEDIA_CAPTION_TOO_LONG"),
    (400, "Bad Request: text must be encoded in UTF-8", "library: what is no UTF-8"),
    (400, "Bad Request: strings must be encoded in UTF-8", "library: what is no UTF-8"),
    (400, NOT_MODIFIED, "layer: MESSAGE_NOT_MODIFIED"),
    (400, "Bad Request: reply markup is too long", "layer: REPLY_MARKUP_TOO_LONG"),
    (400, "Bad Request: BUTTON_DATA_INVALID", "Telegram: callback_data over 64 bytes"),
    (400, "Bad Request: BUTTON_URL_INVALID", "Telegram: a button's address is none"),
    (400, "Bad Request: MESSAGE_ID_INVALID", "Telegram: a message that is none"),
    (400, "Bad Request: ENTITY_BOUNDS_INVALID", "Telegram: an entity that ends outside of the text"),
    (400, "Bad Request: ENTITIES_TOO_LONG", "Telegram: more than 100 entities' worth"),
    (400, TOO_OLD, "layer: QUERY_ID_INVALID"),
    (400, "Bad Request: TOPIC_DELETED", "Telegram: a topic that is deleted"),
    (400, "Bad Request: TOPIC_CLOSED", "Telegram: a topic that is closed, for those without the right"),
    (400, "Bad Request: TOPIC_ID_INVALID", "Telegram: a topic that never was"),
    (400, "Bad Request: TOPIC_NOT_MODIFIED", "Telegram: a topic that is already so"),
    (400, "Bad Request: TOPIC_TITLE_EMPTY", "Telegram: a topic's name with nothing in it"),
    (400, "Bad Request: title must be non-empty", "library: a topic's name, cleaned"),
    (400, "Bad Request: the chat is not a forum", "library: a topic in a chat without topics"),
    (400, "Bad Request: message thread not found", "library: a topic that is not there"),
    (400, "Bad Request: not enough rights to create a topic", "library: can_manage_topics is missing"),
    (400, "Bad Request: not enough rights to edit the topic", "library: can_manage_topics is missing"),
    (
        400,
        "Bad Request: not enough rights to close or open the topic",
        "library: can_manage_topics is missing",
    ),
    (400, "Bad Request: not enough rights to delete the topic", "library: can_delete_messages is missing"),
    (
        400,
        "Bad Request: not enough rights to send text messages to the chat",
        "library: restricted in the chat",
    ),
    (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
        "library: can_pin_messages is missing",
    ),
    (400, "Bad Request: CHAT_ADMIN_REQUIRED", "Telegram: no administrator"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "Telegram: restricted in the chat"),
    (400, "Bad Request: PEER_ID_INVALID", "Telegram: a chat that is not known"),
    (400, "Bad Request: USER_ID_INVALID", "Telegram: a user that is not known"),
    (400, "Bad Request: user not found", "library: a user that is not known"),
    (400, "Bad Request: PARTICIPANT_ID_INVALID", "Telegram: a user that was never in the chat"),
    (400, "Bad Request: member not found", "library: a user that was never in the chat"),
    (400, "Bad Request: BOT_COMMAND_INVALID", "Telegram: a command with something else than a-z, 0-9 and _"),
    (
        400,
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        "Telegram: a command without a description, or a long one",
    ),
    (400, "Bad Request: command must be non-empty", "library: a command without a name"),
    (400, "Bad Request: command description must be non-empty", "library: a command without a description"),
    (400, "Bad Request: invalid language code specified", "library: not two letters"),
    (400, "Bad Request: wrong HTTP URL specified", "layer: WC_CONVERT_URL_INVALID"),
    (403, "Forbidden: bot was blocked by the user", "layer: USER_IS_BLOCKED"),
    (403, "Forbidden: bot can't initiate conversation with a user", "library: a user who never wrote"),
    (403, "Forbidden: bot can't send messages to bots", "library: a user who is a bot"),
    (404, "Not Found", "the server, to a token that can be none"),
];

const NOT_MODIFIED: &str = "Bad Request: message is not modified: specified new message content and reply markup are \
                            exactly the same as a current content and reply markup of the message";

const TOO_OLD: &str = "Bad Request: query is too old and response timeout expired or query ID is invalid";

/// Beginnings of descriptions that go on with what the request had in it.
const BEGINNINGS: &[(i64, &str, &str)] = &[
    (400, "Bad Request: can't parse entities: ", "library: markup, or entities, that can't be read"),
    (400, "Bad Request: can't parse inline keyboard button: ", "the server: with the button's own complaint"),
    (
        400,
        "Bad Request: can't parse reply keyboard markup JSON object",
        "the server: a literal, in lower case",
    ),
    (400, "Bad Request: inline keyboard button URL '", "library: a button's address is none"),
];

/// What errors may say.
#[derive(Debug, Default)]
pub struct Errors {
    literals: Vec<String>,
}

impl Errors {
    /// The server's literals, a line each: a whole description, the beginning of one, or `[code] text` for one that the server
    /// puts its prefix before.
    pub(super) fn new(lines: &str) -> Errors {
        let said = lines.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        Errors { literals: said.map(whole).collect() }
    }

    /// What is wrong with an error.
    pub(super) fn hold(&self, code: i64, description: &str) -> Option<String> {
        match prefix(code) {
            Some(prefix) if !description.starts_with(prefix) => {
                Some(format!("{code} \"{description}\" where {prefix} is expected"))
            }
            // The server's troubles can be anything, and what is before it has its own words.
            _ if code >= 500 || self.knows(code, description) => None,
            _ => Some(format!("{code} \"{description}\", which the server never says")),
        }
    }

    fn knows(&self, code: i64, description: &str) -> bool {
        let literal = |said: &String| match said.strip_suffix('\\') {
            Some(begin) => description.starts_with(begin),
            None if open(said) => description.starts_with(said.as_str()),
            None => said == description,
        };
        let own = |list: &[(i64, &str, &str)], fits: fn(&str, &str) -> bool| {
            list.iter().any(|(listed, said, _)| *listed == code && fits(description, said))
        };
        self.literals.iter().any(literal)
            || own(ELSEWHERE, |description, said| description == said)
            || own(BEGINNINGS, |description, said| description.starts_with(said))
    }
}

/// A literal that something follows; a bare prefix would let everything through.
fn open(said: &str) -> bool {
    said.ends_with("retry after ") || said.ends_with('(')
}

fn prefix(code: i64) -> Option<&'static str> {
    match code {
        400 => Some("Bad Request"),
        401 => Some("Unauthorized"),
        403 => Some("Forbidden"),
        404 => Some("Not Found"),
        409 => Some("Conflict"),
        429 => Some("Too Many Requests"),
        _ => None,
    }
}

/// `[400] Message text is empty` as it goes over the wire: `Bad Request: message text is empty`.
fn whole(line: &str) -> String {
    let parts = line.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let coded = parts.and_then(|(code, text)| Some((prefix(code.parse().ok()?)?, text)));
    match coded {
        Some((prefix, text)) if !text.starts_with(prefix) => format!("{prefix}: {}", lowered(text)),
        Some((_, text)) => text.to_owned(),
        None => line.to_owned(),
    }
}

/// With a small first letter, unless the second is a capital too, or no letter.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(_), Some(second)) if second == '_' || second.is_ascii_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_ascii_lowercase().to_string() + &text[first.len_utf8()..],
        (None, _) => String::new(),
    }
}
