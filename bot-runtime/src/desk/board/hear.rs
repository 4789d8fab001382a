//! What agents do in staff rooms, taken in: as deeds for the conversation's inbox, or as questions that are answered.
use bot_core::dialogue::{Event, Input};
use bot_core::handoff::{AgentAct, Owner};

use super::deed::plain;
use super::load::trace;
use super::next::pieces_of;
use super::replies::{help, list, read};
use super::state::State;
use super::{Board, Heard, Place, Post, Spoken, Threads, number_of, title};
use crate::channel::Message;
use crate::desk::{Command, CommandError, Which, events, why};
use crate::store::{
    ConversationId, EventId, Fate, Store, StoreError, StoredTicket, Thread, TicketFilter, Twin,
};

/// Posts that an answer has at most: the room bears only so many.
const POSTS: usize = 4;

const FORWARDED: &str =
    "Forwards and messages of bots are not sent to the customer: write it yourself, or send it as your own.";
const NOT_YET: &str =
    "The customer does not have this answer yet, so it can't be changed. Nothing was changed.";
const SEVERAL: &str =
    "The customer has this answer in several messages, so it can't be changed. Send a correction.";
const NOT_GONE: &str = "The customer does not have this answer yet, so it can't be taken back: it will still arrive. Send a \
                        correction.";
const CANT_READ: &str = "The bot can't read what is written here. To answer the customer: /reply TEXT";
const NO_ANSWER: &str = "An answer can't be made a note or a command. Nothing was changed for the customer.";
const QUIT: &str =
    "There is nothing to leave here: `/back` gives the conversation back to the bot, `/close` ends it.";
const GONE: &str = "This customer's data were erased: there is nobody to write to.";
const THREAD_ONLY: &str = "That is for a customer's thread: write it there.";

/// An answer of an agent's, as it stands now.
struct Answer {
    agent: String,
    text: String,
    /// The messages at the customer's side.
    theirs: Vec<String>,
    /// It was taken back.
    gone: bool,
}

/// What somebody does in a customer's thread.
struct Done<'a> {
    conversation: ConversationId,
    place: &'a Place,
    key: &'a str,
    agent: &'a str,
}

impl<S: Store, T: Threads> Board<S, T> {
    /// Takes in what happened in a room. When it returns, it is stored: confirm it to the platform then, and not before. What
    /// comes back is for the one who pressed, in a few words. Answers to commands go to the thread; they are not stored.
    ///
    /// # Errors
    /// Nothing was stored: don't confirm it.
    pub async fn hear(&self, heard: Heard) -> Result<Option<String>, StoreError> {
        self.read_moves().await?;
        match &heard.what {
            Spoken::Opened { title } => self.opened(&heard.place, title).await?,
            Spoken::Moved { room } => {
                let store = self.runtime.store();
                self.shared.moves(&**store, self.desk(), &heard.place.room, room).await?;
            }
            Spoken::Rights { missing } => self.rights(&heard.place.room, missing),
            _ => return self.heard(&heard).await,
        }
        Ok(None)
    }

    fn rights(&self, room: &str, missing: &[String]) {
        let desk = self.desk();
        if missing.is_empty() {
            tracing::info!(desk, room, "the bot may do everything in the staff room that it needs");
            self.shared.mends(self.shared.now(room));
        } else {
            let missing = missing.join("; ");
            tracing::error!(
                desk,
                room,
                missing,
                "the bot may not do everything in the staff room that it needs"
            );
        }
    }

    /// A thread of the bot's own. One that belongs to no customer, and is not awaited, was made twice.
    async fn opened(&self, place: &Place, title: &str) -> Result<(), StoreError> {
        let _making = self.shared.making.lock().await;
        let Some(thread) = &place.thread else { return Ok(()) };
        let place = Place { room: self.shared.now(&place.room), thread: place.thread.clone() };
        if self.thread_at(&place).await?.is_some() || self.was_of(&place).await?.is_some() {
            return Ok(());
        }
        let Some((id, ticket)) = self.awaited(title).await? else { return self.spare(place).await };
        match self.found(ticket, Some(&place.room)).await? {
            Some(known) if known != *thread => self.spare(place).await?,
            Some(_) => {}
            None => self.keep_found(id, ticket, &place).await?,
        }
        self.shared.reports(id);
        Ok(())
    }

