//! Texts and expressions as authors write them: `{{ order.total | money }}`, `order.status == "delivered"`.
//!
//! The language is Jinja's, as Home Assistant, Ansible and dbt users know it, by the minijinja crate. What it is not: it
//! does not know where the values come from, and it never fails in a conversation: a name without a value is empty in a
//! text and false in an expression. What can be wrong is found by `check` when the folder is loaded.
//!
//! ```
//! use bot_core::template::{Expression, Text, Values};
//! use bot_core::text::Language;
//!
//! let mut values = Values::new(&Language::new("de"));
//! values.set("total", 49.9);
//! assert_eq!(Text::new("**{{ total | money }}**").render(&values), "**49,90 €**");
//! assert!(Expression::new("total > 40 and not paid").holds(&values));
//! ```
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use minijinja::value::{Value as JinjaValue, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::locale;
use crate::text::Language;

/// The name under which a template finds the customer's language, out of reach of authors.
const LANGUAGE: &str = "_language";

/// Steps a template may take before it is stopped; a text of 4,000 characters with ten values takes under 200.
const FUEL: u64 = 20_000;

/// Marks a name without a value until the text is tidied up.
const MISSING: char = '\u{0}';

/// The characters that format a text, and so are escaped in values.
const MARKUP: [char; 7] = ['\\', '*', '`', '[', ']', '(', ')'];

/// The signs that stand around what they format, the longer one first.
const SIGNS: [&str; 3] = ["**", "*", "`"];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);

/// A text as written in the files: a template with `{{ … }}`, with **bold**, *italic*, `code` and [links](https://…).
/// It is also the key of its translations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub String);

/// An expression as written in the files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression(pub String);

/// The names that a text or an expression uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The first part of each: `order`, `facts`.
    pub roots: BTreeSet<String>,
    /// Each as far as it is written out: `order.status`, `facts.free_shipping_from`.
    pub dotted: BTreeSet<String>,
}

/// What is wrong with a text or an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong.
    pub message: String,
    /// The bytes of the text that are meant, where that is known.
    pub span: Option<Range<usize>>,
}

/// The values for texts and expressions, and the language they are shown in.
#[derive(Clone, Debug)]
pub struct Values(BTreeMap<String, JinjaValue>);

impl Values {
    /// No values yet.
    pub fn new(language: &Language) -> Values {
        Values(BTreeMap::from([(LANGUAGE.to_owned(), JinjaValue::from(language.code()))]))
    }

    /// Sets a value, in place of one that had the name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Serialize) {
        self.0.insert(name.into(), JinjaValue::from_serialize(value));
    }
}

impl Text {
    /// A text.
    pub fn new(source: impl Into<String>) -> Text {
        Text(source.into())
    }

    /// The names it uses.
    ///
    /// # Errors
    /// If it is no template.
    pub fn check(&self) -> Result<Names, TemplateError> {
        let template = ENVIRONMENT.template_from_str(&self.0).map_err(TemplateError::of)?;
        // Unknown filters and tests show only when they are reached.
        match template.render(()) {
            Err(error) if is_unknown(&error) => return Err(TemplateError::of(error)),
            _ => {}
        }
        Ok(names(template.undeclared_variables(false), template.undeclared_variables(true)))
    }

    /// The text with its values: marked up, the values escaped, so that they are literal.
    pub fn render(&self, values: &Values) -> String {
        render(&self.0, values)
    }
}

impl Expression {
    /// An expression.
    pub fn new(source: impl Into<String>) -> Expression {
        Expression(source.into())
    }

    /// The names it uses.
    ///
    /// # Errors
    /// If it is no expression.
    pub fn check(&self) -> Result<Names, TemplateError> {
        let expression = compile(&self.0).map_err(TemplateError::of)?;
        match expression.eval(()) {
            Err(error) if is_unknown(&error) => return Err(TemplateError::of(error)),
            _ => {}
        }
        Ok(names(expression.undeclared_variables(false), expression.undeclared_variables(true)))
    }

    /// Whether it holds. What can't be worked out does not hold.
    pub fn holds(&self, values: &Values) -> bool {
        evaluate(&self.0, values).is_some_and(|value| value.is_true())
    }
}

