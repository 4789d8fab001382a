//! Checks texts and expressions: whether they can be read, and whether the names in them stand for anything.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Settings;
use super::example::slots_in;
use super::values::is_name;
use crate::schema::read::Words;
use crate::schema::report::{Report, did_you_mean, nearest};
use crate::schema::written::{Contents, Doing, Step, Values};
use crate::template::{Expression, Names, TemplateError, Text};

/// Known everywhere: `customer`, `bot`, `facts`, `now`; and what the language of templates brings along.
const GLOBALS: [&str; 8] = ["customer", "bot", "facts", "now", "range", "dict", "namespace", "debug"];
/// Known in actions only.
const PRIVATE: [&str; 2] = ["env", "secret"];
const CUSTOMER: [&str; 4] = ["name", "language", "channel", "verified"];
const BOT: [&str; 1] = ["name"];
/// Words of the language of expressions.
const WORDS: [&str; 18] = [
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "not",
    "and",
    "or",
    "in",
    "is",
    "if",
    "else",
    "for",
    "set",
    "loop",
    "self",
    "_language",
];

const NAMES: &str = "names are the slots, results and values of flows, and `customer`, `bot`, `facts`, `now`";

/// Whether texts and expressions give that name a meaning of their own, so that no slot can have it.
///
/// ```
/// use bot_core::catalog::is_reserved;
///
/// assert!(is_reserved("customer") && !is_reserved("order_number"));
/// ```
pub fn is_reserved(name: &str) -> bool {
    GLOBALS.contains(&name) || PRIVATE.contains(&name) || WORDS.contains(&name)
}

/// The names that texts and expressions may use.
pub(super) struct Scope<'a> {
    pub report: &'a Report,
    /// All slots, results and values of all flows: a topic takes along what is known.
    names: BTreeSet<String>,
    facts: BTreeSet<String>,
    /// By action: what its calls hand over.
    arguments: BTreeMap<String, BTreeSet<String>>,
}

/// Where a text stands, for the names it may use.
#[derive(Clone, Copy)]
pub(super) enum Where<'a> {
    Conversation,
    /// In the action of that name.
    Action(&'a str),
}

