//! Which format a file or a folder has, and its reader.
//!
//! By content first: an extension only decides where the content could be either.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::draft::Draft;
use super::{nlpjs, rasa, tsv};
use crate::args::{Import, ImportFormat};
use crate::folder::{shown, yaml_files};

/// More than any training set: what has more is taken for a mistake.
const LIMIT: u64 = 256 << 20;
/// Folders of a project that hold no training data, or that of others.
const LEFT_OUT: [&str; 6] = ["tests", "models", "results", "node_modules", "venv", "target"];
/// What was looked for, in words.
const FORMATS: &str = "looked for: a table of `intent<tab>text`; Rasa's YAML with `nlu:`; nlp.js's corpus in JSON with `data:`. \
                       If it is one of these, say so: --from tsv, rasa or nlpjs";

/// A file that was read.
#[derive(Debug)]
pub struct Input {
    /// Its path as it is shown.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Its text, without a byte order mark.
    ///
    /// # Errors
    /// It is no UTF-8: in words.
    pub fn text(&self) -> Result<&str, String> {
        let text = std::str::from_utf8(&self.bytes).map_err(|error| {
            let line = 1 + self.bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            format!("line {line}: a byte that is no UTF-8 text")
        })?;
        Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
    }

    fn is(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.name.to_lowercase().ends_with(extension))
    }
}

impl ImportFormat {
    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            ImportFormat::Tsv => "table",
            ImportFormat::Rasa => "Rasa",
            ImportFormat::Nlpjs => "nlp.js",
        }
    }
}

/// Reads what is to be imported.
///
/// # Errors
/// It is not there, has no format that is known, or has that format and is broken.
pub fn read(options: &Import) -> Result<(ImportFormat, Draft)> {
    let inputs = inputs(&options.file)?;
    let Some(format) = options.from.or_else(|| inputs.iter().find_map(format_of)) else {
        bail!("{}", unknown(&options.file, &inputs));
    };
    if format != ImportFormat::Tsv && !options.split.is_empty() {
        bail!("--split is for tables, and `{}` is none", options.file.display());
    }
    let extensions: &[&str] = if format == ImportFormat::Rasa { &[".yml", ".yaml"] } else { &[".json"] };
    let several = inputs.len() > 1;
    let fitting: Vec<Input> = inputs.into_iter().filter(|input| !several || input.is(extensions)).collect();
    let draft = match format {
        ImportFormat::Rasa => rasa::read(&fitting)?,
        ImportFormat::Nlpjs => nlpjs::read(&fitting)?,
        ImportFormat::Tsv if options.file.is_dir() => {
            bail!("`{}` is a folder; of tables, name one", options.file.display())
        }
        ImportFormat::Tsv => tsv::read(&fitting[0].bytes, &fitting[0].name, &options.split)?,
    };
    Ok((format, draft))
}

fn unknown(file: &Path, inputs: &[Input]) -> String {
    let shown = file.display();
    let is_old_rasa = |input: &Input| {
        input.text().is_ok_and(|text| text.contains("rasa_nlu_data") || text.contains("## intent:"))
    };
    if inputs.is_empty() {
        format!("there is no YAML or JSON file in `{shown}`; {FORMATS}")
    } else if inputs.iter().any(is_old_rasa) {
        format!("`{shown}` is training data of Rasa 1: Rasa 2 makes YAML of it with `rasa data convert nlu`")
    } else if inputs.iter().any(|input| input.is(&[".csv"])) {
        format!(
            "`{shown}` has commas between its columns: save it as text with tabs (TSV), `intent<tab>text`"
        )
    } else {
        format!("can't tell what `{shown}` is; {FORMATS}")
    }
}

/// The format that a file's content is of.
fn format_of(input: &Input) -> Option<ImportFormat> {
    let text = input.text().ok();
    let start = text.unwrap_or_default().trim_start();
    let has_line = |wanted: &str| start.lines().any(|line| line.starts_with(wanted));
    let is_yaml = input.is(&[".yml", ".yaml"]);
    if start.starts_with('{') && !is_yaml && (start.contains("\"data\"") || start.contains("\"domains\"")) {
        Some(ImportFormat::Nlpjs)
    } else if !input.is(&[".json", ".tsv"]) && (has_line("nlu:") || has_line("\"nlu\":")) {
        Some(ImportFormat::Rasa)
    } else if !is_yaml && !input.is(&[".json", ".md"]) && is_table(input) {
        Some(ImportFormat::Tsv)
    } else {
        None
    }
}

/// Whether most of its first lines have a tab.
fn is_table(input: &Input) -> bool {
    let lines =
        input.bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(100);
    let (tabs, others): (Vec<&[u8]>, Vec<&[u8]>) = lines.partition(|line| line.contains(&b'\t'));
    tabs.len() > others.len()
}

/// The files that may hold something.
fn inputs(path: &Path) -> Result<Vec<Input>> {
    if !path.is_dir() {
        return Ok(vec![input(path)?]);
    }
    let mut files = yaml_files(path, &|name| !LEFT_OUT.contains(&name))?;
    files.extend(json_files(path)?);
    files.iter().map(|file| input(file)).collect()
}

/// The JSON files in a folder; those of packages below it are not looked for.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("can't read the folder `{}`", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_json = |path: &PathBuf| {
        path.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    };
    let mut files: Vec<PathBuf> = paths.filter(is_json).collect();
    files.sort();
    Ok(files)
}

fn input(file: &Path) -> Result<Input> {
    let reading = || format!("can't read `{}`", file.display());
    let size = fs::metadata(file).with_context(reading)?.len();
    if size > LIMIT {
        bail!("`{}` has {} MiB; at most {} MiB are read", file.display(), size >> 20, LIMIT >> 20);
    }
    Ok(Input { name: shown(file), bytes: fs::read(file).with_context(reading)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        for (name, text, format) in [
            ("a.tsv", "a\tb\nc\td\n", Some(ImportFormat::Tsv)),
            ("a", "a\tb\n", Some(ImportFormat::Tsv)),
            ("a.yml", "version: \"3.1\"\nnlu:\n- intent: a\n", Some(ImportFormat::Rasa)),
            ("a.txt", "nlu:\n- intent: a\n", Some(ImportFormat::Rasa)),
            ("a.yml", "responses:\n  utter_a: []\n", None),
            ("a.json", "\u{FEFF}{ \"name\": \"x\", \"data\": [] }", Some(ImportFormat::Nlpjs)),
            ("a.json", "{ \"rasa_nlu_data\": {} }", None),
            ("a.txt", "just words\n", None),
            ("a.txt", "", None),
        ] {
            assert_eq!(format_of(&Input { name: name.into(), bytes: text.into() }), format, "{name}: {text}");
        }
    }
}
