//! Watches the bot's folder: a saved file is checked and swapped in; a broken one leaves the old bot running.
//!
//! What it is not: it does not know how a folder is read, nor who runs the bot. Both come in as arguments.
//!
//! ```text
//! save ─► notify ─► wait until it is quiet ─► read ─► other bytes than before? ─► Engine::load ─► report
//! ```
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use bot_core::catalog::{Diagnostics, Source};
use bot_core::engine::Engine;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// What became of a saved folder.
#[derive(Debug)]
pub enum Change {
    /// It is a bot: let it run from the next turn on.
    Loaded(Arc<Engine>),
    /// It has errors: the old bot goes on.
    Broken(Diagnostics),
    /// It can't be read, with the reason: the old bot goes on.
    Unreadable(String),
}

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// A folder is read when nothing in it has changed for so long: editors save in several steps.
    pub quiet: Duration,
    /// … or when it has been changing for so long.
    pub longest: Duration,
    /// A folder that is gone is looked for again after so long.
    pub retry: Duration,
}

impl Default for Timing {
    /// Quiet for 200 ms, 600 ms at most: with the loading, a save is seen within a second.
    fn default() -> Timing {
        Timing {
            quiet: Duration::from_millis(200),
            longest: Duration::from_millis(600),
            retry: Duration::from_millis(500),
        }
    }
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Reload {
    signals: Sender<Signal>,
}

impl Drop for Reload {
    fn drop(&mut self) {
        // The thread may have ended, which is as well.
        let _ = self.signals.send(Signal::Stop);
    }
}

enum Signal {
    Changed,
    Stop,
}

/// Watches a folder, in a thread of its own. `running` is what the bot that runs was loaded from; `read` reads the folder, its
/// error in words for the author; `report` is told of each change. Equal bytes are no change.
///
/// # Errors
/// The system can't watch the folder: there are too many watches, or it is gone.
pub fn watch(
    folder: &Path,
    timing: Timing,
    running: Vec<Source>,
    read: impl FnMut() -> Result<Vec<Source>, String> + Send + 'static,
    report: impl FnMut(Change) + Send + 'static,
) -> Result<Reload, notify::Error> {
    let (signals, received) = mpsc::channel();
    let changed = signals.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.as_ref().map_or(true, is_change) {
            let _ = changed.send(Signal::Changed);
        }
    })?;
    watcher.watch(folder, RecursiveMode::Recursive)?;
    let folder = folder.to_owned();
    let watching =
        Watching { folder, timing, seen: Ok(running), lost: false, watcher, signals: received, read, report };
    thread::Builder::new().name("reload".to_owned()).spawn(|| watching.run()).map_err(notify::Error::io)?;
    Ok(Reload { signals })
}

/// Reading is an event, too: without this, each look at the folder would be the reason for the next.
fn is_change(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

struct Watching<R, F> {
    folder: PathBuf,
    timing: Timing,
    /// What was read last, whether it was a bot or not.
    seen: Result<Vec<Source>, String>,
    /// The folder is gone, and with it the watch on it.
    lost: bool,
    watcher: RecommendedWatcher,
    signals: Receiver<Signal>,
    read: R,
    report: F,
}

impl<R: FnMut() -> Result<Vec<Source>, String>, F: FnMut(Change)> Watching<R, F> {
    fn run(mut self) {
        // What was saved after the bot was loaded, and before it was watched.
        self.look();
        while self.wait_for_change() && quiet(&self.signals, self.timing) {
            self.look();
        }
    }

    /// `false`: stop.
    fn wait_for_change(&mut self) -> bool {
        if !self.lost {
            return matches!(self.signals.recv(), Ok(Signal::Changed));
        }
        match self.signals.recv_timeout(self.timing.retry) {
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Ok(Signal::Changed) | Err(RecvTimeoutError::Timeout) => {}
        }
        // What was watched is gone, even if something of that name is back: it is read only when it is watched again.
        let _ = self.watcher.unwatch(&self.folder);
        self.lost = self.watcher.watch(&self.folder, RecursiveMode::Recursive).is_err();
        true
    }

    fn look(&mut self) {
        let now = (self.read)();
        self.lost |= now.is_err();
        if now == self.seen {
            return;
        }
        self.seen = now;
        (self.report)(match &self.seen {
            Err(reason) => Change::Unreadable(reason.clone()),
            Ok(sources) => match Engine::load(sources.clone()) {
                Ok(engine) => Change::Loaded(Arc::new(engine)),
                Err(problems) => Change::Broken(problems),
            },
        });
    }
}

/// Waits until nothing changes any more, but not for ever. `false`: stop.
fn quiet(signals: &Receiver<Signal>, timing: Timing) -> bool {
    let began = Instant::now();
    while began.elapsed() < timing.longest {
        match signals.recv_timeout(timing.quiet) {
            Ok(Signal::Changed) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}
