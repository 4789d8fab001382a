//! Texts with **bold**, *italic*, `code` and [links](https://…), as data that each channel shows its own way.
use serde::{Deserialize, Serialize};

/// A text with **bold**, *italic*, `code` and [links](https://…); `\` takes the meaning off the next character. Values
/// that were put into it are escaped, so they can't format or link.
///
/// ```
/// use bot_core::reply::Markup;
///
/// let text = Markup("Free above **50 €**, see [here](https://example.com).".into());
/// assert_eq!(text.plain(), "Free above 50 €, see here (https://example.com).");
/// assert!(text.runs()[1].bold);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markup(pub String);

/// A piece of a text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// `**bold**`.
    pub bold: bool,
    /// `*italic*`.
    pub italic: bool,
    /// `` `code` ``.
    pub code: bool,
    /// `[text](address)`.
    pub link: Option<String>,
}

impl Markup {
    /// The text in styled pieces, in order. A sign without its twin is an ordinary character.
    pub fn runs(&self) -> Vec<Run> {
        let mut reader = Reader::default();
        let mut rest = self.0.as_str();
        while let Some(character) = rest.chars().next() {
            rest = reader.read(character, rest);
        }
        reader.finish()
    }

    /// The text without styles; the address of a link in brackets behind its words.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        for run in self.runs() {
            plain.push_str(&run.text);
            if let Some(address) = run.link.filter(|address| *address != run.text) {
                plain.push_str(&format!(" ({address})"));
            }
        }
        plain
    }
}

#[derive(Default)]
struct Reader {
    runs: Vec<Run>,
    current: Run,
}

impl Reader {
    /// Takes in what `rest` begins with; returns what is left.
    fn read<'a>(&mut self, character: char, rest: &'a str) -> &'a str {
        match character {
            '\\' => self.escaped(&rest[1..]),
            '*' if rest.starts_with("**") => self.toggle(rest, "**", |run| &mut run.bold),
            '*' => self.toggle(rest, "*", |run| &mut run.italic),
            '`' => self.code(rest),
            '[' => self.link(rest),
            other => self.plain(other, rest),
        }
    }

    fn plain<'a>(&mut self, character: char, rest: &'a str) -> &'a str {
        self.current.text.push(character);
        &rest[character.len_utf8()..]
    }

    fn escaped<'a>(&mut self, rest: &'a str) -> &'a str {
        match rest.chars().next() {
            Some(character) => self.plain(character, rest),
            None => self.literal("\\", rest),
        }
    }

    fn literal<'a>(&mut self, text: &str, rest: &'a str) -> &'a str {
        self.current.text.push_str(text);
        rest
    }

    fn toggle<'a>(&mut self, rest: &'a str, sign: &str, style: fn(&mut Run) -> &mut bool) -> &'a str {
        let after = &rest[sign.len()..];
        let is_open = *style(&mut self.current);
        let opens = !is_open && !after.starts_with(char::is_whitespace) && closes(after, sign);
        if !opens && !is_open {
            return self.literal(sign, after);
        }
        self.cut();
        *style(&mut self.current) = !is_open;
        after
    }

    fn code<'a>(&mut self, rest: &'a str) -> &'a str {
        let Some(end) = find_unescaped(&rest[1..], "`").filter(|end| *end > 0) else {
            return self.literal("`", &rest[1..]);
        };
        self.cut();
        self.runs.push(Run { text: unescape(&rest[1..=end]), code: true, ..self.current.clone() });
        &rest[end + 2..]
    }

    fn link<'a>(&mut self, rest: &'a str) -> &'a str {
        let Some((words, address, after)) = split_link(rest) else { return self.literal("[", &rest[1..]) };
        self.cut();
        let link = Some(unescape(address));
        self.runs.push(Run { text: unescape(words), link, ..self.current.clone() });
        after
    }

    /// Ends the current piece; the next begins in the same style.
    fn cut(&mut self) {
        let next = Run { text: String::new(), ..self.current.clone() };
        let done = std::mem::replace(&mut self.current, next);
        if !done.text.is_empty() {
            self.runs.push(done);
        }
    }

    fn finish(mut self) -> Vec<Run> {
        self.cut();
        self.runs
    }
}

/// Whether `sign` stands again, unescaped and right behind a word.
fn closes(text: &str, sign: &str) -> bool {
    let mut before = ' ';
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with(sign) && !before.is_whitespace() {
            return true;
        }
        let skip = if character == '\\' {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            character.len_utf8()
        };
        before = character;
        rest = &rest[skip..];
    }
    false
}

/// `[words](address)` and what follows; only web, mail and phone addresses are links.
fn split_link(text: &str) -> Option<(&str, &str, &str)> {
    let middle = find_unescaped(text, "](")?;
    let target = &text[middle + 2..];
    let end = find_unescaped(target, ")")?;
    let address = &target[..end];
    let known = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme));
    (known && middle > 1).then(|| (&text[1..middle], address, &target[end + 1..]))
}

fn find_unescaped(text: &str, sign: &str) -> Option<usize> {
    text.match_indices(sign).map(|(at, _)| at).find(|at| !ends_in_escape(&text[..*at]))
}

fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let show = |run: Run| {
            let style = [(run.bold, 'b'), (run.italic, 'i'), (run.code, 'c'), (run.link.is_some(), 'l')];
            let style: String = style.iter().filter(|(on, _)| *on).map(|(_, name)| *name).collect();
            if style.is_empty() { run.text } else { format!("<{style}:{}>", run.text) }
        };
        Markup(text.into()).runs().into_iter().map(show).collect()
    }

    #[test]
    fn styles_are_read() {
        let rows = [
            ("plain", "plain"),
            ("a **b** c", "a <b:b> c"),
            ("*i* and **b *bi* b**", "<i:i> and <b:b ><bi:bi><b: b>"),
            ("`x * y`", "<c:x * y>"),
            ("[shop](https://a.b/c)", "<l:shop>"),
            ("[no](javascript:x)", "[no](javascript:x)"),
            ("5 * 3 * 2", "5 * 3 * 2"),
            ("a * b", "a * b"),
            ("open **only", "open **only"),
            (r"\*literal\* \[x\]\(https://y\)", "*literal* [x](https://y)"),
            (r"**a\*b**", "<b:a*b>"),
            // A value in code stays in it.
            (r"`\`id\`` and `x`", "<c:`id`> and <c:x>"),
            ("trailing \\", "trailing \\"),
            ("[a](https://x?y=\\(1\\))", "<l:a>"),
        ];
        for (source, expected) in rows {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in any::<String>()) {
            let plain = Markup(text.clone()).plain();
            if !text.contains(['*', '`', '[', '\\']) {
                prop_assert_eq!(plain, text);
            }
        }
    }
}
