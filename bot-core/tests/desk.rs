//! What happens around agents, event by event: tickets, timers, notes, what can't be delivered.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use bot_core::catalog::{Priority, Source};
use bot_core::dialogue::{Alert, AttachmentKind, Customer, Event, Input, Purpose, Tracker, replies};
use bot_core::engine::{Actions, Conversation, Engine};
use bot_core::handoff::{AgentAct, Owner, Speaker, Ticket};
use jiff::Zoned;

const SHOP: &str = r#"
handoff:
  hours: { timezone: Europe/Berlin, mon-fri: "09:00-17:30" }
  teams: { support: {}, billing: {} }
  rating: true
  claim_within: 5m
  answer_within: 20m
languages: [en, de]
actions:
  order: { get: "https://shop.example/order", sample: { status: delivered } }
entities:
  order_number: { pattern: '\b\d{8}\b', example: "12345678" }
intents:
  hours: { examples: [when are you open, opening hours], say: From 9 to 5. }
  refund:
    title: Get money back
    examples: [I want my money back, "refund order {order_number}"]
    flow:
      - ask: order_number
      - ask: pin
        type: number
        sensitive: true
      - call: order
      - ask: note
        say: Anything else?
  complain:
    examples: [I want to complain]
    flow:
      - handoff: billing
        reason: A complaint.
        priority: high
"#;

struct Shop {
    engine: Engine,
    actions: Actions,
}

impl Shop {
    fn new() -> Shop {
        let engine = Engine::load(vec![Source::new("bot.yaml", SHOP)]).unwrap();
        Shop { engine, actions: Actions::default() }
    }

    /// Takes a turn whose actions don't answer by themselves.
    fn turn(&self, tracker: &mut Tracker, input: &Input) -> Vec<Event> {
        let events = self.engine.turn(tracker, input, &monday("10:00"));
        events.iter().for_each(|event| tracker.apply(event));
        events
    }

    fn talk(&self, inputs: &[Input]) -> Conversation<'_> {
        let mut conversation = Conversation::new(&self.engine, &self.actions);
        inputs.iter().for_each(|input| {
            conversation.send(input, &monday("10:00"));
        });
        conversation
    }
}

fn monday(time: &str) -> Zoned {
    format!("2026-11-23T{time}[Europe/Berlin]").parse().unwrap()
}

fn agent(agent: &str, act: AgentAct) -> Input {
    Input::Agent { agent: agent.to_owned(), act }
}

fn says(name: &str, text: &str) -> Input {
    agent(name, AgentAct::Say { text: text.to_owned() })
}

fn names(events: &[Event]) -> Vec<String> {
    let name = |event: &Event| serde_json::to_value(event).unwrap()["event"].as_str().unwrap().to_owned();
    events.iter().map(name).collect()
}

fn tickets(events: &[Event]) -> Vec<&Ticket> {
    let found = events.iter().filter_map(|event| match event {
        Event::HandedOff(ticket) => Some(ticket.as_ref()),
        _ => None,
    });
    found.collect()
}

fn timer(tracker: &Tracker, purpose: &Purpose) -> Option<(u64, Zoned)> {
    let (number, timer) = tracker.timers.iter().find(|(_, timer)| timer.purpose == *purpose)?;
    Some((*number, timer.at.to_zoned(monday("10:00").time_zone().clone())))
}

