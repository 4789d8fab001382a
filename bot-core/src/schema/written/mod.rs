//! A file as it is written: plain structs, every text with its place.
//!
//! What it is not: no name is looked up here, no default is filled in.
mod settings;
mod step;

use serde_json::Value as Json;

pub(crate) use settings::{Hours, Settings, Team, day};
pub(crate) use step::{Doing, Question, Say, Step, Values, say};

use super::keys;
use super::read::{At, Fields, Words};
use super::report::{Place, Report};
use super::tree::{Kind, Node};

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub settings: Option<Settings>,
    pub intents: Vec<Intent>,
    pub entities: Vec<Entity>,
    pub fragments: Vec<(Words, Words)>,
    pub actions: Vec<Action>,
    pub translations: Vec<Translation>,
}

#[derive(Debug)]
pub(crate) struct Intent {
    pub name: Words,
    pub title: Option<Words>,
    pub examples: Vec<Words>,
    pub not: Vec<Words>,
    pub patterns: Vec<Words>,
    pub when: Option<Words>,
    pub act: Option<At<f64>>,
    pub say: Option<Say>,
    pub flow: Option<(Place, Vec<Step>)>,
    /// Whether `say` or `flow` is there at all, be it right or wrong.
    pub has_body: bool,
}

#[derive(Debug)]
pub(crate) struct Entity {
    pub name: Words,
    pub pattern: Option<Words>,
    pub values: Option<Vec<(Words, Vec<Words>)>>,
    pub example: Option<Words>,
}

#[derive(Debug)]
pub(crate) struct Action {
    pub name: Words,
    /// `get`, `post` … and the URL.
    pub requests: Vec<(Words, Words)>,
    pub headers: Vec<(Words, Words)>,
    pub json: Option<Json>,
    pub timeout: Option<Words>,
    pub retries: Option<At<u32>>,
    pub idempotency_key: Option<Words>,
    pub sample: Option<Json>,
    /// All texts of the request, whose templates are to be checked.
    pub templates: Vec<Words>,
}

