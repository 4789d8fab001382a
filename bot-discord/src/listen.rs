//! Follows the connection to Discord: what is read is acknowledged at once, and waits in order to be taken in.
//!
//! ```text
//! Gateway ─► read: acknowledged ─► queue, in order ─► taken in: stored, then the position goes on
//! ```
//! Reading goes on while the store is slow, so that who presses is answered, and Discord hears the bot's heart. Where the connection
//! breaks, what was read is taken in before the session is gone on with; where the process dies, Discord sends it again.
//!
//! What it is not: serenity's or twilight's way of handing events to tasks, which loses their order.
use std::time::Duration;

use anyhow::{Result, bail};
use bot_runtime::channel::SendError;
use bot_runtime::store::StoreError;
use bot_serve::patience::{Patience, insist};
use serde_json::Value as Json;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::aside::{Aside, Echo};
use crate::gateway::{Came, Gateway, Over, Position, address};
use crate::intake::{Intake, Told};
use crate::missed::Missed;

/// After a connection on which a session was begun or gone on with, the next follows soon.
const SOON: Duration = Duration::from_millis(250);

/// Events, and the time, after which the position is kept. What came since then Discord sends again to the next process, which knows it.
const KEPT: u32 = 200;
const SELDOM: Duration = Duration::from_secs(1);

/// Events that are stored together, when they have come: a flush of the disk takes some milliseconds.
const TOGETHER: usize = 100;

/// Events that are read ahead of the store, some megabytes; with more the connection waits.
const AHEAD: usize = 2_000;

/// What was read, and for an agent's command the message that shows it.
type Read = (Came, Option<Echo>);

/// Takes in events until it is told to stop.
///
/// # Errors
/// There is no use in trying again, with what to do.
pub async fn listen(intake: &Intake, stop: &CancellationToken) -> Result<()> {
    let load = async || Listener::load(intake).await.map_err(|error| SendError::Retry(error.to_string()));
    let Some(mut listener) = insist("how far Discord's events are stored", stop, load).await? else {
        return Ok(());
    };
    let mut patience = Patience::new(stop);
    loop {
        let Some((at, _)) = insist("the gateway's address", stop, || address(&intake.aside.api)).await?
        else {
            break;
        };
        listener.is_greeted = false;
        let over = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            over = listener.follow(&at) => over,
        };
        let over = over.unwrap_or_else(|error| {
            tracing::error!("what came while there was no session can't be read or stored: {error}");
            listener.is_greeted = false;
            Over::Resume
        });
        if let Over::Never(what) = over {
            bail!(what);
        }
        if listener.is_greeted {
            patience.restore();
        }
        if !patience.goes_on(listener.is_greeted.then_some(SOON)).await {
            break;
        }
    }
    listener.keep().await;
    Ok(())
}

/// One that knows how far it is.
struct Listener<'a> {
    intake: &'a Intake,
    position: Position,
    /// Events since the position was kept, and when that was, or was tried.
    fresh: u32,
    kept: Instant,
    missed: Missed,
    /// What was read behind the events that were taken in.
    ahead: Option<Read>,
    /// This connection has begun or gone on with a session.
    is_greeted: bool,
}

