//! What is to be done next for a conversation. Pure: what is known goes in, the most urgent action comes out.
//!
//! ```text
//! View ─► next ─► Wish { class, since, action }          the loop picks a wish, has it done …
//! State, outcome ─► settle ─► State                       … and notes what `note` makes of the outcome
//! ```
use bot_core::dialogue::Event;
use bot_core::handoff::Owner;
use bot_core::reply::Run;

use super::state::{FINAL, Mark, State, face};
use super::view::View;
use super::words::{Class, Item, What, items};
use crate::split::split;
use crate::store::{EventId, Fate, StoredEvent, StoredTicket};

/// What the platform bears, and how it is called.
pub(super) struct How<'a> {
    /// The desk's name.
    pub desk: &'a str,
    /// How long a post may be.
    pub longest: usize,
    /// How long a text is.
    pub measure: &'a dyn Fn(&str) -> usize,
    /// How many files may be shown at once.
    pub files: usize,
    /// Threads are put away when their ticket is closed.
    pub archives: bool,
}

/// Something that is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub class: Class,
    /// The event for which it is done: of the same class, the oldest comes first.
    pub since: EventId,
    /// How many actions the platform counts.
    pub cost: u32,
    pub action: Action,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Make a thread in the room where it is wanted.
    Open { ticket: u64 },
    /// The thread that was reported is the one that was made.
    Adopt { ticket: u64, thread: String },
    /// Post a card. What is done with then.
    Card { ticket: u64, after: After },
    /// Bring a card up to date.
    Renew { ticket: u64, message: String, face: String },
    /// Post.
    Post { text: String, replies_to: Option<String>, after: After },
    /// Show files.
    Copy { files: Vec<String>, replies_to: Option<String>, after: After },
    /// Show what became of an agent's message.
    Mark { mark: Mark, fate: Fate },
    /// Give the thread the title of the ticket.
    Rename { ticket: u64 },
    /// Put the thread away.
    Archive,
    /// Tell the room that a ticket has no thread.
    Tell { ticket: u64 },
    /// Nothing is to be seen of it.
    Pass { after: After },
}

/// Where the conversation stands once an action is done.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct After {
    pub shown: EventId,
    pub state: State,
    /// The events that the messages are.
    pub events: Vec<EventId>,
}

/// The most urgent thing to be done; `None`: nothing, for now.
pub(super) fn next(view: &View, how: &How) -> Option<Wish> {
    let said = match view.state.ticket {
        None => begin(view),
        Some(ticket) if view.state.without == ticket => unseen(view, ticket),
        Some(ticket) if view.thread.is_none() || view.stranded => open(view, ticket, view.shown),
        Some(ticket) if view.state.bare => Some(card(view, ticket, view.shown, view.state.clone())),
        Some(_) if !view.state.files.is_empty() => Some(early_files(view, how)),
        Some(_) => talk(view, how),
    };
    let others = [mark(view), renew(view), rename(view)];
    let all = said.into_iter().chain(others.into_iter().flatten().filter(|_| view.thread.is_some()));
    all.min_by_key(|wish| (wish.class, wish.since)).or_else(|| overflow(view)).or_else(|| archive(view, how))
}

/// A page of events that are nothing to anybody must not hide those behind it.
fn overflow(view: &View) -> Option<Wish> {
    let last = view.events.last().filter(|_| view.is_full && view.thread.is_some())?;
    Some(pass(after(last.id, view.state.clone())))
}

/// All is said, and nobody waits for anything.
fn archive(view: &View, how: &How) -> Option<Wish> {
    let state = &view.state;
    let is_over = state.ticket.is_none() && view.tickets.iter().all(|about| about.closed.is_some());
    let is_due = how.archives && !state.archived && !state.cards.is_empty() && state.marks.is_empty();
    view.thread.as_ref().filter(|_| is_over && is_due)?;
    Some(wish(Class::Archive, view.shown, Action::Archive))
}

/// What is only noted is noted at once.
fn pass(after: After) -> Wish {
    wish(Class::Customer, after.shown, Action::Pass { after })
}

fn wish(class: Class, since: EventId, action: Action) -> Wish {
    let cost = match &action {
        Action::Adopt { .. } | Action::Pass { .. } => 0,
        Action::Copy { files, .. } => u32::try_from(files.len()).unwrap_or(u32::MAX),
        _ => 1,
    };
    Wish { class, since, cost, action }
}

