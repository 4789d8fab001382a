//! What Discord would show of a text: which parts of it are bold, a link, a mention …, so that tests can tell whether somebody else's
//! words format, link or ping.
//!
//! It follows the grammar of Discord's own app as far as it is known. It doesn't know names of emojis (`:smile:`), and doesn't look
//! at permissions: a mention is one even where it pings nobody.
mod blocks;
mod inline;

use self::blocks::block;
use self::inline::inline;

/// What a part of a text is shown as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `**x**`
    Bold,
    /// `*x*` or `_x_`
    Italic,
    /// `__x__`
    Underline,
    /// `~~x~~`
    Strike,
    /// `||x||`
    Spoiler,
    /// `` `x` ``
    Code,
    /// Three backticks before and after.
    CodeBlock,
    /// A line, or all that follows, behind a bar.
    Quote,
    /// `# x`, of that depth.
    Heading(usize),
    /// `- x`, `* x` or `1. x`
    ListItem,
    /// `-# x`
    Subtext,
    /// An address that can be clicked: bare, in brackets, or behind other words; where it leads.
    Link(String),
    /// `<@1>`
    User(String),
    /// `<@&1>`
    Role(String),
    /// `<#1>`
    Channel(String),
    /// `@everyone` or `@here`
    Everyone,
    /// `<:name:1>`
    Emoji(String),
    /// `</name:1>`
    Command(String),
    /// `<t:0>`
    Time(String),
}

/// A part of a text that isn't plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it is shown as.
    pub kind: Kind,
    /// What is read there.
    pub text: String,
}

/// A text as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// What is read, without marks.
    pub text: String,
    /// What isn't plain in it; the outer before the inner.
    pub spans: Vec<Span>,
}

impl Rendered {
    /// Whether all of it is plain.
    pub fn is_plain(&self) -> bool {
        self.spans.is_empty()
    }

    /// Its parts of a kind, by what is read there.
    pub fn of(&self, kind: &Kind) -> Vec<&str> {
        self.spans.iter().filter(|span| span.kind == *kind).map(|span| span.text.as_str()).collect()
    }

    fn span(&mut self, kind: Kind, fill: impl FnOnce(&mut Rendered)) {
        let (place, from) = (self.spans.len(), self.text.len());
        self.spans.push(Span { kind, text: String::new() });
        fill(self);
        self.spans[place].text = self.text[from..].to_owned();
    }
}

/// A part that was recognised: how many bytes it takes, what it is, and what stands in it.
struct Part<'a> {
    bytes: usize,
    kind: Option<Kind>,
    inner: Inner<'a>,
}

enum Inner<'a> {
    /// Read as it is.
    Plain(&'a str),
    /// May hold marks itself.
    Marked(&'a str),
    /// The same; it begins as a line does.
    Lines(String),
}

/// What Discord shows of a text.
pub fn render(content: &str) -> Rendered {
    let mut rendered = Rendered::default();
    walk(content.trim(), true, &mut rendered);
    rendered
}

fn walk(text: &str, mut line_start: bool, out: &mut Rendered) {
    let (mut rest, mut before) = (text, None);
    while let Some(next) = rest.chars().next() {
        let found = if line_start { block(rest) } else { None };
        match found.or_else(|| inline(rest, before)) {
            Some(part) => {
                let taken = &rest[..part.bytes];
                add(part, out);
                (before, line_start) = (taken.chars().last(), taken.ends_with('\n'));
                rest = &rest[taken.len()..];
            }
            None => {
                out.text.push(next);
                (before, line_start) = (Some(next), next == '\n');
                rest = &rest[next.len_utf8()..];
            }
        }
    }
}

fn add(part: Part<'_>, out: &mut Rendered) {
    let fill = |out: &mut Rendered| match part.inner {
        Inner::Plain(text) => out.text.push_str(text),
        Inner::Marked(text) => walk(text, false, out),
        Inner::Lines(text) => walk(&text, true, out),
    };
    match part.kind {
        Some(kind) => out.span(kind, fill),
        None => fill(out),
    }
}
