//! `/topics`: all that the bot can help with, page by page; *help* shows a few of it.
//!
//! Pages are as long as people look through at once, and as every platform shows them: of Discord's list of 25 choices, and of a
//! keyboard that fills two screens of a phone. Subjects stay together, since the intents stand in the order of their files.
//!
//! What it is not: no intent, and no offer that waits for a reply. What is listed can be pressed or typed for as long as its buttons
//! stand there; a question that was open stays open.
use super::event::Event;
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Catalog, Intent, IntentId};
use crate::matcher::{Candidate, Stage};
use crate::text::squash;

/// How many intents are on a page at most.
const PAGE: usize = 20;

const MORE: &str = "More";

/// What is done about a button of a list.
enum Chosen {
    Intent(IntentId),
    NextPage,
}

impl Turn<'_> {
    /// Does what `/topics` says.
    pub fn hear_topics(&mut self, text: &str) {
        self.leave_offer(text);
        let reading = self.read(text);
        if !self.mend(Some(&reading)) {
            self.list(None);
        }
    }

    /// A press on what is listed, or its words. `false`: the message is something else.
    pub fn choose_listed(&mut self, text: &str) -> bool {
        let Some(chosen) = self.listed(text) else { return false };
        let reading = self.read(text);
        if self.mend(Some(&reading)) {
            return true;
        }
        match chosen {
            Chosen::NextPage => self.list(self.tracker.listed.last().cloned().as_deref()),
            Chosen::Intent(intent) => self.act_as_listed(intent, &reading),
        }
        true
    }

    fn listed(&self, text: &str) -> Option<Chosen> {
        let catalog = self.brain.catalog;
        let Some(name) = self.tracker.listed.get(self.button(text)?) else {
            return (!self.tracker.listed.is_empty()).then_some(Chosen::NextPage);
        };
        let intent = catalog.intent_named(name).filter(|intent| self.exists(catalog.intent(*intent)))?;
        Some(Chosen::Intent(intent))
    }

    /// The button with that label. Two may differ in signs alone.
    fn button(&self, text: &str) -> Option<usize> {
        let labels = || self.tracker.buttons.iter().map(|button| &button.label);
        let alike = |label: &String| !squash(text).is_empty() && squash(label) == squash(text);
        labels().position(|label| label == text).or_else(|| labels().position(alike))
    }

    fn act_as_listed(&mut self, intent: IntentId, reading: &Reading) {
        self.act(&Candidate { intent, confidence: 1.0, stage: Stage::Exact, slots: vec![] }, reading);
    }

    /// The page that begins behind an intent.
    fn list(&mut self, behind: Option<&str>) {
        let catalog = self.brain.catalog;
        let all = own(catalog, &|intent| self.exists(intent));
        let (page, more) = page(&all, all.iter().position(|id| Some(&*catalog.intent(*id).name) == behind));
        let intents: Vec<&Intent> = page.iter().map(|id| catalog.intent(*id)).collect();
        let titles = intents.iter().map(|intent| self.translated(&intent.name, &intent.title.0));
        let labels: Vec<String> = titles.chain(more.then(|| MORE.to_owned())).collect();
        let text = match (labels.is_empty(), behind) {
            (true, _) => "What can I do for you?",
            (_, None) => "I can help with these. Choose one, or just write what it is about.",
            (_, Some(_)) => "I can help with these, too.",
        };
        self.say_own(text, &labels.iter().map(String::as_str).collect::<Vec<_>>());
        if !intents.is_empty() {
            let intents = intents.iter().map(|intent| intent.name.clone()).collect();
            self.emit(Event::Listed { intents });
        }
    }
}

/// The folder's intents, of those that exist.
pub(super) fn own(catalog: &Catalog, exists: &dyn Fn(&Intent) -> bool) -> Vec<IntentId> {
    let ids = catalog.intents.iter().zip(0..).map(|(intent, index)| (intent, IntentId(index)));
    ids.filter(|(intent, _)| intent.builtin.is_none() && exists(intent)).map(|(_, id)| id).collect()
}

/// The page behind that place, and whether there are more. Those left are shared out evenly: no page has one alone.
fn page<T>(all: &[T], behind: Option<usize>) -> (&[T], bool) {
    let rest = behind.map_or(all, |at| &all[at + 1..]);
    let rest = if rest.is_empty() { all } else { rest };
    let pages = rest.len().div_ceil(PAGE).max(1);
    (&rest[..rest.len().div_ceil(pages)], pages > 1)
}

#[cfg(test)]
mod tests {
    use crate::catalog::Source;
    use crate::dialogue::{Input, Tracker, replies};
    use crate::engine::Engine;

    const SOME: &str = "
languages: [en, de]
intents:
  track: { title: Track a parcel, examples: [where is my parcel], flow: [{ ask: number, say: Which one? }, { say: 'It is {{ number }}.' }] }
  vip: { title: My lounge, examples: [my lounge], when: customer.verified, say: Welcome. }
  hours: { title: Opening hours, examples: [when are you open], say: From 9 to 5. }
  happy: { title: 🙂, examples: [I am happy], say: Good. }
  sad: { title: 🙁, examples: [I am sad], say: Oh. }
translations:
  de: { hours: { texts: { Opening hours: Öffnungszeiten, From 9 to 5.: Von 9 bis 5. } } }
";