/// The next hand-off that concerns agents, and has its number by now: one that is open, that an agent has had, or that they
/// may have seen.
fn handed_off(view: &View) -> Option<(EventId, u64)> {
    let is_start = |stored: &&StoredEvent| matches!(stored.event, Event::HandedOff(_));
    let mut rest = &view.events[view.events.iter().position(|stored| is_start(&stored))?..];
    loop {
        let next = rest.iter().skip(1).position(|stored| is_start(&stored)).map(|at| at + 1);
        let own = &rest[..next.unwrap_or(rest.len())];
        let is_over = own.iter().any(|stored| ends(&stored.event));
        let concerns =
            |ticket: u64| if is_over { was_seen(view, own, ticket) } else { is_open(view, ticket) };
        // That of an earlier hand-off, which is over, may be told late, and so may its own.
        let number = rest.iter().find_map(|stored| match stored.event {
            Event::TicketOpened { ticket, .. } => Some(ticket).filter(|ticket| concerns(*ticket)),
            _ => None,
        });
        if let Some(number) = number {
            return Some((rest[0].id, number));
        }
        rest = &rest[next?..];
    }
}

/// The conversation with agents is over.
pub(super) fn ends(event: &Event) -> bool {
    matches!(event, Event::OwnerChanged { owner: Owner::Bot | Owner::Closed })
}

/// An agent has it.
pub(super) fn takes(event: &Event) -> bool {
    matches!(event, Event::Claimed { .. } | Event::AgentSaid { .. } | Event::AgentSent { .. })
}

fn is_open(view: &View, ticket: u64) -> bool {
    view.ticket(ticket).is_some_and(|about| about.closed.is_none())
}

/// It is over before it was shown, and an agent has had it, or its thread or card may stand there.
fn was_seen(view: &View, own: &[StoredEvent], ticket: u64) -> bool {
    let is_new = view.state.cards.last().is_none_or(|card| card.ticket < ticket);
    let was_taken =
        |about: &StoredTicket| about.agent.is_some() && own.iter().any(|stored| takes(&stored.event));
    let is_begun = view.state.begun == Some(ticket) && tells(own, ticket);
    let is_over = |about: &&StoredTicket| about.closed.is_some();
    is_new && view.ticket(ticket).filter(is_over).is_some_and(|about| is_begun || was_taken(about))
}

/// Whether the ticket's number is told there.
pub(super) fn tells(events: &[StoredEvent], number: u64) -> bool {
    events.iter().any(|stored| matches!(stored.event, Event::TicketOpened { ticket, .. } if ticket == number))
}

/// A ticket comes into its thread with its card. One that was closed before any agent saw it is passed over.
fn begin(view: &View) -> Option<Wish> {
    let Some((since, ticket)) = handed_off(view) else { return late(view) };
    view.ticket(ticket)?;
    if view.thread.is_none() || view.wanted.as_ref() != Some(&view.room) {
        return open(view, ticket, since);
    }
    let state = State { ticket: Some(ticket), files: view.files.clone(), ..view.state.clone() };
    Some(card(view, ticket, since, state))
}

/// After the end nothing is shown, but that an agent's last words did not arrive.
fn late(view: &View) -> Option<Wish> {
    view.thread.as_ref()?;
    let (failed, replies_to) = view.events.iter().find_map(|stored| {
        let message = view.replies.get(&stored.id)?;
        matches!(stored.event, Event::Undelivered { .. }).then_some((stored, message))
    })?;
    let told = crate::desk::news(&failed.event, [])?;
    let after = After { events: vec![failed.id], ..after(failed.id, view.state.clone()) };
    let replies_to = Some(replies_to.clone()).filter(|message| !message.is_empty());
    Some(wish(Class::Alarm, failed.id, Action::Post { text: told.to_string(), replies_to, after }))
}

fn open(view: &View, ticket: u64, since: EventId) -> Option<Wish> {
    view.wanted.as_ref()?;
    if view.state.opening == Some(ticket) {
        if let Some(thread) = view.found.clone() {
            return Some(wish(Class::Customer, since, Action::Adopt { ticket, thread }));
        }
        if view.settling {
            return None;
        }
    }
    Some(wish(Class::Customer, since, Action::Open { ticket }))
}

fn card(view: &View, ticket: u64, shown: EventId, mut state: State) -> Wish {
    state.bare = false;
    wish(Class::Customer, view.shown.max(shown), Action::Card { ticket, after: after(shown, state) })
}

fn after(shown: EventId, state: State) -> After {
    After { shown, state, events: Vec::new() }
}

fn early_files(view: &View, how: &How) -> Wish {
    let mut state = view.state.clone();
    let rest = state.files.split_off(state.files.len().min(how.files));
    let files = std::mem::replace(&mut state.files, rest);
    let after = after(view.shown, state);
    wish(Class::Customer, view.shown, Action::Copy { files, replies_to: None, after })
}

/// A ticket without a thread: agents are told once, and the rest is seen at other desks.
fn unseen(view: &View, ticket: u64) -> Option<Wish> {
    if !view.state.told {
        return Some(wish(Class::Customer, view.shown, Action::Tell { ticket }));
    }
    let end = view.events.iter().find(|stored| ends(&stored.event));
    let last = end.or(view.events.last())?;
    let mut state = view.state.clone();
    if end.is_some() {
        state.ticket = None;
    }
    Some(pass(after(last.id, state)))
}

