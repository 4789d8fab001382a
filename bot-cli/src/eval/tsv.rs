//! A file of messages and what they mean: a line each, its columns separated by tabs.
//!
//! Two columns are intent and message, three are split, intent and message. What can't be read is named and left out. What
//! it is not: it knows no intents.
use std::collections::BTreeMap;

/// A line that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub line: usize,
    /// The split, in a file of three columns.
    pub split: Option<String>,
    /// The intent's name; empty for none.
    pub label: String,
    /// The message.
    pub text: String,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its number, from 1.
    pub line: usize,
    /// The split, if that much could be read.
    pub split: Option<String>,
    /// What is wrong.
    pub why: String,
}

/// A file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Whether the first column is a split.
    pub has_splits: bool,
    /// The lines.
    pub rows: Vec<Row>,
    /// The lines that are none.
    pub bad: Vec<Bad>,
}

impl Table {
    /// Reads a file. The number of columns is that of most lines.
    pub fn read(bytes: &[u8]) -> Table {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let lines: Vec<(usize, Result<&str, Bad>)> = lines(bytes).collect();
        let readable = || lines.iter().filter_map(|(number, line)| Some((*number, line.as_ref().ok()?)));
        let tabs = |count: usize| readable().filter(|(_, line)| line.matches('\t').count() == count).count();
        let mut table = Table { has_splits: tabs(2) > tabs(1), ..Table::default() };
        let first = readable().next().map(|(number, _)| number);
        for (number, line) in lines {
            match line.and_then(|line| row(number, line, table.has_splits)) {
                Ok(row) if Some(number) == first && is_header(&row) => {}
                Ok(row) => table.rows.push(row),
                Err(bad) => table.bad.push(bad),
            }
        }
        table
    }

    /// The splits and how many lines they have.
    pub fn splits(&self) -> BTreeMap<&str, usize> {
        let mut splits = BTreeMap::new();
        for split in self.rows.iter().filter_map(|row| row.split.as_deref()) {
            *splits.entry(split).or_default() += 1;
        }
        splits
    }

    /// Keeps what belongs to one of the splits, and what can't be told.
    pub fn keep(&mut self, splits: &[String]) {
        let chosen = |split: &Option<String>| split.as_ref().is_none_or(|split| splits.contains(split));
        self.rows.retain(|row| chosen(&row.split));
        self.bad.retain(|bad| chosen(&bad.split));
    }
}

/// The lines that are not blank.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Result<&str, Bad>)> {
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(|(index, line)| {
        let number = index + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let why = || Bad { line: number, split: None, why: "it is not UTF-8".to_owned() };
        (number, std::str::from_utf8(line).map_err(|_| why()))
    })
}

fn row(number: usize, line: &str, has_splits: bool) -> Result<Row, Bad> {
    let columns: Vec<String> = line.split('\t').map(|column| unquoted(column.trim())).collect();
    let (split, label, text) = match (columns.as_slice(), has_splits) {
        ([label, text], false) => (None, label, text),
        ([split, label, text], true) => (Some(split.clone()), label, text),
        _ => return Err(Bad { line: number, split: None, why: wrong_columns(columns.len(), has_splits) }),
    };
    if text.trim().is_empty() {
        return Err(Bad { line: number, split, why: "its message is empty".to_owned() });
    }
    Ok(Row { line: number, split, label: label.clone(), text: text.clone() })
}

fn wrong_columns(found: usize, has_splits: bool) -> String {
    let (wanted, what) = if has_splits { (3, "split, intent, message") } else { (2, "intent, message") };
    let found = if found == 1 { "no tab".to_owned() } else { format!("{found} columns") };
    format!("it has {found}; there must be {wanted} columns with tabs between them: {what}")
}

/// A column as spreadsheets write it: in quotes, with quotes inside doubled. Quotes that are meant as such stay.
fn unquoted(column: &str) -> String {
    let inner = column.strip_prefix('"').and_then(|column| column.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.replace("\"\"", "").contains('"') => inner.replace("\"\"", "\""),
        _ => column.to_owned(),
    }
}

fn is_header(row: &Row) -> bool {
    let is = |text: &str, names: &[&str]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
    is(&row.label, &["intent", "label"]) && is(&row.text, &["text", "message", "utterance"])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `line|split|label|text`, bad lines as `line!why`.
    fn read(text: &[u8]) -> Vec<String> {
        let table = Table::read(text);
        let split = |row: &Row| row.split.as_ref().map(|split| format!("{split}|")).unwrap_or_default();
        let rows =
            table.rows.iter().map(|row| format!("{}|{}{}|{}", row.line, split(row), row.label, row.text));
        let bad = table.bad.iter().map(|bad| format!("{}!{}", bad.line, bad.why));
        rows.chain(bad).collect()
    }

    #[test]
    fn files_as_people_make_them() {
        let two = "there must be 2 columns with tabs between them: intent, message";
        let three = "there must be 3 columns with tabs between them: split, intent, message";
        for (file, want) in [
            (&b"a\tone\nb\ttwo\n"[..], vec!["1|a|one".to_owned(), "2|b|two".into()]),
            (b"\xEF\xBB\xBFa\tone\r\n\r\n \t \r\nb\ttwo", vec!["1|a|one".into(), "4|b|two".into()]),
            (b"intent\ttext\na\tone\n", vec!["2|a|one".into()]),
            (b"split\tlabel\tutterance\nx\ta\tone\n", vec!["2|x|a|one".into()]),
            (b"\tone\noos\ttwo\n", vec!["1||one".into(), "2|oos|two".into()]),
            (b"a\tsay \"hi\"\n", vec!["1|a|say \"hi\"".into()]),
            (b"a\t\"say \"\"hi\"\" now\"\n", vec!["1|a|say \"hi\" now".into()]),
            (b"a\t\"x\" or \"y\"\n", vec!["1|a|\"x\" or \"y\"".into()]),
            (b"a\t\n", vec!["1!its message is empty".into()]),
            (b"a\tone\nb,two\n", vec!["1|a|one".into(), format!("2!it has no tab; {two}")]),
            (b"a\tone\nb\tt\t\tx\n", vec!["1|a|one".into(), format!("2!it has 4 columns; {two}")]),
            (
                b"x\ta\tone\na\ttwo\ny\tb\tthree",
                vec!["1|x|a|one".into(), "3|y|b|three".into(), format!("2!it has 2 columns; {three}")],
            ),
            (b"a\tone\nb\tcaf\xE9\n", vec!["1|a|one".into(), "2!it is not UTF-8".into()]),
            (b"", vec![]),
            (b"\n\n", vec![]),
        ] {
            assert_eq!(read(file), want, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn splits_are_counted_and_kept() {
        let mut table = Table::read(b"x\ta\tone\ny\ta\ttwo\nx\ta\tthree\ny\ta\t\nz\ta\t\nbad\n");
        assert_eq!(table.splits().into_iter().collect::<Vec<_>>(), [("x", 2), ("y", 1)]);
        table.keep(&["y".to_owned()]);
        let lines: Vec<usize> = table.rows.iter().map(|row| row.line).collect();
        let bad: Vec<usize> = table.bad.iter().map(|bad| bad.line).collect();
        assert_eq!((lines, bad), (vec![2], vec![4, 6]));
    }
}