/// JSON whose strings are templates, filled. A string that is one `{{ … }}` keeps the type of its value; what is put into
/// longer strings is not escaped, since it is data.
pub fn fill(json: &Json, values: &Values) -> Json {
    match json {
        Json::String(text) => fill_text(text, values),
        Json::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Json::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), fill(value, values))).collect()
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, values: &Values) -> Json {
    if let Some(expression) = single_expression(text) {
        let value = evaluate(expression, values).unwrap_or_default();
        return serde_json::to_value(value).unwrap_or(Json::Null);
    }
    let mut unescaped = String::new();
    let mut characters = render(text, values).chars().collect::<Vec<_>>().into_iter();
    while let Some(character) = characters.next() {
        unescaped.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    Json::String(unescaped)
}

/// `order.id` of `{{ order.id }}`; `None` where there is anything else around it.
fn single_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("{{") && !inner.contains("}}")).then_some(inner.trim())
}

fn render(source: &str, values: &Values) -> String {
    let template = ENVIRONMENT.template_from_str(source);
    tidy(&template.and_then(|template| template.render(&values.0)).unwrap_or_default())
}

/// Closes the gap that a name without a value leaves: `Hi {{ customer.name }}, I'm …` is "Hi, I'm …". So does what would have
/// formatted it: `Hi **{{ customer.name }}**` is "Hi".
fn tidy(text: &str) -> String {
    let mut parts = text.split(MISSING);
    let mut tidied = parts.next().unwrap_or_default().to_owned();
    for mut part in parts {
        while let Some(sign) = SIGNS.iter().find(|sign| tidied.ends_with(**sign) && part.starts_with(**sign))
        {
            tidied.truncate(tidied.len() - sign.len());
            part = &part[sign.len()..];
        }
        if part.is_empty() || part.starts_with([',', '.', '!', '?', ';', ':', ' ']) {
            tidied.truncate(tidied.trim_end_matches(' ').len());
        }
        if part.starts_with(['.', '!', '?']) {
            tidied.truncate(tidied.trim_end_matches(',').len());
        }
        tidied.push_str(if tidied.is_empty() { part.trim_start() } else { part });
    }
    tidied
}

fn evaluate(source: &str, values: &Values) -> Option<JinjaValue> {
    compile(source).ok()?.eval(&values.0).ok()
}

/// minijinja 2.24 panics ("empty lexer stack") where an expression has a `}}` too many; as a part of a template that is an
/// error.
fn compile(source: &str) -> Result<minijinja::Expression<'static, 'static>, Error> {
    if source.contains("}}") {
        ENVIRONMENT.template_from_str(&format!("{{{{ ({source}) }}}}"))?;
    }
    ENVIRONMENT.compile_expression_owned(source.to_owned())
}

fn names(roots: impl IntoIterator<Item = String>, dotted: impl IntoIterator<Item = String>) -> Names {
    let own = |name: &String| name != LANGUAGE;
    Names { roots: roots.into_iter().filter(own).collect(), dotted: dotted.into_iter().filter(own).collect() }
}

fn is_unknown(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::TemplateNotFound
    )
}

