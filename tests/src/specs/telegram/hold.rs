//! Holding a JSON value against the types it may have.
use serde_json::{Map, Value};

use super::{Field, Finding, Method, Spec, found, words};

impl Spec {
    /// What does not fit in the parameters of a request.
    pub(super) fn parameters(&self, method: &Method, given: &Value) -> Vec<Finding> {
        match given {
            Value::Object(given) => self.fields(&method.name, given, &method.fields),
            Value::Null => self.fields(&method.name, &Map::new(), &method.fields),
            other => vec![found(&method.name, &format!("{} where parameters are expected", kind(other)))],
        }
    }

    /// What does not fit in a value that may have any of these types.
    pub(super) fn value(&self, at: &str, value: &Value, types: &[String]) -> Vec<Finding> {
        if let Value::Array(elements) = value {
            return self.elements(at, elements, types);
        }
        let mut concrete = Vec::new();
        types.iter().for_each(|name| self.concrete(name, &mut concrete));
        concrete.retain(|name| fits(name, value));
        let held = concrete.iter().map(|name| self.held(at, value, name));
        // Of several that it may be, the one that it says it is, and else the one that it is nearest to.
        let nearest = held.min_by_key(|held| (held.other, held.findings.len()));
        nearest.map_or_else(|| vec![found(at, &mismatch(value, types))], |held| held.findings)
    }

    /// An array: each of its elements may have any of the types that the possible arrays have.
    fn elements(&self, at: &str, elements: &[Value], types: &[String]) -> Vec<Finding> {
        let within = |name: &String| name.strip_prefix("Array of ").map(str::to_owned);
        let inner: Vec<String> = types.iter().filter_map(within).collect();
        if inner.is_empty() {
            return vec![found(at, &format!("Array where {} is expected", types.join(" or ")))];
        }
        let each = elements.iter().enumerate();
        each.flat_map(|(index, element)| self.value(&format!("{at}[{index}]"), element, &inner)).collect()
    }

    /// A type's name, or the names of all that it stands for.
    fn concrete<'a>(&'a self, name: &'a str, into: &mut Vec<&'a str>) {
        match self.types.get(name) {
            Some(kind) if !kind.subtypes.is_empty() => {
                kind.subtypes.iter().for_each(|name| self.concrete(name, into));
            }
            _ => into.push(name),
        }
    }

    fn held(&self, at: &str, value: &Value, name: &str) -> Held {
        let Value::Object(given) = value else { return Held::default() };
        if name == "InputFile" {
            return Held::default();
        }
        let Some(kind) = self.types.get(name) else {
            return Held { other: true, findings: vec![found(at, &format!("{name}: unknown type"))] };
        };
        let other = |field: &Field| {
            let said = given.get(&field.name).and_then(Value::as_str);
            words::constant(&field.description).zip(said).is_some_and(|(own, said)| own != said)
        };
        Held { other: kind.fields.iter().any(other), findings: self.fields(at, given, &kind.fields) }
    }

    /// Missing fields, unknown ones, and those that do not fit.
    fn fields(&self, at: &str, given: &Map<String, Value>, fields: &[Field]) -> Vec<Finding> {
        let missing = fields.iter().filter(|field| field.required && !given.contains_key(&field.name));
        let mut findings: Vec<Finding> =
            missing.map(|field| found(&format!("{at}.{}", field.name), "missing")).collect();
        for (name, value) in given {
            let at = format!("{at}.{name}");
            match fields.iter().find(|field| field.name == *name) {
                Some(field) => findings.extend(self.field(&at, value, field)),
                None => findings.push(found(&at, "unknown")),
            }
        }
        findings
    }

    fn field(&self, at: &str, value: &Value, field: &Field) -> Vec<Finding> {
        let mut findings = self.value(at, value, &field.types);
        let said = words::complaint(value, &field.description);
        findings.extend(said.map(|what| found(at, &what)));
        findings
    }
}

/// What came of holding a value against one type.
#[derive(Default)]
struct Held {
    /// It says itself that it is another.
    other: bool,
    findings: Vec<Finding>,
}

/// Whether a value has the JSON kind of that type.
fn fits(name: &str, value: &Value) -> bool {
    match name {
        "Integer" => value.is_i64() || value.is_u64(),
        "Float" => value.is_number(),
        "String" => value.is_string(),
        // One that exists is named by a text, and in JSON the part that is uploaded is, too.
        "InputFile" => value.is_string() || value.get("file_name").is_some(),
        "Boolean" => value.is_boolean(),
        name => value.is_object() && !name.starts_with("Array of "),
    }
}

fn mismatch(value: &Value, types: &[String]) -> String {
    format!("{} where {} is expected", kind(value), types.join(" or "))
}

/// What a JSON value is, in the words of the description.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}
