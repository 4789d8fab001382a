//! Flattens a flow into the model's graph: every step with its name and what comes after it.
//!
//! What it is not: it runs nothing.
use std::collections::{BTreeMap, BTreeSet};

use super::intents::Compiler;
use super::load::origin;
use super::values::{duration, slug};
use super::{
    Ask, Call, Choose, Confirm, EntityId, Flow, Handoff, Priority, Say, Step, StepId, StepKind, Target,
    Template,
};
use crate::schema::read::{Words, unknown};
use crate::schema::report::Place;
use crate::schema::written::{self, Doing, Question};
use crate::template::Text;

const ATTEMPTS: u32 = 3;
/// Words of a text that make a step's name: few, so that a correction at its end changes nothing.
const NAME_WORDS: usize = 5;

pub(super) fn compile(compiler: &Compiler<'_>, place: Place, written: &[written::Step]) -> Flow {
    if written.is_empty() {
        let help = "write its steps below it, the first such as `- say: …`".to_owned();
        compiler.report.error(place, "empty", "this flow has no steps", help);
        return Flow::default();
    }
    let names = names(compiler, written);
    let mut builder = Builder { compiler, names: &names, targets: targets(written), steps: Vec::new() };
    let (start, _) = builder.list(written);
    let flow = Flow { steps: builder.steps, start };
    warn_of_unreachable(compiler, &flow, written);
    flow
}

/// The entities of the flow's slots: what their `type` says, else the entity of their name.
pub(super) fn slots(compiler: &Compiler<'_>, steps: &[written::Step]) -> BTreeMap<String, EntityId> {
    let mut slots = BTreeMap::new();
    for step in all(steps) {
        if let Doing::Ask(Question { slot, entity: Some(name), .. }) = &step.doing
            && let Some(id) = compiler.entities.named(&name.text)
        {
            slots.entry(slot.text.clone()).or_insert(id);
        }
    }
    slots
}

/// All steps in the order of the model: branches after the step they belong to.
pub(super) fn all(steps: &[written::Step]) -> Vec<&written::Step> {
    let with_branches =
        |step| std::iter::once(step).chain(branches(step).into_iter().flat_map(all)).collect::<Vec<_>>();
    steps.iter().flat_map(with_branches).collect()
}

fn branches(step: &written::Step) -> Vec<&[written::Step]> {
    match &step.doing {
        Doing::If { then, otherwise, .. } => vec![then, otherwise],
        Doing::Confirm { otherwise: Some(steps), .. }
        | Doing::Call { failed: Some(steps), .. }
        | Doing::Later { then: steps, .. } => vec![steps],
        _ => Vec::new(),
    }
}

/// The names of all steps, in the order of the model, each once.
fn names(compiler: &Compiler<'_>, steps: &[written::Step]) -> Vec<String> {
    let steps = all(steps);
    let mut taken: BTreeMap<&str, Place> = BTreeMap::new();
    for id in steps.iter().filter_map(|step| step.id.as_ref()) {
        if let Some(first) = taken.insert(&id.text, id.place) {
            let message = format!(
                "two steps of this flow have the `id` `{}`, the first in line {}",
                id.text, first.line
            );
            compiler.report.error(
                id.place,
                "duplicate-name",
                message,
                "give one of them another `id`".to_owned(),
            );
        }
    }
    let mut used: BTreeMap<String, usize> = taken.keys().map(|&id| (id.to_owned(), 1)).collect();
    let mut name_of = |step: &written::Step| match &step.id {
        Some(id) => id.text.clone(),
        None => free_name(derived(&step.doing), &mut used),
    };
    steps.into_iter().map(&mut name_of).collect()
}

/// The name itself the first time, then with a number behind it.
fn free_name(wanted: String, used: &mut BTreeMap<String, usize>) -> String {
    let mut name = wanted.clone();
    while let Some(times) = used.get(&name).copied() {
        let number = used.get(&wanted).copied().unwrap_or(times) + 1;
        used.insert(wanted.clone(), number);
        name = format!("{wanted}-{number}");
    }
    used.insert(name.clone(), 1);
    name
}

