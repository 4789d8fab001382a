//! Payloads of the gateway, in one direction: which of the described ones a payload is, and what does not fit in it.
use serde_json::Value;

use super::hold::Schemas;
use super::{Finding, found};

#[derive(Debug)]
pub(super) struct Payloads {
    schemas: Schemas,
    /// Where the description of each kind of payload is, with its opcode and, of an event, its name.
    kinds: Vec<(i64, Option<String>, Value)>,
}

impl Payloads {
    /// # Panics
    /// The document describes no payloads, or in words that are not understood here.
    pub fn new(document: Value) -> Payloads {
        let schemas = Schemas::new(document);
        let mut kinds = Vec::new();
        collect(&schemas, &schemas.0, &mut kinds);
        assert!(!kinds.is_empty(), "no payload is described");
        Payloads { schemas, kinds }
    }

    /// What does not fit in a payload.
    pub fn hold(&self, payload: &Value) -> Vec<Finding> {
        let (op, name) = (payload["op"].as_i64(), payload["t"].as_str());
        let is_it = |(kind, named, _): &&(i64, Option<String>, Value)| {
            Some(*kind) == op && (*kind != 0 || named.as_deref() == name)
        };
        let at = title(op, name);
        let Some((_, _, schema)) = self.kinds.iter().find(is_it) else {
            return vec![found(&at, "unknown payload")];
        };
        // The name of the payload's field for data says nothing.
        let mut findings = self.schemas.value(&at, payload, schema);
        let data = format!("{at}.d.");
        for finding in &mut findings {
            if let Some(rest) = finding.path.strip_prefix(&data) {
                finding.path = format!("{at}.{rest}");
            }
        }
        findings
    }
}

/// `MESSAGE_CREATE`, or `op 2`.
pub(super) fn title(op: Option<i64>, name: Option<&str>) -> String {
    let op = op.map_or_else(|| "a payload without an opcode".to_owned(), |op| format!("op {op}"));
    name.map_or(op, str::to_owned)
}

/// All alternatives, down to those that have an opcode.
fn collect(schemas: &Schemas, schema: &Value, kinds: &mut Vec<(i64, Option<String>, Value)>) {
    let schema = schemas.resolved(schema);
    if let Some(op) = schema["properties"]["op"]["const"].as_i64() {
        let name = schema["properties"]["t"]["const"].as_str();
        kinds.push((op, name.map(str::to_owned), schema.clone()));
    }
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        collect(schemas, alternative, kinds);
    }
}
