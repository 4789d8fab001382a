//! The texts in other languages, held against their originals.
use std::collections::{BTreeMap, BTreeSet};

use super::Translations;
use super::flow::all;
use super::intents::{BUILTIN_LANGUAGE, Compiler};
use super::values::in_words;
use crate::schema::read::{Words, unknown};
use crate::schema::report::{nearest, one_of};
use crate::schema::written::{self, Contents, Doing, Question, Say, Translation};
use crate::template::Text;
use crate::text::Language;

/// The scope of texts that belong to no intent.
const BOT: &str = "bot";
/// How many missing texts a warning names.
const NAMED: usize = 3;

pub(super) fn compile(compiler: &Compiler<'_>, contents: &[Contents]) -> Translations {
    let all = || contents.iter().flat_map(|contents| &contents.translations);
    let (crates, own): (Vec<&Translation>, Vec<_>) =
        all().partition(|translation| compiler.report.file(translation.language.place).builtin);
    let shared = compiler.declared.names().flat_map(|name| texts_of_intent(compiler, name));
    let known_bot_texts: BTreeSet<String> = crates
        .iter()
        .filter(|translation| translation.intent.text == BOT)
        .flat_map(|translation| &translation.texts)
        .map(|(original, _)| original.text.clone())
        .chain(greeting(contents).map(|words| words.text.clone()))
        .chain(shared)
        .collect();
    let crates_texts: BTreeSet<&str> = crates
        .iter()
        .flat_map(|translation| &translation.texts)
        .map(|(original, _)| original.text.as_str())
        .collect();
    let mut translations = Translations::default();
    for translation in crates {
        add(compiler, &mut translations, translation);
    }
    for translation in &own {
        check(compiler, translation, &known_bot_texts);
        add(compiler, &mut translations, translation);
    }
    warn_of_missing(compiler, &translations, contents, &own);
    warn_of_builtin(compiler, &translations, contents, &crates_texts);
    translations
}

fn greeting(contents: &[Contents]) -> Option<&Words> {
    contents.iter().find_map(|contents| contents.settings.as_ref()?.greeting.as_ref())
}

fn add(compiler: &Compiler<'_>, translations: &mut Translations, translation: &Translation) {
    let language = Language::new(&translation.language.text);
    if compiler.speaks(&language) {
        let texts = translations
            .texts
            .entry(language)
            .or_default()
            .entry(translation.intent.text.clone())
            .or_default();
        texts.extend(
            translation.texts.iter().map(|(original, text)| (original.text.clone(), text.text.clone())),
        );
    }
}

fn check(compiler: &Compiler<'_>, translation: &Translation, bot_texts: &BTreeSet<String>) {
    let Translation { language, intent, .. } = translation;
    if !compiler.speaks(&Language::new(&language.text)) {
        let spoken: Vec<_> = compiler.settings.languages.iter().map(Language::code).collect();
        let message = format!("the bot does not speak `{}`", language.text);
        let help = format!("add it in bot.yaml: `languages: [{}, {}]`", spoken.join(", "), language.text);
        compiler.report.error(language.place, "unknown-language", message, help);
        return;
    }
    let originals: BTreeSet<String> = if intent.text == BOT {
        bot_texts.clone()
    } else if compiler.declared.intent(&intent.text).is_some() {
        texts_of_intent(compiler, &intent.text).into_iter().collect()
    } else {
        let message = format!("there is no intent `{}`", intent.text);
        let known: Vec<_> = compiler.declared.names().chain([BOT]).collect();
        unknown(
            compiler.report,
            "unknown-intent",
            intent.place,
            message,
            &intent.text,
            known,
            "translations stand under the name of their intent",
        );
        return;
    };
    for (original, text) in &translation.texts {
        check_text(compiler, &translation.intent.text, &originals, original, text);
    }
}

fn check_text(
    compiler: &Compiler<'_>,
    intent: &str,
    originals: &BTreeSet<String>,
    original: &Words,
    text: &Words,
) {
    if !originals.contains(&original.text) {
        let message = format!("`{intent}` has no text `{}`", original.text);
        let near = nearest(&original.text, originals.iter().map(String::as_str));
        let help = near.map_or_else(
            || "has the original been changed or deleted? Then do the same here".to_owned(),
            |near| format!("the nearest original is `{near}`"),
        );
        compiler.report.warning(original.place, "stale-translation", message, help);
        return;
    }
    let report = compiler.report;
    match (Text::new(&original.text).check(), Text::new(&text.text).check()) {
        (Ok(expected), Ok(found)) if expected.dotted != found.dotted => {
            let listed = |names: BTreeSet<&String>| {
                one_of(names.into_iter().map(String::as_str)).replace(" or ", " and ")
            };
            let missing = listed(expected.dotted.difference(&found.dotted).collect());
            let added = listed(found.dotted.difference(&expected.dotted).collect());
            let message = match (missing.is_empty(), added.is_empty()) {
                (false, true) => format!("the translation lacks {missing}, which the original has"),
                (true, false) => format!("the translation has {added}, which the original lacks"),
                _ => format!("the translation has {added} where the original has {missing}"),
            };
            report.error(text.place, "different-names", message, "use the names of the original".to_owned());
        }
        (_, Err(error)) => {
            let place = error.span.clone().map_or(text.place, |span| text.part(span));
            report.error(place, "template", format!("this text can't be read: {}", error.message), None);
        }
        _ => {}
    }
}

