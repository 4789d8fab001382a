//! Holding a JSON value against a schema.
//!
//! As JSON Schema has it, with two differences: a field that no part of a schema knows is told of, and of several that a value
//! may be, the one that it is nearest to says what is wrong. `oneOf` is taken as `anyOf`: Discord's alternatives overlap.
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Finding, formats, found, keywords};

/// A document with schemas that refer to each other.
#[derive(Debug)]
pub(super) struct Schemas(pub Value);

/// What came of holding a value against one schema.
#[derive(Default)]
struct Held {
    findings: Vec<Finding>,
    /// The fields that a schema knows.
    known: BTreeSet<String>,
    /// Any field is known.
    is_open: bool,
    /// The kinds that it should be of, and is of none of them.
    unlike: Vec<String>,
    /// It is not the constant that it should be.
    other: bool,
    /// One of its fields is not: it says itself that it is something else.
    says_other: bool,
}

impl Held {
    fn and(&mut self, more: Held) {
        self.findings.extend(more.findings);
        self.known.extend(more.known);
        self.is_open |= more.is_open;
        self.unlike.extend(more.unlike);
        self.other |= more.other;
        self.says_other |= more.says_other;
    }

    fn finds(&mut self, at: &str, what: &str) {
        self.findings.push(found(at, what));
    }
}

impl Schemas {
    /// # Panics
    /// The document's schemas say something that is not understood here.
    pub fn new(document: Value) -> Schemas {
        let parts = [&document["definitions"], &document["components"]["schemas"]];
        let schemas = parts.into_iter().filter_map(Value::as_object).flat_map(Map::values);
        keywords::all_known(schemas.chain(keywords::within(&document["paths"])));
        Schemas(document)
    }

    /// What a reference means; anything else is what it is.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema };
        let pointer = unescaped(reference.strip_prefix('#').unwrap_or(reference));
        let target = self.0.pointer(&pointer);
        self.resolved(
            target.unwrap_or_else(|| panic!("the description refers to {reference}, which is not there")),
        )
    }

    /// What does not fit in a value, fields that are unknown included.
    pub fn value(&self, at: &str, value: &Value, schema: &Value) -> Vec<Finding> {
        self.whole(at, value, schema).findings
    }

    /// A value with all that its schema says about it.
    fn whole(&self, at: &str, value: &Value, schema: &Value) -> Held {
        let mut held = self.held(at, value, schema);
        held.findings.extend(unknown(at, value, &held));
        held
    }

    fn held(&self, at: &str, value: &Value, schema: &Value) -> Held {
        match schema {
            Value::Bool(true) => return Held { is_open: true, ..Held::default() },
            Value::Bool(false) => {
                return Held { findings: vec![found(at, "not expected")], ..Held::default() };
            }
            _ => {}
        }
        let mut held = Held::default();
        if schema["$ref"].is_string() {
            held.and(self.held(at, value, self.resolved(schema)));
        }
        self.itself(at, value, schema, &mut held);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            held.and(self.held(at, value, part));
        }
        for alternatives in [&schema["anyOf"], &schema["oneOf"]].into_iter().filter_map(Value::as_array) {
            held.and(self.nearest(at, value, alternatives));
        }
        held
    }

    /// What a schema says without the help of others.
    fn itself(&self, at: &str, value: &Value, schema: &Value, held: &mut Held) {
        if !has_type(value, &schema["type"]) {
            held.finds(at, &format!("{} where {} is expected", kind(value), types(&schema["type"])));
            held.unlike.push(types(&schema["type"]));
            return;
        }
        held.other = is_other(value, schema);
        if held.other {
            held.finds(at, &format!("{value} where {} is expected", constants(schema)));
        }
        // In the language that the description comes from a value may be undefined, which is null in life.
        held.is_open = schema["not"].is_object();
        if held.is_open && !is_undefined(value) {
            held.finds(at, "not expected");
        }
        match value {
            Value::Object(fields) => self.fields(at, fields, schema, held),
            Value::Array(elements) => self.elements(at, elements, schema, held),
            Value::String(text) => {
                limits(at, "characters", text.chars().count(), schema, ["minLength", "maxLength"], held)
            }
            Value::Number(number) => in_range(at, number.as_f64(), schema, held),
            Value::Null | Value::Bool(_) => {}
        }
        looks(at, value, schema, held);
    }

    fn fields(&self, at: &str, given: &Map<String, Value>, schema: &Value, held: &mut Held) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !given.contains_key(name) && !self.may_be_undefined(&schema["properties"][name]) {
                held.finds(&format!("{at}.{name}"), "missing");
            }
        }
        limits(at, "fields", given.len(), schema, ["minProperties", "maxProperties"], held);
        let described = schema["properties"].as_object();
        let rest = schema.get("additionalProperties");
        for (name, value) in given {
            let of_field = described.and_then(|fields| fields.get(name)).or(rest);
            let Some(of_field) = of_field else { continue };
            let field = self.whole(&format!("{at}.{name}"), value, of_field);
            held.says_other |= field.other;
            held.findings.extend(field.findings);
            held.known.insert(name.clone());
        }
        // An object without described fields may have any.
        held.is_open |= described.is_none() && rest.is_none() && schema["type"] == "object";
    }

    fn may_be_undefined(&self, schema: &Value) -> bool {
        self.resolved(schema)["not"].is_object()
    }

    fn elements(&self, at: &str, elements: &[Value], schema: &Value, held: &mut Held) {
        limits(at, "elements", elements.len(), schema, ["minItems", "maxItems"], held);
        if schema["uniqueItems"] == true
            && elements.iter().enumerate().any(|(index, one)| elements[..index].contains(one))
        {
            held.finds(at, "the same element twice");
        }
        for (index, element) in elements.iter().enumerate() {
            let of_element = match &schema["items"] {
                Value::Array(each) => each.get(index),
                Value::Null => None,
                all => Some(all),
            };
            if let Some(schema) = of_element {
                held.findings.extend(self.value(&format!("{at}[{index}]"), element, schema));
            }
        }
    }

    /// Of several: those that fit, or else the one that it says it is, and else the one that it is nearest to.
    fn nearest(&self, at: &str, value: &Value, alternatives: &[Value]) -> Held {
        let held = alternatives.iter().map(|schema| self.held(at, value, schema));
        let (fit, others): (Vec<Held>, Vec<Held>) = held.partition(|held| held.findings.is_empty());
        if fit.is_empty() {
            return chosen(at, value, others);
        }
        fit.into_iter().fold(Held::default(), |mut all, one| {
            all.and(one);
            all
        })
    }
}

