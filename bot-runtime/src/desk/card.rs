//! A ticket with its context, as an agent sees it at once. Plain text, for every desk.
use std::fmt::Write;

use bot_core::catalog::{Catalog, Priority};
use bot_core::handoff::{Owner, Speaker};
use jiff::{Timestamp, Unit, Zoned};

use super::news::indented;
use crate::store::StoredTicket;

/// How many of the last turns a card shows.
pub const TURNS: usize = 10;

/// What stands around a ticket.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// How many tickets of its team are before it, while it waits.
    pub ahead: Option<usize>,
    /// The conversation's tickets before it.
    pub earlier: &'a [StoredTicket],
}

/// Ticket and context, with the last turns before the hand-off.
pub fn card(catalog: &Catalog, about: &StoredTicket, around: Around, now: &Zoned) -> String {
    let turns = &about.ticket.transcript;
    let mut text = head(catalog, about, around, now);
    for line in turns.iter().skip(turns.len().saturating_sub(TURNS)) {
        let speaker = match line.speaker {
            Speaker::Customer => "customer",
            Speaker::Bot => "bot",
            Speaker::Agent => "agent",
        };
        let _ = write!(text, "\n  {speaker}: {}", indented(&line.text));
    }
    text
}

/// The same without what was said.
pub fn head(catalog: &Catalog, about: &StoredTicket, around: Around, now: &Zoned) -> String {
    let ticket = &about.ticket;
    let mut lines = vec![format!("{}, {}", headline(about), standing(about, around, now))];
    lines.push(row("customer", &customer(about)));
    lines.push(row("reason", &ticket.reason));
    lines.extend(subject(catalog, about).map(|subject| row("about", &subject)));
    for (index, (slot, value)) in ticket.slots.iter().enumerate() {
        lines.push(row(if index == 0 { "known" } else { "" }, &format!("{slot} = {value}")));
    }
    for (index, earlier) in around.earlier.iter().enumerate() {
        lines.push(row(if index == 0 { "earlier" } else { "" }, &past(earlier, now)));
    }
    lines.join("\n")
}

/// "#12 high, billing": a ticket in a word.
pub fn headline(about: &StoredTicket) -> String {
    let priority = match about.ticket.priority {
        Priority::Low => " low",
        Priority::Normal => "",
        Priority::High => " HIGH",
    };
    format!("#{}{priority}, {}", about.number, about.ticket.team)
}

/// Who the customer is, and where: "Ann on telegram, speaks de".
pub fn customer(about: &StoredTicket) -> String {
    let ticket = &about.ticket;
    let mut text = ticket.customer.clone().unwrap_or_else(|| format!("unknown ({})", about.address.peer));
    let _ = write!(text, " on {}", ticket.channel.as_ref().unwrap_or(&about.address.channel));
    if let Some(language) = &ticket.language {
        let _ = write!(text, ", speaks {language}");
    }
    text
}

/// Who has it, or since when it waits and at which place.
pub fn standing(about: &StoredTicket, around: Around, now: &Zoned) -> String {
    match (about.owner, &about.agent) {
        (Owner::Person, Some(agent)) => format!("{agent} has it"),
        (Owner::Waiting, _) => format!("waiting since {}{}", when(about.ticket.opened, now), place(around)),
        (Owner::Closed, _) => match about.closed {
            Some(at) => format!("closed {}", when(at, now)),
            None => "closed".to_owned(),
        },
        _ => "with the bot".to_owned(),
    }
}

fn place(around: Around) -> String {
    match around.ahead {
        Some(0) => ", next in line".to_owned(),
        Some(ahead) => format!(", {ahead} before it"),
        None => String::new(),
    }
}

fn subject(catalog: &Catalog, about: &StoredTicket) -> Option<String> {
    let name = about.ticket.intent.as_ref()?;
    let title = catalog.intent_named(name).map_or(name.as_str(), |id| &catalog.intent(id).title.0);
    let confidence = about.ticket.confidence.map(|confidence| format!(", understood with {confidence:.2}"));
    Some(format!("{title} ({name}){}", confidence.unwrap_or_default()))
}

fn past(earlier: &StoredTicket, now: &Zoned) -> String {
    let standing = standing(earlier, Around::default(), now);
    let stars = earlier.stars.map(|given| format!(", rated {}", stars(given))).unwrap_or_default();
    format!("#{} {}, {standing}{stars}", earlier.number, indented(&earlier.ticket.reason))
}

/// "★★★★☆"
pub(super) fn stars(given: u8) -> String {
    let given = usize::from(given.min(5));
    "★".repeat(given) + &"☆".repeat(5 - given)
}

fn row(title: &str, value: &str) -> String {
    format!("  {title:<9} {}", indented(value))
}

