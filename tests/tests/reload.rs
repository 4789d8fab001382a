//! A folder that is saved while the bot answers: good versions are swapped in, broken ones change nothing, and no answer is
//! lost or changed on the way.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::catalog::Source;
use bot_core::dialogue::Input;
use bot_core::engine::Engine;
use bot_runtime::channel::{Address, Body, Channel, Delivered, Delivery, Inbound, Outgoing, SendError};
use bot_runtime::reload::{Change, Reload, Timing, watch};
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::MemoryStore;
use jiff::Timestamp;
use tempfile::TempDir;

/// Waiting that long means that it hangs: nothing is timed.
const HANGS: Duration = Duration::from_secs(60);
/// Saves come faster than an editor's.
const FAST: Timing = Timing {
    quiet: Duration::from_millis(2),
    longest: Duration::from_millis(10),
    retry: Duration::from_millis(10),
};
const HOURS: &str = "intents: { hours: { examples: [when are you open], say: From 9 to 5. } }";

fn news(version: usize) -> String {
    format!("intents: {{ news: {{ examples: [what is new], say: This is version {version}. }} }}")
}

/// A file in the middle of being written, one with a mistake, one that is no text.
fn broken(version: usize) -> Vec<u8> {
    let text = news(version);
    match version % 3 {
        0 => text[..text.len() / 2].into(),
        1 => text.replace("say", "sya").into(),
        _ => [text.as_bytes(), b"\xff\xfe"].concat(),
    }
}

/// As editors save: in place, or beside it and then renamed.
fn save(folder: &Path, version: usize, bytes: &[u8]) {
    let file = folder.join("news.yaml");
    if version.is_multiple_of(2) {
        fs::write(file, bytes).unwrap();
    } else {
        fs::write(folder.join(".news.yaml.swp"), bytes).unwrap();
        fs::rename(folder.join(".news.yaml.swp"), file).unwrap();
    }
}

fn read(folder: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.kind().to_string())?.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            let inside = read(&path)?.into_iter();
            sources.extend(inside.map(|source| Source { name: format!("{name}/{}", source.name), ..source }));
        } else if name.ends_with(".yaml") && !name.starts_with('.') {
            sources.push(Source { name, bytes: fs::read(path).map_err(|error| error.kind().to_string())? });
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hours.yaml"), HOURS).unwrap();
    save(folder.path(), 0, news(0).as_bytes());
    folder
}

/// Watches, and passes on what is reported.
fn watched(folder: &Path) -> (Reload, Receiver<Change>) {
    let (sender, changes) = mpsc::channel();
    let running = read(folder).unwrap();
    let path = folder.to_owned();
    let report = move |change| drop(sender.send(change));
    (watch(folder, FAST, running, move || read(&path), report).unwrap(), changes)
}

fn next(changes: &Receiver<Change>) -> Change {
    changes.recv_timeout(HANGS).expect("a change is reported")
}

/// Waits for the report on that save. A file may be seen half-written before, which is reported, too.
fn wait_for(changes: &Receiver<Change>, version: usize) {
    let good = version.is_multiple_of(2);
    loop {
        match next(changes) {
            Change::Loaded(engine) if good && says(&engine, version) => return,
            Change::Broken(found) if !good && !found.problems.is_empty() => return,
            _ => {}
        }
    }
}

fn says(engine: &Engine, version: usize) -> bool {
    format!("{:?}", engine.catalog().intents).contains(&format!("This is version {version}."))
}

/// A platform that writes down what is delivered.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Vec<(String, String)>>>);

impl Ledger {
    fn of(&self, peer: &str) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        lines.iter().filter(|(to, _)| to == peer).map(|(_, text)| text.clone()).collect()
    }
}

impl Channel for Ledger {
    fn name(&self) -> &str {
        "test"
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        let Outgoing::Bot { reply } = &delivery.what else { panic!("there is no agent") };
        self.0.lock().unwrap().push((delivery.address.peer.clone(), reply.text.plain()));
        Ok(Delivered::default())
    }
}

