//! A bot's folder made of intents and sentences, without files. What it is not: a bot that could answer.
use bot_core::catalog::phrase::{Part, Phrase};
use bot_core::catalog::{self, Catalog, Example, Intent, Origin, Source};
use bot_core::template::Text;
use bot_core::text::Language;

/// What every such folder has; its intent is the mould of the others.
const MOULD: &str = "intents: { mould: { examples: [mould], say: Mould } }";

/// A folder of intents with their examples, in that order and without built-in ones.
pub fn of<'a>(intents: impl Iterator<Item = (&'a str, &'a [String])>, language: &Language) -> Catalog {
    let (mut catalog, _) = catalog::load(vec![Source::new("mould.yaml", MOULD)])
        .expect("the mould is a folder without mistakes");
    let own = catalog.intents.iter().position(|intent| intent.builtin.is_none()).expect("it has an intent");
    let mould = catalog.intents.swap_remove(own);
    let intent = |(name, examples): (&str, &[String])| Intent {
        name: name.to_owned(),
        title: Text(name.replace('_', " ")),
        examples: examples.iter().map(|text| example(text, language)).collect(),
        ..mould.clone()
    };
    catalog.intents = intents.map(intent).collect();
    catalog
}

/// The sentence as it stands: signs that mean something in a template mean nothing here.
fn example(text: &str, language: &Language) -> Example {
    Example {
        language: language.clone(),
        phrase: Phrase { parts: vec![Part::Words(text.to_owned())] },
        source: text.to_owned(),
        origin: Origin::default(),
    }
}
