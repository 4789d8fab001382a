//! Requests to the API and their answers: which of the described ones a request is, and what does not fit in it.
use serde_json::{Map, Value};

use super::hold::Schemas;
use super::{Finding, found};

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// `/channels/1/messages`: without what is before it in the address, and without the query.
    pub path: &'a str,
    /// The query's parameters, as texts; null for none.
    pub query: &'a Value,
    /// The body's JSON, of a form its `payload_json`; null for none.
    pub body: &'a Value,
    /// The status of the answer.
    pub status: u16,
    /// The answer's JSON; null for none.
    pub answer: &'a Value,
}

impl Exchange<'_> {
    fn name(&self, template: &str) -> String {
        format!("{} {template}", self.method)
    }
}

/// An operation of the description.
struct Operation<'a> {
    template: &'a str,
    of_path: &'a Value,
    described: &'a Value,
}

pub(super) fn request(api: &Schemas, exchange: &Exchange) -> Vec<Finding> {
    let Some(operation) = operation(api, exchange) else {
        return vec![found(&exchange.name(exchange.path), "unknown operation")];
    };
    let at = exchange.name(operation.template);
    let mut findings = path(api, &at, exchange, &operation);
    findings.extend(query(api, &at, exchange, &operation));
    findings.extend(body(api, &at, exchange, &operation));
    findings
}

pub(super) fn answer(api: &Schemas, exchange: &Exchange) -> Vec<Finding> {
    let Some(operation) = operation(api, exchange).filter(|_| exchange.status < 500) else {
        return Vec::new();
    };
    let at = format!("{} → {}", exchange.name(operation.template), exchange.status);
    let responses = &operation.described["responses"];
    let class = format!("{}XX", exchange.status / 100);
    let described = responses.get(exchange.status.to_string()).or_else(|| responses.get(&class));
    let Some(described) = described else { return vec![found(&at, "a status that is not described")] };
    match api.resolved(described)["content"]["application/json"].get("schema") {
        Some(schema) => api.value(&at, exchange.answer, schema),
        None if exchange.answer.is_null() => Vec::new(),
        None => vec![found(&at, "a body where none is expected")],
    }
}

/// The operation that a request asks for: of several that its path could mean, the one that spells most of it.
fn operation<'a>(api: &'a Schemas, exchange: &Exchange) -> Option<Operation<'a>> {
    let method = exchange.method.to_ascii_lowercase();
    let paths = api.0["paths"].as_object()?;
    let fit = paths.iter().filter_map(|(template, of_path)| {
        let parameters = parameters(template, exchange.path)?.len();
        let described = of_path.get(&method)?;
        Some((parameters, Operation { template, of_path, described }))
    });
    fit.min_by_key(|(parameters, _)| *parameters).map(|(_, operation)| operation)
}

/// What stands in a path for the parameters of a template; none if it is another's.
fn parameters<'a, 'b>(template: &'a str, path: &'b str) -> Option<Vec<(&'a str, &'b str)>> {
    let (names, parts): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if names.len() != parts.len() {
        return None;
    }
    let mut found = Vec::new();
    for (name, part) in names.into_iter().zip(parts) {
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => found.push((name, part)),
            None if name == part => {}
            None => return None,
        }
    }
    Some(found)
}

fn path(api: &Schemas, at: &str, exchange: &Exchange, operation: &Operation) -> Vec<Finding> {
    let given = parameters(operation.template, exchange.path).unwrap_or_default();
    let each = given.into_iter().flat_map(|(name, value)| {
        let schema = described(operation, "path", name).map(|parameter| &parameter["schema"]);
        let value = Value::String(value.to_owned());
        schema.map(|schema| api.value(&format!("{at}: {name}"), &value, schema)).unwrap_or_default()
    });
    each.collect()
}

fn query(api: &Schemas, at: &str, exchange: &Exchange, operation: &Operation) -> Vec<Finding> {
    let nothing = Map::new();
    let given = exchange.query.as_object().unwrap_or(&nothing);
    let mut findings = Vec::new();
    for (name, value) in given {
        let at = format!("{at}?{name}");
        match described(operation, "query", name) {
            Some(parameter) => findings.extend(api.value(
                &at,
                &typed(api, value, &parameter["schema"]),
                &parameter["schema"],
            )),
            None => findings.push(found(&at, "unknown")),
        }
    }
    let required =
        all(operation).filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
    let missing =
        required.filter_map(|parameter| parameter["name"].as_str()).filter(|name| !given.contains_key(*name));
    findings.extend(missing.map(|name| found(&format!("{at}?{name}"), "missing")));
    findings
}

/// A query's text as what it should be.
fn typed(api: &Schemas, value: &Value, schema: &Value) -> Value {
    let (Some(text), expected) = (value.as_str(), &api.resolved(schema)["type"]) else {
        return value.clone();
    };
    let parsed = match expected.as_str() {
        // Discord takes numbers, too.
        Some("boolean") if matches!(text, "0" | "1") => Some(Value::Bool(text == "1")),
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).ok(),
        Some("array") => Some(text.split(',').map(|part| Value::String(part.to_owned())).collect()),
        _ => None,
    };
    parsed.unwrap_or_else(|| value.clone())
}

fn body(api: &Schemas, at: &str, exchange: &Exchange, operation: &Operation) -> Vec<Finding> {
    let described = &operation.described["requestBody"];
    match described["content"]["application/json"].get("schema") {
        Some(_) if exchange.body.is_null() && described["required"] != true => Vec::new(),
        Some(schema) => api.value(at, exchange.body, schema),
        // Clients send an empty object where a method demands a body.
        None if exchange.body.as_object().is_none_or(Map::is_empty) => Vec::new(),
        None => vec![found(at, "a body where none is expected")],
    }
}

fn described<'a>(operation: &Operation<'a>, place: &str, name: &str) -> Option<&'a Value> {
    all(operation).find(|parameter| parameter["in"] == place && parameter["name"] == name)
}

fn all<'a>(operation: &Operation<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let (own, shared) = (&operation.described["parameters"], &operation.of_path["parameters"]);
    own.as_array().into_iter().flatten().chain(shared.as_array().into_iter().flatten())
}
