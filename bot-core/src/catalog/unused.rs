//! Warns of what is there and never does anything, and of intents that are hard to reach.
use std::collections::BTreeSet;

use super::flow::all;
use super::intents::Compiler;
use super::{BuiltinEntity, Intent, Target};
use crate::schema::read::Words;
use crate::schema::written::{Contents, Doing};

/// Fewer examples than this leave much to chance.
const FEW: usize = 5;

pub(super) fn warn(compiler: &Compiler<'_>, contents: &[Contents], intents: &[Intent]) {
    warn_of_unused(compiler, contents);
    warn_of_examples(compiler, contents, intents);
}

fn warn_of_unused(compiler: &Compiler<'_>, contents: &[Contents]) {
    let steps =
        || contents.iter().flat_map(|contents| &contents.intents).filter_map(|intent| intent.flow.as_ref());
    let called: BTreeSet<&str> = steps()
        .flat_map(|(_, steps)| all(steps))
        .filter_map(|step| {
            if let Doing::Call { action, .. } = &step.doing { Some(action.text.as_str()) } else { None }
        })
        .collect();
    let unused = |what: &str, words: &Words, help: &str| {
        let message = format!("nothing uses the {what} `{}`", words.text);
        compiler.report.warning(words.place, "unused", message, help.to_owned());
    };
    for contents in contents {
        let is_idle = |name: &str| !compiler.entities.is_used(name) && !is_builtin(name);
        for entity in contents.entities.iter().filter(|entity| is_idle(&entity.name.text)) {
            unused(
                "entity",
                &entity.name,
                "name it as the `type` of an `ask`, give a slot its name, or delete it",
            );
        }
        for (name, _) in contents.fragments.iter().filter(|(name, _)| !compiler.fragments.is_used(&name.text))
        {
            unused("fragment", name, &format!("write `<{}>` in an example, or delete it", name.text));
        }
        for action in contents.actions.iter().filter(|action| !called.contains(action.name.text.as_str())) {
            unused(
                "action",
                &action.name,
                &format!("write `- call: {}` in a flow, or delete it", action.name.text),
            );
        }
    }
}

/// A folder can't have an entity of that name, which is reported elsewhere.
fn is_builtin(name: &str) -> bool {
    BuiltinEntity::ALL.iter().any(|entity| entity.name() == name)
}

fn warn_of_examples(compiler: &Compiler<'_>, contents: &[Contents], intents: &[Intent]) {
    let targets: BTreeSet<&str> =
        intents.iter().flat_map(goto_targets).map(|id| intents[id].name.as_str()).collect();
    for written in contents.iter().flat_map(|contents| &contents.intents) {
        let name = &written.name;
        let id = compiler.declared.intent(&name.text);
        let Some(intent) = id.and_then(|id| intents.get(id.0 as usize)) else { continue };
        if intent.builtin.is_some() {
            continue;
        }
        let (count, has_patterns) = (written.examples.len(), !intent.patterns.is_empty());
        if intent.examples.is_empty() && !has_patterns && count == 0 {
            if !targets.contains(name.text.as_str()) {
                let message =
                    format!("the intent `{}` has no examples, and no `goto` leads to it", name.text);
                let help = "write `examples:` with sentences that customers use".to_owned();
                compiler.report.warning(name.place, "few-examples", message, help);
            }
        } else if (1..FEW).contains(&count) && !has_patterns {
            let message = format!(
                "the intent `{}` has only {count} example{}",
                name.text,
                if count == 1 { "" } else { "s" }
            );
            let help = format!(
                "{FEW} and more, in different words, let the bot recognise what is phrased otherwise"
            );
            compiler.report.warning(name.place, "few-examples", message, help);
        }
    }
}

fn goto_targets(intent: &Intent) -> Vec<usize> {
    let super::Body::Flow(flow) = &intent.body else { return Vec::new() };
    let target = |step: &super::Step| match &step.kind {
        super::StepKind::Goto(Target::Intent(id)) => Some(id.0 as usize),
        _ => None,
    };
    flow.steps.iter().filter_map(target).collect()
}
