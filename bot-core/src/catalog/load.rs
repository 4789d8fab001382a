//! From files to a catalog: reads each, checks and compiles them together, and gives all problems at once.
use std::collections::{BTreeMap, BTreeSet};

use super::check::Scope;
use super::entities::Entities;
use super::example::Fragments;
use super::intents::{Compiler, Declared};
use super::{Catalog, Diagnostic, Diagnostics, Origin, Severity, Source};
use super::{actions, settings, translations, unused};
use crate::schema::read::Words;
use crate::schema::report::{File, Place, Report};
use crate::schema::tree::{self, Tree};
use crate::schema::written::{self, Contents};
use crate::schema::yaml::text_of;
use crate::text::Language;

/// The name under which the crate's own files appear.
const BUILTIN: &str = "built-in";
/// The crate's own files: in what language, and what it says. The first holds the intents, the others their translations.
const BUILTIN_FILES: [(&str, &str); 7] = [
    ("en", include_str!("../builtin/intents.yaml")),
    ("de", include_str!("../builtin/de.yaml")),
    ("es", include_str!("../builtin/es.yaml")),
    ("fr", include_str!("../builtin/fr.yaml")),
    ("it", include_str!("../builtin/it.yaml")),
    ("nl", include_str!("../builtin/nl.yaml")),
    ("pt", include_str!("../builtin/pt.yaml")),
];

/// Loads a bot folder: all its YAML files, in any order. Beside the catalog comes what an author should look at although
/// the folder loads.
///
/// # Errors
/// If the folder has an error: all its problems at once, ordered by file, line and column.
pub fn load(mut sources: Vec<Source>) -> Result<(Catalog, Vec<Diagnostic>), Diagnostics> {
    sources.sort_by(|a, b| (&a.name, &a.bytes).cmp(&(&b.name, &b.bytes)));
    let (catalog, problems) = load_sorted(&sources);
    match catalog {
        Some(catalog) if problems.iter().all(|problem| problem.severity == Severity::Warning) => {
            Ok((catalog, problems))
        }
        _ => Err(Diagnostics { problems, sources }),
    }
}

fn load_sorted(sources: &[Source]) -> (Option<Catalog>, Vec<Diagnostic>) {
    let (files, mut problems) = decode(sources);
    let readable = problems.is_empty();
    let report = Report::new(files);
    let contents = read(&report);
    // Behind a file that can't be read, every reference into it would be reported as a reference to nothing.
    let catalog = contents.filter(|_| readable).map(|contents| compile(&report, &contents));
    problems.extend(report.into_problems());
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
    (catalog, problems)
}

/// Files as text, and the crate's own behind them.
fn decode(sources: &[Source]) -> (Vec<File>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for source in sources {
        match text_of(source) {
            Ok(text) => files.push(File { name: source.name.clone(), text: text.to_owned(), builtin: false }),
            Err(problem) => problems.push(*problem),
        }
    }
    let own = BUILTIN_FILES.iter().map(|(_, text)| File {
        name: BUILTIN.into(),
        text: (*text).into(),
        builtin: true,
    });
    files.extend(own);
    (files, problems)
}

/// The contents of all files; `None` if one of them could not be read to its end.
fn read(report: &Report) -> Option<Vec<Contents>> {
    let read_one = |(index, file): (usize, &File)| match tree::parse(index, report) {
        Tree::Broken => None,
        Tree::Nothing => Some(Contents::default()),
        Tree::Root(root) => {
            let is_settings = !file.builtin && matches!(file.name.as_str(), "bot.yaml" | "bot.yml");
            Some(written::contents(report, &root, is_settings))
        }
    };
    // All of them are read before the first broken one counts, so that each tells its problems.
    let mut files = report.files().iter().enumerate();
    let folder: Vec<_> =
        files.by_ref().take(report.files().len() - BUILTIN_FILES.len()).map(read_one).collect();
    let spoken: BTreeSet<String> = folder.iter().flatten().flat_map(languages).collect();
    // What the bot says is listed by its translations: a language that has none here is held against the first.
    let is_foreign = spoken.iter().any(|code| BUILTIN_FILES.iter().all(|(own, _)| own != code));
    let needs =
        |code: &str| code == "en" || spoken.contains(code) || is_foreign && code == BUILTIN_FILES[1].0;
    let own = files.zip(BUILTIN_FILES);
    let own: Vec<_> = own
        .map(|(file, (code, _))| if needs(code) { read_one(file) } else { Some(Contents::default()) })
        .collect();
    folder.into_iter().chain(own).collect()
}

/// The languages that the settings name.
fn languages(contents: &Contents) -> impl Iterator<Item = String> {
    let languages = contents.settings.iter().flat_map(|settings| &settings.languages);
    languages.map(|language| Language::new(&language.text).code().to_owned())
}

fn compile(report: &Report, contents: &[Contents]) -> Catalog {
    let settings = settings::compile(report, contents);
    let scope = Scope::new(report, &settings, contents);
    let entities = Entities::compile(report, contents);
    let fragments = Fragments::compile(report, contents);
    let declared = Declared::collect(report, contents);
    let actions = actions::compile(report, &scope, contents);
    let compiler = Compiler {
        report,
        scope: &scope,
        settings: &settings,
        entities: &entities,
        fragments: &fragments,
        declared: &declared,
        actions: &actions,
    };
    let intents = compiler.intents(contents);
    let translations = translations::compile(&compiler, contents);
    unused::warn(&compiler, contents, &intents);
    scope.check_greeting(&settings, contents);
    Catalog { settings, intents, entities: entities.into_list(), actions, translations }
}

/// Named things of all files: each once, the folder's before the crate's. A second one of the folder is reported.
pub(super) fn unique<'a, T>(
    report: &Report,
    what: &str,
    items: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&'a T) -> &'a Words,
) -> BTreeMap<&'a str, &'a T> {
    let mut found: BTreeMap<&str, &'a T> = BTreeMap::new();
    for item in items {
        let words = name(item);
        if let Some(first) = found.get(words.text.as_str()) {
            let first = report.spoken(name(first).place);
            let message = format!("{what} `{}` is written twice, first in {first}", words.text);
            report.error(
                words.place,
                "duplicate-name",
                message,
                "rename one of them, or join them".to_owned(),
            );
        } else {
            found.insert(&words.text, item);
        }
    }
    found
}

/// Where something was written.
pub(super) fn origin(report: &Report, place: Place) -> Origin {
    let Place { start, end, line, column, .. } = place;
    Origin { file: report.file(place).name.clone(), line, column, start, end }
}
