//! From nodes to values, with a problem for everything that is not as it should be. What it is not: it does not know what a
//! test is.
use bot_core::catalog::Diagnostic;
use bot_core::schema::yaml::nearest;

use super::yaml::{Kind, Node, Values, problem};

/// What is found wrong in a file, in its order.
pub struct Decoder<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The problems.
    pub problems: Vec<Diagnostic>,
}

/// A map's entries, with keys that are known.
pub type Entries<'n> = Vec<(&'n str, &'n Node, &'n Node)>;

impl Decoder<'_> {
    /// Notes a problem at a node.
    pub fn fail(&mut self, node: &Node, code: &'static str, message: impl Into<String>, help: Option<&str>) {
        self.problems.push(problem(self.file, node.place, code, message, help));
    }

    fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str, help: Option<&str>) {
        self.fail(
            node,
            "wrong-type",
            format!("`{what}` takes {wanted}, and this is {}", node.described()),
            help,
        );
    }

    /// The entries of a map. Unknown and doubled keys are reported and left out.
    pub fn map<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Entries<'n> {
        let mut found: Entries = Vec::new();
        for (name, key, value) in self.free_map(node, what) {
            if known.contains(&name) {
                found.push((name, key, value));
            } else {
                self.unknown_key(key, what, known);
            }
        }
        found
    }

    /// The entries of a map whose keys are the author's.
    pub fn free_map<'n>(&mut self, node: &'n Node, what: &str) -> Entries<'n> {
        let Kind::Map(entries) = &node.kind else {
            self.wrong_type(node, what, "a map (`key: value`)", None);
            return Vec::new();
        };
        // A key that stands twice has been reported by the reader of the tree.
        entries.iter().map(|(key, value)| (key.key(), key, value)).collect()
    }

    fn unknown_key(&mut self, key: &Node, what: &str, known: &[&str]) {
        let help = did_you_mean(key.key(), known.iter().copied())
            .unwrap_or_else(|| format!("it may have {}", known.join(", ")));
        self.fail(key, "unknown-key", format!("`{what}` has no key `{}`", key.key()), Some(&help));
    }

    /// The items of a list; one text is a list of one.
    pub fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        match &node.kind {
            Kind::List(items) => items,
            Kind::Scalar { .. } if node.text().is_some() => std::slice::from_ref(node),
            _ => {
                self.wrong_type(node, what, "a list", None);
                &[]
            }
        }
    }

    /// A text as it was written, quoted or not.
    pub fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        if node.text().is_none() {
            let help = match node.kind {
                Kind::Scalar { .. } => "write \"\" for an empty text",
                _ => "a text that begins with [ or {, or has `: ` in it, needs quotes around it",
            };
            self.wrong_type(node, what, "a text", Some(help));
        }
        node.text().map(str::to_owned)
    }

    /// A text or nothing: `null`, `none`.
    pub fn text_or_none(&mut self, node: &Node, what: &str) -> Option<Option<String>> {
        if node.to_json().is_null() || node.text() == Some("none") {
            return Some(None);
        }
        self.text(node, what).map(Some)
    }

    /// `true` or `false`.
    pub fn bool(&mut self, node: &Node, what: &str) -> Option<bool> {
        let value = node.to_json().as_bool();
        if value.is_none() {
            self.wrong_type(node, what, "true or false", None);
        }
        value
    }

    /// A text that `parse` understands.
    pub fn parsed<T>(
        &mut self,
        node: &Node,
        what: &str,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(node, what)?;
        let value = parse(&text);
        if value.is_none() {
            self.fail(node, "wrong-value", format!("`{what}` takes {wanted}, and this is `{text}`"), None);
        }
        value
    }

    /// The name of something the bot has.
    pub fn name(&mut self, node: &Node, what: &str, known: &[String]) -> Option<String> {
        let name = self.text(node, what)?;
        if !known.contains(&name) {
            let help = did_you_mean(&name, known.iter().map(String::as_str));
            self.fail(node, "unknown-name", format!("the bot has no {what} `{name}`"), help.as_deref());
            return None;
        }
        Some(name)
    }
}

fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}
