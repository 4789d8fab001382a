//! nlp.js's corpora: `{ "locale": "en-US", "data": [{ "intent", "utterances", "answers" }], "entities": { … } }`.
//!
//! What it is not: it runs nothing; conditions of answers, actions and rules by position are noted, and stay behind.
mod entities;
mod slots;

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value as Json};

use super::answers::{self, Answer};
use super::draft::{Draft, Example, Place, Question};
use super::notes::Topic;
use super::source::Input;
use super::text::{clean, short};
use entities::Entities;
use slots::Slots;

/// The intent of what belongs to none.
const NONE: &str = "None";

type Object = Map<String, Json>;

/// Reads a corpus, or those of a folder that are in one language.
///
/// # Errors
/// One of them is no corpus; or no JSON, which is told with its line.
pub fn read(inputs: &[Input]) -> Result<Draft> {
    let mut draft = Draft::default();
    for input in inputs {
        let at = Place::file(&input.name);
        let root = parse(input)?;
        if !root.contains_key("data") && !root.contains_key("domains") && inputs.len() > 1 {
            draft.notes.add(Topic::Other, &at, "all of it: no `data`");
            continue;
        }
        corpus(&root, &at, &mut draft)?;
    }
    Ok(draft)
}

fn parse(input: &Input) -> Result<Object> {
    let text = input.text().map_err(|why| anyhow::anyhow!("`{}`, {why}", input.name))?;
    let root: Json = serde_json::from_str(text).with_context(|| format!("`{}` is no JSON", input.name))?;
    match root {
        Json::Object(root) => Ok(root),
        _ => bail!("`{}` is no corpus of nlp.js: it begins with no `{{`", input.name),
    }
}

/// A corpus; or one with domains, each of which is one.
fn corpus(root: &Object, at: &Place, draft: &mut Draft) -> Result<()> {
    let domains = root.get("domains").and_then(Json::as_array);
    if domains.is_none() && root.get("data").and_then(Json::as_array).is_none() {
        bail!("`{}` is no corpus of nlp.js: there is no list `data` with `intent` and `utterances`", at.file);
    }
    for (key, _) in root
        .iter()
        .filter(|(key, _)| !["name", "locale", "data", "entities", "domains"].contains(&key.as_str()))
    {
        draft.notes.add(Topic::Other, &at.below(&format!(".{key}")), format!("`{key}`"));
    }
    let shared = root.get("entities");
    for (index, domain) in domains.into_iter().flatten().enumerate() {
        if let Json::Object(domain) = domain {
            section(domain, shared, &at.below(&format!(".domains[{index}]")), draft);
        }
    }
    if domains.is_none() {
        section(root, None, at, draft);
    }
    Ok(())
}

/// What has a locale and data.
fn section(section: &Object, shared: Option<&Json>, at: &Place, draft: &mut Draft) {
    let locale = section.get("locale").and_then(Json::as_str).unwrap_or("en");
    let language: String = locale.chars().take(2).collect::<String>().to_lowercase();
    let first = draft.language.get_or_insert_with(|| language.clone());
    if *first != language {
        let text =
            format!("all of it: it is in `{language}`, and the first one in `{first}`; import it by itself");
        draft.notes.add(Topic::Other, at, text);
        return;
    }
    let mut entities = Entities::default();
    for (value, place) in
        [(shared, Place { file: at.file.clone(), ..Place::default() }), (section.get("entities"), at.clone())]
    {
        entities.add(value, &language, &place.below(".entities"), &mut draft.notes);
    }
    let items: Vec<_> =
        section.get("data").and_then(Json::as_array).into_iter().flatten().enumerate().collect();
    let mut used = Slots::new(&entities);
    for (index, item) in &items {
        intent(item, &language, &at.below(&format!(".data[{index}]")), &mut used, draft);
    }
    used.note(&mut draft.notes);
    draft.entities.extend(entities.list(&used, &mut draft.notes));
    let slots: BTreeSet<String> = draft.slots().map(str::to_owned).collect();
    for (index, item) in &items {
        answers(item, &at.below(&format!(".data[{index}]")), &used, &slots, draft);
    }
}

fn name(item: &Json) -> Option<&str> {
    item.get("intent").and_then(Json::as_str).filter(|name| !name.trim().is_empty())
}

