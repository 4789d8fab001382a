//! What customers and agents do: a list of steps for each customer, written beforehand from the seed.
//!
//! Steps wait for what must have arrived, and for nothing else: a customer writes on while the program is dead.
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bot_core::handoff::AgentAct;

use super::random::Random;
use super::record::Expected;
use super::stage::{Deed, Site, Stage};
use crate::standin::Delivered;

/// A customer, and the agents who see to them.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their name on the platform.
    pub peer: String,
    steps: VecDeque<Step>,
    /// Whether agents have spoken last; `None`: what comes needs no order.
    agents: Option<bool>,
}

impl Customer {
    /// What they do depends on nothing, and what can't be done is left.
    fn is_racer(&self) -> bool {
        self.agents.is_none()
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Somebody does something.
    Do(Deed),
    /// Nothing more is done until so many lines have arrived that begin with one of these.
    Await(Vec<String>, usize),
}

impl Customer {
    /// Whether everything is done.
    pub fn is_done(&self) -> bool {
        self.steps.is_empty()
    }

    /// What is waited for, for people.
    pub fn waits_for(&self) -> String {
        format!("{:?}", self.steps.front())
    }

    /// Does what can be done by now; returns how many steps.
    pub fn go_on(&mut self, stage: &mut dyn Stage) -> usize {
        let before = self.steps.len();
        if before > 0 {
            let lines = stage.lines(&self.peer);
            while self.has_turn(stage) && self.does_next(&lines, stage) {
                self.steps.pop_front();
            }
        }
        before - self.steps.len()
    }
}

impl Customer {
    /// Agents and customers may come in by different doors: an answer is written when what it answers is stored.
    fn has_turn(&mut self, stage: &dyn Stage) -> bool {
        let (Some(before), Some(Step::Do(deed))) = (self.agents, self.steps.front()) else { return true };
        let now = deed.is_agents();
        let has = now == before || stage.is_confirmed(Some(&self.peer));
        if has {
            self.agents = Some(now);
        }
        has
    }

    /// `false`: not yet.
    fn does_next(&self, lines: &[Delivered], stage: &mut dyn Stage) -> bool {
        match self.steps.front() {
            None => false,
            Some(Step::Do(deed)) => stage.perform(&self.peer, deed) || self.is_racer(),
            Some(Step::Await(starts, times)) => count(lines, starts) >= *times,
        }
    }
}

/// Deliveries that arrived twice count once.
fn count(lines: &[Delivered], starts: &[String]) -> usize {
    let fits = |line: &&Delivered| starts.iter().any(|start| line.text.starts_with(start));
    lines.iter().filter(fits).map(|line| &line.key).collect::<BTreeSet<_>>().len()
}

const COLLEAGUE: &str = "I'm getting a colleague for you.";
const BACK: &str = "You're back with me.";
const AGENTS: [&str; 3] = ["Ida", "Jon", "Kim"];

/// Writes scripts; no two messages of one author are the same where it matters.
#[derive(Debug)]
pub struct Author {
    random: Random,
    site: Site,
    last_tag: u64,
    last_customer: u64,
    /// What customers should see.
    pub expected: Vec<Expected>,
}

impl Author {
    /// The author of that seed.
    pub fn new(seed: u64, site: Site) -> Author {
        Author { random: Random::new(seed), site, last_tag: 0, last_customer: 0, expected: Vec::new() }
    }

    /// A new customer, with some things to do.
    pub fn customer(&mut self) -> Customer {
        self.last_customer += 1;
        let peer = self.site.peer(self.last_customer);
        let mut scene = Scene {
            author: self,
            peer: peer.clone(),
            steps: VecDeque::new(),
            awaited: BTreeMap::new(),
            is_known: false,
        };
        let is_racer = scene.author.random.once_in(4);
        if is_racer {
            scene.race();
        } else {
            scene.play();
        }
        let steps = scene.steps;
        Customer { peer, steps, agents: (!is_racer).then_some(false) }
    }
}

struct Scene<'a> {
    author: &'a mut Author,
    peer: String,
    steps: VecDeque<Step>,
    /// How often a line has been waited for.
    awaited: BTreeMap<String, usize>,
    /// Agents have a topic of the customer.
    is_known: bool,
}