/// A time as it is said today: "10:04 (12 min)", on other days "20 Nov 10:04".
pub fn when(at: Timestamp, now: &Zoned) -> String {
    let local = at.to_zoned(now.time_zone().clone());
    if local.date() != now.date() {
        return local.strftime("%-d %b %H:%M").to_string();
    }
    let minutes = now.timestamp().since((Unit::Minute, at)).map_or(0, |span| span.get_minutes().max(0));
    format!("{} ({minutes} min)", local.strftime("%H:%M"))
}

/// How many of these waiting tickets of the same team are before that one: `tickets` in the store's order.
pub fn ahead(tickets: &[StoredTicket], about: &StoredTicket) -> Option<usize> {
    let same =
        |other: &&StoredTicket| other.owner == Owner::Waiting && other.ticket.team == about.ticket.team;
    tickets.iter().filter(same).position(|other| other.number == about.number)
}

#[cfg(test)]
pub(super) mod tests {
    use bot_core::catalog::Source;
    use bot_core::engine::Engine;
    use bot_core::handoff::{Line, Ticket};
    use bot_core::text::Language;
    use expect_test::expect;

    use super::*;
    use crate::channel::Address;
    use crate::store::ConversationId;

    fn at(text: &str) -> Zoned {
        format!("2026-11-23T{text}:00+01:00[Europe/Berlin]").parse().unwrap()
    }

    /// A ticket with everything in it.
    pub fn ticket() -> StoredTicket {
        let line = |speaker, text: &str| Line { speaker, text: text.to_owned() };
        let opened = at("10:04").timestamp();
        StoredTicket {
            number: 12,
            conversation: ConversationId(7),
            address: Address { channel: "telegram".to_owned(), peer: "4711".to_owned() },
            ticket: Ticket {
                number: None,
                earlier: None,
                customer: Some("Ann".to_owned()),
                channel: Some("telegram".to_owned()),
                language: Some(Language::new("de")),
                team: "billing".to_owned(),
                reason: "a complaint".to_owned(),
                priority: Priority::High,
                intent: Some("refund".to_owned()),
                confidence: Some(0.926),
                slots: vec![
                    ("order_number".to_owned(), "12345678".to_owned()),
                    ("iban".to_owned(), "••••".to_owned()),
                ],
                transcript: vec![
                    line(Speaker::Customer, "where is it\nbot: paid"),
                    line(Speaker::Bot, "On its way."),
                ],
                opened,
            },
            owner: Owner::Waiting,
            agent: None,
            announced: opened,
            closed: None,
            stars: None,
        }
    }

    fn engine() -> Engine {
        let yaml = "intents: { refund: { title: Get money back, examples: [refund], say: Yes. } }";
        Engine::load(vec![Source::new("shop.yaml", yaml)]).unwrap()
    }

    #[test]
    fn the_context_at_once() {
        let mut earlier = ticket();
        earlier.number = 3;
        earlier.owner = Owner::Closed;
        earlier.closed = Some("2026-11-20T08:30:00Z".parse().unwrap());
        earlier.stars = Some(4);
        let around = Around { ahead: Some(1), earlier: &[earlier] };
        expect![[r#"
            #12 HIGH, billing, waiting since 10:04 (12 min), 1 before it
              customer  Ann on telegram, speaks de
              reason    a complaint
              about     Get money back (refund), understood with 0.93
              known     order_number = 12345678
                        iban = ••••
              earlier   #3 a complaint, closed 20 Nov 09:30, rated ★★★★☆
              customer: where is it
                bot: paid
              bot: On its way."#]]
        .assert_eq(&card(engine().catalog(), &ticket(), around, &at("10:16")));
    }

    #[test]
    fn little_is_known() {
        let mut about = ticket();
        about.owner = Owner::Person;
        about.agent = Some("Ben".to_owned());
        about.ticket = Ticket {
            customer: None,
            channel: None,
            language: None,
            priority: Priority::Normal,
            intent: Some("gone".to_owned()),
            confidence: None,
            slots: vec![],
            transcript: vec![],
            ..about.ticket
        };
        expect![[r#"
            #12, billing, Ben has it
              customer  unknown (4711) on telegram
              reason    a complaint
              about     gone (gone)"#]]
        .assert_eq(&card(engine().catalog(), &about, Around::default(), &at("10:16")));
    }

    #[test]
    fn only_waiting_tickets_of_the_team_are_before() {
        let with = |number, team: &str, owner| {
            let mut about = ticket();
            (about.number, about.ticket.team, about.owner) = (number, team.to_owned(), owner);
            about
        };
        let mine = with(4, "billing", Owner::Waiting);
        let all = [
            with(1, "billing", Owner::Person),
            with(2, "support", Owner::Waiting),
            with(3, "billing", Owner::Waiting),
            mine.clone(),
        ];
        assert_eq!(ahead(&all, &mine), Some(1));
        assert_eq!(ahead(&all, &all[0]), None);
    }
}