/// What a `goto` can name: the `id` of a step, else the slot of a question.
fn targets(written: &[written::Step]) -> BTreeMap<&str, StepId> {
    let steps = || all(written).into_iter().enumerate().map(|(index, step)| (step, StepId(index as u32)));
    let slots = steps().collect::<Vec<_>>().into_iter().rev().filter_map(|(step, id)| match &step.doing {
        Doing::Ask(question) | Doing::Choose(question, _) => Some((question.slot.text.as_str(), id)),
        _ => None,
    });
    let ids = steps().filter_map(|(step, id)| Some((step.id.as_ref()?.text.as_str(), id)));
    slots.chain(ids).collect()
}

/// A name from what the step does, so that edits elsewhere in the file don't change it.
fn derived(doing: &Doing) -> String {
    let (kind, text) = match doing {
        Doing::Ask(question) | Doing::Choose(question, _) => return question.slot.text.clone(),
        Doing::Confirm { say, .. } => ("confirm", say.variants.first()),
        Doing::Say(say) => ("say", say.variants.first()),
        Doing::Call { action, .. } => ("call", Some(action)),
        Doing::If { condition, .. } => ("if", Some(condition)),
        Doing::Set(values) => ("set", values.entries.first().map(|(name, _)| name)),
        Doing::Later { after, .. } => ("later", Some(after)),
        Doing::Goto(target) => ("goto", Some(target)),
        Doing::Handoff { team, .. } => ("handoff", team.as_ref()),
        Doing::End => ("end", None),
        Doing::Broken => ("broken", None),
    };
    let words = text.map_or_else(String::new, |words| slug(&words.text, NAME_WORDS));
    if words.is_empty() { kind.to_owned() } else { format!("{kind}-{words}") }
}

struct Builder<'b, 'a> {
    compiler: &'b Compiler<'a>,
    names: &'b [String],
    targets: BTreeMap<&'b str, StepId>,
    steps: Vec<Step>,
}

/// Steps whose [`Step::next`] is still open.
type Loose = Vec<StepId>;

impl Builder<'_, '_> {
    /// Adds the steps; gives the first, and those that lead on to what comes behind the list.
    fn list(&mut self, written: &[written::Step]) -> (Option<StepId>, Loose) {
        let mut first = None;
        let mut loose: Loose = Vec::new();
        for step in written {
            let id = StepId(self.steps.len() as u32);
            first = first.or(Some(id));
            for before in loose.drain(..) {
                self.steps[before.0 as usize].next = Some(id);
            }
            loose = self.step(id, step);
        }
        (first, loose)
    }

    /// Adds a step and its branches; gives those that lead on to the step after it.
    fn step(&mut self, id: StepId, written: &written::Step) -> Loose {
        let name = self.names.get(id.0 as usize).cloned().unwrap_or_default();
        let origin = origin(self.compiler.report, written.place);
        self.steps.push(Step { name, kind: StepKind::End, next: None, origin });
        let (kind, loose) = self.kind(id, written);
        self.steps[id.0 as usize].kind = kind;
        loose
    }

    fn kind(&mut self, id: StepId, written: &written::Step) -> (StepKind, Loose) {
        let on = vec![id];
        match &written.doing {
            Doing::Ask(question) => (StepKind::Ask(self.ask(question)), on),
            Doing::Choose(question, options) => (StepKind::Choose(self.choose(question, options)), on),
            Doing::Say(say) => (StepKind::Say(self.compiler.say(say)), on),
            Doing::Set(values) => (StepKind::Set(self.values(values)), on),
            Doing::Confirm { .. } | Doing::Call { .. } | Doing::If { .. } | Doing::Later { .. } => {
                self.branching(id, written)
            }
            Doing::Goto(target) => (StepKind::Goto(self.target(target)), Vec::new()),
            Doing::Handoff { team, reason, priority } => (
                StepKind::Handoff(self.handoff(team.as_ref(), reason.as_ref(), priority.as_ref())),
                Vec::new(),
            ),
            Doing::End => (StepKind::End, Vec::new()),
            Doing::Broken => (StepKind::Say(Say::default()), on),
        }
    }

