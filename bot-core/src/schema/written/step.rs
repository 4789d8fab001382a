//! A step of a flow as it is written.
use serde_json::Value as Json;

use crate::schema::keys::{self, Shape};
use crate::schema::read::{At, Fields, Words};
use crate::schema::report::{Place, Report, one_of};
use crate::schema::tree::{Kind, Node};

#[derive(Debug)]
pub(crate) struct Step {
    pub id: Option<Words>,
    /// The key that says what it does.
    pub place: Place,
    pub doing: Doing,
}

#[derive(Debug)]
pub(crate) enum Doing {
    Ask(Question),
    Choose(Question, Vec<(Words, Words)>),
    Confirm {
        say: Say,
        why: Option<Words>,
        attempts: Option<At<u32>>,
        otherwise: Option<Vec<Step>>,
    },
    Say(Say),
    Call {
        action: Words,
        with: Values,
        result: Option<Words>,
        failed: Option<Vec<Step>>,
    },
    If {
        condition: Words,
        then: Vec<Step>,
        otherwise: Vec<Step>,
    },
    Set(Values),
    Later {
        after: Words,
        then: Vec<Step>,
    },
    Goto(Words),
    Handoff {
        team: Option<Words>,
        reason: Option<Words>,
        priority: Option<Words>,
    },
    End,
    /// Something is wrong with it, and reported.
    Broken,
}

/// Named values whose texts are templates.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub entries: Vec<(Words, Json)>,
    pub templates: Vec<Words>,
}

/// Texts of which one is said, and the buttons under them.
#[derive(Clone, Debug)]
pub(crate) struct Say {
    pub variants: Vec<Words>,
    pub buttons: Vec<Words>,
}

#[derive(Debug)]
pub(crate) struct Question {
    pub slot: Words,
    pub say: Option<Say>,
    pub why: Option<Words>,
    pub retry: Vec<Words>,
    pub entity: Option<Words>,
    pub check: Option<Words>,
    pub optional: bool,
    pub sensitive: bool,
    pub attempts: Option<At<u32>>,
}

/// The text under `key` with the `buttons` beside it.
pub(crate) fn say(fields: &Fields<'_>, key: &str) -> Option<Say> {
    let (variants, buttons) = (fields.texts(key), fields.drafts("buttons"));
    if let (false, Some((place, _))) = (fields.has(key), fields.entry("buttons")) {
        let help = "write `say:` with the text that stands above the buttons".to_owned();
        fields.report.error(place.place, "missing-key", "`buttons` need a `say` to stand under", help);
    }
    (!variants.is_empty()).then_some(Say { variants, buttons })
}

/// A list of steps; `None` if it is none, which is reported.
pub(super) fn steps(report: &Report, node: &Node, what: &str) -> Option<Vec<Step>> {
    // One step without its `- ` is a slip that can't be meant in another way.
    if let Kind::Map(_) = &node.kind {
        let help = "put `- ` before the first key of each step".to_owned();
        report.error(
            node.place,
            "wrong-type",
            format!("{what} must be a list of steps, this is a group of keys"),
            help,
        );
        return None;
    }
    Some(report.list(node, what)?.iter().map(|node| step(report, node)).collect())
}

fn step(report: &Report, node: &Node) -> Step {
    read(report, node).unwrap_or(Step { id: None, place: node.place, doing: Doing::Broken })
}

fn read(report: &Report, node: &Node) -> Option<Step> {
    if let Kind::Scalar { text, .. } = &node.kind {
        let help = Some(format!("to say it, write `- say: {text}`"));
        report.wrong_type(node, "a step", "a group of keys such as `say: …`", help);
        return None;
    }
    let accept_all = Fields::open_with(report, node, "a step", &keys::STEPS, |_| true)?;
    let Some(shape) = keys::STEPS.iter().find(|shape| accept_all.has(shape.keys[0])) else {
        explain_no_kind(report, node, &accept_all);
        return None;
    };
    let fields = Fields::open_with(report, node, "a step", &[*shape], |key| {
        report_stray(report, &accept_all, shape, key)
    })?;
    let (key, _) = fields.entry(shape.keys[0])?;
    Some(Step {
        id: fields.words("id"),
        place: key.place,
        doing: doing(&fields, shape.keys[0]).unwrap_or(Doing::Broken),
    })
}

/// A step in which nothing says what it does.
fn explain_no_kind(report: &Report, node: &Node, fields: &Fields<'_>) {
    let known = |key: &str| keys::STEPS.iter().any(|shape| shape.keys.contains(&key));
    if fields.all().all(|(key, _)| known(&key.text)) {
        let message = "nothing says what this step does";
        let help = format!("a step has one of {}", one_of(keys::STEPS.iter().map(|shape| shape.keys[0])));
        report.error(node.place, "missing-key", message, help);
    } else {
        Fields::open(report, node, "a step", &keys::STEPS.map(|shape| Shape { what: "a step", ..shape }));
    }
}

