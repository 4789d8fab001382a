//! Plays a talk and holds it against what is expected. It stops at the first turn that differs: what follows would only
//! differ because of it.
use bot_core::dialogue::{ActionOutcome, Event, Input, Tracker, replies};
use bot_core::engine::{Actions, Engine};
use bot_core::handoff::Speaker;
use bot_core::reply::{Button, Reply};
use jiff::{SignedDuration, Zoned};

use super::diff::{self, Line};
use super::model::{Act, Expected, Given, Talk, Turn};
use super::{checks, wildcard};
use crate::session::Session;

/// Timers that set each other for the same moment must not keep the test from ending.
const TIMERS_AT_ONCE: usize = 1000;

/// What an agent is called whom the test does not name.
const AGENT: &str = "Agent";

/// What came of a talk.
pub struct Played {
    /// All events, for the coverage.
    pub events: Vec<Event>,
    /// What differed.
    pub failure: Option<Failure>,
}

/// What differed in a talk.
#[derive(Debug)]
pub struct Failure {
    /// The line of the test file.
    pub line: usize,
    /// The talk so far, the last turn with its differences.
    pub talk: Vec<Line>,
    /// Checks that don't hold, in words.
    pub checks: Vec<String>,
}

/// A turn that was taken.
pub struct Taken {
    /// The conversation before it.
    pub before: Tracker,
    /// The conversation after it.
    pub after: Tracker,
    /// What happened.
    pub events: Vec<Event>,
}

/// Plays a talk.
pub fn play(engine: &Engine, talk: &Talk) -> Played {
    let actions = actions(&talk.given);
    let mut session = Session::new(engine, &actions, talk.given.customer.clone(), &talk.given.now);
    session.conversation.queue = talk.given.queue;
    let mut stage = Stage { session, now: talk.given.now.clone(), shown: Vec::new(), said: Vec::new() };
    let failure = talk.turns.iter().find_map(|turn| stage.turn(turn).err());
    Played { events: stage.session.conversation.events, failure }
}

fn actions(given: &Given) -> Actions {
    let mut actions = Actions::default();
    for (name, outcome) in &given.actions {
        let outcome = outcome.clone();
        actions.register(name.clone(), move |_| match &outcome {
            ActionOutcome::Done(result) => Ok(result.clone()),
            ActionOutcome::Failed(reason) => Err(reason.clone()),
        });
    }
    actions
}

struct Stage<'a> {
    session: Session<'a>,
    now: Zoned,
    /// All buttons shown so far.
    shown: Vec<Button>,
    /// The talk so far.
    said: Vec<Line>,
}

impl Stage<'_> {
    fn turn(&mut self, turn: &Turn) -> Result<(), Failure> {
        self.said.extend(diff::act(&turn.act));
        let before = self.session.conversation.tracker.clone();
        let events =
            self.act(&turn.act).map_err(|problem| self.failure(turn.line, Vec::new(), vec![problem]))?;
        let said: Vec<&Reply> = replies(&events);
        self.shown.extend(said.iter().flat_map(|reply| reply.buttons.clone()));
        let taken =
            Taken { before, after: self.session.conversation.tracker.clone(), events: events.clone() };
        let broken = checks::broken(&turn.checks, &taken);
        let fits = turn.expected.is_empty() || fits(&turn.expected, &said);
        if fits && broken.is_empty() {
            self.said.extend(diff::said(&said));
            return Ok(());
        }
        let (lines, first) = if fits { (diff::said(&said), None) } else { diff::differences(turn, &said) };
        let line = first.or(broken.first().map(|check| check.line)).unwrap_or(turn.line);
        Err(self.failure(line, lines, broken.into_iter().map(|check| check.message).collect()))
    }

    fn failure(&mut self, line: usize, last: Vec<Line>, checks: Vec<String>) -> Failure {
        self.said.extend(last);
        Failure { line, talk: std::mem::take(&mut self.said), checks }
    }

    fn act(&mut self, act: &Act) -> Result<Vec<Event>, String> {
        let input = match act {
            Act::Wait(span) => return self.wait(*span),
            Act::Start => Input::Start,
            Act::User(text) => Input::text(text),
            Act::Press(label) => self.press(label)?,
            Act::Agent(name, act) => Input::Agent { agent: self.agent(name.as_ref()), act: act.clone() },
            Act::Undelivered(reason) => Input::Undelivered { text: self.last_said(), reason: reason.clone() },
            Act::Edit(text) => self.edit(text)?,
        };
        Ok(self.session.send(&input, &self.now))
    }

    /// The agent of that name, or who has the conversation, or anybody.
    fn agent(&self, name: Option<&String>) -> String {
        let holder = self.session.conversation.tracker.agent.as_ref();
        name.or(holder).map_or_else(|| AGENT.to_owned(), Clone::clone)
    }

    /// What the bot or an agent said last.
    fn last_said(&self) -> String {
        let transcript = &self.session.conversation.tracker.transcript;
        let line = transcript.iter().rev().find(|line| line.speaker != Speaker::Customer);
        line.map(|line| line.text.clone()).unwrap_or_default()
    }

    /// The button that was shown last with that label; an old one may be pressed, as customers do.
    fn press(&self, label: &str) -> Result<Input, String> {
        let button = self.shown.iter().rev().find(|button| wildcard::matches(label, &button.label));
        button.map(|button| Input::Press { id: button.id.clone() }).ok_or_else(|| {
            let shown: Vec<_> = self.shown.iter().map(|button| format!("[{}]", button.label)).collect();
            let shown = if shown.is_empty() { "none".to_owned() } else { shown.join(" ") };
            format!("press: no button [{label}] was shown; shown so far: {shown}")
        })
    }

    /// The customer's last message, changed.
    fn edit(&self, text: &str) -> Result<Input, String> {
        let mut events = self.session.conversation.events.iter().rev();
        let before = events.find_map(|event| match event {
            Event::CustomerSaid { text, .. } | Event::Edited { text, .. } => Some(text.clone()),
            _ => None,
        });
        let before = before.ok_or("edit: the customer has written nothing yet")?;
        Ok(Input::Edited { before, text: text.to_owned(), last: true })
    }

    /// Time passes; each timer is delivered when it is due.
    fn wait(&mut self, span: SignedDuration) -> Result<Vec<Event>, String> {
        let too_far = |_| "wait: time ends before that".to_owned();
        let until = self.now.checked_add(span).map_err(too_far)?;
        let mut events = Vec::new();
        for _ in 0..TIMERS_AT_ONCE {
            let Some(due) = self.session.next_due().filter(|due| *due <= until.timestamp()) else { break };
            let at = due.max(self.now.timestamp()).to_zoned(until.time_zone().clone());
            events.extend(self.session.deliver_due(&at).unwrap_or_default());
            self.now = at;
        }
        self.now = until;
        Ok(events)
    }
}