/// What is said, several events in one post.
fn talk(view: &View, how: &How) -> Option<Wish> {
    let items = items(view, how.desk);
    let mut batch = Batch::new(view, how);
    for item in &items {
        match batch.take(item) {
            Taken::On => {}
            Taken::Full => break,
            Taken::Instead(wish) => return Some(*wish),
        }
    }
    batch.wish()
}

enum Taken {
    /// The next may come along.
    On,
    /// Nothing more goes with it.
    Full,
    /// Something else is to be done.
    Instead(Box<Wish>),
}

/// A post that grows.
struct Batch<'a> {
    how: &'a How<'a>,
    text: String,
    class: Option<Class>,
    since: EventId,
    replies_to: Option<String>,
    /// What is to be noted even when nothing is said.
    passes: Option<After>,
    after: After,
}

impl<'a> Batch<'a> {
    fn new(view: &View, how: &'a How<'a>) -> Batch<'a> {
        let after = after(view.shown, view.state.clone());
        Batch {
            how,
            text: String::new(),
            class: None,
            since: view.shown,
            replies_to: None,
            passes: None,
            after,
        }
    }

    fn take(&mut self, item: &Item) -> Taken {
        let taken = match &item.what {
            What::Nothing => Taken::On,
            What::Own(mark) => self.own(mark.as_ref()),
            What::Aside(line) => self.aside(item, line),
            What::Line(class, line) => self.line(item, *class, line),
            What::Files(message, files) => self.files(item, *message, files),
        };
        if matches!(taken, Taken::On) {
            self.pass(item);
            if item.ends || matches!(item.what, What::Own(_)) {
                self.passes = Some(self.after.clone());
            }
        }
        taken
    }

    fn pass(&mut self, item: &Item) {
        self.after.shown = item.event;
        self.after.state.part = 0;
        if item.ends {
            self.after.state.ticket = None;
        }
    }

    /// What was to be said along comes too late now.
    fn own(&mut self, mark: Option<&Mark>) -> Taken {
        self.after.state.marks.extend(mark.cloned());
        if self.class.is_none() {
            self.text.clear();
            self.after.events.clear();
        }
        Taken::On
    }

    fn aside(&mut self, item: &Item, line: &str) -> Taken {
        if self.fits(line) {
            self.add(item, line);
            return Taken::On;
        }
        if self.class.is_some() { Taken::Full } else { Taken::On }
    }

    fn line(&mut self, item: &Item, class: Class, line: &str) -> Taken {
        if self.class.is_some() && (item.replies_to.is_some() || !self.fits(line)) {
            return Taken::Full;
        }
        if self.class.is_none() && !self.fits(line) {
            self.text.clear();
            self.after.events.clear();
        }
        if !self.fits(line) || (self.after.state.part > 0 && self.is_first(item)) {
            return self.piece(item, class, line);
        }
        self.replies_to = self.replies_to.take().or_else(|| item.replies_to.clone());
        self.add(item, line);
        let before = self.class.unwrap_or(class);
        if self.class.is_none() || class < before {
            (self.class, self.since) = (Some(class), item.event);
        }
        Taken::On
    }

    /// One of the pieces of what is too long for a post.
    fn piece(&mut self, item: &Item, class: Class, line: &str) -> Taken {
        let pieces = pieces(line, self.how);
        let part = if self.is_first(item) { self.after.state.part } else { 0 };
        let Some(text) = pieces.get(part).cloned() else { return Taken::On };
        let is_last = part + 1 >= pieces.len();
        let replies_to = item.replies_to.clone().filter(|_| part == 0);
        self.after.events = vec![item.event];
        if is_last {
            self.pass(item);
        } else {
            self.after.state.part = part + 1;
        }
        let after = self.after.clone();
        Taken::Instead(Box::new(wish(class, item.event, Action::Post { text, replies_to, after })))
    }

    fn files(&mut self, item: &Item, message: EventId, files: &[String]) -> Taken {
        if self.class.is_some() {
            return Taken::Full;
        }
        let part = if self.is_first(item) { self.after.state.part } else { 0 };
        let upto = files.len().min(part + self.how.files);
        let Some(some) = files.get(part..upto).filter(|some| !some.is_empty()) else { return Taken::On };
        self.after.events = vec![message, item.event];
        self.after.events.dedup();
        if upto == files.len() {
            self.pass(item);
        } else {
            self.after.state.part = upto;
        }
        let (replies_to, after) = (item.replies_to.clone(), self.after.clone());
        Taken::Instead(Box::new(wish(
            Class::Customer,
            item.event,
            Action::Copy { files: some.to_vec(), replies_to, after },
        )))
    }

    /// Whether pieces that are done with are those of this item: nothing before it was passed.
    fn is_first(&self, item: &Item) -> bool {
        self.after.shown < item.event && self.after.state.part > 0
    }

    fn fits(&self, line: &str) -> bool {
        (self.how.measure)(&self.text) + (self.how.measure)(line) < self.how.longest
    }

    fn add(&mut self, item: &Item, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.after.events.push(item.event);
    }

    fn wish(self) -> Option<Wish> {
        let Batch { text, class, since, replies_to, passes, after, .. } = self;
        match class {
            Some(class) => Some(wish(class, since, Action::Post { text, replies_to, after })),
            None => passes.map(|after| pass(After { events: vec![], ..after })),
        }
    }
}

