//! Commands: `/track 12345678`, as platforms have them in their menus. A command names an intent; what comes behind it is
//! read as the rest of the message.
//!
//! Five are the same for every bot ([`OWN`]), the others are the names of the folder's own intents. `/link` is none of an intent:
//! it is there when the bot serves several channels, and no intent has its name. What it is not: what
//! begins with `/` and names nothing is a message like all others.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::event::{Event, Offer};
use super::reading::{Brain, Reading};
use super::turn::Turn;
use crate::catalog::{Body, Builtin, Catalog, Intent, IntentId};
use crate::matcher::{Candidate, Stage};
use crate::text::{Language, Span};

/// What every bot has, in the order of the menu.
const OWN: [(&str, Builtin); 5] = [
    ("start", Builtin::Restart),
    ("help", Builtin::Help),
    ("human", Builtin::Human),
    ("cancel", Builtin::Cancel),
    ("forget", Builtin::ForgetMe),
];

/// The command that makes one conversation of two, and what the menu says of it.
pub(super) const LINK: (&str, &str) = ("link", "Go on with this conversation on another channel");

/// The longest name that platforms take.
const NAME: usize = 32;

/// The longest description that platforms take, in characters.
const DESCRIPTION: usize = 256;

/// A command for a platform's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name without `/`: 1 to 32 of `a-z`, `0-9` and `_`.
    pub name: String,
    /// What it does, in the menu's language: 1 to 256 characters, one line.
    pub description: String,
}

/// Which command names which intent.
#[derive(Debug, Default)]
pub struct Commands {
    intents: BTreeMap<String, IntentId>,
    /// Conversations can be linked.
    links: AtomicBool,
}

impl Commands {
    /// Of a folder. An example of an author's that begins with a command counts more than the name.
    pub fn new(catalog: &Catalog) -> Commands {
        let ids = || catalog.intents.iter().zip(0..).map(|(intent, index)| (intent, IntentId(index)));
        let is_own = |(intent, _): &(&Intent, IntentId)| intent.builtin.is_none();
        let named = ids().filter(is_own).filter(|(intent, _)| is_name(&intent.name));
        let mut intents: BTreeMap<_, _> = named.map(|(intent, id)| (intent.name.clone(), id)).collect();
        for (name, builtin) in OWN {
            intents.extend(catalog.intent_named(builtin.name()).map(|id| (name.to_owned(), id)));
        }
        for (intent, id) in ids().filter(is_own) {
            for (name, _) in intent.examples.iter().filter_map(|example| split(&example.source)) {
                if intents.get(&name).is_some_and(|named| *named != id) {
                    intents.remove(&name);
                }
            }
        }
        Commands { intents, links: AtomicBool::new(false) }
    }

    /// The intent that a message names, and what comes behind the command.
    pub fn find<'t>(&self, text: &'t str) -> Option<(IntentId, &'t str)> {
        let (name, rest) = split(text)?;
        Some((*self.intents.get(&name)?, rest))
    }

    /// From now on conversations can be linked.
    pub fn allow_links(&self) {
        self.links.store(true, Ordering::Relaxed);
    }

    /// The code behind `/link`, which may be empty; `None`: it is no such message.
    pub fn link<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (name, code) = split(text).filter(|_| self.may_link())?;
        (name == LINK.0).then(|| code.trim())
    }

    fn may_link(&self) -> bool {
        self.links.load(Ordering::Relaxed) && !self.intents.contains_key(LINK.0)
    }

    /// What a platform's menu shows in that language: what every bot has, and the intents that *help* offers to everybody.
    pub fn menu(&self, catalog: &Catalog, language: &Language) -> Vec<Command> {
        let is_for_all = |intent: &Intent| intent.when.is_none();
        let own =
            OWN.iter().filter_map(|(name, builtin)| Some((*name, catalog.intent_named(builtin.name())?)));
        let offered = super::commands::menu(catalog, &is_for_all).into_iter().filter_map(|id| {
            let (name, _) =
                self.intents.get_key_value(&catalog.intent(id).name).filter(|(_, named)| **named == id)?;
            Some((name.as_str(), id))
        });
        let command = |(name, id): (&str, IntentId)| Command {
            name: name.to_owned(),
            description: description(catalog, catalog.intent(id), language),
        };
        let link = self.may_link().then(|| Command {
            name: LINK.0.to_owned(),
            description: catalog.translations.get(language, "bot", LINK.1).to_owned(),
        });
        own.map(command).chain(link).chain(offered.map(command)).collect()
    }
}

/// The name of a command, in lower case, and what comes behind it.
fn split(text: &str) -> Option<(String, &str)> {
    let text = text.trim().strip_prefix('/')?;
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = name.to_ascii_lowercase();
    is_name(&name).then(|| (name, rest.trim_start()))
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=NAME).contains(&name.len()) && name.chars().all(fits)
}

/// The title in that language, on one line; the name where an author left it empty.
fn description(catalog: &Catalog, intent: &Intent, language: &Language) -> String {
    let title = catalog.translations.get(language, &intent.name, &intent.title.0);
    let words: Vec<&str> = title.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(DESCRIPTION).collect();
    if line.is_empty() { intent.name.clone() } else { line }
}

