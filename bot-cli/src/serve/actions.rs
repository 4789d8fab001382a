//! What actions need of the environment: names only, never values.
use std::collections::BTreeSet;

use bot_core::catalog::Action;
use minijinja::Environment;
use serde_json::Value as Json;

/// The variables that an action's request uses, as they are written there: `env.SHOP_URL`, `secret.SHOP_TOKEN`.
pub fn needs(action: &Action) -> BTreeSet<String> {
    let jinja = Environment::new();
    let names = |template: &str| {
        // The catalog has compiled it: what can't be read needs nothing.
        jinja
            .template_from_str(template)
            .map(|template| template.undeclared_variables(true))
            .unwrap_or_default()
    };
    let found = templates(action).into_iter().flat_map(names);
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

    #[test]
    fn names_are_found_wherever_they_stand() {
        let yaml = r#"
actions:
  pay:
    post: "{{ env.SHOP_URL }}/pay/{{ number }}"
    headers: { authorization: "Bearer {{ secret.SHOP_TOKEN }}" }
    json: { till: ["{{ env.TILL | upper }}"], amount: "{{ amount }}" }
intents:
  pay:
    examples: [pay it]
    flow: [{ ask: number, type: number, say: Which? }, { ask: amount, type: number, say: How much? }, { call: pay, with: { number: "{{ number }}", amount: "{{ amount }}" } }]
"#;
        let engine = Engine::load(vec![Source::new("pay.yaml", yaml)]).unwrap();
        let found: Vec<_> = needs(&engine.catalog().actions["pay"]).into_iter().collect();
        assert_eq!(found, ["env.SHOP_URL", "env.TILL", "secret.SHOP_TOKEN"]);
    }
}