/// Whether the expected texts, in their order, use up the replies: each takes one or several that follow one another.
fn fits(expected: &[Expected], said: &[&Reply]) -> bool {
    // `reached[n]`: the texts so far can use up the first n replies.
    let mut reached = vec![false; said.len() + 1];
    reached[0] = true;
    for expected in expected {
        let ends = |end: usize| (0..end).any(|start| reached[start] && takes(expected, &said[start..end]));
        reached = (0..=said.len()).map(ends).collect();
    }
    reached[said.len()]
}

fn takes(expected: &Expected, said: &[&Reply]) -> bool {
    let plain: Vec<_> = said.iter().map(|reply| reply.text.plain()).collect();
    let marked: Vec<_> = said.iter().map(|reply| reply.text.0.as_str()).collect();
    let text =
        [plain.join("\n"), marked.join("\n")].iter().any(|text| wildcard::matches(&expected.text, text));
    text && expected.buttons.as_ref().is_none_or(|labels| same_buttons(labels, said))
}

fn same_buttons(labels: &[String], said: &[&Reply]) -> bool {
    let shown: Vec<_> = said.iter().flat_map(|reply| &reply.buttons).collect();
    labels.len() == shown.len()
        && labels.iter().zip(shown).all(|(label, button)| wildcard::matches(label, &button.label))
}

#[cfg(test)]
mod tests {
    use bot_core::reply::Markup;

    use super::*;

    fn expect(text: &str) -> Expected {
        let (text, buttons) = match text.split_once('|') {
            Some((text, buttons)) => {
                let labels = buttons.split(',').filter(|label| !label.is_empty());
                (text, Some(labels.map(str::to_owned).collect()))
            }
            None => (text, None),
        };
        Expected { line: 1, text: text.to_owned(), buttons }
    }

    fn reply(text: &str) -> Reply {
        let (text, labels) = text.split_once('|').unwrap_or((text, ""));
        let button = |label: &str| Button { id: label.to_owned(), label: label.to_owned() };
        let buttons = labels.split(',').filter(|label| !label.is_empty()).map(button).collect();
        Reply { text: Markup(text.to_owned()), buttons }
    }

    #[test]
    fn expected_texts_use_up_the_replies() {
        for (expected, said, want) in [
            (&["Hi"][..], &["Hi"][..], true),
            (&["Hi"], &["Ho"], false),
            (&["Hi"], &["Hi", "More"], false),
            (&["Hi", "More"], &["Hi"], false),
            (&["Hi More"], &["Hi", "More"], true),
            (&["Hi*"], &["Hi", "you", "there"], true),
            (&["*", "*"], &["a", "b", "c"], true),
            (&["*", "*"], &["a"], false),
            (&["Hi"], &[], false),
            (&["*"], &[], false),
            (&["Size?|S,M"], &["Size?|S,M"], true),
            (&["Size?"], &["Size?|S,M"], true),
            (&["Size?|S"], &["Size?|S,M"], false),
            (&["Size?|M,S"], &["Size?|S,M"], false),
            (&["Size?|"], &["Size?"], true),
        ] {
            let texts: Vec<_> = expected.iter().map(|text| expect(text)).collect();
            let replies: Vec<_> = said.iter().map(|text| reply(text)).collect();
            assert_eq!(fits(&texts, &replies.iter().collect::<Vec<_>>()), want, "{expected:?} {said:?}");
        }
    }
}