impl Brain<'_> {
    /// The reading of a message that is a command: nothing else is meant by it.
    pub(super) fn as_command(self, whole: &Reading, eligible: &dyn Fn(IntentId) -> bool) -> Option<Reading> {
        let text = whole.utterance.text();
        let (intent, rest) = self.commands.find(text).filter(|(intent, _)| eligible(*intent))?;
        let start = text.trim_end().len() - rest.len();
        let spelled = whole.ranking.iter().find(|best| best.intent == intent && best.stage == Stage::Exact);
        let slots = spelled.map(|best| best.slots.clone()).unwrap_or_default();
        let ranking = vec![Candidate { intent, confidence: 1.0, stage: Stage::Command, slots }];
        let entities = whole.entities.iter().filter(|found| found.span.start >= start).cloned().collect();
        Some(Reading { ranking, entities, ..whole.clone() })
    }
}

impl Turn<'_> {
    /// Whether a message is a command.
    pub fn is_command(&self, text: &str) -> bool {
        let found = self.brain.commands.find(text);
        found.is_some_and(|(intent, _)| self.exists(self.brain.catalog.intent(intent)))
    }

    /// Does what a command says, whatever the bot has asked or offered.
    pub fn hear_command(&mut self, text: &str) {
        let reading = self.read(text);
        let Some(best) = reading.ranking.first().cloned() else { return self.missed() };
        if self.question().is_some_and(|step| step.is_sensitive()) {
            self.emit(Event::Masked { spans: vec![Span { start: 0, end: text.len() }] });
        }
        if let Some(offer) = self.tracker.offer.clone() {
            self.emit(Event::OfferClosed);
            if offer == Offer::Forget {
                self.say_own("All right, nothing is erased.", &[]);
            }
        }
        if !self.mend(Some(&reading)) {
            self.act(&best, &reading);
            self.follow_link(text, best.intent);
        }
    }

    /// `/start PAYLOAD`: the payload of a link names an intent, which begins at once.
    pub fn follow_link(&mut self, text: &str, command: IntentId) {
        let catalog = self.brain.catalog;
        let command = catalog.intent(command);
        let is_start = command.builtin == Some(Builtin::Restart) && !matches!(command.body, Body::Flow(_));
        let payload = self.brain.commands.find(text).map(|(_, payload)| payload);
        let Some(intent) = payload.filter(|_| is_start).and_then(|name| catalog.intent_named(name)) else {
            return;
        };
        if may_be_linked(catalog.intent(intent)) && self.exists(catalog.intent(intent)) {
            let nothing = self.read("");
            self.act(&Candidate { intent, confidence: 1.0, stage: Stage::Command, slots: vec![] }, &nothing);
        }
    }
}

/// Anybody can make a link and give it to others: none stops or erases anything.
fn may_be_linked(intent: &Intent) -> bool {
    matches!(intent.builtin, None | Some(Builtin::Human | Builtin::Help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Source;
    use crate::dialogue::Tracker;
    use crate::engine::Engine;

    const SHOP: &str = "
languages: [en, de, es, fr, it, nl, pt]
intents:
  track: { title: Track a parcel, examples: [where is my parcel], say: On its way. }
  vip: { examples: [my lounge], when: customer.verified, say: Welcome. }
  Hours: { examples: [when are you open], say: From 9 to 5. }
  pay: { examples: [I want to pay], say: Here. }
  bill: { examples: [my bill, /pay], say: There. }
  long: { title: '  A very   long title ', examples: [long], say: Long. }
translations:
  de: { track: { examples: [wo ist mein Paket], texts: { Track a parcel: Paket verfolgen } } }
";

    fn shop() -> Engine {
        Engine::load(vec![Source::new("bot.yaml", SHOP)]).unwrap()
    }

    #[test]
    fn what_a_message_names() {
        let (shop, now) = (shop(), "2026-11-23T10:00:00Z[UTC]".parse().unwrap());
        for (text, expected) in [
            ("/track", Some("track")),
            ("  /TRACK 12345678 ", Some("track")),
            ("/track\n12345678", Some("track")),
            ("/start", Some("restart")),
            ("/start track", Some("restart")),
            ("/help", Some("help")),
            ("/human", Some("human")),
            ("/cancel", Some("cancel")),
            ("/forget", Some("forget_me")),
            ("/pay", None),
            ("/vip", None),
            ("/Hours", None),
            ("/track!", None),
            ("/ track", None),
            ("track", None),
            ("/", None),
            ("//track", None),
            ("/track@bot", None),
            ("/etc/passwd", None),
        ] {
            let read = shop.understand(&Tracker::default(), text, &now);
            let best = read.ranking.first().filter(|best| best.stage == Stage::Command);
            assert_eq!(best.map(|best| shop.catalog().intent(best.intent).name.as_str()), expected, "{text}");
            assert!(best.is_none_or(|best| best.confidence == 1.0 && read.ranking.len() == 1), "{text}");
        }
        let read = shop.understand(&Tracker::default(), "/pay", &now);
        assert_eq!(
            shop.catalog().intent(read.ranking[0].intent).name,
            "bill",
            "an author's example counts more"
        );
    }

    #[test]
    fn the_menu_in_each_language() {
        let menu = |language| {
            let commands = shop().commands(&Language::new(language));
            commands.iter().map(|c| format!("{} {}", c.name, c.description)).collect::<Vec<_>>()
        };
        let english = [
            "start Start over",
            "help What I can do",
            "human Talk to a person",
            "cancel Stop",
            "forget Erase my data",
        ];
        assert_eq!(menu("en")[..5], english);
        assert_eq!(menu("en")[5..], ["track Track a parcel", "bill Bill", "long A very long title"]);
        assert_eq!(menu("de")[5], "track Paket verfolgen");
        for language in ["de", "es", "fr", "it", "nl", "pt"] {
            let own = menu(language);
            let same = own[..5].iter().zip(english).filter(|(own, english)| *own == english).count();
            assert!(same <= 1, "{language}: {own:?}");
        }
    }
}