/// Reports a key that steps have, but not of this kind. Whether it was one.
fn report_stray(report: &Report, fields: &Fields<'_>, shape: &Shape, key: &str) -> bool {
    let Some(home) = keys::STEPS.iter().find(|shape| shape.keys.contains(&key)) else { return false };
    let Some((node, _)) = fields.entry(key) else { return false };
    let is_kind = keys::STEPS.iter().any(|shape| shape.keys[0] == key);
    let message = format!("`{key}` does not go with `{}` in one step", shape.keys[0]);
    let help = if is_kind {
        format!("make it a step of its own: a line that begins with `- {key}:`")
    } else {
        format!("it belongs to {}", home.what)
    };
    report.error(node.place, "unknown-key", message, help);
    true
}

fn doing(fields: &Fields<'_>, kind: &str) -> Option<Doing> {
    let report = fields.report;
    let branch =
        |key: &str| fields.node(key).map(|node| steps(report, node, &format!("`{key}`")).unwrap_or_default());
    let value = || fields.words(kind);
    Some(match kind {
        "ask" => Doing::Ask(question(fields, kind)?),
        "choose" => {
            fields.require("options", "`choose`", "list the answers to choose from under `options:`");
            Doing::Choose(question(fields, kind)?, options(fields))
        }
        "confirm" => Doing::Confirm {
            say: say(fields, kind)?,
            why: fields.words("why"),
            attempts: fields.count("attempts", 1),
            otherwise: branch("else"),
        },
        "say" => Doing::Say(say(fields, kind)?),
        "call" => Doing::Call {
            action: value()?,
            with: values(report, fields.node("with"), "`with`"),
            result: fields.words("as"),
            failed: branch("failed"),
        },
        "if" => {
            fields.require("then", "`if`", "write `then:` and below it the steps to take if it holds");
            Doing::If {
                condition: value()?,
                then: branch("then").unwrap_or_default(),
                otherwise: branch("else").unwrap_or_default(),
            }
        }
        "set" => Doing::Set(values(report, fields.node(kind), "`set`")),
        "later" => {
            fields.require("then", "`later`", "write `then:` and below it the steps to take at that time");
            Doing::Later { after: value()?, then: branch("then").unwrap_or_default() }
        }
        "goto" => Doing::Goto(value()?),
        "handoff" => Doing::Handoff {
            team: fields.node(kind).filter(|node| !node.is_nothing()).and_then(|_| value()),
            reason: fields.words("reason"),
            priority: fields.words("priority"),
        },
        _ => end(fields, kind)?,
    })
}

fn end(fields: &Fields<'_>, kind: &str) -> Option<Doing> {
    let flag = fields.flag(kind)?;
    if !flag.value {
        let help = "write `end: true`, or delete the step".to_owned();
        fields.report.error(flag.place, "bad-value", "`end: false` does nothing", help);
    }
    Some(Doing::End)
}

fn question(fields: &Fields<'_>, kind: &str) -> Option<Question> {
    let is = |key| fields.flag(key).is_some_and(|flag| flag.value);
    Some(Question {
        say: say(fields, "say"),
        why: fields.words("why"),
        retry: fields.drafts("retry"),
        entity: fields.words("type"),
        check: fields.words("check"),
        optional: is("optional"),
        sensitive: is("sensitive"),
        attempts: fields.count("attempts", 1),
        slot: fields.words(kind)?,
    })
}

/// `{ broken: It is broken }`, or `[It is broken]` where the label is the value.
fn options(fields: &Fields<'_>) -> Vec<(Words, Words)> {
    let Some(node) = fields.node("options") else { return Vec::new() };
    let report = fields.report;
    let found: Vec<_> = match &node.kind {
        Kind::Map(_) => {
            let label = |(value, node): (Words, &Node)| {
                let what = format!("the label of `{}`", value.text);
                report.words(node, &what).map(|label| (value, label))
            };
            report.entries(node, "`options`").into_iter().filter_map(label).collect()
        }
        _ => fields.drafts("options").into_iter().map(|label| (label.clone(), label)).collect(),
    };
    let none = match &node.kind {
        Kind::Map(entries) => entries.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Scalar { .. } => node.is_empty(),
    };
    if none {
        let help = "write at least one, such as `broken: It is broken`".to_owned();
        report.error(node.place, "empty", "there are no options to choose from", help);
    }
    found
}

fn values(report: &Report, node: Option<&Node>, what: &str) -> Values {
    let Some(node) = node else { return Values::default() };
    let entries = report.entries(node, what);
    let templates = entries.iter().flat_map(|(_, node)| report.texts_within(node)).collect();
    Values { entries: entries.into_iter().map(|(name, node)| (name, report.json(node))).collect(), templates }
}
