//! Who answers actions, and what they need of the environment: names only, never values.
use std::collections::{BTreeMap, BTreeSet};

use bot_core::catalog::{Action, Catalog};
use minijinja::Environment;
use serde_json::Value as Json;

/// Variables of the environment.
pub type Variables = BTreeMap<String, String>;

/// Actions that are answered in the same way.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Who answers, and what is set, in words.
    pub state: String,
    /// Whether calls can be answered.
    pub ready: bool,
    /// Their names.
    pub names: Vec<String>,
}

/// All actions, by how they are answered.
pub fn groups(catalog: &Catalog, variables: &Variables) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for action in catalog.actions.values() {
        let (state, ready) = state(action, variables);
        match groups.iter_mut().find(|group| group.state == state) {
            Some(group) => group.names.push(action.name.clone()),
            None => groups.push(Group { state, ready, names: vec![action.name.clone()] }),
        }
    }
    groups
}

/// As the runtime decides it: the back end answers if its address is known, else the sample.
fn state(action: &Action, variables: &Variables) -> (String, bool) {
    let address = action.request.as_ref().map(|request| names([request.url.as_str()]));
    let calls = address.is_some_and(|names| names.iter().all(|name| is_set(name, variables)));
    let needs = names(templates(action));
    let all_set = needs.iter().all(|need| is_set(need, variables));
    let (who, ready) = match (calls, action.sample.is_some()) {
        (true, _) => ("the back end", all_set),
        (false, true) => ("the sample", true),
        (false, false) => ("nobody", false),
    };
    let set =
        |need: &String| format!("{need} is {}", if is_set(need, variables) { "set" } else { "not set" });
    let needs: Vec<_> = needs.iter().map(set).collect();
    (if needs.is_empty() { who.to_owned() } else { format!("{who}: {}", needs.join(", ")) }, ready)
}

/// A secret may also stand in the file that `NAME_FILE` names.
fn is_set(need: &str, variables: &Variables) -> bool {
    let there = |name: &str| variables.get(name).is_some_and(|value| !value.trim().is_empty());
    match need.strip_prefix("secret.") {
        Some(secret) => there(secret) || there(&format!("{secret}_FILE")),
        None => there(need.strip_prefix("env.").unwrap_or(need)),
    }
}

/// The variables that templates use, as they are written there: `env.SHOP_URL`, `secret.SHOP_TOKEN`.
fn names<'a>(templates: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let jinja = Environment::new();
    let names = |template| {
        // The catalog has compiled it: what can't be read needs nothing.
        jinja
            .template_from_str(template)
            .map(|template| template.undeclared_variables(true))
            .unwrap_or_default()
    };
    let found = templates.into_iter().flat_map(names);
    found.filter(|name| name.starts_with("env.") || name.starts_with("secret.")).collect()
}

fn templates(action: &Action) -> Vec<&str> {
    let Some(request) = &action.request else { return Vec::new() };
    let mut found = vec![request.url.as_str()];
    found.extend(request.headers.values().map(String::as_str));
    found.extend(request.idempotency_key.as_deref());
    request.json.iter().for_each(|json| strings(json, &mut found));
    found
}

fn strings<'a>(json: &'a Json, found: &mut Vec<&'a str>) {
    match json {
        Json::String(text) => found.push(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Json::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;
    use bot_core::engine::Engine;

    use super::*;

    const PAY: &str = r#"
actions:
  pay:
    post: "{{ env.SHOP_URL }}/pay/{{ number }}"
    headers: { authorization: "Bearer {{ secret.SHOP_TOKEN }}" }
    json: { till: ["{{ env.TILL | upper }}"], amount: 1 }
    sample: {}
intents:
  pay:
    examples: [pay it]
    flow: [{ ask: number, type: number, say: Which? }, { call: pay, with: { number: "{{ number }}" } }]
"#;

    fn found(yaml: &str, variables: &[&str]) -> (String, bool) {
        let engine = Engine::load(vec![Source::new("pay.yaml", yaml)]).unwrap();
        let variables = variables.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();
        let [group] = &groups(engine.catalog(), &variables)[..] else { panic!("one action is one group") };
        (group.state.clone(), group.ready)
    }

    #[test]
    fn who_answers_and_what_is_set() {
        let state = |text: &str, ready| (text.to_owned(), ready);
        let unset = "env.SHOP_URL is not set, env.TILL is not set, secret.SHOP_TOKEN is not set";
        assert_eq!(found(PAY, &[]), state(&format!("the sample: {unset}"), true));
        assert_eq!(
            found(&PAY.replace("    sample: {}\n", ""), &[]),
            state(&format!("nobody: {unset}"), false)
        );
        assert_eq!(
            found(PAY, &["SHOP_URL", "TILL"]),
            state("the back end: env.SHOP_URL is set, env.TILL is set, secret.SHOP_TOKEN is not set", false)
        );
        assert_eq!(
            found(PAY, &["SHOP_URL", "TILL", "SHOP_TOKEN_FILE"]),
            state("the back end: env.SHOP_URL is set, env.TILL is set, secret.SHOP_TOKEN is set", true)
        );
    }
}
