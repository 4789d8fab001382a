//! Which event of a commit a message is. Pure functions.
//!
//! What it is not: it keeps nothing. A store hands in what was done with, and writes down which messages are which events.
use bot_core::dialogue::{Event, Input};
use bot_core::handoff::AgentAct;

use super::{Twin, rules};
use crate::channel::Message;

/// Who does what: a message is an event by the same one, of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Customer,
    Agent { name: String, deed: Deed },
}

/// What an agent does that has words or files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Say,
    Send,
    Edit,
    Delete,
    Note,
}

/// An item of the inbox that is done with.
pub(super) struct Done {
    pub input: Input,
    pub message: Option<Message>,
}

impl Voice {
    /// A press has one, too, since it is an event; its message is not.
    fn of_input(input: &Input) -> Option<Voice> {
        match input {
            Input::Agent { agent, act } => {
                deed_of(act).map(|deed| Voice::Agent { name: agent.clone(), deed })
            }
            input => rules::is_message(input).then_some(Voice::Customer),
        }
    }

    pub fn of_event(event: &Event) -> Option<Voice> {
        let agents = |agent: &String, deed| Some(Voice::Agent { name: agent.clone(), deed });
        match event {
            Event::CustomerSaid { .. } => Some(Voice::Customer),
            Event::AgentSaid { agent, .. } => agents(agent, Deed::Say),
            Event::AgentSent { agent, .. } => agents(agent, Deed::Send),
            Event::AgentEdited { agent, .. } => agents(agent, Deed::Edit),
            Event::AgentDeleted { agent, .. } => agents(agent, Deed::Delete),
            Event::Noted { agent, .. } => agents(agent, Deed::Note),
            _ => None,
        }
    }
}

fn deed_of(act: &AgentAct) -> Option<Deed> {
    match act {
        AgentAct::Say { .. } => Some(Deed::Say),
        AgentAct::Send { .. } => Some(Deed::Send),
        AgentAct::Edit { .. } => Some(Deed::Edit),
        AgentAct::Delete { .. } => Some(Deed::Delete),
        AgentAct::Note { .. } => Some(Deed::Note),
        AgentAct::Claim | AgentAct::Back | AgentAct::Close => None,
    }
}

/// The messages that are events: each with the event's place in the commit.
pub(super) fn twins(done: Vec<Done>, events: &[Option<&Voice>]) -> Vec<(usize, Twin)> {
    let voices: Vec<_> = done.iter().map(|item| Voice::of_input(&item.input)).collect();
    let places = (0..done.len()).map(|index| place(&voices, index, events));
    let twins = done.into_iter().zip(places);
    twins.filter_map(|(item, place)| Some((place?, twin(item)?))).collect()
}

/// In order, each item has an event of its own; where messages were joined, they share the last.
fn place(items: &[Option<Voice>], index: usize, events: &[Option<&Voice>]) -> Option<usize> {
    let voice = items[index].as_ref()?;
    let before = items[..index].iter().filter(|other| other.as_ref() == Some(voice)).count();
    let places =
        events.iter().enumerate().filter(|(_, event)| **event == Some(voice)).map(|(place, _)| place);
    places.take(before + 1).last()
}

/// What a press names is the bot's message that bears the button.
fn twin(Done { input, message }: Done) -> Option<Twin> {
    let Message { id, desk, quotes } = message.filter(|_| !matches!(input, Input::Press { .. }))?;
    Some(Twin { desk, message: id, quotes })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    /// `"c"` a customer's text, `"press"`, `"Kim say"`, `"Kim claim"`, `"timer"`.
    fn item(written: &str, number: usize) -> Done {
        let text = String::new;
        let input = match written.split_once(' ') {
            None if written == "c" => Input::text(""),
            None if written == "press" => Input::Press { id: text() },
            None => Input::TimerDue { timer: 1 },
            Some((agent, act)) => {
                let act = match act {
                    "say" => AgentAct::Say { text: text() },
                    "note" => AgentAct::Note { text: text() },
                    _ => AgentAct::Claim,
                };
                Input::Agent { agent: agent.to_owned(), act }
            }
        };
        Done { input, message: Some(number.to_string().into()) }
    }

    fn event(written: &str) -> Option<Voice> {
        let (text, at) = (String::new(), Timestamp::UNIX_EPOCH);
        let event = match written.split_once(' ') {
            None if written == "c" => Event::CustomerSaid { text, at },
            None => Event::Missed,
            Some((agent, "say")) => Event::AgentSaid { agent: agent.to_owned(), text, at },
            Some((agent, _)) => Event::Noted { agent: agent.to_owned(), text },
        };
        Voice::of_event(&event)
    }

    #[test]
    fn each_message_finds_its_event() {
        type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static str);
        let rows: [Row; 11] = [
            ("one", &["c"], &["x", "c", "x"], "0=1"),
            ("joined", &["c", "c", "c"], &["c", "x"], "0=0 1=0 2=0"),
            ("each its own", &["c", "c"], &["c", "x", "c"], "0=0 1=2"),
            ("more than events", &["c", "c", "c"], &["c", "c"], "0=0 1=1 2=1"),
            ("a press has its place, and no message", &["press", "c"], &["c", "c"], "1=1"),
            ("what is nobody's message", &["timer", "c"], &["c"], "1=0"),
            ("no event", &["c"], &["x"], ""),
            ("an agent's", &["Kim say"], &["c", "Lu say", "Kim note", "Kim say"], "0=3"),
            ("by the kind of deed", &["Kim note", "Kim say"], &["Kim say", "Kim note"], "0=1 1=0"),
            ("a claim is no words", &["Kim claim", "Kim say"], &["Kim say"], "1=0"),
            ("both", &["c", "Kim say"], &["Kim say", "c"], "0=1 1=0"),
        ];
        for (name, items, events, expected) in rows {
            let done = items.iter().enumerate().map(|(number, written)| item(written, number)).collect();
            let events: Vec<_> = events.iter().map(|written| event(written)).collect();
            let voices: Vec<_> = events.iter().map(Option::as_ref).collect();
            let found =
                twins(done, &voices).into_iter().map(|(place, twin)| format!("{}={place}", twin.message));
            assert_eq!(found.collect::<Vec<_>>().join(" "), expected, "{name}");
        }
    }
}