impl<'a> Scope<'a> {
    pub fn new(report: &'a Report, settings: &Settings, contents: &[Contents]) -> Scope<'a> {
        let facts = settings.facts.keys().cloned().collect();
        let mut scope = Scope { report, names: BTreeSet::new(), facts, arguments: BTreeMap::new() };
        for contents in contents {
            for intent in &contents.intents {
                scope.add_examples(&intent.examples);
                scope.add_steps(intent.flow.as_ref().map_or(&[][..], |(_, steps)| steps));
            }
            for translation in &contents.translations {
                scope.add_examples(&translation.examples);
            }
        }
        scope
    }

    fn add_examples(&mut self, examples: &[Words]) {
        self.names.extend(examples.iter().flat_map(|example| slots_in(&example.text)));
    }

    fn add_steps(&mut self, steps: &[Step]) {
        for step in steps {
            match &step.doing {
                Doing::Ask(question) | Doing::Choose(question, _) => self.add_name(&question.slot, "slot"),
                Doing::Call { action, with, result, failed } => {
                    self.add_name(result.as_ref().unwrap_or(action), "result");
                    let arguments = self.arguments.entry(action.text.clone()).or_default();
                    arguments.extend(with.entries.iter().map(|(name, _)| name.text.clone()));
                    self.check_names(with);
                    self.add_steps(failed.as_deref().unwrap_or_default());
                }
                Doing::If { then, otherwise, .. } => {
                    self.add_steps(then);
                    self.add_steps(otherwise);
                }
                Doing::Confirm { otherwise, .. } => self.add_steps(otherwise.as_deref().unwrap_or_default()),
                Doing::Later { then, .. } => self.add_steps(then),
                Doing::Set(values) => {
                    values.entries.iter().for_each(|(name, _)| self.add_name(name, "value"))
                }
                Doing::Say(_) | Doing::Goto(_) | Doing::Handoff { .. } | Doing::End | Doing::Broken => {}
            }
        }
    }

    fn add_name(&mut self, name: &Words, what: &str) {
        self.check_name(name, what);
        self.names.insert(name.text.clone());
    }

    fn check_names(&self, values: &Values) {
        values.entries.iter().for_each(|(name, _)| self.check_name(name, "value"));
    }

    /// A name that is given must be one that expressions can use.
    fn check_name(&self, name: &Words, what: &str) {
        if !is_name(&name.text) {
            let message =
                format!("`{}` can't be the name of a {what}: names are letters, digits and `_`", name.text);
            let meant = name.text.replace(|c: char| !c.is_alphanumeric(), "_");
            let help = Some(format!("write `{meant}`")).filter(|_| is_name(&meant));
            self.report.error(name.place, "bad-name", message, help);
        } else if is_reserved(&name.text) {
            let message =
                format!("`{}` can't be the name of a {what}: it has a meaning of its own", name.text);
            self.report.error(
                name.place,
                "bad-name",
                message,
                format!("take another, such as `{}_value`", name.text),
            );
        }
    }

    /// A text, checked.
    pub fn text(&self, words: &Words) -> Text {
        let text = Text::new(words.text.clone());
        self.check_text(words, Where::Conversation);
        text
    }

    pub fn check_text(&self, words: &Words, place: Where<'_>) {
        match Text::new(words.text.clone()).check() {
            Ok(names) => self.check_used(words, &names, place),
            Err(error) => self.report_template(words, &error, "this text"),
        }
    }

    /// An expression, checked.
    pub fn expression(&self, words: &Words) -> Expression {
        let braces = words.text.trim();
        if braces.starts_with("{{") && braces.ends_with("}}") {
            let inner = braces.trim_matches(['{', '}']).trim();
            let message = "an expression stands without `{{ }}`; those are for texts";
            self.report.error(words.place, "expression", message, format!("write `{inner}`"));
            return Expression::new(inner);
        }
        let expression = Expression::new(words.text.clone());
        match expression.check() {
            Ok(names) => self.check_used(words, &names, Where::Conversation),
            Err(error) => self.report_expression(words, &error),
        }
        expression
    }

    fn report_template(&self, words: &Words, error: &TemplateError, what: &str) {
        let place = error.span.clone().map_or(words.place, |span| words.part(span));
        let help = "values stand between `{{` and `}}`, such as `{{ customer.name }}`".to_owned();
        self.report.error(place, "template", format!("{what} can't be read: {}", error.message), help);
    }

    fn report_expression(&self, words: &Words, error: &TemplateError) {
        let place = error.span.clone().map_or(words.place, |span| words.part(span));
        let single = find_single_equals(&words.text);
        let help = single.map_or_else(
            || "expressions are such as `order.status == \"delivered\" and not paid`".to_owned(),
            |at| format!("to compare, write two equals signs: `{}={}`", &words.text[..at], &words.text[at..]),
        );
        self.report.error(
            place,
            "expression",
            format!("this expression can't be read: {}", error.message),
            help,
        );
    }

    fn check_used(&self, words: &Words, names: &Names, place: Where<'_>) {
        for name in &names.roots {
            if !self.is_known(name, place) {
                self.report_unknown(words, name, place);
            }
        }
        for name in &names.dotted {
            self.check_part(words, name);
        }
    }

    fn is_known(&self, name: &str, place: Where<'_>) -> bool {
        let local = match place {
            Where::Conversation => self.names.contains(name),
            Where::Action(action) => {
                PRIVATE.contains(&name)
                    || self.arguments.get(action).is_none_or(|arguments| arguments.contains(name))
            }
        };
        local || GLOBALS.contains(&name)
    }

    fn report_unknown(&self, words: &Words, name: &str, place: Where<'_>) {
        let at = words.part(find_name(&words.text, name).unwrap_or(0..words.text.len()));
        let (message, help) = match place {
            Where::Conversation if PRIVATE.contains(&name) => (
                format!("`{name}` can be used in actions only"),
                Some("it must not get into a conversation".to_owned()),
            ),
            Where::Conversation => {
                let known = self.names.iter().map(String::as_str).chain(GLOBALS[..4].iter().copied());
                let is_expression = !words.text.contains(['{', '}']);
                let quoted =
                    || is_expression.then(|| format!("if it is a text, put it in quotes: `\"{name}\"`"));
                let help = did_you_mean(name, known).or_else(quoted).unwrap_or_else(|| NAMES.to_owned());
                (format!("nothing is called `{name}`"), Some(help))
            }
            Where::Action(action) => {
                let arguments = self.arguments.get(action);
                let known = arguments.into_iter().flatten().map(String::as_str).chain(PRIVATE);
                let help = did_you_mean(name, known)
                    .unwrap_or_else(|| format!("write `with: {{ {name}: … }}` where it is called"));
                (format!("no call of `{action}` hands over a `{name}`"), Some(help))
            }
        };
        self.report.error(at, "unknown-name", message, help);
    }

    /// `facts.x`, `customer.x`, `bot.x`: the part behind the dot is known too.
    fn check_part(&self, words: &Words, dotted: &str) {
        let mut parts = dotted.split('.');
        let (Some(root), Some(part)) = (parts.next(), parts.next()) else { return };
        let known: Vec<&str> = match root {
            "facts" => self.facts.iter().map(String::as_str).collect(),
            "customer" => CUSTOMER.to_vec(),
            "bot" => BOT.to_vec(),
            _ => return,
        };
        if known.contains(&part) || self.names.contains(root) {
            return;
        }
        let name = format!("{root}.{part}");
        let at = words.part(find_name(&words.text, &name).unwrap_or(0..words.text.len()));
        let listed = known.iter().take(8).map(|part| format!("{root}.{part}")).collect::<Vec<_>>().join(", ");
        let help = match nearest(part, known.iter().copied()) {
            Some(near) => format!("did you mean `{root}.{near}`?"),
            None if root == "facts" => format!("write it in bot.yaml: `facts: {{ {part}: … }}`"),
            None => format!("there is {listed}"),
        };
        self.report.error(at, "unknown-name", format!("there is no `{name}`"), help);
    }

    /// The greeting, which belongs to no intent.
    pub fn check_greeting(&self, settings: &Settings, contents: &[Contents]) {
        let greeting = contents.iter().find_map(|contents| contents.settings.as_ref()?.greeting.as_ref());
        if settings.greeting.is_some() {
            greeting.inspect(|words| self.check_text(words, Where::Conversation));
        }
    }
}

/// Where a name stands as a whole word within `{{ }}` or `{% %}`, or anywhere in an expression.
fn find_name(text: &str, name: &str) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let from = text.find("{{").into_iter().chain(text.find("{%")).min().unwrap_or(0);
    let matches = text[from..].match_indices(name).map(|(at, _)| from + at..from + at + name.len());
    let is_whole = |range: &Range<usize>| {
        !text[..range.start].ends_with(is_part)
            && !text[range.end..].starts_with(|c: char| is_part(c) && c != '.')
    };
    matches.into_iter().find(is_whole)
}

/// `status = "paid"`: the place of an equals sign that stands alone.
fn find_single_equals(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        bytes[at] == b'='
            && bytes.get(at + 1) != Some(&b'=')
            && !matches!(before, Some(b'=' | b'!' | b'<' | b'>'))
    })
}