/// The texts of an intent that customers see, in the order written.
fn originals(intent: &written::Intent) -> Vec<&Words> {
    let mut texts: Vec<&Words> = intent.title.iter().collect();
    texts.extend(intent.say.iter().flat_map(texts_of));
    for step in intent.flow.iter().flat_map(|(_, steps)| all(steps)) {
        match &step.doing {
            Doing::Ask(question) => texts.extend(texts_of_question(question)),
            Doing::Choose(question, options) => {
                texts.extend(texts_of_question(question));
                texts.extend(options.iter().map(|(_, label)| label));
            }
            Doing::Confirm { say, why, .. } => texts.extend(texts_of(say).chain(why)),
            Doing::Say(say) => texts.extend(texts_of(say)),
            _ => {}
        }
    }
    texts
}

fn texts_of(say: &Say) -> impl Iterator<Item = &Words> {
    say.variants.iter().chain(&say.buttons)
}

fn texts_of_question(question: &Question) -> impl Iterator<Item = &Words> {
    question.say.iter().flat_map(texts_of).chain(&question.why).chain(&question.retry)
}

/// All that may be translated of an intent, also what need not be: its name in words, its slots' names in words (as in
/// "order number is now 12345678"), and what agents see.
fn texts_of_intent(compiler: &Compiler<'_>, name: &str) -> Vec<String> {
    let written = || compiler.declared.written(name).into_iter().flatten();
    let texts = written().flat_map(|intent| originals(intent).into_iter().chain(for_agents(intent)));
    let steps = written().filter_map(|intent| intent.flow.as_ref()).flat_map(|(_, steps)| all(steps));
    let slots = steps.filter_map(|step| match &step.doing {
        Doing::Ask(question) | Doing::Choose(question, _) => Some(question.slot.text.replace('_', " ")),
        _ => None,
    });
    texts.map(|words| words.text.clone()).chain(slots).chain([in_words(name)]).collect()
}

/// Texts that agents see: they may be translated, and need not.
fn for_agents(intent: &written::Intent) -> Vec<&Words> {
    let steps = intent.flow.iter().flat_map(|(_, steps)| all(steps));
    steps
        .filter_map(
            |step| if let Doing::Handoff { reason, .. } = &step.doing { reason.as_ref() } else { None },
        )
        .collect()
}

fn warn_of_missing(
    compiler: &Compiler<'_>,
    translations: &Translations,
    contents: &[Contents],
    own: &[&Translation],
) {
    let languages = &compiler.settings.languages;
    for language in &languages[1..] {
        if !own.iter().any(|translation| Language::new(&translation.language.text) == *language) {
            warn_of_untranslated(compiler, contents, language);
            continue;
        }
        let greeting =
            greeting(contents).filter(|words| !is_translated(translations, language, BOT, &words.text));
        if let Some(words) = greeting {
            let message = format!("the greeting is not translated into `{}`", language.code());
            let help = format!("write it under `{}`, `bot`, `texts`", language.code());
            compiler.report.warning(words.place, "missing-translation", message, help);
        }
        for intent in compiler.declared.names().filter_map(|name| compiler.declared.written(name)[0]) {
            warn_of_intent(compiler, translations, intent, language, own);
        }
    }
}

fn warn_of_untranslated(compiler: &Compiler<'_>, contents: &[Contents], language: &Language) {
    let written = contents.iter().find_map(|contents| contents.settings.as_ref());
    let code = language.code();
    let Some(words) = written
        .and_then(|settings| settings.languages.iter().find(|words| Language::new(&words.text) == *language))
    else {
        return;
    };
    let message = format!("nothing is translated into `{code}` yet");
    let help = format!("begin with `translations: {{ {code}: … }}` in a file of its own");
    compiler.report.warning(words.place, "missing-translation", message, help);
}