fn pieces(text: &str, how: &How) -> Vec<String> {
    pieces_of(text, how.longest, how.measure)
}

/// A text in parts that fit a post: the same text gives the same parts.
pub(super) fn pieces_of(text: &str, longest: usize, measure: &dyn Fn(&str) -> usize) -> Vec<String> {
    let run = Run { text: text.to_owned(), ..Run::default() };
    let parts = split(&[run], longest, measure);
    parts.into_iter().map(|runs| runs.into_iter().map(|run| run.text).collect()).collect()
}

/// What became of agents' messages: failures first. What nothing is known of any more is passed over.
fn mark(view: &View) -> Option<Wish> {
    let wishes = view.state.marks.iter().filter_map(|mark| {
        let class = match view.fate(mark.event) {
            Some(Fate::Waiting) => return None,
            Some(Fate::Sent) => Class::Delivered,
            Some(Fate::Failed) => Class::Alarm,
            None => {
                let mut state = view.state.clone();
                state.marks.retain(|other| other != mark);
                return Some(pass(after(view.shown, state)));
            }
        };
        let fate = view.fate(mark.event)?;
        Some(wish(class, mark.event, Action::Mark { mark: mark.clone(), fate }))
    });
    wishes.min_by_key(|wish| (wish.class, wish.since))
}

/// The card, as it stands with the ticket now; posted anew if somebody has deleted it.
fn renew(view: &View) -> Option<Wish> {
    if let Some(ticket) = view.state.ticket.filter(|ticket| view.state.card_of(*ticket).is_none()) {
        let after = after(view.shown, view.state.clone());
        return Some(wish(Class::Card, view.shown, Action::Card { ticket, after }));
    }
    let posted = view.state.cards.iter().filter(|card| !card.message.is_empty());
    let stale = posted.into_iter().find_map(|card| {
        let face = face(view.ticket(card.ticket)?);
        (face != card.face).then_some((card, face))
    });
    let (card, face) = stale?;
    let (ticket, message) = (card.ticket, card.message.clone());
    Some(wish(Class::Card, view.shown, Action::Renew { ticket, message, face }))
}

fn rename(view: &View) -> Option<Wish> {
    let ticket = view.state.ticket.filter(|ticket| *ticket != view.state.named && !view.untitled)?;
    Some(wish(Class::Title, view.shown, Action::Rename { ticket }))
}

/// Cards whose last word is said are forgotten, but for the current one.
pub(super) fn tidy(state: &mut State) {
    let current = state.cards.last().map(|card| card.ticket);
    state.cards.retain(|card| Some(card.ticket) == current || card.face != FINAL);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::card;

    #[test]
    fn a_late_number_of_a_ticket_that_is_over_does_not_hide_the_open_one() {
        let closed = StoredTicket {
            number: 1,
            closed: Some(jiff::Timestamp::UNIX_EPOCH),
            owner: Owner::Closed,
            agent: None,
            ..card::tests::ticket()
        };
        let open = StoredTicket { number: 2, closed: None, owner: Owner::Waiting, ..closed.clone() };
        let handed_over = Event::HandedOff(open.ticket.clone().into());
        let is_over = Event::OwnerChanged { owner: Owner::Bot };
        let opened = |ticket| Event::TicketOpened { ticket, ahead: 0 };
        let events = [handed_over.clone(), is_over, handed_over, opened(1), opened(2)];
        let events = (1..).zip(events);
        let events: Vec<_> = events
            .map(|(id, event)| StoredEvent {
                id: EventId(id),
                conversation: closed.conversation,
                at: jiff::Timestamp::UNIX_EPOCH,
                event,
            })
            .collect();
        let view = View { tickets: vec![closed, open], events, ..View::default() };
        assert_eq!(handed_off(&view), Some((EventId(3), 2)));
        let upto = view.events[..4].to_vec();
        assert_eq!(handed_off(&View { events: upto, ..view }), None, "its own number is not known yet");
    }
}