async fn ask(runtime: &Runtime<MemoryStore>, peer: &str, number: usize, text: &str) {
    let arrival = Inbound {
        address: Address { channel: "test".to_owned(), peer: peer.to_owned() },
        key: format!("{peer}-{number}"),
        at: Timestamp::now(),
        customer: None,
        body: Body::Input { input: Input::text(text), message: None },
    };
    let received = runtime.receive(vec![arrival]).await.unwrap();
    runtime.settled(received[0].conversation).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_saves_under_traffic_lose_and_change_no_answer() {
    const SAVES: usize = 300;
    let folder = folder();
    let engine = Engine::load(read(folder.path()).unwrap()).unwrap();
    let runtime = Runtime::start(Arc::new(MemoryStore::new()), Arc::new(engine), Options::default());
    let ledger = Ledger::default();
    runtime.serve(ledger.clone());

    let saving = Arc::new(AtomicBool::new(true));
    let traffic = ["ann", "bob", "cy"].map(|peer| {
        let (runtime, saving) = (runtime.clone(), saving.clone());
        tokio::spawn(async move {
            let mut asked = 0;
            while saving.load(Ordering::SeqCst) {
                asked += 1;
                ask(&runtime, peer, asked, "when are you open").await;
            }
            (peer, asked)
        })
    });

    let (path, swapped) = (folder.path().to_owned(), runtime.clone());
    tokio::task::spawn_blocking(move || {
        let (sender, changes) = mpsc::channel();
        let (running, from) = (read(&path).unwrap(), path.clone());
        let report = move |change| {
            if let Change::Loaded(engine) = &change {
                swapped.swap(engine.clone());
            }
            let _ = sender.send(change);
        };
        let _reload = watch(&path, FAST, running, move || read(&from), report).unwrap();
        for version in 1..=SAVES + 1 {
            let bytes = if version % 2 == 0 { news(version).into_bytes() } else { broken(version) };
            save(&path, version, &bytes);
            wait_for(&changes, version);
        }
    })
    .await
    .unwrap();
    saving.store(false, Ordering::SeqCst);

    for task in traffic {
        let (peer, asked) = task.await.unwrap();
        assert!(asked > SAVES / 10, "{peer} asked only {asked} times");
        assert_eq!(ledger.of(peer), vec!["From 9 to 5."; asked], "{peer}");
    }
    ask(&runtime, "dee", 1, "what is new").await;
    assert_eq!(ledger.of("dee"), ["This is version 300."], "the last one was broken");
    runtime.stop().await.unwrap();
}

#[test]
fn what_did_not_change_is_not_loaded_again() {
    let folder = folder();
    let (_reload, changes) = watched(folder.path());
    save(folder.path(), 0, news(0).as_bytes());
    fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    save(folder.path(), 2, news(2).as_bytes());
    // A file that is written in place is empty for a moment, and may be seen so.
    let first = next(&changes);
    assert!(!matches!(&first, Change::Loaded(engine) if says(engine, 0)), "{first:?}");
}

#[test]
fn what_was_saved_before_watching_began_is_seen() {
    let folder = folder();
    let (sender, changes) = mpsc::channel();
    let path = folder.path().to_owned();
    let running = read(folder.path()).unwrap();
    save(folder.path(), 2, news(2).as_bytes());
    let report = move |change| drop(sender.send(change));
    let _reload = watch(folder.path(), FAST, running, move || read(&path), report).unwrap();
    wait_for(&changes, 2);
}

#[test]
fn files_in_new_folders_are_seen() {
    let folder = folder();
    let (_reload, changes) = watched(folder.path());
    fs::create_dir(folder.path().join("more")).unwrap();
    fs::remove_file(folder.path().join("news.yaml")).unwrap();
    fs::write(folder.path().join("more/news.yaml"), news(4)).unwrap();
    wait_for(&changes, 4);
    fs::write(folder.path().join("more/news.yaml"), news(6)).unwrap();
    wait_for(&changes, 6);
}

#[test]
fn a_folder_that_is_gone_is_taken_up_again_when_it_is_back() {
    let place = tempfile::tempdir().unwrap();
    let (here, away) = (place.path().join("bot"), place.path().join("away"));
    fs::create_dir(&here).unwrap();
    save(&here, 0, news(0).as_bytes());
    let (_reload, changes) = watched(&here);
    fs::rename(&here, &away).unwrap();
    let gone = next(&changes);
    assert!(matches!(gone, Change::Unreadable(_)), "{gone:?}");
    fs::create_dir(&here).unwrap();
    save(&here, 2, news(2).as_bytes());
    wait_for(&changes, 2);
    save(&here, 4, news(4).as_bytes());
    wait_for(&changes, 4);
}

#[test]
fn nothing_is_reported_after_it_was_dropped() {
    let folder = folder();
    let (reload, changes) = watched(folder.path());
    drop(reload);
    // The sender lives in the thread: once that has ended, there is nobody who could report.
    assert!(changes.recv_timeout(HANGS).is_err_and(|error| error == mpsc::RecvTimeoutError::Disconnected));
}