    /// The ticket for which a thread of that title may be being made, and whose it is.
    async fn awaited(&self, title: &str) -> Result<Option<(ConversationId, u64)>, StoreError> {
        let Some(number) = number_of(title) else { return Ok(None) };
        let store = self.runtime.store();
        let open = store.tickets(TicketFilter::default()).await?;
        let Some(about) = open.iter().find(|about| about.number == number) else { return Ok(None) };
        let row = store.thread(self.desk(), about.conversation).await?;
        let row = row.filter(|row| State::read(&row.state).opening == Some(number));
        Ok(row.map(|row| (row.conversation, number)))
    }

    /// The thread at a place, also where the room had another id.
    pub(super) async fn thread_at(&self, place: &Place) -> Result<Option<Thread>, StoreError> {
        let Some(thread) = &place.thread else { return Ok(None) };
        for room in self.shared.names(&place.room) {
            let found = self.runtime.store().thread_at(self.desk(), &room, thread).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn heard(&self, heard: &Heard) -> Result<Option<String>, StoreError> {
        if !self.is_room(&heard.place.room).await? {
            return Ok(None);
        }
        let place = Place { room: self.shared.now(&heard.place.room), ..heard.place.clone() };
        let Some(row) = self.thread_at(&place).await? else {
            if let (None, Spoken::Text { message, text, .. }, Some(_)) =
                (&place.thread, &heard.what, &heard.agent)
            {
                self.in_the_room(&place, &heard.key, message, text).await?;
            }
            self.in_a_former(&place, heard).await?;
            let is_press = matches!(heard.what, Spoken::Press { .. });
            return Ok(is_press.then(|| "This is no customer's thread any more.".to_owned()));
        };
        if let Spoken::Delete { message } = &heard.what {
            return self.deleted(row.conversation, &place, &heard.key, message).await.map(|()| None);
        }
        let Some(agent) = heard.agent.as_deref() else {
            if matches!(heard.what, Spoken::Text { .. } | Spoken::Files { .. })
                && self.shared.may_hint(&place)
            {
                self.tell(&place, &heard.key, None, FORWARDED.to_owned());
            }
            return Ok(None);
        };
        let conversation = row.conversation;
        if self.runtime.store().load(conversation).await?.is_none() {
            let told = match self.runtime.store().linked(conversation).await? {
                Some(id) => self.goes_on_as(id).await?,
                None => GONE.to_owned(),
            };
            self.tell(&place, &heard.key, None, told);
            return Ok(None);
        }
        if let Some(told) = self.at_another_desk(&row).await? {
            self.tell(&place, &heard.key, None, told.clone());
            return Ok(Some(told));
        }
        let done = Done { conversation, place: &place, key: &heard.key, agent };
        match &heard.what {
            Spoken::Text { message, text, replies_to } => {
                self.wrote(&done, message, text, replies_to.as_deref()).await?;
            }
            Spoken::Files { message, files, text, album, replies_to } => {
                let act = AgentAct::Send { files: files.clone(), text: text.clone(), album: album.clone() };
                self.act(&done, act, Some((message.as_str(), replies_to.as_deref()))).await?;
            }
            Spoken::Edit { message, text } => self.edited(&done, message, text).await?,
            Spoken::Press { data } => return self.pressed(&done, data).await.map(Some),
            Spoken::Delete { .. } | Spoken::Opened { .. } | Spoken::Moved { .. } | Spoken::Rights { .. } => {}
        }
        Ok(None)
    }

    /// The open ticket is shown at other desks only: who writes here would not see what the customer answers.
    async fn at_another_desk(&self, row: &Thread) -> Result<Option<String>, StoreError> {
        let tickets = self.tickets(row.conversation).await?;
        let shown = State::read(&row.state).ticket;
        let mut open = tickets.iter().filter(|about| about.closed.is_none() && shown != Some(about.number));
        let Some(about) = open.find(|about| self.is_elsewhere(&about.ticket.team)) else { return Ok(None) };
        let engine = self.runtime.engine();
        let desks = engine
            .catalog()
            .settings
            .handoff
            .desks
            .get(&about.ticket.team)
            .map(|desks| desks.join(", "))
            .unwrap_or_default();
        let (number, team) = (about.number, &about.ticket.team);
        Ok(Some(format!("{team} has this customer now, as #{number} at the desk {desks}. Nothing was sent.")))
    }

    /// The conversation goes on in another room: who writes here must know that nobody reads it.
    async fn in_a_former(&self, place: &Place, heard: &Heard) -> Result<(), StoreError> {
        let (Spoken::Text { message, .. } | Spoken::Files { message, .. }, Some(_)) =
            (&heard.what, &heard.agent)
        else {
            return Ok(());
        };
        let Some(id) = self.was_of(place).await? else { return Ok(()) };
        let told = self.goes_on_as(id).await?;
        self.tell(place, &heard.key, Some(message), told);
        Ok(())
    }

    /// Where a conversation is that was here before.
    async fn goes_on_as(&self, id: ConversationId) -> Result<String, StoreError> {
        let tickets = self.tickets(id).await?;
        Ok(match tickets.iter().max_by_key(|about| about.number) {
            None => GONE.to_owned(),
            Some(about) => {
                let title = title(about.number, &about.ticket);
                format!(
                    "This conversation is in another thread now, as “{title}”: write there. Nothing was sent."
                )
            }
        })
    }

    /// The room itself is the agents' own; only what is plainly for the desk is answered.
    async fn in_the_room(
        &self,
        place: &Place,
        key: &str,
        message: &str,
        text: &str,
    ) -> Result<(), StoreError> {
        let text = match Command::parse(text) {
            Ok(Command::List { .. }) => self.list(Some(&place.room)).await?,
            Ok(Command::Help) => help(),
            Ok(Command::Say(_) | Command::Note(_)) | Err(_) => return Ok(()),
            Ok(_) => THREAD_ONLY.to_owned(),
        };
        self.tell(place, key, Some(message), text);
        Ok(())
    }

    /// The open tickets; of a room, those that it shows.
    async fn list(&self, room: Option<&str>) -> Result<String, StoreError> {
        let tickets = self.runtime.store().tickets(TicketFilter::default()).await?;
        let is_here = |about: &&StoredTicket| {
            let rooms = self.rooms_of(&about.ticket.team);
            room.is_none_or(|room| rooms.iter().any(|known| self.shared.now(known) == room))
        };
        let tickets: Vec<_> = tickets.iter().filter(is_here).collect();
        Ok(list(&tickets, &self.runtime.clock().now()))
    }

    async fn wrote(
        &self,
        done: &Done<'_>,
        message: &str,
        text: &str,
        replies_to: Option<&str>,
    ) -> Result<(), StoreError> {
        let told = match Command::parse(text) {
            Err(CommandError::Empty) if !self.threads.reads() => CANT_READ.to_owned(),
            Err(error) => error.to_string(),
            Ok(Command::Say(text) | Command::Reply(text)) => {
                return self.act(done, AgentAct::Say { text }, Some((message, replies_to))).await;
            }
            Ok(Command::Note(text)) => {
                return self.act(done, AgentAct::Note { text }, Some((message, None))).await;
            }
            Ok(Command::Back) => return self.act(done, AgentAct::Back, None).await,
            Ok(Command::Close) => return self.act(done, AgentAct::Close, None).await,
            Ok(Command::Claim(which)) if self.is_here(done, which).await? => {
                return self.act(done, AgentAct::Claim, None).await;
            }
            Ok(Command::Why(which)) if self.is_here(done, which).await? => {
                self.why(done.conversation).await?
            }
            Ok(Command::Read(which)) if self.is_here(done, which).await? => {
                self.transcript(done.conversation).await?
            }
            Ok(Command::Claim(_) | Command::Why(_) | Command::Read(_)) => {
                "That is another customer: write it in their thread.".to_owned()
            }
            Ok(Command::List { .. }) => self.list(None).await?,
            Ok(Command::Help) => help(),
            Ok(Command::Quit) => QUIT.to_owned(),
        };
        self.tell(done.place, done.key, Some(message), told);
        Ok(())
    }

    /// Whether the conversation of this thread is meant.
    async fn is_here(&self, done: &Done<'_>, which: Option<Which>) -> Result<bool, StoreError> {
        Ok(match which {
            None => true,
            Some(Which::Conversation(id)) => id == done.conversation,
            Some(Which::Ticket(number)) => {
                self.tickets(done.conversation).await?.iter().any(|about| about.number == number)
            }
        })
    }

    async fn tickets(&self, conversation: ConversationId) -> Result<Vec<StoredTicket>, StoreError> {
        let filter = TicketFilter { conversation: Some(conversation), closed: true, limit: 0 };
        self.runtime.store().tickets(filter).await
    }

    async fn why(&self, conversation: ConversationId) -> Result<String, StoreError> {
        let events = events(&**self.runtime.store(), conversation, EventId::default()).await?;
        Ok(why(&self.runtime.engine(), &events, self.runtime.clock().now().time_zone()))
    }

    async fn transcript(&self, conversation: ConversationId) -> Result<String, StoreError> {
        let events = events(&**self.runtime.store(), conversation, EventId::default()).await?;
        Ok(read(&events, &self.runtime.clock().now()))
    }

    /// Puts it into the conversation's inbox, under the arrival's key.
    async fn act(
        &self,
        done: &Done<'_>,
        act: AgentAct,
        message: Option<(&str, Option<&str>)>,
    ) -> Result<(), StoreError> {
        let message = match message {
            Some((id, replies_to)) => Some(self.message(done.conversation, id, replies_to).await?),
            None => None,
        };
        let key = format!("{}/{}", self.desk(), done.key);
        self.runtime.act_as(done.conversation, done.agent, act, &key, message).await
    }

    /// An agent's message, with what it replies to as the customer's channel calls it.
    async fn message(
        &self,
        conversation: ConversationId,
        id: &str,
        replies_to: Option<&str>,
    ) -> Result<Message, StoreError> {
        let mut quotes = None;
        if let Some(message) = replies_to
            && let Some(event) =
                self.runtime.store().event_of(conversation, Some(self.desk()), message).await?
        {
            quotes = self.at_customer(conversation, event).await?.into_iter().next();
        }
        Ok(Message { id: id.to_owned(), desk: Some(self.desk().to_owned()), quotes })
    }

    /// The messages at the customer's side that an event is.
    async fn at_customer(
        &self,
        conversation: ConversationId,
        event: EventId,
    ) -> Result<Vec<String>, StoreError> {
        let twins = trace(&**self.runtime.store(), conversation, event).await?.map(|trace| trace.twins);
        let theirs = twins.into_iter().flatten().filter(|twin: &Twin| twin.desk.is_none());
        Ok(theirs.map(|twin| twin.message).collect())
    }

    /// The answer that a message at the desk is; `None`: it is none, such as a note or a command.
    async fn answer(&self, id: ConversationId, event: EventId) -> Result<Option<Answer>, StoreError> {
        let after = events(&**self.runtime.store(), id, EventId(event.0 - 1)).await?;
        let (agent, original) = match after.first().map(|stored| &stored.event) {
            Some(Event::AgentSaid { agent, text, .. } | Event::AgentSent { agent, text, .. }) => {
                (agent.clone(), text.clone())
            }
            _ => return Ok(None),
        };
        let theirs = self.at_customer(id, event).await?;
        let changed = after.iter().rev().find_map(|stored| match &stored.event {
            Event::AgentEdited { message, text, .. } if Some(message) == theirs.first() => Some(text.clone()),
            _ => None,
        });
        let is_gone =
            |event: &Event| matches!(event, Event::AgentDeleted { messages, .. } if *messages == theirs);
        let gone = after.iter().any(|stored| is_gone(&stored.event));
        Ok(Some(Answer { agent, text: changed.unwrap_or(original), theirs, gone }))
    }

    /// An answer is changed for the customer, too; a note or a command stays what it was.
    async fn edited(&self, done: &Done<'_>, message: &str, text: &str) -> Result<(), StoreError> {
        let id = done.conversation;
        let Some(event) = self.runtime.store().event_of(id, Some(self.desk()), message).await? else {
            if self.waits(done).await? {
                self.tell(done.place, done.key, Some(message), NOT_YET.to_owned());
            }
            return Ok(());
        };
        let Some(answer) = self.answer(id, event).await?.filter(|answer| !answer.gone) else { return Ok(()) };
        let before = answer.text;
        let told = match (Command::parse(text), &answer.theirs[..]) {
            (Ok(Command::Say(text) | Command::Reply(text)), _) if text == before => return Ok(()),
            (Ok(Command::Say(text) | Command::Reply(text)), [theirs]) => {
                let act = AgentAct::Edit { message: theirs.clone(), before, text };
                return self.act(done, act, Some((message, None))).await;
            }
            (Ok(Command::Say(_) | Command::Reply(_)), []) => NOT_YET,
            (Ok(Command::Say(_) | Command::Reply(_)), _) => SEVERAL,
            (_, _) if text.trim() == before => return Ok(()),
            (_, _) => NO_ANSWER,
        };
        self.tell(done.place, done.key, Some(message), told.to_owned());
        Ok(())
    }

    /// An answer is taken back from the customer, too, in the name of who gave it: platforms don't tell who deletes.
    async fn deleted(
        &self,
        conversation: ConversationId,
        place: &Place,
        key: &str,
        message: &str,
    ) -> Result<(), StoreError> {
        let store = self.runtime.store();
        let Some(event) = store.event_of(conversation, Some(self.desk()), message).await? else {
            return Ok(());
        };
        let Some(answer) = self.answer(conversation, event).await?.filter(|answer| !answer.gone) else {
            return Ok(());
        };
        if !answer.theirs.is_empty() {
            let done = Done { conversation, place, key, agent: &answer.agent };
            let act = AgentAct::Delete { messages: answer.theirs, before: answer.text };
            return self.act(&done, act, Some((message, None))).await;
        }
        let fate = trace(&**store, conversation, event).await?.and_then(|trace| trace.fate);
        if fate == Some(Fate::Waiting) {
            self.tell(place, key, None, NOT_GONE.to_owned());
        }
        Ok(())
    }

    /// Whether something that this agent wrote is still to be decided.
    async fn waits(&self, done: &Done<'_>) -> Result<bool, StoreError> {
        let loaded = self.runtime.store().load(done.conversation).await?;
        let is_theirs = |input: &Input| matches!(input, Input::Agent { agent, act: AgentAct::Say { .. } | AgentAct::Send { .. } } if agent == done.agent);
        Ok(loaded.is_some_and(|loaded| loaded.inbox.iter().any(|item| is_theirs(&item.input))))
    }

    /// A card's button.
    async fn pressed(&self, done: &Done<'_>, data: &str) -> Result<String, StoreError> {
        let tickets = self.tickets(done.conversation).await?;
        let latest = tickets.iter().max_by_key(|about| about.number);
        let pressed =
            data.split_once(':').and_then(|(word, number)| Some((word, number.parse::<u64>().ok()?)));
        let (Some((word, number)), Some(about)) = (pressed, latest) else {
            return Ok("This button is out of date.".to_owned());
        };
        if about.number != number {
            return Ok(format!("This card is out of date: it is #{} now.", about.number));
        }
        let (act, told) = match (word, about.owner, &about.agent) {
            (_, Owner::Closed | Owner::Bot, _) => return Ok(format!("#{number} is closed already.")),
            ("claim", Owner::Person, Some(agent)) if agent == done.agent => {
                return Ok("You have it.".to_owned());
            }
            ("claim", Owner::Person, Some(agent)) => {
                return Ok(format!("{agent} has it. To take it over, write /claim."));
            }
            ("claim", ..) => (AgentAct::Claim, format!("#{number} is yours.")),
            ("back", ..) => (AgentAct::Back, format!("#{number} goes back to the bot.")),
            ("close", ..) => (AgentAct::Close, format!("#{number} is closed.")),
            _ => return Ok("This button is out of date.".to_owned()),
        };
        self.act(done, act, None).await?;
        Ok(told)
    }

    /// Answers, in as few posts as it takes. An arrival that comes twice is answered once.
    fn tell(&self, place: &Place, key: &str, replies_to: Option<&str>, text: String) {
        if self.shared.knows(key) {
            return;
        }
        let mut pieces = pieces_of(&text, self.threads.longest(), &|text| self.threads.measure(text));
        if pieces.len() > POSTS {
            pieces.drain(..pieces.len() - POSTS);
        }
        let posts = pieces.into_iter().enumerate().map(|(index, piece)| {
            let replies_to = replies_to.filter(|_| index == 0).map(str::to_owned);
            Post { replies_to, silent: true, ..plain(piece) }
        });
        self.shared.answer(place.clone(), posts);
    }
}
