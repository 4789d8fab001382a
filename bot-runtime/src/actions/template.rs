//! Texts of a request, filled so that it stays known which part came from whom.
//!
//! The author's text and the operator's settings (`env`) are trusted. Everything else, what customers wrote and secrets, is a
//! value: whoever makes an address or a header of the parts treats it as data. What it is not: JSON bodies are filled by
//! their structure, by [`bot_core::template::fill`].
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use bot_core::template::Text;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, Output, State, UndefinedBehavior};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands around a value in a filled text. Neither the author's text nor a setting may contain control characters, and
/// a value is percent-encoded between them.
const START: char = '\u{1}';
const END: char = '\u{2}';

/// Steps a template may take before it is stopped, as in the core.
const FUEL: u64 = 20_000;

/// Whatever could mean something in an address is encoded in a value.
const IN_A_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

static ENVIRONMENT: LazyLock<minijinja::Environment<'static>> = LazyLock::new(environment);

/// A filled text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filled(String);

/// The values of a text.
pub(super) type Values = BTreeMap<String, Value>;

/// Text of the operator: the same wherever it stands, and no filter makes another one of it.
#[derive(Debug)]
struct Trusted(String);

impl Object for Trusted {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A value that is trusted.
pub(super) fn trusted(text: &str) -> Value {
    Value::from_object(Trusted(text.to_owned()))
}

/// The names that a text uses behind a root: `SHOP_URL` of `{{ env.SHOP_URL }}`.
pub(super) fn names(text: &Text, root: &str) -> Vec<String> {
    let names = text.check().map(|names| names.dotted).unwrap_or_default();
    let part = |name: &String| Some(name.strip_prefix(root)?.strip_prefix('.')?.to_owned());
    names.iter().filter_map(part).collect()
}

/// Fills a text.
///
/// # Errors
/// It is no template, or its author's part or a setting has a control character.
pub(super) fn fill(text: &str, values: &Values) -> Result<Filled, String> {
    if text.contains(char::is_control) {
        return Err("has a line break or another control character".to_owned());
    }
    let template = ENVIRONMENT.template_from_str(text).map_err(|_| "is no template".to_owned())?;
    // minijinja's message may show values.
    let filled = template.render(values).map_err(|error| format!("can't be filled: {}", error.kind()))?;
    Ok(Filled(filled))
}

impl Filled {
    /// The text with its values marked and encoded: a value is between [`START`] and [`END`], and has nothing but letters,
    /// digits, `%` and `-_.~`.
    pub fn marked(&self) -> &str {
        &self.0
    }

    /// The text with its values as they are.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        for (index, part) in self.0.split([START, END]).enumerate() {
            match index % 2 {
                0 => plain.push_str(part),
                _ => plain.push_str(&percent_decode_str(part).decode_utf8_lossy()),
            }
        }
        plain
    }

    /// Whether a value in it is empty.
    pub fn has_a_gap(&self) -> bool {
        self.0.contains(&String::from_iter([START, END]))
    }
}

/// Whether there is a value in a part of a marked text.
pub(super) fn has_value(marked: &str) -> bool {
    marked.contains(START)
}

/// A part of a marked text without the marks.
pub(super) fn unmarked(marked: &str) -> String {
    marked.replace([START, END], "")
}

fn environment() -> minijinja::Environment<'static> {
    let mut environment = minijinja::Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(write);
    environment
}

fn write(out: &mut Output, _: &State, value: &Value) -> Result<(), Error> {
    if let Some(Trusted(text)) = value.downcast_object_ref() {
        return write_trusted(out, text);
    }
    let text = if value.is_undefined() || value.is_none() { String::new() } else { value.to_string() };
    let encoded = utf8_percent_encode(&text, IN_A_VALUE);
    write!(out, "{START}{encoded}{END}").map_err(Error::from)
}

fn write_trusted(out: &mut Output, text: &str) -> Result<(), Error> {
    if text.contains(char::is_control) {
        return Err(Error::new(minijinja::ErrorKind::BadSerialization, "a control character in a setting"));
    }
    out.write_str(text).map_err(Error::from)
}
