//! Telegram's Bot API as it is described: requests, results, updates and errors are held against it.
//!
//! It tells what does not fit and knows nothing of state: whether a chat exists is the stand-in's matter.
mod errors;
mod hold;
#[cfg(test)]
mod tests;
mod watch;
mod words;

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

pub use super::Finding;
use super::noted::found;
pub use errors::Errors;
pub use watch::Watch;

/// The description of the interface.
#[derive(Debug, Deserialize)]
pub struct Spec {
    methods: HashMap<String, Method>,
    types: HashMap<String, Type>,
    /// What errors may say.
    #[serde(skip)]
    errors: Errors,
}

#[derive(Debug, Deserialize)]
struct Method {
    name: String,
    #[serde(default)]
    fields: Vec<Field>,
    returns: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Type {
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    subtypes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
    #[serde(default)]
    description: String,
}

impl Spec {
    /// The description in that folder.
    ///
    /// # Panics
    /// Its files are not there, or are something else.
    pub fn read(folder: &Path) -> Spec {
        let file = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        Spec::new(&file("telegram-api-9.1.json"), &file("telegram-bot-api-error-strings.txt"))
    }

    /// The description that `PLATFORM_SPECS` names; without, that is told on the terminal.
    pub fn here() -> Option<Spec> {
        super::folder().map(|folder| Spec::read(&folder))
    }

    /// The description from the text of both files: methods and types as JSON, the server's literals a line each.
    ///
    /// # Panics
    /// The first is not such JSON.
    pub fn new(interface: &str, literals: &str) -> Spec {
        let mut spec: Spec = serde_json::from_str(interface).expect("the interface's description is read");
        spec.errors = Errors::new(literals);
        spec
    }

    /// What does not fit in a request. Names of methods are the same in any case; what came as a form has been read already, and a
    /// file that is uploaded is an object with a `file_name`.
    pub fn request(&self, method: &str, parameters: &Value) -> Vec<Finding> {
        match self.method(method) {
            Ok(method) => self.parameters(method, parameters),
            Err(finding) => vec![finding],
        }
    }

    /// What does not fit in the `result` of an answer.
    pub fn result(&self, method: &str, result: &Value) -> Vec<Finding> {
        match self.method(method) {
            Ok(method) => self.value(&format!("{} → result", method.name), result, &method.returns),
            Err(finding) => vec![finding],
        }
    }

    /// What does not fit in an answer as it goes over the wire, be it a success or an error.
    pub fn answer(&self, method: &str, answer: &Value) -> Vec<Finding> {
        match (&answer["ok"], answer.get("result")) {
            (Value::Bool(true), Some(result)) => self.result(method, result),
            (Value::Bool(false), None) => self.error(method, answer),
            _ => vec![found(method, "neither ok with a result nor an error")],
        }
    }

    /// What does not fit in an update.
    pub fn update(&self, update: &Value) -> Vec<Finding> {
        let mut findings = self.value("update", update, &["Update".to_owned()]);
        let kinds = update.as_object().map_or(0, |fields| fields.len().saturating_sub(1));
        if kinds != 1 {
            findings.push(found("update", &format!("{kinds} kinds where one is expected")));
        }
        findings
    }

    fn error(&self, method: &str, answer: &Value) -> Vec<Finding> {
        let at = format!("{method} → error");
        let mut findings = Vec::new();
        match (answer["error_code"].as_i64(), answer["description"].as_str()) {
            (Some(code), Some(description)) => {
                findings.extend(self.errors.hold(code, description).map(|what| found(&at, &what)));
            }
            _ => findings.push(found(&at, "no error_code or no description")),
        }
        if let Some(parameters) = answer.get("parameters") {
            let parameters_at = format!("{at}.parameters");
            findings.extend(self.value(&parameters_at, parameters, &["ResponseParameters".to_owned()]));
        }
        findings
    }

    fn method(&self, name: &str) -> Result<&Method, Finding> {
        let known = self.methods.values().find(|method| method.name.eq_ignore_ascii_case(name));
        known.ok_or_else(|| found(name, "unknown method"))
    }
}