#[test]
fn a_ticket_gives_the_agent_the_whole_story() {
    let shop = Shop::new();
    let customer = Customer {
        name: Some("Ann".into()),
        channel: Some("telegram".into()),
        language: Some(bot_core::text::Language::new("de")),
        verified: false,
    };
    let talk = shop.talk(&[
        Input::Customer(customer),
        Input::text("refund order 12345678"),
        Input::text("4711"),
        Input::text("human"),
    ]);
    let [ticket] = tickets(&talk.events)[..] else { panic!("{:?}", talk.events) };
    assert_eq!((ticket.customer.as_deref(), ticket.channel.as_deref()), (Some("Ann"), Some("telegram")));
    assert_eq!(ticket.language.as_ref().map(|language| language.code()), Some("de"));
    assert_eq!((ticket.team.as_str(), ticket.reason.as_str()), ("support", "Asked for a person."));
    assert_eq!((ticket.priority, ticket.intent.as_deref()), (Priority::Normal, Some("refund")));
    assert!(ticket.confidence.is_some());
    let known = [("order_number", "12345678"), ("pin", "••••")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(ticket.slots, known);
    let lines: Vec<&str> = ticket.transcript.iter().map(|line| line.text.as_str()).collect();
    assert!(lines.contains(&"refund order 12345678") && lines.contains(&"human"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("4711")), "{lines:?}");
    assert_eq!(talk.tracker.ticket.as_ref().unwrap().number, Some(1));
}

#[test]
fn the_next_ticket_names_the_one_before() {
    let shop = Shop::new();
    let kim = |act| agent("Kim", act);
    let talk = shop.talk(&[
        Input::text("human"),
        kim(AgentAct::Claim),
        kim(AgentAct::Close),
        Input::text("when are you open"),
        Input::text("I want to complain"),
    ]);
    let found: Vec<_> = tickets(&talk.events).iter().map(|ticket| ticket.earlier).collect();
    assert_eq!(found, [None, Some(1)]);
    let last = tickets(&talk.events)[1];
    assert_eq!((last.team.as_str(), last.priority), ("billing", Priority::High));
    assert_eq!(talk.tracker.ticket.unwrap().number, Some(2));
}

/// The events from which a runtime tells what becomes of the ticket.
#[test]
fn every_transition_says_what_becomes_of_the_ticket() {
    let shop = Shop::new();
    let human = || vec![Input::text("human")];
    let claimed = || vec![Input::text("human"), agent("Kim", AgentAct::Claim)];
    let closed = || vec![Input::text("human"), agent("Kim", AgentAct::Claim), agent("Kim", AgentAct::Close)];
    for (before, input, expected, owner) in [
        (
            vec![],
            agent("Kim", AgentAct::Claim),
            "handed_off claimed owner_changed ticket_opened",
            Owner::Person,
        ),
        (
            vec![],
            says("Kim", "hi"),
            "handed_off claimed owner_changed agent_said ticket_opened",
            Owner::Person,
        ),
        (vec![], agent("Kim", AgentAct::Back), "", Owner::Bot),
        (vec![], agent("Kim", AgentAct::Close), "", Owner::Bot),
        (human(), agent("Kim", AgentAct::Claim), "timer_done claimed owner_changed timer_set", Owner::Person),
        (human(), says("Kim", "hi"), "timer_done claimed owner_changed agent_said", Owner::Person),
        (human(), agent("Kim", AgentAct::Back), "timer_done owner_changed said", Owner::Bot),
        (human(), agent("Kim", AgentAct::Close), "timer_done owner_changed said", Owner::Closed),
        (human(), Input::text("stop"), "customer_said timer_done owner_changed said", Owner::Bot),
        (claimed(), agent("Kim", AgentAct::Claim), "", Owner::Person),
        (claimed(), agent("Lou", AgentAct::Claim), "claimed timer_done timer_set", Owner::Person),
        (claimed(), says("Kim", "hi"), "timer_done agent_said", Owner::Person),
        (claimed(), says("Lou", "hi"), "claimed timer_done agent_said", Owner::Person),
        (claimed(), agent("Lou", AgentAct::Back), "timer_done owner_changed said", Owner::Bot),
        (
            claimed(),
            agent("Kim", AgentAct::Close),
            "timer_done owner_changed said said offered",
            Owner::Closed,
        ),
        (
            closed(),
            agent("Lou", AgentAct::Claim),
            "handed_off offer_closed claimed owner_changed ticket_opened",
            Owner::Person,
        ),
        (closed(), agent("Kim", AgentAct::Back), "", Owner::Closed),
        (closed(), agent("Kim", AgentAct::Close), "", Owner::Closed),
        (closed(), Input::text("5"), "customer_said offer_closed rated said", Owner::Closed),
    ] {
        let mut talk = shop.talk(&before);
        let events = talk.send(&input, &monday("10:00"));
        assert_eq!(names(&events).join(" "), expected, "{before:?} {input:?}");
        assert_eq!(talk.tracker.owner, owner, "{before:?} {input:?}");
    }
}

#[test]
fn the_tracker_knows_who_has_the_conversation() {
    let shop = Shop::new();
    let mut talk = shop.talk(&[Input::text("human"), agent("Kim", AgentAct::Claim), says("Kim", "Hello!")]);
    assert_eq!(talk.tracker.agent.as_deref(), Some("Kim"));
    let line = talk.tracker.transcript.last().unwrap();
    assert_eq!((line.speaker, line.text.as_str()), (Speaker::Agent, "Hello!"));
    talk.send(&says("Lou", "Lou here."), &monday("10:01"));
    assert_eq!(talk.tracker.agent.as_deref(), Some("Lou"));
    talk.send(&agent("Lou", AgentAct::Back), &monday("10:02"));
    assert_eq!(talk.tracker.agent, None);
}

#[test]
fn notes_and_what_is_not_delivered_are_for_agents_only() {
    let shop = Shop::new();
    for before in
        [vec![], vec![Input::text("human")], vec![Input::text("human"), agent("Kim", AgentAct::Claim)]]
    {
        let mut talk = shop.talk(&before);
        let (tracker, now) = (talk.tracker.clone(), monday("10:00"));
        let note = talk.send(&agent("Lou", AgentAct::Note { text: "careful".into() }), &now);
        assert_eq!(note, [Event::Noted { agent: "Lou".into(), text: "careful".into() }]);
        let undelivered = Input::Undelivered { text: "Hello!".into(), reason: "blocked".into() };
        let events = talk.send(&undelivered, &now);
        assert_eq!(events, [Event::Undelivered { text: "Hello!".into(), reason: "blocked".into() }]);
        assert_eq!(talk.tracker, tracker);
    }
}

#[test]
fn unclaimed_tickets_are_announced_again_and_again() {
    let shop = Shop::new();
    let mut talk = shop.talk(&[Input::text("human")]);
    let mut told = 0;
    for due in ["10:05", "10:10", "10:15"] {
        let (number, at) = timer(&talk.tracker, &Purpose::Unclaimed).unwrap();
        assert_eq!(at, monday(due));
        let events = talk.send(&Input::TimerDue { timer: number }, &at);
        assert!(events.contains(&Event::Alerted { alert: Alert::Unclaimed }), "{events:?}");
        told += replies(&events).len();
    }
    assert_eq!((told, talk.tracker.alerts), (1, 3));
    talk.send(&agent("Kim", AgentAct::Claim), &monday("10:16"));
    assert_eq!(timer(&talk.tracker, &Purpose::Unclaimed), None);
}

#[test]
fn a_ticket_of_the_night_is_announced_in_the_morning() {
    let shop = Shop::new();
    let mut talk = shop.talk(&[]);
    talk.send(&Input::text("human"), &monday("22:00"));
    let (_, at) = timer(&talk.tracker, &Purpose::Unclaimed).unwrap();
    assert_eq!(at.to_string(), "2026-11-24T09:05:00+01:00[Europe/Berlin]");
}

#[test]
fn the_customer_reads_in_their_language_when_somebody_is_there() {
    for (language, hours, expected) in [
        ("en", "mon-fri: \"09:00-17:30\"", "We open: Tuesday 09:00 (CET)."),
        ("en", "mon: \"09:00-17:30\"", "We open: Monday, 30 November 2026, 09:00 (CET)."),
        ("de", "sat: \"10:00-14:00\"", "Wir sind wieder da: Samstag 10:00 (CET)."),
        ("es", "tue: \"09:00-17:30\"", "Abrimos: martes 09:00 (CET)."),
        ("fr", "wed: \"09:00-17:30\"", "Nous ouvrons : mercredi 09:00 (CET)."),
        ("it", "thu: \"09:00-17:30\"", "Apriamo: giovedì 09:00 (CET)."),
        ("nl", "fri: \"09:00-17:30\"", "We zijn er weer: vrijdag 09:00 (CET)."),
        ("pt", "mon: \"09:00-17:30\"", "Abrimos: segunda-feira, 2026-11-30, 09:00 (CET)."),
        ("en", "mon-fri: closed", "Nobody is here just now. Leave a message"),
    ] {
        let yaml = format!(
            "languages: [{language}]\nhandoff: {{ hours: {{ timezone: Europe/Berlin, {hours} }} }}\n\
             intents: {{ person: {{ examples: [person 12], flow: [{{ handoff: support }}] }} }}"
        );
        let engine = Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap();
        let events = engine.turn(&Tracker::default(), &Input::text("person 12"), &monday("18:00"));
        let said: Vec<String> = replies(&events).iter().map(|reply| reply.text.plain()).collect();
        assert!(said.len() == 1 && said[0].contains(expected), "{language} {hours}: {said:?}");
    }
}

#[test]
fn who_is_not_answered_gets_another_agent() {
    let shop = Shop::new();
    let mut talk = shop.talk(&[Input::text("human"), says("Kim", "Hello!"), Input::text("my tent is torn")]);
    talk.send(
        &Input::Attachment { kind: AttachmentKind::Picture, caption: None, files: vec![], album: None },
        &monday("10:10"),
    );
    let (number, at) = timer(&talk.tracker, &Purpose::Idle).unwrap();
    assert_eq!(at, monday("10:20"));
    let events = talk.send(&Input::TimerDue { timer: number }, &at);
    let expected = "timer_done alerted released owner_changed said timer_set";
    assert_eq!(names(&events).join(" "), expected);
    assert!(events.contains(&Event::Alerted { alert: Alert::Idle }));
    assert!(events.contains(&Event::Released { agent: "Kim".into() }));
    assert_eq!((talk.tracker.owner, talk.tracker.agent.clone()), (Owner::Waiting, None));
    assert!(timer(&talk.tracker, &Purpose::Unclaimed).is_some());
}

#[test]
fn an_answer_that_comes_while_a_person_is_there_is_kept_for_later() {
    let shop = Shop::new();
    let mut tracker = Tracker::default();
    let mut turn = |input: &Input| shop.turn(&mut tracker, input);
    turn(&Input::text("refund order 12345678"));
    let called = turn(&Input::text("4711"));
    let call = called.iter().find_map(|event| match event {
        Event::ActionCalled { call, .. } => Some(*call),
        _ => None,
    });
    turn(&says("Kim", "Hello!"));
    let outcome = bot_core::dialogue::ActionOutcome::Done(serde_json::json!({}));
    let answered = turn(&Input::ActionDone { call: call.unwrap(), outcome });
    assert_eq!(names(&answered), ["action_answered"]);
    let back = turn(&agent("Kim", AgentAct::Back));
    assert_eq!(replies(&back)[1].text.plain(), "Shall we go on with this: Get money back?");
    let on = turn(&Input::text("yes"));
    assert_eq!(replies(&on)[0].text.plain(), "Anything else?");
}

#[test]
fn agents_learn_of_an_action_that_comes_back_too_late() {
    let shop = Shop::new();
    let mut tracker = Tracker::default();
    let mut turn = |input: &Input| shop.turn(&mut tracker, input);
    turn(&Input::text("refund order 12345678"));
    turn(&Input::text("4711"));
    turn(&says("Kim", "Hello!"));
    turn(&agent("Kim", AgentAct::Close));
    let outcome = bot_core::dialogue::ActionOutcome::Done(serde_json::json!({}));
    assert_eq!(names(&turn(&Input::ActionDone { call: 1, outcome })), ["action_late"]);
}

#[test]
fn what_is_hidden_stays_hidden_when_it_is_edited_or_deleted() {
    let shop = Shop::new();
    let edited =
        Input::Edited { before: "it is 4711".into(), text: "it is 4712, no: 4713".into(), last: false };
    let deleted = Input::Deleted { before: "it is 4711".into() };
    for change in [edited, deleted] {
        let mut talk = shop.talk(&[Input::text("refund order 12345678"), Input::text("it is 4711")]);
        talk.send(&Input::text("when are you open"), &monday("10:01"));
        let events = talk.send(&change, &monday("10:01"));
        let seen = format!("{events:?} {:?}", talk.tracker.transcript);
        assert!(seen.contains("****") && !seen.contains("471"), "{seen}");
        assert!(seen.contains("when are you open"), "{seen}");
    }
}

#[test]
fn a_person_is_fetched_while_an_action_is_on_its_way() {
    let shop = Shop::new();
    let mut tracker = Tracker::default();
    for text in ["refund order 12345678", "4711", "human"] {
        shop.turn(&mut tracker, &Input::text(text));
    }
    assert_eq!(tracker.owner, Owner::Waiting);
}

#[test]
fn who_does_not_want_to_be_forgotten_after_all_is_heard_while_an_action_is_on_its_way() {
    let shop = Shop::new();
    let mut tracker = Tracker::default();
    for text in ["refund order 12345678", "4711", "forget me", "start over"] {
        shop.turn(&mut tracker, &Input::text(text));
    }
    assert!(tracker.topics.is_empty(), "{:?}", tracker.topics);
}

#[test]
fn what_the_bot_fails_on_is_put_aside_for_a_person() {
    let shop = Shop::new();
    let asked = || vec![Input::text("refund order 12345678")];
    let claimed = || vec![says("Kim", "Hello!")];
    let text = || Input::text("4711");
    let timer = Input::TimerDue { timer: 7 };
    for (before, input, expected, owner) in [
        (vec![], text(), "customer_said said said handed_off owner_changed timer_set", Owner::Waiting),
        (
            asked(),
            text(),
            "customer_said masked said said handed_off owner_changed timer_set",
            Owner::Waiting,
        ),
        (vec![Input::text("human")], text(), "customer_said", Owner::Waiting),
        (claimed(), text(), "customer_said timer_set", Owner::Person),
        (vec![], says("Kim", "Hello!"), "undelivered", Owner::Bot),
        (vec![], timer, "timer_done", Owner::Bot),
    ] {
        let talk = shop.talk(&before);
        let events = shop.engine.put_aside(&talk.tracker, &input, &monday("10:00"));
        assert_eq!(names(&events).join(" "), expected, "{before:?} {input:?}");
        let mut tracker = talk.tracker.clone();
        events.iter().for_each(|event| tracker.apply(event));
        assert_eq!(tracker.owner, owner, "{before:?} {input:?}");
        let reasons: Vec<_> = tickets(&events).iter().map(|ticket| ticket.reason.as_str()).collect();
        assert!(reasons.iter().all(|reason| *reason == "The bot failed on this message."), "{reasons:?}");
        assert!(!is_secret_told(&before, &tracker), "{before:?}");
    }
}

/// Whether the answer to the question for the PIN can be read.
fn is_secret_told(before: &[Input], tracker: &Tracker) -> bool {
    let is_asked = before.iter().any(|input| *input == Input::text("refund order 12345678"));
    is_asked && tracker.transcript.iter().any(|line| line.text.contains("4711"))
}

fn sends(name: &str, files: &[&str], text: &str) -> Input {
    let files = files.iter().map(|file| (*file).to_owned()).collect();
    agent(name, AgentAct::Send { files, text: text.to_owned(), album: None })
}

fn edits(name: &str, before: &str, text: &str) -> Input {
    let (message, before, text) = ("m7".to_owned(), before.to_owned(), text.to_owned());
    agent(name, AgentAct::Edit { message, before, text })
}

fn deletes(name: &str, messages: &[&str], before: &str) -> Input {
    let messages = messages.iter().map(|message| (*message).to_owned()).collect();
    agent(name, AgentAct::Delete { messages, before: before.to_owned() })
}

/// What the desk shows of it is in the events; the transcript has words only.
#[test]
fn files_and_edits_of_agents() {
    let shop = Shop::new();
    let lines = |talk: &Conversation| {
        let own = talk.tracker.transcript.iter().filter(|line| line.speaker == Speaker::Agent);
        own.map(|line| line.text.clone()).collect::<Vec<_>>()
    };
    let claims = "handed_off claimed owner_changed agent_sent ticket_opened";
    for (before, input, expected, transcript) in [
        (vec![], sends("Kim", &["7/1", "7/2"], "Look"), claims, vec!["[file] Look"]),
        (vec![], sends("Kim", &["7/1"], ""), claims, vec!["[file]"]),
        (vec![], sends("Kim", &[], " "), "", vec![]),
        (
            vec![],
            sends("Kim", &[], "Look"),
            "handed_off claimed owner_changed agent_said ticket_opened",
            vec!["Look"],
        ),
        (vec![says("Kim", "At 3.")], edits("Kim", "At 3.", "At 4."), "agent_edited", vec!["At 4. (edited)"]),
        (vec![says("Kim", "At 3.")], edits("Lou", "At 3.", "At 4."), "agent_edited", vec!["At 4. (edited)"]),
        (vec![says("Kim", "At 3.")], edits("Kim", "At 3.", "At 3."), "", vec!["At 3."]),
        (
            vec![says("Kim", "At 3.")],
            deletes("Lou", &["m7"], "At 3."),
            "agent_deleted",
            vec!["At 3. (deleted)"],
        ),
        (vec![says("Kim", "At 3.")], deletes("Kim", &[], "At 3."), "", vec!["At 3."]),
        (
            vec![sends("Kim", &["7/1"], "Look")],
            deletes("Kim", &["m7", "m8"], "Look"),
            "agent_deleted",
            vec!["[file] Look (deleted)"],
        ),
        (vec![says("Kim", "At 3.")], edits("Kim", "At 3.", " "), "", vec!["At 3."]),
        (vec![says("Kim", "At 3.")], edits("Kim", "long ago", "today"), "agent_edited", vec!["At 3."]),
        (
            vec![sends("Kim", &["7/1"], "Look")],
            edits("Kim", "Look", "See"),
            "agent_edited",
            vec!["[file] See (edited)"],
        ),
        (
            vec![says("Kim", "At 3."), agent("Kim", AgentAct::Back)],
            edits("Kim", "At 3.", "At 4."),
            "agent_edited",
            vec!["At 4. (edited)"],
        ),
    ] {
        let mut talk = shop.talk(&before);
        let owner = talk.tracker.owner;
        let events = talk.send(&input, &monday("10:00"));
        assert_eq!(names(&events).join(" "), expected, "{before:?} {input:?}");
        assert_eq!(lines(&talk), transcript, "{before:?} {input:?}");
        assert!(owner == talk.tracker.owner || expected.contains("owner_changed"), "{before:?} {input:?}");
    }
}

/// Agents find the files behind the words; the words are the same as without.
#[test]
fn files_of_customers() {
    let shop = Shop::new();
    for (caption, expected) in [
        (None, vec!["customer_said", "attached", "said"]),
        (Some("when are you open"), vec!["customer_said", "attached", "understood", "said"]),
    ] {
        let mut talk = shop.talk(&[]);
        let (kind, caption) = (AttachmentKind::Document, caption.map(str::to_owned));
        let files = vec!["7/1".to_owned(), "7/2".to_owned()];
        let input = Input::Attachment { kind, caption: caption.clone(), files: files.clone(), album: None };
        let events = talk.send(&input, &monday("10:00"));
        assert_eq!(names(&events), expected);
        assert_eq!(events[1], Event::Attached { files });
        let line = format!("[document] {}", caption.unwrap_or_default());
        assert_eq!(talk.tracker.transcript[0].text, line.trim_end());
    }
}