#[derive(Debug)]
pub(crate) struct Translation {
    pub language: Words,
    pub intent: Words,
    pub examples: Vec<Words>,
    pub not: Vec<Words>,
    pub patterns: Vec<Words>,
    pub texts: Vec<(Words, Words)>,
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Reads a file; `is_settings`: whether it is the `bot.yaml` at the root.
pub(crate) fn contents(report: &Report, root: &Node, is_settings: bool) -> Contents {
    if let Kind::List(items) = &root.kind {
        explain_list(report, root, items);
        return Contents::default();
    }
    let both = [keys::SETTINGS, keys::FILE];
    let shapes = if is_settings { &both[..] } else { &both[1..] };
    let what = if is_settings { "bot.yaml" } else { "a file of the bot folder" };
    let Some(fields) = Fields::open(report, root, what, shapes) else { return Contents::default() };
    let each =
        |key: &str| fields.node(key).map_or_else(Vec::new, |node| report.entries(node, &format!("`{key}`")));
    Contents {
        settings: is_settings.then(|| settings::read(&fields)),
        intents: each("intents").into_iter().filter_map(|(name, node)| intent(report, name, node)).collect(),
        entities: each("entities")
            .into_iter()
            .filter_map(|(name, node)| entity(report, name, node))
            .collect(),
        fragments: each("fragments")
            .into_iter()
            .filter_map(|(name, node)| fragment(report, name, node))
            .collect(),
        actions: each("actions").into_iter().filter_map(|(name, node)| action(report, name, node)).collect(),
        translations: each("translations")
            .into_iter()
            .flat_map(|(name, node)| translations(report, &name, node))
            .collect(),
    }
}

fn explain_list(report: &Report, root: &Node, items: &[Node]) {
    let is_test = |item: &Node| {
        match &item.kind {
        Kind::Map(entries) => entries.iter().any(|(key, _)| {
            matches!(&key.kind, Kind::Scalar { text, .. } if ["test", "talk", "matches", "rejects"].contains(&text.as_str()))
        }),
        _ => false,
    }
    };
    let help = if items.iter().any(is_test) {
        "this looks like a file of tests: keep those in a folder beside the bot's folder, not in it"
    } else {
        "begin the file with `intents:` or another of its keys"
    };
    report.wrong_type(root, "a file of the bot folder", "a group of keys", Some(help.to_owned()));
}

fn intent(report: &Report, name: Words, node: &Node) -> Option<Intent> {
    if let (Kind::Scalar { .. } | Kind::List(_), true) =
        (&node.kind, keys::INTENT.keys.contains(&name.text.as_str()))
    {
        let message = format!("`{}` stands where the name of an intent should stand", name.text);
        let help = "it belongs to the intent above: indent it by two more spaces".to_owned();
        report.error(name.place, "wrong-type", message, help);
        return None;
    }
    let fields = Fields::open(report, node, &format!("the intent `{}`", name.text), &[keys::INTENT])?;
    Some(Intent {
        title: fields.words("title"),
        examples: fields.drafts("examples"),
        not: fields.drafts("not"),
        patterns: fields.drafts("patterns"),
        when: fields.words("when"),
        act: fields.number("act"),
        say: say(&fields, "say"),
        flow: fields.node("flow").and_then(|node| Some((node.place, step::steps(report, node, "`flow`")?))),
        has_body: fields.has("say") || fields.has("flow"),
        name,
    })
}

fn entity(report: &Report, name: Words, node: &Node) -> Option<Entity> {
    let fields = Fields::open(report, node, &format!("the entity `{}`", name.text), &[keys::ENTITY])?;
    Some(Entity {
        pattern: fields.words("pattern"),
        values: fields.node("values").map(|node| values(report, node)),
        example: fields.words("example"),
        name,
    })
}

/// `{ s: [small, S] }`, or `[small, large]` where each value is its own word.
fn values(report: &Report, node: &Node) -> Vec<(Words, Vec<Words>)> {
    if let Kind::List(_) = &node.kind {
        return report.texts(node, "`values`").into_iter().map(|word| (word.clone(), vec![word])).collect();
    }
    let words = |value: &Words, node: &Node| {
        if node.is_nothing() { vec![value.clone()] } else { report.texts(node, &format!("`{}`", value.text)) }
    };
    let entries = report.entries(node, "`values`");
    entries.into_iter().map(|(value, node)| (value.clone(), words(&value, node))).collect()
}

fn fragment(report: &Report, name: Words, node: &Node) -> Option<(Words, Words)> {
    if let Kind::List(items) = &node.kind {
        let words = items.iter().map(|item| report.text_at(item.place)).collect::<Vec<_>>().join("|");
        let help = format!("write `{}: \"({words})\"`", name.text);
        report.wrong_type(node, &format!("the fragment `{}`", name.text), "a text", Some(help));
        return None;
    }
    let text = report.words(node, &format!("the fragment `{}`", name.text))?;
    Some((name, text))
}

fn action(report: &Report, name: Words, node: &Node) -> Option<Action> {
    let fields = Fields::open(report, node, &format!("the action `{}`", name.text), &[keys::ACTION])?;
    let requests = fields.all().filter(|(key, _)| METHODS.contains(&key.text.as_str()));
    let requests: Vec<_> = requests
        .filter_map(|(key, node)| report.words(node, &format!("`{}`", key.text)).map(|url| (key, url)))
        .collect();
    let headers = fields.node("headers").map_or_else(Vec::new, |node| report.entries(node, "`headers`"));
    let headers: Vec<_> = headers
        .into_iter()
        .filter_map(|(key, node)| {
            report.words(node, &format!("the header `{}`", key.text)).map(|value| (key, value))
        })
        .collect();
    let idempotency_key = fields.words("idempotency_key");
    let mut templates: Vec<Words> = requests.iter().chain(&headers).map(|(_, text)| text.clone()).collect();
    templates.extend(fields.node("json").map_or_else(Vec::new, |node| report.texts_within(node)));
    templates.extend(idempotency_key.clone());
    Some(Action {
        json: fields.node("json").map(|node| report.json(node)),
        timeout: fields.words("timeout"),
        retries: fields.count("retries", 0),
        sample: fields.node("sample").map(|node| report.json(node)),
        idempotency_key,
        requests,
        headers,
        templates,
        name,
    })
}

fn translations(report: &Report, language: &Words, node: &Node) -> Vec<Translation> {
    let entries = report.entries(node, &format!("the translations into `{}`", language.text));
    entries
        .into_iter()
        .filter_map(|(intent, node)| translation(report, language.clone(), intent, node))
        .collect()
}

fn translation(report: &Report, language: Words, intent: Words, node: &Node) -> Option<Translation> {
    let what = format!("the translation of `{}`", intent.text);
    let fields = Fields::open(report, node, &what, &[keys::TRANSLATION])?;
    let texts = fields.node("texts").map_or_else(Vec::new, |node| report.entries(node, "`texts`"));
    let text = |(original, node): (Words, &Node)| {
        let what = format!("the translation of `{}`", original.text);
        report.words(node, &what).map(|text| (original, text))
    };
    Some(Translation {
        examples: fields.drafts("examples"),
        not: fields.drafts("not"),
        patterns: fields.drafts("patterns"),
        texts: texts.into_iter().filter_map(text).collect(),
        language,
        intent,
    })
}