    /// So many intents that say their number.
    fn many(count: usize) -> String {
        let intent =
            |nth| format!("  t{nth:03}: {{ title: No. {nth}, examples: [nr {nth}], say: 'Said {nth}.' }}\n");
        format!("intents:\n{}", (0..count).map(intent).collect::<String>())
    }

    struct Talk {
        bot: Engine,
        tracker: Tracker,
    }

    impl Talk {
        fn new(yaml: &str) -> Talk {
            let bot =
                Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap_or_else(|found| panic!("{found}"));
            Talk { bot, tracker: Tracker::default() }
        }

        /// What is said to that, and the buttons below: `text [label, …]`.
        fn after(&mut self, input: &Input) -> String {
            let now = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
            let events = self.bot.turn(&self.tracker, input, &now);
            events.iter().for_each(|event| self.tracker.apply(event));
            let said: Vec<_> = replies(&events).into_iter().map(|reply| reply.text.plain()).collect();
            let labels: Vec<_> = self.tracker.buttons.iter().map(|button| &*button.label).collect();
            format!("{} [{}]", said.join(" / "), labels.join(", "))
        }

        fn hears(&mut self, text: &str) -> String {
            self.after(&Input::text(text))
        }

        fn presses(&mut self, label: &str) -> String {
            let id = self.tracker.buttons.iter().find(|button| button.label == label).unwrap().id.clone();
            self.after(&Input::Press { id })
        }
    }

    #[test]
    fn a_list_is_chosen_from() {
        let list = "I can help with these. Choose one, or just write what it is about. [Track a parcel, Opening hours, 🙂, 🙁]";
        for (chosen, answer) in [
            ("Opening hours", "From 9 to 5. []"),
            ("opening HOURS!", "From 9 to 5. []"),
            ("2", "From 9 to 5. []"),
            ("the first one", "Which one? []"),
            ("🙁", "Oh. []"),
            ("when are you open", "From 9 to 5. []"),
        ] {
            let mut talk = Talk::new(SOME);
            assert_eq!(talk.hears(" /Topics now"), list);
            assert_eq!(talk.hears(chosen), answer, "{chosen}");
        }
        let mut talk = Talk::new(SOME);
        talk.hears("/topics");
        assert_eq!(talk.presses("🙁"), "Oh. []");
        assert_eq!(Talk::new("").hears("/topics"), "What can I do for you? []");
    }

    #[test]
    fn a_question_stays_open() {
        let mut talk = Talk::new(SOME);
        assert_eq!(talk.hears("where is my parcel"), "Which one? []");
        assert!(talk.hears("/topics").starts_with("I can help"));
        assert_eq!(talk.presses("Opening hours"), "From 9 to 5. / Which one? []");
        talk.hears("/topics");
        assert_eq!(talk.hears("4711"), "It is 4711. []");
    }

    #[test]
    fn a_list_speaks_the_customer_s_language() {
        let mut talk = Talk::new(SOME);
        talk.hears("hallo");
        assert!(talk.hears("/topics").ends_with("[Track a parcel, Öffnungszeiten, 🙂, 🙁]"));
        assert_eq!(talk.presses("Öffnungszeiten"), "Von 9 bis 5. []");
    }

    #[test]
    fn many_stand_on_several_pages_and_none_is_lost() {
        for (count, pages) in [
            (1, vec![1]),
            (20, vec![20]),
            (21, vec![11, 10]),
            (73, vec![19, 18, 18, 18]),
            (200, vec![20; 10]),
        ] {
            let mut talk = Talk::new(&many(count));
            talk.hears("/topics");
            let mut seen = vec![talk.tracker.listed.clone()];
            while talk.tracker.buttons.last().unwrap().label == "More" {
                talk.presses("More");
                seen.push(talk.tracker.listed.clone());
            }
            assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), pages);
            let all: Vec<_> = (0..count).map(|nth| format!("t{nth:03}")).collect();
            assert_eq!(seen.concat(), all);
            let last = count - 1;
            assert_eq!(talk.presses(&format!("No. {last}")), format!("Said {last}. []"));
            assert!(!talk.hears("more").starts_with("I can help"), "the list is gone");
        }
    }

    #[test]
    fn a_list_of_another_folder_is_not_followed_blindly() {
        let mut talk = Talk::new(&many(50));
        talk.hears("/topics");
        talk.bot = Talk::new(&many(5).replace("t003", "other")).bot;
        assert_eq!(talk.presses("No. 2"), "Said 2. []");
        talk.bot = Talk::new(&many(50)).bot;
        talk.hears("/topics");
        talk.bot = Talk::new(&many(5)).bot;
        assert!(talk.presses("More").ends_with("[No. 0, No. 1, No. 2, No. 3, No. 4]"));
        talk.bot = Talk::new(SOME).bot;
        assert!(!talk.presses("No. 3").contains("Said"), "it is gone");
    }
}
