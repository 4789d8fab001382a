//! What only the matcher can tell an author: an example that spells out another intent as well.
//!
//! What it is not: it looks at the examples' own words alone, not at what is merely similar.
use crate::catalog::phrase::Piece;
use crate::catalog::{Catalog, Diagnostic, Example, Intent, IntentId, Severity};
use crate::matcher::{Matcher, Stage};
use crate::text::Utterance;

/// How many sentences of a template are tried.
const SENTENCES: usize = 16;

/// The examples of the folder's own intents that another intent answers to, and comes first with.
pub(super) fn shared_examples(catalog: &Catalog, matcher: &Matcher) -> Vec<Diagnostic> {
    let own = |intent: &&Intent| !intent.examples.is_empty();
    let taken =
        |(intent, example)| Some(warning(intent, example, winner(catalog, matcher, intent, example)?));
    let examples = catalog.intents.iter().filter(own).flat_map(|intent| {
        intent
            .examples
            .iter()
            .filter(|example| example.origin.file != "built-in")
            .map(move |example| (intent, example))
    });
    examples.filter_map(taken).collect()
}

/// The sentence that another intent comes first with, and that intent.
fn winner<'c>(
    catalog: &'c Catalog,
    matcher: &Matcher,
    intent: &Intent,
    example: &Example,
) -> Option<(String, &'c Intent)> {
    example.phrase.sentences().iter().filter_map(|pieces| plain(pieces)).take(SENTENCES).find_map(
        |sentence| {
            let utterance = Utterance::new(&sentence, &example.language);
            let best = matcher.rank(&utterance, &[], &|_: IntentId| true, 1).into_iter().next()?;
            let winner = catalog.intent(best.intent);
            (best.stage != Stage::Lexical && winner.name != intent.name).then_some((sentence, winner))
        },
    )
}

/// The sentence, if it has no slots.
fn plain(pieces: &[Piece]) -> Option<String> {
    let word = |piece: &Piece| match piece {
        Piece::Words(words) => Some(words.clone()),
        Piece::Slot { .. } => None,
    };
    pieces.iter().map(word).collect()
}

fn warning(intent: &Intent, example: &Example, (sentence, winner): (String, &Intent)) -> Diagnostic {
    let origin = &example.origin;
    Diagnostic {
        severity: Severity::Warning,
        code: "shared-example",
        message: format!(
            "“{}” belongs to `{}` as well as to `{}`: the bot has to ask which is meant",
            sentence.trim(),
            winner.name,
            intent.name
        ),
        file: origin.file.clone(),
        line: origin.line,
        column: origin.column,
        span: origin.start..origin.end,
        help: Some(format!(
            "keep it in one of them; if only `{}` is meant, write it under `not` of the other",
            intent.name
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::Source;
    use crate::engine::Engine;

    #[test]
    fn an_example_of_two_intents_is_named_with_both() {
        let yaml = "intents:\n  late:\n    examples: [where is it, my (parcel|letter) is late, three, four, five]\n    say: A\n  \
                    letters:\n    examples: [my letter is late, \"letter {number}\", b, c, d]\n    say: B\n";
        let engine = Engine::load(vec![Source::new("a.yaml", yaml)]).unwrap();
        let found: Vec<_> = engine
            .warnings()
            .into_iter()
            .map(|warning| (warning.code, warning.line, warning.message))
            .collect();
        let message = "“my letter is late” belongs to `late` as well as to `letters`: the bot has to ask which is meant";
        assert_eq!(found, [("shared-example", 6, message.to_owned())]);
    }
}