impl TemplateError {
    fn of(error: Error) -> TemplateError {
        let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        TemplateError { message, span: error.range() }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.set_formatter(write_literally);
    environment.add_filter("money", money);
    environment.add_filter("date", date);
    environment
}

/// Values are literal: nothing in them formats the text. Numbers, yes and no are written in the customer's language.
fn write_literally(out: &mut minijinja::Output, state: &State, value: &JinjaValue) -> Result<(), Error> {
    let language = language(state);
    let shown = match value.kind() {
        ValueKind::Undefined | ValueKind::None => return out.write_char(MISSING).map_err(Error::from),
        ValueKind::Bool => locale::yes_no(value.is_true(), &language).to_owned(),
        ValueKind::Number if !value.is_integer() => f64::try_from(value.clone())
            .map_or_else(|_| value.to_string(), |number| locale::number(number, &language)),
        _ => value.to_string(),
    };
    // What marks a gap would close one.
    for character in shown.chars().filter(|character| *character != MISSING) {
        if MARKUP.contains(&character) {
            out.write_char('\\').map_err(Error::from)?;
        }
        out.write_char(character).map_err(Error::from)?;
    }
    Ok(())
}

fn language(state: &State) -> Language {
    Language::new(
        state.lookup(LANGUAGE).and_then(|value| value.as_str().map(str::to_owned)).as_deref().unwrap_or("en"),
    )
}

/// `{{ order.total | money }}`, `{{ order.total | money("USD") }}`.
fn money(state: &State, value: JinjaValue, currency: Option<String>) -> JinjaValue {
    match f64::try_from(value.clone()) {
        Ok(amount) => locale::money(amount, currency.as_deref().unwrap_or("EUR"), &language(state)).into(),
        Err(_) => value,
    }
}

/// `{{ order.delivery_date | date }}`: an ISO date in words.
fn date(state: &State, value: JinjaValue) -> JinjaValue {
    match value.as_str().and_then(|text| text.get(..10)).map(str::parse) {
        Some(Ok(date)) => locale::date(date, &language(state)).into(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values() -> Values {
        let mut values = Values::new(&Language::new("de"));
        values.set("order", json!({"total": 49.9, "count": 3, "day": "2026-11-24", "paid": true}));
        values.set("name", "*Eve* [x](https://evil) `a`");
        values.set("nul", "\0, b");
        values
    }

    #[test]
    fn texts_are_filled() {
        let rows = [
            ("{{ order.total }} €", "49,9 €"),
            ("{{ order.total | money }}", "49,90 €"),
            ("{{ order.count | money('USD') }}", "3,00 $"),
            ("{{ order.day | date }}", "24. November 2026"),
            ("{{ order.paid }}", "ja"),
            ("Hi {{ nothing.at.all }}, {{ order.count }} here", "Hi, 3 here"),
            ("{{ nothing }} is it", "is it"),
            ("Two weeks, {{ nothing }}?", "Two weeks?"),
            ("a {{ nul }}", "a , b"),
            ("**{{ order.count }}**", "**3**"),
            ("Hi **{{ nothing }}**.", "Hi."),
            ("***{{ nothing }}***, `{{ nothing }}` *{{ order.count }}*", ", *3*"),
            ("{{ name }}", r"\*Eve\* \[x\]\(https://evil\) \`a\`"),
            ("{% if order.count > 2 %}many{% else %}few{% endif %}", "many"),
            ("{% for i in range(100000) %}x{% endfor %}", ""),
        ];
        for (source, expected) in rows {
            assert_eq!(Text::new(source).render(&values()), expected, "{source}");
        }
    }

    #[test]
    fn data_is_filled_with_its_type() {
        let source = json!({"n": "{{ order.count }}", "s": "no. {{ order.count }}: {{ name }}", "k": [1, "{{ missing }}"]});
        let expected = json!({"n": 3, "s": "no. 3: *Eve* [x](https://evil) `a`", "k": [1, null]});
        assert_eq!(fill(&source, &values()), expected);
    }

    #[test]
    fn expressions_hold_or_not() {
        let rows = [
            ("order.count == 3", true),
            ("order.total > 49 and order.paid", true),
            ("missing", false),
            ("missing.deeper == 1", false),
            ("order.count not in missing", true),
            ("order.day >= '2026-11-24'", true),
            ("order.count <", false),
        ];
        for (source, expected) in rows {
            assert_eq!(Expression::new(source).holds(&values()), expected, "{source}");
        }
    }

    #[test]
    fn mistakes_are_found_on_loading() {
        for source in ["{{ a", "{{ a | nofilter }}", "{% if %}", "{{ a b }}"] {
            assert!(Text::new(source).check().is_err(), "{source}");
        }
        for source in ["a ==", "a | nofilter", "", "a b", "a }} b", "}}", "-}}"] {
            assert!(Expression::new(source).check().is_err(), "{source}");
        }
        let names = Text::new("{{ order.total | money }} {{ facts.x }} {{ bot.name }}").check().unwrap();
        assert_eq!(names.roots.iter().map(String::as_str).collect::<Vec<_>>(), ["bot", "facts", "order"]);
        assert!(names.dotted.contains("facts.x"));
    }
}
