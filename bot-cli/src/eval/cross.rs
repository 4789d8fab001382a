//! Measuring with a folder's own examples, held back in turn.
use std::path::Path;

use anyhow::{Result, bail};
use bot_core::engine::Engine;
use bot_core::text::Language;

use super::folds::{Examples, HeldBack, without};
use super::judge::{Message, Rivals};
use super::report::What;
use super::taking_part::TakingPart;
use super::{Bot, Measured, Put};
use crate::folder;

/// Puts each example to a bot that was made without it.
///
/// # Errors
/// There are too few examples to hold some back.
pub fn measure(bot: &Bot, intents: &Path) -> Result<Measured> {
    let catalog = bot.engine.catalog();
    let taking_part = TakingPart::new(bot.engine, bot.tracker, bot.now, bot.options.builtins, &[]);
    let language = bot.options.world.lang.as_deref().map(Language::new);
    let examples = Examples::of(catalog, &taking_part, language.as_ref());
    let folds = bot.options.folds.min(examples.list.len());
    if folds < 2 {
        bail!(
            "`{}` has too few examples to hold some back: write at least two for an intent, or name a file with --test FILE",
            folder::shown(intents)
        );
    }
    let dealt = examples.deal(folds);
    let of_fold =
        |fold: usize| dealt.iter().enumerate().filter(move |(_, of)| **of == fold).map(|(at, _)| at);
    let mut results: Vec<(usize, Put)> = Vec::new();
    for fold in 0..folds {
        let held_back: Vec<&HeldBack> = of_fold(fold).map(|at| &examples.list[at]).collect();
        let engine = Engine::from_catalog(without(catalog, held_back.iter().copied()));
        let messages: Vec<Message> = held_back.iter().map(|example| example.message.clone()).collect();
        results.push((fold, bot.put(&bot.judge(&engine, &taking_part), &messages, Rivals::Always)));
    }
    let languages = examples.list.iter().map(|example| example.language.clone()).collect();
    let name = |id| catalog.intent(id).name.clone();
    let what = What::Folds {
        folder: folder::shown(intents),
        folds,
        languages,
        alone: examples.alone.iter().copied().map(name).collect(),
        unfilled: examples.unfilled,
    };
    Ok(join(what, taking_part, &dealt, results))
}

/// The results of all folds, in the order of the examples.
fn join(what: What, taking_part: TakingPart, dealt: &[usize], results: Vec<(usize, Put)>) -> Measured {
    let mut measured = Measured {
        what,
        taking_part,
        messages: Vec::new(),
        predictions: Vec::new(),
        plain: None,
        times: Default::default(),
        memory: None,
    };
    let mut in_order = Vec::new();
    for (fold, put) in results {
        let places = dealt.iter().enumerate().filter(|(_, of)| **of == fold).map(|(at, _)| at);
        let plain = put
            .plain
            .map_or_else(|| vec![None; put.typed.len()], |plain| plain.into_iter().map(Some).collect());
        in_order.extend(places.zip(put.typed.into_iter().zip(put.predictions).zip(plain)));
        measured.times.0.extend(put.times.0);
        measured.times.1.extend(put.times.1);
        measured.memory = put.memory;
    }
    in_order.sort_by_key(|(at, _)| *at);
    let mut plain = Vec::new();
    for (_, ((message, prediction), before)) in in_order {
        measured.messages.push(message);
        measured.predictions.push(prediction);
        plain.extend(before);
    }
    measured.plain = (!plain.is_empty()).then_some(plain);
    measured
}