/// The one that is nearest of those that don't fit. Where none is of the value's kind, the kind is what is wrong.
fn chosen(at: &str, value: &Value, others: Vec<Held>) -> Held {
    let constants = !others.is_empty() && others.iter().all(|held| held.other);
    if constants {
        let findings = vec![found(at, &format!("{value} is none of the constants that are expected"))];
        return Held { findings, other: true, ..Held::default() };
    }
    if others.iter().all(|held| !held.unlike.is_empty()) {
        let mut unlike: Vec<String> = others.into_iter().flat_map(|held| held.unlike).collect();
        unlike.dedup();
        let findings = vec![found(at, &format!("{} where {} is expected", kind(value), unlike.join(" or ")))];
        return Held { findings, unlike, ..Held::default() };
    }
    let nearest = others.into_iter().min_by_key(|held| {
        (!held.unlike.is_empty(), held.says_other, held.findings.len() + unknown(at, value, held).len())
    });
    nearest.unwrap_or_default()
}

/// Fields that nothing in a schema knows, if it knows any.
fn unknown(at: &str, value: &Value, held: &Held) -> Vec<Finding> {
    let Some(fields) = value.as_object().filter(|_| !held.is_open && held.unlike.is_empty()) else {
        return Vec::new();
    };
    let unknown = fields.keys().filter(|name| !held.known.contains(*name));
    unknown.map(|name| found(&format!("{at}.{name}"), "unknown")).collect()
}

fn has_type(value: &Value, expected: &Value) -> bool {
    match expected {
        Value::String(name) => is_a(value, name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(|name| is_a(value, name)),
        _ => true,
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    }
}

/// Whether it is not the constant, or none of those, that a schema demands.
fn is_other(value: &Value, schema: &Value) -> bool {
    let is_other = schema.get("const").is_some_and(|constant| !equal(constant, value));
    // Where the values are listed elsewhere the list here is empty; without that, no value is possible.
    let one_of = schema["enum"].as_array().filter(|values| !values.is_empty() || !schema["allOf"].is_array());
    is_other || one_of.is_some_and(|values| !values.iter().any(|constant| equal(constant, value)))
}

/// Nothing, or nothing but the names of the machines that it went through.
fn is_undefined(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(|fields| fields.keys().all(|name| name == "_trace"))
}

/// 1 and 1.0 are the same.
fn equal(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}

fn limits(at: &str, of: &str, count: usize, schema: &Value, [least, most]: [&str; 2], held: &mut Held) {
    let count = count as u64;
    if let Some(least) = schema[least].as_u64().filter(|least| count < *least) {
        held.finds(at, &format!("{count} {of} where {least} or more are expected"));
    }
    if let Some(most) = schema[most].as_u64().filter(|most| count > *most) {
        held.finds(at, &format!("{count} {of} where {most} or fewer are expected"));
    }
}

fn in_range(at: &str, number: Option<f64>, schema: &Value, held: &mut Held) {
    let Some(number) = number else { return };
    if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
        held.finds(at, &format!("{number} where {least} or more is expected"));
    }
    if let Some(most) = schema["maximum"].as_f64().filter(|most| number > *most) {
        held.finds(at, &format!("{number} where {most} or less is expected"));
    }
}

fn looks(at: &str, value: &Value, schema: &Value, held: &mut Held) {
    let format = schema["format"].as_str().filter(|format| !formats::has(format, value));
    if let Some(format) = format {
        held.finds(at, &format!("{value:.100} is no {format}"));
    }
    let pattern = schema["pattern"].as_str().zip(value.as_str());
    if let Some((pattern, _)) =
        pattern.filter(|(pattern, text)| format.is_none() && !formats::matches(pattern, text))
    {
        held.finds(at, &format!("{value:.100} is not like {pattern}"));
    }
}

/// What a value is, in the words of a schema.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn types(expected: &Value) -> String {
    let names = expected
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "));
    names.unwrap_or_else(|| expected.as_str().unwrap_or("anything").to_owned())
}

fn constants(schema: &Value) -> String {
    let list = schema["enum"]
        .as_array()
        .map(|values| values.iter().map(Value::to_string).collect::<Vec<_>>().join(" or "));
    list.unwrap_or_else(|| schema["const"].to_string())
}

/// `%3C` and the like, as references have it.
fn unescaped(reference: &str) -> String {
    percent_encoding::percent_decode_str(reference).decode_utf8_lossy().into_owned()
}
