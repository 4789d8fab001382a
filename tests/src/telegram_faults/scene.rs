//! The people of one case, and what they see.
use std::cell::RefCell;

use super::transcript::lines;
use crate::faults::{People, folder};
use crate::telegram::{Agent, BOT, Customer, Group, Media, Shown, Telegram, Topic};

const GROUP: i64 = -1_002_000_000_000;
const CUSTOMER: i64 = 10_000;
const AGENT: i64 = 500_000;

/// A customer, a group of agents, and an agent.
pub struct Scene {
    /// Which one.
    pub number: usize,
    /// Who writes to the bot.
    pub customer: Customer,
    /// Where agents are.
    pub group: Group,
    /// Who answers.
    pub agent: Agent,
    /// The agent's last press, and the button.
    pressed: RefCell<Option<(String, &'static str)>>,
}

impl Scene {
    /// People that no other case has.
    pub fn new(telegram: &Telegram, number: usize) -> Scene {
        let id = i64::try_from(number).expect("few cases");
        let group = telegram.group(GROUP - id, "Staff");
        Scene {
            number,
            customer: telegram.customer(CUSTOMER + id, "Ann", "en"),
            agent: group.agent(AGENT + id, "Ida"),
            group,
            pressed: RefCell::default(),
        }
    }

    /// As the program is told of the group: `TEAM=GROUP`.
    pub fn staff(&self) -> String {
        format!("{}={}", folder::team(self.number), self.group.id())
    }

    /// What the bot has told the customer that has that in it, in order.
    pub fn told(&self, text: &str) -> Vec<Shown> {
        self.customer.answers().into_iter().filter(|shown| shown.text.contains(text)).collect()
    }

    /// Whether the bot has told the customer that.
    pub fn is_told(&self, text: &str) -> bool {
        !self.told(text).is_empty()
    }

    /// The customer's topic.
    pub fn topic(&self) -> Option<Topic> {
        self.group.topics().into_iter().next()
    }

    /// What stands in the customer's topic.
    pub fn thread(&self) -> Vec<Shown> {
        self.topic().map(|topic| self.group.topic(topic.id)).unwrap_or_default()
    }

    /// The newest message in the topic that has that in it.
    pub fn posted(&self, text: &str) -> Option<Shown> {
        self.thread().into_iter().rfind(|shown| shown.text.contains(text))
    }

    /// The newest card.
    pub fn card(&self) -> Option<Shown> {
        let is_card = |shown: &Shown| shown.from_id == BOT && shown.text.contains("\n  reason ");
        self.thread().into_iter().rfind(is_card)
    }

    /// The newest card has these buttons.
    pub fn card_has(&self, labels: &[&str]) -> bool {
        self.card().is_some_and(|card| card.labels() == labels)
    }

    /// The agent writes in the topic.
    pub fn agent_writes(&self, text: &str) -> i64 {
        self.agent.writes(self.topic().expect("the topic is there").id, text)
    }

    /// The agent presses a button of the newest card.
    pub fn agent_presses(&self, label: &'static str) {
        let press = self.agent.presses(self.card().expect("the card is there").id, label);
        self.pressed.replace(Some((press, label)));
    }

    /// The agent presses once more where the last press was answered so.
    pub fn agent_obeys(&self, telegram: &Telegram) {
        let pressed = self.pressed.borrow().clone();
        let asked = |press: &str| {
            let answer = telegram.read(|state| state.press(press)?.answer.clone());
            answer.and_then(|answer| answer.text).is_some_and(|text| text.ends_with("press again."))
        };
        if let Some((press, label)) = pressed
            && asked(&press)
        {
            self.agent_presses(label);
        }
    }

    /// The agent's message is there, and marked as delivered.
    pub fn is_delivered(&self, text: &str) -> bool {
        self.is_told(text) && self.thread().iter().any(|shown| shown.text == text && shown.reaction.is_some())
    }

    /// What the customer sees.
    pub fn chat_lines(&self) -> Vec<String> {
        lines(&self.customer.chat())
    }

    /// What agents see, with the names of topics.
    pub fn group_lines(&self) -> Vec<String> {
        let topics = self.group.topics().into_iter().flat_map(|topic| {
            let title: String = topic.name.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            [format!("== {title}")].into_iter().chain(lines(&self.group.topic(topic.id)))
        });
        let general = lines(&self.group.topic(crate::telegram::GENERAL));
        topics.chain(general.into_iter().map(|line| format!("General: {line}"))).collect()
    }
}

impl People for Scene {
    fn number(&self) -> usize {
        self.number
    }

    fn writes(&self, text: &str) {
        self.customer.writes(text);
    }

    fn edits(&self, own: &str, text: &str) {
        let is_own = |shown: &&Shown| !shown.by_bot && shown.text.starts_with(own);
        let id = self.customer.chat().iter().rfind(is_own).expect("it was written").id;
        self.customer.edits(id, text);
    }

    fn answers(&self, told: &str, text: &str) {
        let told = self.told(told);
        self.customer.replies(told.last().expect("it was told").id, text);
    }

    fn presses(&self, label: &str) {
        self.customer.presses(label);
    }

    fn sends_picture(&self, caption: &str) {
        self.customer.sends(Media::Photo, caption);
    }

    fn times_told(&self, text: &str) -> usize {
        self.told(text).len()
    }

    fn agent_writes(&self, text: &str) {
        Scene::agent_writes(self, text);
    }

    fn agent_edits(&self, own: &str, text: &str) {
        self.agent.edits(self.posted(own).expect("it was posted").id, text);
    }

    fn agent_answers(&self, posted: &str, text: &str) {
        self.agent.replies(self.posted(posted).expect("it was posted").id, text);
    }

    fn agent_sends_file(&self, caption: &str) {
        self.agent.sends(self.topic().expect("a topic").id, Media::Document, caption);
    }

    fn agent_presses(&self, label: &'static str) {
        Scene::agent_presses(self, label);
    }

    fn is_posted(&self, text: &str) -> bool {
        self.posted(text).is_some()
    }

    fn has_picture(&self) -> bool {
        self.thread().iter().any(|shown| shown.copied_from.is_some())
    }

    fn card_has(&self, labels: &[&str]) -> bool {
        Scene::card_has(self, labels)
    }

    fn is_delivered(&self, text: &str) -> bool {
        Scene::is_delivered(self, text)
    }

    fn has_thread(&self) -> bool {
        self.topic().is_some()
    }

    fn seen(&self) -> (Vec<String>, Vec<String>) {
        (self.chat_lines(), self.group_lines())
    }
}
