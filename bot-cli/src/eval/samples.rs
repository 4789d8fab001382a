//! A value for each slot of an example, to make a sentence of it. What it is not: it reads no values.
use bot_core::catalog::phrase::Piece;
use bot_core::catalog::{BuiltinEntity, Catalog, EntityId, EntityKind, Example};

/// The sentence that stands for an example: the first that it spells out, with values in its slots. `None`: one of its slots
/// takes values of a pattern, and nothing says what those look like.
pub fn sentence(catalog: &Catalog, example: &Example) -> Option<String> {
    let pieces = example.phrase.sentences().into_iter().next()?;
    let words = |piece: &Piece| match piece {
        Piece::Words(words) => Some(words.clone()),
        Piece::Slot { entity, .. } => value(catalog, *entity, example.language.code()),
    };
    let words: Option<Vec<String>> = pieces.iter().map(words).collect();
    words.map(|words| words.join(" "))
}

fn value(catalog: &Catalog, entity: EntityId, language: &str) -> Option<String> {
    let entity = catalog.entity(entity);
    entity.example.clone().or_else(|| match &entity.kind {
        EntityKind::Builtin(builtin) => Some(builtin_value(*builtin, language).to_owned()),
        EntityKind::List(values) => values.first()?.words.first().cloned(),
        EntityKind::Pattern(_) => None,
    })
}

fn builtin_value(entity: BuiltinEntity, language: &str) -> &'static str {
    let german = language == "de";
    match entity {
        BuiltinEntity::Text if german => "etwas",
        BuiltinEntity::Text => "something",
        BuiltinEntity::Number => "3",
        BuiltinEntity::Money => "20 €",
        BuiltinEntity::Date => "2026-12-01",
        BuiltinEntity::Time => "10:30",
        BuiltinEntity::Duration if german => "3 Tage",
        BuiltinEntity::Duration => "3 days",
        BuiltinEntity::Email => "name@example.com",
        BuiltinEntity::Phone => "+49 30 1234567",
        BuiltinEntity::Url => "https://example.com",
        BuiltinEntity::YesNo if german => "ja",
        BuiltinEntity::YesNo => "yes",
        BuiltinEntity::PersonName => "Anna Berg",
    }
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::{Source, load};

    use super::*;

    #[test]
    fn examples_become_sentences() {
        let yaml = "entities: { order_number: { pattern: 'ST-\\d+', example: ST-12345678 }, code: { pattern: 'X\\d+' }, \
                    size: { values: { s: [small, S], m: [medium] } } }\n\
                    intents:\n  a:\n    say: A\n    examples: ['[please] track (order|parcel) {order_number}', 'in {size}', 'code {code}', 'pay {amount}']\n";
        let (catalog, _) = load(vec![Source::new("a.yaml", yaml)]).unwrap();
        let sentences: Vec<_> =
            catalog.intents[0].examples.iter().map(|example| sentence(&catalog, example)).collect();
        let want = [Some("please track order ST-12345678"), Some("in small"), None, Some("pay something")];
        assert_eq!(sentences.iter().map(Option::as_deref).collect::<Vec<_>>(), want);
    }
}