    fn branching(&mut self, id: StepId, written: &written::Step) -> (StepKind, Loose) {
        let compiler = self.compiler;
        let text = |words: &Words| compiler.scope.text(words);
        let mut loose = vec![id];
        let mut branch = |builder: &mut Self, steps: &[written::Step]| {
            let (first, ends) = builder.list(steps);
            loose.extend(ends);
            first
        };
        let kind = match &written.doing {
            Doing::Confirm { say, why, attempts, otherwise } => StepKind::Confirm(Confirm {
                say: compiler.say(say),
                why: why.as_ref().map(text),
                has_else: otherwise.is_some(),
                otherwise: branch(self, otherwise.as_deref().unwrap_or_default()),
                attempts: attempts.map_or(ATTEMPTS, |attempts| attempts.value),
            }),
            Doing::Call { action, with, result, failed } => {
                compiler.check_action(action);
                StepKind::Call(Call {
                    action: action.text.clone(),
                    with: self.values(with),
                    result: result.as_ref().unwrap_or(action).text.clone(),
                    failed: branch(self, failed.as_deref().unwrap_or_default()),
                    has_failed: failed.is_some(),
                })
            }
            Doing::If { condition, then, otherwise } => StepKind::If {
                condition: compiler.scope.expression(condition),
                then: branch(self, then),
                otherwise: branch(self, otherwise),
            },
            Doing::Later { after, then } => {
                // What comes later ends by itself: the flow has gone on meanwhile.
                let (then, _) = self.list(then);
                let after = duration(compiler.report, after, "`later`").unwrap_or_default();
                StepKind::Later { after, then }
            }
            _ => StepKind::End,
        };
        (kind, loose)
    }

    fn ask(&self, question: &Question) -> Ask {
        let entities = self.compiler.entities;
        let entity = match &question.entity {
            Some(name) => entities.of_type(self.compiler.report, name),
            None => entities.of_slot(&question.slot.text),
        };
        let Asked { say, why, retry, check, attempts } = self.asked(question);
        let (optional, sensitive) = (question.optional, question.sensitive);
        Ask {
            slot: question.slot.text.clone(),
            say,
            why,
            retry,
            entity,
            check,
            optional,
            sensitive,
            attempts,
        }
    }

    fn choose(&self, question: &Question, written: &[(Words, Words)]) -> Choose {
        let compiler = self.compiler;
        let mut options: Vec<(String, Text)> = Vec::new();
        for (value, label) in written {
            if options.iter().any(|(_, other)| other.0.eq_ignore_ascii_case(&label.text)) {
                let message = format!("two options are called `{}`", label.text);
                compiler.report.error(
                    label.place,
                    "duplicate-name",
                    message,
                    "nobody could tell them apart: change one".to_owned(),
                );
            }
            options.push((value.text.clone(), compiler.scope.text(label)));
        }
        let Asked { say, why, retry, check, attempts } = self.asked(question);
        let (optional, sensitive) = (question.optional, question.sensitive);
        Choose {
            slot: question.slot.text.clone(),
            say,
            why,
            retry,
            options,
            check,
            optional,
            sensitive,
            attempts,
        }
    }

    fn asked(&self, question: &Question) -> Asked {
        let compiler = self.compiler;
        let attempts = question.attempts.map_or(ATTEMPTS, |attempts| attempts.value);
        // The last attempt is answered with the offer of a person.
        if let Some(never) = question.retry.get((attempts as usize).saturating_sub(1)) {
            let answers = if attempts == 1 { "1 answer".to_owned() } else { format!("{attempts} answers") };
            let message =
                format!("this text is never shown: after {answers} that can't be used, a person is offered");
            let help = format!("write `attempts: {}`, or delete it", question.retry.len() + 1);
            compiler.report.warning(never.place, "never-shown", message, help);
        }
        Asked {
            say: question.say.as_ref().map(|say| compiler.say(say)),
            why: question.why.as_ref().map(|words| compiler.scope.text(words)),
            retry: question.retry.iter().map(|words| compiler.scope.text(words)).collect(),
            check: question.check.as_ref().map(|words| compiler.scope.expression(words)),
            attempts,
        }
    }

