//! The keys of a bot folder: what may stand where. Whatever is not in these lists is reported with the nearest that is.

/// A place with keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it is: "a step with `ask`".
    pub what: &'static str,
    /// The keys that may stand there.
    pub keys: &'static [&'static str],
}

/// `bot.yaml`, beside the keys of [`FILE`].
pub const SETTINGS: Shape = Shape {
    what: "bot.yaml",
    keys: &["name", "languages", "greeting", "understanding", "handoff", "silence", "keep", "facts"],
};
/// Any file.
pub const FILE: Shape =
    Shape { what: "a file", keys: &["intents", "entities", "fragments", "actions", "translations"] };
/// `understanding`.
pub const UNDERSTANDING: Shape = Shape { what: "`understanding`", keys: &["act", "ask", "tie", "misses"] };
/// `handoff` in `bot.yaml`.
pub const HANDOFF: Shape =
    Shape { what: "`handoff`", keys: &["hours", "teams", "rating", "claim_within", "answer_within"] };
/// A team under `teams`.
pub const TEAM: Shape = Shape { what: "a team", keys: &["desk"] };
/// `hours`, where `mon` may also be a range such as `mon-fri`.
pub const HOURS: Shape =
    Shape { what: "`hours`", keys: &["timezone", "closed", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] };
/// `silence`.
pub const SILENCE: Shape = Shape { what: "`silence`", keys: &["remind", "park", "quiet"] };
/// An intent.
pub const INTENT: Shape = Shape {
    what: "an intent",
    keys: &["title", "examples", "not", "patterns", "when", "act", "say", "buttons", "flow"],
};
/// An entity.
pub const ENTITY: Shape = Shape { what: "an entity", keys: &["pattern", "values", "example"] };
/// An action.
pub const ACTION: Shape = Shape {
    what: "an action",
    keys: &[
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "headers",
        "json",
        "timeout",
        "retries",
        "idempotency_key",
        "sample",
    ],
};
/// What stands under an intent in `translations`.
pub const TRANSLATION: Shape =
    Shape { what: "a translation", keys: &["examples", "not", "patterns", "texts"] };

/// The kinds of steps: the first key of each is the one that says what the step does.
pub const STEPS: [Shape; 11] = [
    Shape {
        what: "a step with `ask`",
        keys: &[
            "ask",
            "id",
            "say",
            "why",
            "retry",
            "type",
            "check",
            "optional",
            "sensitive",
            "attempts",
            "buttons",
        ],
    },
    Shape {
        what: "a step with `choose`",
        keys: &[
            "choose",
            "id",
            "say",
            "why",
            "retry",
            "options",
            "check",
            "optional",
            "sensitive",
            "attempts",
        ],
    },
    Shape { what: "a step with `confirm`", keys: &["confirm", "id", "why", "attempts", "buttons", "else"] },
    Shape { what: "a step with `call`", keys: &["call", "id", "with", "as", "failed"] },
    Shape { what: "a step with `if`", keys: &["if", "id", "then", "else"] },
    Shape { what: "a step with `set`", keys: &["set", "id"] },
    Shape { what: "a step with `later`", keys: &["later", "id", "then"] },
    Shape { what: "a step with `goto`", keys: &["goto", "id"] },
    Shape { what: "a step with `handoff`", keys: &["handoff", "id", "reason", "priority"] },
    Shape { what: "a step with `end`", keys: &["end", "id"] },
    // The last, since `say` also stands in steps of other kinds.
    Shape { what: "a step with `say`", keys: &["say", "id", "buttons"] },
];

/// What people write who come from other systems, and what it is called here.
pub(crate) const SYNONYMS: &[(&str, &str)] = &[
    ("answer", "say"),
    ("answers", "say"),
    ("reply", "say"),
    ("response", "say"),
    ("responses", "say"),
    ("text", "say"),
    ("message", "say"),
    ("phrases", "examples"),
    ("utterances", "examples"),
    ("training_phrases", "examples"),
    ("steps", "flow"),
    ("question", "ask"),
    ("slot", "ask"),
    ("action", "call"),
    ("condition", "if"),
    ("entity", "type"),
    ("regex", "pattern"),
    ("threshold", "act"),
    ("language", "languages"),
    ("url", "get"),
    ("body", "json"),
    ("hand_off", "handoff"),
    ("transfer", "handoff"),
    ("wait", "later"),
];