/// Languages that the crate does not speak: there the folder must say what "help" and "stop" are.
fn warn_of_builtin(
    compiler: &Compiler<'_>,
    translations: &Translations,
    contents: &[Contents],
    bot_texts: &BTreeSet<&str>,
) {
    let languages = contents.iter().filter_map(|contents| contents.settings.as_ref());
    for words in languages.flat_map(|settings| &settings.languages) {
        let language = Language::new(&words.text);
        if language.code() == BUILTIN_LANGUAGE || Language::parse(&words.text).is_none() {
            continue;
        }
        let code = language.code();
        let missing: Vec<&str> = without_examples(compiler, contents, &language);
        if !missing.is_empty() {
            let message = format!("{} have no examples in `{code}`", intents(&missing));
            let help = format!(
                "customers need them to answer yes or no, to stop, and to reach a person: write `translations: {{ {code}: \
                 {{ {}: {{ examples: [ … ] }} }} }}`",
                missing[0]
            );
            compiler.report.warning(words.place, "missing-builtin", message, help);
        }
        let untranslated =
            bot_texts.iter().filter(|text| !is_translated(translations, &language, BOT, text)).count();
        if !missing.is_empty() && untranslated > 0 {
            let message = format!("{untranslated} of the bot's own texts are not translated into `{code}`");
            let help = format!(
                "until they are written under `{code}`, `bot`, `texts`, customers read them in English"
            );
            compiler.report.warning(words.place, "missing-builtin", message, help);
        }
    }
}

fn intents(names: &[&str]) -> String {
    let named: Vec<_> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match names.len() {
        count if count <= NAMED => format!("the built-in intents {}", named.join(", ")),
        count => format!("{count} built-in intents ({}, …)", named.join(", ")),
    }
}

/// The built-in intents that nobody has said anything for in that language.
fn without_examples<'a>(compiler: &Compiler<'a>, contents: &[Contents], language: &Language) -> Vec<&'a str> {
    let is_first = compiler.settings.languages[0] == *language;
    let translated = |name: &str| {
        let all = contents.iter().flat_map(|contents| &contents.translations);
        let mut those =
            all.filter(|it| it.intent.text == name && Language::new(&it.language.text) == *language);
        those.any(|it| !it.examples.is_empty())
    };
    let own = |name: &str| {
        is_first && compiler.declared.written(name)[0].is_some_and(|intent| !intent.examples.is_empty())
    };
    let builtin = compiler.declared.names().filter(|name| compiler.declared.written(name)[1].is_some());
    builtin.filter(|name| !translated(name) && !own(name)).collect()
}

fn warn_of_intent(
    compiler: &Compiler<'_>,
    translations: &Translations,
    intent: &written::Intent,
    language: &Language,
    own: &[&Translation],
) {
    let name = &intent.name.text;
    let mut seen = BTreeSet::new();
    let missing: Vec<&Words> = originals(intent)
        .into_iter()
        .filter(|words| seen.insert(&words.text) && !is_translated(translations, language, name, &words.text))
        .collect();
    if !missing.is_empty() {
        warn(compiler, &intent.name, name, language, &missing);
    }
    let is_for = |translation: &&&Translation| {
        translation.intent.text == *name && Language::new(&translation.language.text) == *language
    };
    let has_examples = own.iter().filter(is_for).any(|translation| !translation.examples.is_empty());
    let is_builtin = compiler.declared.written(name)[1].is_some();
    if !has_examples && !intent.examples.is_empty() && !is_builtin {
        let code = language.code();
        let message = format!("the intent `{name}` has no examples in `{code}`");
        let help = format!("write `translations: {{ {code}: {{ {name}: {{ examples: [ … ] }} }} }}`");
        compiler.report.warning(intent.name.place, "missing-examples", message, help);
    }
}

fn is_translated(translations: &Translations, language: &Language, intent: &str, text: &str) -> bool {
    let Some(scopes) = translations.texts.get(language) else { return false };
    let under = |scope: &BTreeMap<String, String>| scope.contains_key(text);
    scopes.get(intent).is_some_and(under) || scopes.values().any(under)
}

fn warn(compiler: &Compiler<'_>, place: &Words, name: &str, language: &Language, missing: &[&Words]) {
    let texts = if missing.len() == 1 { "1 text".to_owned() } else { format!("{} texts", missing.len()) };
    let message = format!("{texts} of `{name}` are not translated into `{}`", language.code());
    let message = if missing.len() == 1 { message.replace(" are ", " is ") } else { message };
    let mut named: Vec<_> = missing.iter().take(NAMED).map(|words| format!("`{}`", words.text)).collect();
    if missing.len() > NAMED {
        named.push("…".to_owned());
    }
    compiler.report.warning(
        place.place,
        "missing-translation",
        message,
        format!("untranslated: {}", named.join(", ")),
    );
}