    fn values(&self, values: &written::Values) -> Vec<(String, Template)> {
        let scope = self.compiler.scope;
        values.templates.iter().for_each(|words| scope.check_text(words, super::check::Where::Conversation));
        values.entries.iter().map(|(name, value)| (name.text.clone(), Template(value.clone()))).collect()
    }

    /// A step of this flow, else an intent.
    fn target(&self, target: &Words) -> Target {
        let declared = self.compiler.declared;
        match (self.targets.get(target.text.as_str()), declared.intent(&target.text)) {
            (Some(step), _) => Target::Step(*step),
            (None, Some(id)) => Target::Intent(id),
            (None, None) => {
                let known = declared.names().chain(self.targets.keys().copied());
                let message = format!(
                    "there is no intent `{0}` and no step with the `id` `{0}` in this flow",
                    target.text
                );
                unknown(
                    self.compiler.report,
                    "unknown-target",
                    target.place,
                    message,
                    &target.text,
                    known.collect::<Vec<_>>(),
                    "write the name of an intent, or the `id` of a step",
                );
                Target::Step(StepId(0))
            }
        }
    }

    fn handoff(&self, team: Option<&Words>, reason: Option<&Words>, priority: Option<&Words>) -> Handoff {
        let Compiler { report, settings, scope, .. } = self.compiler;
        let teams = &settings.handoff.teams;
        if let Some(team) = team.filter(|team| !teams.contains(&team.text)) {
            let message = format!("there is no team `{}`", team.text);
            unknown(
                report,
                "unknown-team",
                team.place,
                message,
                &team.text,
                teams.iter().map(String::as_str),
                "teams stand in bot.yaml under `handoff`",
            );
        }
        Handoff {
            team: team.map_or_else(|| teams[0].clone(), |team| team.text.clone()),
            reason: reason.map(|words| scope.text(words)),
            priority: priority.map_or(Priority::Normal, |words| self.priority(words)),
        }
    }

    fn priority(&self, words: &Words) -> Priority {
        match words.text.as_str() {
            "low" => Priority::Low,
            "normal" => Priority::Normal,
            "high" => Priority::High,
            other => {
                let message = format!("`{other}` is no priority");
                self.compiler.report.error(
                    words.place,
                    "bad-value",
                    message,
                    "write `low`, `normal` or `high`".to_owned(),
                );
                Priority::Normal
            }
        }
    }
}

/// What `ask` and `choose` share.
struct Asked {
    say: Option<Say>,
    why: Option<Text>,
    retry: Vec<Text>,
    check: Option<crate::template::Expression>,
    attempts: u32,
}

fn warn_of_unreachable(compiler: &Compiler<'_>, flow: &Flow, written: &[written::Step]) {
    let mut reached = BTreeSet::new();
    let mut open: Vec<StepId> = flow.start.into_iter().collect();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(successors(flow.step(id)));
        }
    }
    let steps = all(written);
    let mut before = true;
    for (index, step) in steps.iter().enumerate() {
        let is_reached = reached.contains(&StepId(index as u32));
        // An `end` too many says nothing wrong.
        if before && !is_reached && !matches!(step.doing, Doing::End) {
            let help = "the steps before it always end the flow or go elsewhere: delete it, or move it up"
                .to_owned();
            compiler.report.warning(
                step.place,
                "unreachable",
                "no conversation ever gets to this step",
                help,
            );
        }
        before = is_reached;
    }
}

fn successors(step: &Step) -> Vec<StepId> {
    let or_next = |branch: &Option<StepId>| branch.or(step.next);
    let found = match &step.kind {
        StepKind::If { then, otherwise, .. } => [or_next(then), or_next(otherwise)],
        StepKind::Confirm(confirm) => [confirm.otherwise, step.next],
        StepKind::Call(call) => [call.failed, step.next],
        StepKind::Later { then, .. } => [*then, step.next],
        StepKind::Goto(Target::Step(id)) => [Some(*id), None],
        StepKind::Goto(Target::Intent(_)) | StepKind::Handoff(_) | StepKind::End => [None, None],
        StepKind::Ask(_) | StepKind::Choose(_) | StepKind::Say(_) | StepKind::Set(_) => [step.next, None],
    };
    found.into_iter().flatten().collect()
}
