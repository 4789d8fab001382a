//! The people of one case, and what they see.
use std::cell::RefCell;

use super::transcript::{lines, plain};
use crate::discord::{Agent, BOT, Customer, Discord, File, Guild, Shown, Thread};
use crate::faults::{People, folder};

const GUILD: u64 = 500;
const CUSTOMER: u64 = 10_000;
const AGENT: u64 = 500_000;

/// Which reaction says that an answer has arrived.
const SENT: &str = "✅";

/// A customer, a channel of agents, and an agent.
pub struct Scene {
    /// Which one.
    pub number: usize,
    /// Who writes to the bot.
    pub customer: Customer,
    /// The server, which is the same for all.
    pub guild: Guild,
    /// The channel of agents.
    pub channel: u64,
    /// Who answers.
    pub agent: Agent,
    /// The agent's last press, and the button.
    pressed: RefCell<Option<(u64, &'static str)>>,
}

impl Scene {
    /// People that no other case has.
    pub fn new(discord: &Discord, number: usize) -> Scene {
        let id = number as u64;
        let guild = discord.guild(GUILD);
        Scene {
            number,
            customer: discord.customer(CUSTOMER + id, "Ann", "en"),
            channel: guild.new_channel(&format!("staff-{number}")),
            agent: guild.agent(AGENT + id, "Ida"),
            guild,
            pressed: RefCell::default(),
        }
    }

    /// As the program is told of the channel: `TEAM=CHANNEL`.
    pub fn staff(&self) -> String {
        format!("{}={}", folder::team(self.number), self.channel)
    }

    /// What the bot has told the customer in the direct chat that has that in it, in order.
    pub fn told(&self, text: &str) -> Vec<Shown> {
        let mut told = self.customer.answers();
        told.retain(|shown| shown.only_for.is_none() && plain(&shown.text).contains(text));
        told
    }

    /// The threads of the channel.
    pub fn threads(&self) -> Vec<Thread> {
        let mut threads = self.guild.threads();
        threads.retain(|thread| thread.parent == self.channel);
        threads
    }

    /// The customer's thread.
    pub fn at(&self) -> Option<u64> {
        self.threads().first().map(|thread| thread.id)
    }

    /// What stands in the customer's thread.
    pub fn thread(&self) -> Vec<Shown> {
        self.at().map(|thread| self.guild.thread(thread)).unwrap_or_default()
    }

    /// The newest message in the thread that has that in it, and that all see.
    pub fn posted(&self, text: &str) -> Option<Shown> {
        let all = self.thread().into_iter();
        all.rev().find(|shown| shown.only_for.is_none() && plain(&shown.text).contains(text))
    }

    /// The newest card.
    pub fn card(&self) -> Option<Shown> {
        let is_card = |shown: &Shown| shown.from_id == BOT && shown.text.contains("\n  reason ");
        self.thread().into_iter().rfind(is_card)
    }

    /// What the agent alone is told in the thread, as in answer to a press; the newest.
    pub fn hint(&self) -> Option<Shown> {
        let all = self.thread().into_iter();
        all.rev().find(|shown| shown.only_for == Some(self.agent.id()))
    }

    /// The agent writes in the thread; returns the message's id.
    pub fn says(&self, text: &str) -> u64 {
        self.agent.writes(self.at().expect("the thread is there"), text)
    }

    /// The agent gives a slash command in the thread.
    pub fn commands(&self, name: &str, options: &[(&str, &str)]) -> u64 {
        self.agent.commands(self.at().expect("the thread is there"), name, options)
    }

    /// Whether the agent's message is marked so.
    pub fn is_marked(&self, text: &str, mark: &str) -> bool {
        let is_it = |shown: &Shown| shown.text == text && shown.reactions.iter().any(|one| one == mark);
        self.thread().iter().any(is_it)
    }

    /// The agent presses once more where the last press was answered so.
    pub fn agent_obeys(&self) {
        let pressed = *self.pressed.borrow();
        let asked = |press: u64| {
            let hint = self.hint().filter(|hint| hint.id > press);
            hint.is_some_and(|hint| hint.text.ends_with("press again."))
        };
        if let Some((press, label)) = pressed
            && asked(press)
        {
            self.agent_presses(label);
        }
    }

    /// What the customer sees.
    pub fn chat_lines(&self) -> Vec<String> {
        lines(&self.customer.chat())
    }

    /// What agents see, with the names of threads.
    pub fn staff_lines(&self) -> Vec<String> {
        let threads = self.threads().into_iter().flat_map(|thread| {
            let title: String = thread.name.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            [format!("== {title}")].into_iter().chain(lines(&self.guild.thread(thread.id)))
        });
        let general = lines(&self.guild.thread(self.channel));
        threads.chain(general.into_iter().map(|line| format!("channel: {line}"))).collect()
    }

    fn own(&self, text: &str) -> u64 {
        let chat = self.customer.chat();
        chat.iter().rfind(|shown| !shown.by_bot && shown.text.starts_with(text)).expect("it was written").id
    }

    fn in_thread(&self, text: &str) -> (u64, u64) {
        (self.at().expect("the thread is there"), self.posted(text).expect("it was posted").id)
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
        self.customer.edits(self.own(own), text);
    }

    fn answers(&self, told: &str, text: &str) {
        let told = self.told(told);
        self.customer.replies(told.last().expect("it was told").id, text);
    }

    /// More than five are a list.
    fn presses(&self, label: &str) {
        let newest = self.customer.chat().into_iter().rfind(|shown| shown.labels().contains(&label));
        match newest.is_some_and(|shown| shown.buttons.is_empty()) {
            true => self.customer.picks(label),
            false => self.customer.presses(label),
        };
    }

    fn sends_picture(&self, caption: &str) {
        self.customer.sends(&[File::new("leak.png", b"a picture")], caption);
    }

    fn times_told(&self, text: &str) -> usize {
        self.told(text).len()
    }

    fn agent_writes(&self, text: &str) {
        self.says(text);
    }

    fn agent_edits(&self, own: &str, text: &str) {
        let (thread, message) = self.in_thread(own);
        self.agent.edits(thread, message, text);
    }

    fn agent_answers(&self, posted: &str, text: &str) {
        let (thread, message) = self.in_thread(posted);
        self.agent.replies(thread, message, text);
    }

    fn agent_sends_file(&self, caption: &str) {
        let thread = self.at().expect("the thread is there");
        self.agent.sends(thread, &[File::new("form.pdf", b"a form")], caption);
    }

    fn agent_presses(&self, label: &'static str) {
        let press = self.agent.presses(self.at().expect("the thread is there"), label);
        self.pressed.replace(Some((press, label)));
    }

    fn is_posted(&self, text: &str) -> bool {
        self.posted(text).is_some()
    }

    fn has_picture(&self) -> bool {
        self.thread().iter().any(|shown| shown.by_bot && !shown.files.is_empty())
    }

    fn card_has(&self, labels: &[&str]) -> bool {
        self.card().is_some_and(|card| card.labels() == labels)
    }

    fn is_delivered(&self, text: &str) -> bool {
        self.is_told(text) && self.is_marked(text, SENT)
    }

    fn has_thread(&self) -> bool {
        self.at().is_some()
    }

    fn seen(&self) -> (Vec<String>, Vec<String>) {
        (self.chat_lines(), self.staff_lines())
    }
}
