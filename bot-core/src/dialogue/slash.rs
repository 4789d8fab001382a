//! Commands: `/track 12345678`, as platforms have them in their menus. A command names an intent; what comes behind it is
//! read as the rest of the message.
//!
//! Five are the same for every bot ([`OWN`]), the others are the names of the folder's own intents. Two are none of an intent, and
//! there if no intent has their names: `/topics`, and `/link`, when the bot serves several channels.
//!
//! What it is not: what begins with `/` and names nothing is a message like all others.
use std::collections::{BTreeMap, BTreeSet};
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

/// The command that lists all that the bot can help with, and what the menu says of it.
const TOPICS: (&str, &str) = ("topics", "Everything I can help with");

/// The longest name that platforms take.
const NAME: usize = 32;

/// The longest description that platforms take, in characters.
const DESCRIPTION: usize = 256;

/// A command for a platform's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name without `/`: 1 to 32 of `a-z`, `0-9` and `_`.
    pub name: String,
    /// The name for platforms that show one in the menu's language and send [`Command::name`] all the same; `name`, if there is none.
    /// It is as somebody translated it: whether it fits a platform's rules must be looked at.
    pub local_name: String,
    /// What it does, in the menu's language: 1 to 256 characters, one line.
    pub description: String,
}

/// Which command names which intent.
#[derive(Debug, Default)]
pub struct Commands {
    intents: BTreeMap<String, IntentId>,
    /// The commands that authors' examples begin with.
    spelled: BTreeSet<String>,
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
        let mut spelled = BTreeSet::new();
        for (intent, id) in ids().filter(is_own) {
            for (name, _) in intent.examples.iter().filter_map(|example| split(&example.source)) {
                if intents.get(&name).is_some_and(|named| *named != id) {
                    intents.remove(&name);
                }
                spelled.insert(name);
            }
        }
        Commands { intents, spelled, links: AtomicBool::new(false) }
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

    /// Whether a message is `/topics`.
    pub fn is_topics(&self, text: &str) -> bool {
        self.has_topics() && split(text).is_some_and(|(name, _)| name == TOPICS.0)
    }

    fn has_topics(&self) -> bool {
        !self.intents.contains_key(TOPICS.0) && !self.spelled.contains(TOPICS.0)
    }

    /// Whether a message is a command: no words of any language.
    pub fn is_any(&self, text: &str) -> bool {
        self.find(text).is_some() || self.link(text).is_some() || self.is_topics(text)
    }

    /// What a platform's menu shows in that language: what every bot has, and the intents that *help* offers to everybody.
    pub fn menu(&self, catalog: &Catalog, language: &Language) -> Vec<Command> {
        let is_for_all = |intent: &Intent| intent.when.is_none();
        let offered = super::commands::menu(catalog, &is_for_all).into_iter().filter_map(|id| {
            let intent = catalog.intent(id);
            let name = Some(&intent.name).filter(|name| self.intents.get(*name) == Some(&id))?.clone();
            let description = description(catalog, intent, language);
            Some(Command { local_name: name.clone(), name, description })
        });
        self.own(catalog, language).into_iter().chain(offered).collect()
    }

    fn own(&self, catalog: &Catalog, language: &Language) -> Vec<Command> {
        let translated = |text: &str| catalog.translations.get(language, "bot", text).to_owned();
        let does = |(name, builtin): (&'static str, Builtin)| {
            let intent = catalog.intent(catalog.intent_named(builtin.name())?);
            Some((name, description(catalog, intent, language)))
        };
        let without = [(TOPICS, self.has_topics()), (LINK, self.may_link())];
        let without = without.into_iter().filter(|(_, is_there)| *is_there);
        let without = without.map(|((name, does), _)| (name, translated(does)));
        let command = |(name, description): (&str, String)| Command {
            name: name.to_owned(),
            local_name: translated(&format!("/{name}")).trim_start_matches('/').to_owned(),
            description,
        };
        OWN.into_iter().filter_map(does).chain(without).map(command).collect()
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
        self.leave_offer(text);
        if !self.mend(Some(&reading)) {
            self.act(&best, &reading);
            self.follow_link(text, best.intent);
        }
    }

    /// A command is no answer, neither to a question nor to an offer.
    pub fn leave_offer(&mut self, text: &str) {
        if self.question().is_some_and(|step| step.is_sensitive()) {
            self.emit(Event::Masked { spans: vec![Span { start: 0, end: text.len() }] });
        }
        if let Some(offer) = self.tracker.offer.clone() {
            self.emit(Event::OfferClosed);
            if offer == Offer::Forget {
                self.say_own("All right, nothing is erased.", &[]);
            }
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
            "topics Everything I can help with",
        ];
        assert_eq!(menu("en")[..6], english);
        assert_eq!(menu("en")[6..], ["track Track a parcel", "bill Bill", "long A very long title"]);
        assert_eq!(menu("de")[6], "track Paket verfolgen");
        for language in ["de", "es", "fr", "it", "nl", "pt"] {
            let own = menu(language);
            let same = own[..6].iter().zip(english).filter(|(own, english)| *own == english).count();
            assert!(same <= 1, "{language}: {own:?}");
        }
    }

    #[test]
    fn names_in_each_language_fit_what_platforms_take() {
        for language in ["en", "de", "es", "fr", "it", "nl", "pt"] {
            let shop = shop();
            shop.allow_links();
            let own = &shop.commands(&Language::new(language))[..7];
            let names: BTreeSet<&str> = own.iter().map(|command| command.local_name.as_str()).collect();
            assert_eq!(names.len(), own.len(), "{language}: {names:?}");
            let same = own.iter().filter(|command| command.local_name == command.name).count();
            assert_eq!(same == 7, language == "en", "{language}: {names:?}");
            assert!(same <= 2 || language == "en", "{language}: {names:?}");
            for name in names {
                let fits = |c: char| c.is_lowercase() || c == '-';
                assert!((1..=NAME).contains(&name.chars().count()) && name.chars().all(fits), "{name}");
            }
        }
    }

    #[test]
    fn an_author_s_topics_take_precedence() {
        let bot = |intents: &str| Engine::load(vec![Source::new("bot.yaml", intents)]).unwrap();
        let now = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
        for intents in [
            "intents: { topics: { examples: [what else], say: Mine. } }",
            "intents: { mine: { examples: [/topics], say: Mine. } }",
        ] {
            let bot = bot(intents);
            let said = bot.turn(&Tracker::default(), &crate::dialogue::Input::text("/topics"), &now);
            let said: Vec<_> =
                crate::dialogue::replies(&said).into_iter().map(|reply| reply.text.plain()).collect();
            assert_eq!(said, ["Mine."], "{intents}");
            let menu = bot.commands(&Language::new("en"));
            assert!(menu.iter().all(|command| command.description != TOPICS.1), "{menu:?}");
        }
    }
}