/// Intent, examples and questions.
fn intent(item: &Json, language: &str, at: &Place, used: &mut Slots<'_>, draft: &mut Draft) {
    let Some(intent) = name(item) else {
        draft.notes.add(Topic::Unreadable, at, "there is no `intent` with a name");
        return;
    };
    if intent == NONE {
        let text = "`None`: what belongs to no intent is known without examples here";
        draft.notes.add(Topic::Other, at, text);
        return;
    }
    draft.intent(intent, at);
    let questions = questions(item, language, &at.below(".slotFilling"), used, draft);
    for (index, utterance) in
        item.get("utterances").and_then(Json::as_array).into_iter().flatten().enumerate()
    {
        let at = at.below(&format!(".utterances[{index}]"));
        match utterance.as_str() {
            Some(text) => {
                let parts = used.parts(&clean(text), &at);
                draft.intent(intent, &at).examples.push(Example { parts, said: None, at });
            }
            None => draft.notes.add(
                Topic::Unreadable,
                &at,
                format!("{} is no text", short(&utterance.to_string())),
            ),
        }
    }
    draft.intent(intent, at).questions.extend(questions);
    for key in ["actions", "slotFillingValidators"].into_iter().filter(|key| item.get(*key).is_some()) {
        draft.notes.add(Topic::Conversation, &at.below(&format!(".{key}")), format!("{key} of `{intent}`"));
    }
}

/// What `slotFilling` makes the bot ask for: `"slot": "question"`, or `{ "mandatory": true, "question": "…" }`.
fn questions(
    item: &Json,
    language: &str,
    at: &Place,
    used: &mut Slots<'_>,
    draft: &mut Draft,
) -> Vec<Question> {
    let mut questions = Vec::new();
    let slots = item.get("slotFilling").and_then(Json::as_object);
    for (name, slot) in slots.into_iter().flatten() {
        let at = at.below(&format!(".{name}"));
        let question = slot.get("question").unwrap_or(slot);
        let question = question
            .get(language)
            .unwrap_or(question)
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let mandatory = slot.is_string() || slot.get("mandatory").and_then(Json::as_bool).unwrap_or(false);
        let (slot, entity) = used.ask(name);
        match question {
            Some(question) if mandatory => {
                questions.push(Question { slot, entity, say: used.rename(question) });
            }
            Some(_) | None if !mandatory => {}
            _ => draft.notes.add(
                Topic::Conversation,
                &at,
                format!("`{name}` is mandatory and has no question"),
            ),
        }
    }
    questions
}

fn answers(item: &Json, at: &Place, used: &Slots<'_>, slots: &BTreeSet<String>, draft: &mut Draft) {
    let Some(intent) = name(item).filter(|intent| *intent != NONE) else { return };
    let refused = |at: &Place, why: &str, text: &str, draft: &mut Draft| {
        draft.notes.add(Topic::Answer, at, format!("`{intent}`: {why}: {}", short(text)));
    };
    for (index, answer) in item.get("answers").and_then(Json::as_array).into_iter().flatten().enumerate() {
        let at = at.below(&format!(".answers[{index}]"));
        let Some(text) = answer.as_str().or_else(|| answer.get("answer")?.as_str()) else {
            refused(&at, "no text", &answer.to_string(), draft);
            continue;
        };
        let condition = answer.get("opts").and_then(Json::as_str).filter(|opts| !opts.trim().is_empty());
        if let Some(condition) = condition {
            refused(&at, &format!("only where {condition}"), text, draft);
            continue;
        }
        match answers::check(&used.rename(text), slots) {
            Answer::Text(text) => draft.intent(intent, &at).answers.push(text),
            Answer::Refused(why) => refused(&at, &why, text, draft),
        }
    }
    draft_questions(intent, slots, at, draft);
}

/// A question whose text can't be said is asked without its values.
fn draft_questions(intent: &str, slots: &BTreeSet<String>, at: &Place, draft: &mut Draft) {
    let mut noted = Vec::new();
    for question in &mut draft.intent(intent, at).questions {
        if let Answer::Refused(why) = answers::check(&question.say, slots) {
            noted.push(format!("the question for `{}`: {why}: {}", question.slot, short(&question.say)));
            question.say = format!("(The question for “{}” is still to be written.)", question.slot);
        }
    }
    noted.into_iter().for_each(|text| draft.notes.add(Topic::Answer, at, text));
}

#[cfg(test)]
mod tests;