impl Scene<'_> {
    /// Half of the customers never see a person: what comes back by itself would wait for the person to be done.
    fn play(&mut self) {
        let acts = self.author.random.between(2, 4);
        let sees_person = self.author.random.once_in(2);
        for _ in 0..acts {
            match (self.author.random.below(5), sees_person) {
                (0, _) => self.echo(),
                (1, _) => self.book(),
                (2, _) => self.call("pay", "Paid", Some("Paying {} may have failed.")),
                (3, _) => self.call("look up", "Found", None),
                (_, false) => self.remind(),
                (_, true) => self.person(),
            }
        }
        if sees_person {
            self.person();
        }
        self.echo();
    }

    /// Customer and agents write without waiting for anything: what comes of it depends on who is first, and must be right
    /// all the same.
    fn race(&mut self) {
        for _ in 0..self.author.random.between(6, 16) {
            let (tag, agent) = (self.tag(), *self.author.random.of(&AGENTS));
            match self.author.random.below(12) {
                0 | 1 => self.say(format!("echo {tag}")),
                2 => self.say("book something"),
                3 => self.say(tag),
                4 => self.say(format!("pay {tag}")),
                5 => self.say(format!("complain about {tag}")),
                6 => self.say("stop"),
                7 => self.act(agent, AgentAct::Claim),
                8 => self.act(agent, AgentAct::Say { text: format!("{agent} answers {tag}") }),
                9 => self.act(agent, AgentAct::Note { text: format!("a note {tag}") }),
                10 => self.act(agent, AgentAct::Back),
                _ => self.act(agent, AgentAct::Close),
            }
        }
    }

    fn tag(&mut self) -> String {
        self.author.last_tag += 1;
        format!("t{}", self.author.last_tag)
    }

    fn say(&mut self, text: impl Into<String>) {
        self.steps.push_back(Step::Do(Deed::Say(text.into())));
    }

    fn act(&mut self, agent: &'static str, act: AgentAct) {
        self.steps.push_back(Step::Do(Deed::Act(agent, act)));
    }

    fn button(&mut self, agent: &'static str, act: AgentAct) {
        let deed =
            if self.author.random.once_in(2) { Deed::Button(agent, act) } else { Deed::Act(agent, act) };
        self.steps.push_back(Step::Do(deed));
    }

    /// Waits for a line that is seen only once.
    fn await_one_of(&mut self, lines: Vec<String>) {
        self.steps.push_back(Step::Await(lines.clone(), 1));
        self.expect(lines);
    }

    fn expect(&mut self, one_of: Vec<String>) {
        self.author.expected.push(Expected { peer: self.peer.clone(), one_of });
    }

    /// Waits for a line that may come often.
    fn await_next(&mut self, start: &str) {
        let times = self.awaited.entry(start.to_owned()).or_default();
        *times += 1;
        self.steps.push_back(Step::Await(vec![start.to_owned()], *times));
    }

    /// Several messages without waiting, each with its answer.
    fn echo(&mut self) {
        let tags: Vec<String> = (0..self.author.random.between(1, 4)).map(|_| self.tag()).collect();
        for tag in &tags {
            self.say(format!("echo {tag}"));
        }
        for tag in &tags {
            self.await_one_of(vec![format!("Heard {tag}.")]);
        }
    }

    /// A question and its answer, which may be written before the question has been seen.
    fn book(&mut self) {
        self.say("book something");
        if self.author.random.once_in(2) {
            self.await_next("Which tag shall I book?");
        } else {
            *self.awaited.entry("Which tag shall I book?".to_owned()).or_default() += 1;
        }
        let tag = self.tag();
        self.say(&tag);
        self.await_one_of(vec![format!("Booked {tag}: done.")]);
    }

    fn call(&mut self, what: &str, done: &str, failed: Option<&str>) {
        let tag = self.tag();
        self.say(format!("{what} {tag}"));
        let failed = failed.map(|text| text.replace("{}", &tag));
        self.await_one_of([format!("{done} {tag}: done.")].into_iter().chain(failed).collect());
    }

    fn remind(&mut self) {
        let tag = self.tag();
        self.say(format!("remind me of {tag}"));
        self.await_one_of(vec![format!("I will come back to {tag}.")]);
        self.expect(vec![format!("It is time for {tag}.")]);
    }

    fn person(&mut self) {
        let is_shown = self.is_known || !self.author.site.has_topics();
        match self.author.random.below(4) {
            0 => self.complain_and_stop(),
            1 if is_shown => self.barge_in(),
            2 => self.midway(),
            _ => self.complain(),
        }
    }

    /// A hand-off that the customer takes back.
    fn complain_and_stop(&mut self) {
        self.call_colleague();
        self.say("stop");
        self.await_next("I'm with you again.");
    }

    /// A hand-off, answers, and the way back or the end.
    fn complain(&mut self) {
        self.call_colleague();
        let agent = *self.author.random.of(&AGENTS);
        if self.author.random.once_in(2) {
            self.button(agent, AgentAct::Claim);
        }
        self.answer(agent);
        let second = *self.author.random.of(&AGENTS);
        if self.author.random.once_in(3) && second != agent {
            self.act(second, AgentAct::Claim);
            self.answer(second);
        }
        if self.author.random.once_in(2) {
            self.give_back(agent);
        } else {
            self.close(agent);
        }
    }

    fn call_colleague(&mut self) {
        let tag = self.tag();
        self.say(format!("complain about {tag}"));
        self.await_one_of(vec![format!("I'm sorry about {tag}.")]);
        self.await_next(COLLEAGUE);
        let more = self.tag();
        if self.author.random.once_in(2) {
            self.say(format!("and {more} is bad, too"));
        }
    }

    fn answer(&mut self, agent: &'static str) {
        self.is_known = true;
        for _ in 0..self.author.random.between(1, 3) {
            let (tag, more) = (self.tag(), self.tag());
            self.act(agent, AgentAct::Say { text: format!("{agent} answers {tag}") });
            if self.author.random.once_in(3) {
                self.act(agent, AgentAct::Note { text: format!("a note {more}") });
            }
            self.await_one_of(vec![format!("{agent} answers {tag}")]);
            if self.author.random.once_in(2) {
                self.say(format!("I see, {more}"));
            }
            if self.author.site.has_topics() {
                self.richer(agent, &tag, &more);
            }
        }
    }

    /// What platforms have beyond words.
    fn richer(&mut self, agent: &'static str, answered: &str, written: &str) {
        let tag = self.tag();
        match self.author.random.below(8) {
            0 => {
                let (message, before) = (String::new(), format!("{agent} answers {answered}"));
                let text = format!("{agent} answers {tag}");
                self.act(agent, AgentAct::Edit { message, before, text: text.clone() });
                self.await_one_of(vec![text]);
            }
            1 => {
                let text = format!("{agent} shows {tag}");
                self.act(agent, AgentAct::Send { files: Vec::new(), text: text.clone(), album: None });
                self.await_one_of(vec![format!("[file] {text}")]);
            }
            2 => {
                let pictures = self.author.random.between(2, 3) as usize;
                self.steps.push_back(Step::Do(Deed::Album(pictures, format!("look at {tag}"))));
            }
            3 => {
                let text = format!("I think, {written}");
                self.say(text.clone());
                self.steps.push_back(Step::Do(Deed::Edit(text, format!("I think, {tag}"))));
            }
            4 if self.author.site.has_deletions() => {
                let before = format!("{agent} answers {answered}");
                self.act(agent, AgentAct::Delete { messages: Vec::new(), before: before.clone() });
                self.await_one_of(vec![format!("[deletion] {before}")]);
            }
            _ => {}
        }
    }

    fn give_back(&mut self, agent: &'static str) {
        self.button(agent, AgentAct::Back);
        self.await_next(BACK);
    }

    fn close(&mut self, agent: &'static str) {
        self.button(agent, AgentAct::Close);
        self.await_next("How was it");
        if self.author.random.once_in(2) {
            let stars = self.author.random.between(1, 5);
            self.steps.push_back(Step::Do(Deed::Press(stars.to_string())));
            self.await_next("Thank you for your rating.");
        }
    }

    /// An agent types first, while the bot has the conversation and may be waiting for a call.
    fn barge_in(&mut self) {
        let agent = *self.author.random.of(&AGENTS);
        let tag = self.tag();
        self.say(format!("echo {tag}"));
        self.answer(agent);
        self.expect(vec![format!("Heard {tag}.")]);
        self.give_back(agent);
    }

    /// A person in the middle of a question; afterwards it is answered.
    fn midway(&mut self) {
        self.say("book something");
        self.await_next("Which tag shall I book?");
        self.say("I want to talk to a person");
        self.await_next(COLLEAGUE);
        let agent = *self.author.random.of(&AGENTS);
        self.act(agent, AgentAct::Claim);
        self.answer(agent);
        self.give_back(agent);
        self.say("yes");
        self.await_next("Which tag shall I book?");
        let tag = self.tag();
        self.say(&tag);
        self.await_one_of(vec![format!("Booked {tag}: done.")]);
    }
}