impl<'a> Listener<'a> {
    async fn load(intake: &'a Intake) -> Result<Listener<'a>, StoreError> {
        let position = Position::load(intake.store(), &intake.aside.me).await?;
        let missed = Missed::default();
        let kept = Instant::now();
        Ok(Listener { intake, position, fresh: 0, kept, missed, ahead: None, is_greeted: false })
    }

    /// Keeps how far it is. That this can't be kept hurts nobody: what is told again changes nothing.
    async fn keep(&mut self) {
        self.kept = Instant::now();
        if self.fresh > 0 {
            match self.position.keep(self.intake.store(), &self.intake.aside.me).await {
                Ok(()) => self.fresh = 0,
                Err(error) => {
                    tracing::error!("how far Discord's events are stored can't be kept: {error}");
                }
            }
        }
    }

    /// Follows one connection to its end.
    async fn follow(&mut self, at: &str) -> Result<Over, StoreError> {
        let Intake { aside, .. } = self.intake;
        let session = self.position.session.as_ref();
        let gateway = Gateway::new(&aside.api, &aside.me, self.intake.store(), at, session);
        let (sender, mut queue) = mpsc::channel(AHEAD);
        let _ends_with_this = AbortOnDropHandle::new(tokio::spawn(read(gateway, aside.clone(), sender)));
        self.ahead = None;
        self.catch_up_again().await?;
        loop {
            match self.next(&mut queue).await? {
                (Came::Event(event), echo) => {
                    let events = self.with_the_next(event, echo, &mut queue);
                    self.events(events).await?;
                }
                (Came::Odd(text), _) => self.intake.keep(None, &text).await?,
                (Came::Over(over), _) => {
                    tracing::info!(?over, "a connection to Discord's gateway has ended");
                    if over == Over::Anew {
                        (self.position.session, self.fresh) = (None, self.fresh + 1);
                    }
                    self.keep().await;
                    return Ok(over);
                }
            }
        }
    }

    /// What comes next. While nothing does, what was missed is looked up, and now and then the position is kept.
    async fn next(&mut self, queue: &mut Receiver<Read>) -> Result<Read, StoreError> {
        loop {
            if let Some(read) = self.ahead.take().or_else(|| queue.try_recv().ok()) {
                return Ok(read);
            }
            if self.kept.elapsed() >= SELDOM {
                self.keep().await;
            }
            if self.missed.is_due() {
                self.missed.look_up(self.intake).await?;
                self.caught_up();
                continue;
            }
            let keeps = (self.fresh > 0).then(|| SELDOM.saturating_sub(self.kept.elapsed()));
            let again = keeps.or(self.missed.wait());
            if let Ok(read) = timeout(again.unwrap_or(Duration::MAX), queue.recv()).await {
                return Ok(read.unwrap_or((Came::Over(Over::Resume), None)));
            }
        }
    }

    /// The event and those behind it, as far as they have come and may be stored together.
    fn with_the_next(
        &mut self,
        event: Json,
        echo: Option<Echo>,
        queue: &mut Receiver<Read>,
    ) -> Vec<(Json, Option<Echo>)> {
        let mut is_more = self.missed.is_done() && event["t"] != "READY";
        let mut events = vec![(event, echo)];
        while is_more && events.len() < TOGETHER {
            match queue.try_recv() {
                Ok((Came::Event(event), echo)) if event["t"] != "READY" => events.push((event, echo)),
                read => {
                    self.ahead = read.ok();
                    is_more = false;
                }
            }
        }
        events
    }

    async fn events(&mut self, events: Vec<(Json, Option<Echo>)>) -> Result<(), StoreError> {
        let mut told = Vec::new();
        for (event, echo) in events {
            if let Some(channel) = event["d"]["channel_id"].as_str() {
                // What was said there before comes before.
                self.missed.look_up_now(self.intake, channel).await?;
                self.caught_up();
            }
            // Within three seconds after it was read.
            let echo = if let Some(echo) = echo { echo.await.ok().flatten() } else { None };
            told.push((event, echo));
        }
        self.store(&told).await;
        for (event, _) in &told {
            self.pass(event).await?;
        }
        if self.fresh >= KEPT {
            self.keep().await;
        }
        Ok(())
    }

    /// An event is stored.
    async fn pass(&mut self, event: &Json) -> Result<(), StoreError> {
        self.position.pass(event);
        self.fresh += 1;
        self.is_greeted |= event["t"] == "READY" || event["t"] == "RESUMED";
        if event["t"] == "READY" {
            tracing::info!("a new session with Discord's gateway");
            self.keep().await;
            self.catch_up_again().await?;
        }
        Ok(())
    }

    /// Nothing else is taken in until it is stored.
    async fn store(&self, events: &[Told]) {
        let (mut done, mut pause) = (0, Duration::from_millis(100));
        while let Err(error) = self.intake.take_in(events, &mut done).await {
            tracing::error!("an event of Discord is not stored, and no other is taken in: {error}");
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }

    async fn catch_up_again(&mut self) -> Result<(), StoreError> {
        if let Some(after) = self.position.behind {
            self.missed = Missed::after(self.intake, after).await?;
            self.caught_up();
        }
        Ok(())
    }

    fn caught_up(&mut self) {
        if self.missed.is_done() && self.position.behind.take().is_some() {
            self.fresh += 1;
            tracing::info!("what came in the meantime is stored");
        }
    }
}

/// Reads one connection to its end.
async fn read(mut gateway: Gateway, aside: Aside, queue: Sender<Read>) {
    loop {
        let came = gateway.next().await;
        let is_over = matches!(came, Came::Over(_));
        let echo = if let Came::Event(event) = &came { aside.acknowledge(event) } else { None };
        if queue.send((came, echo)).await.is_err() || is_over {
            return;
        }
    }
}
