//! Messages that are changed or taken back after they were sent.
use bot_core::dialogue::{AttachmentKind, Input};
use bot_runtime::channel::Body;
use bot_runtime::store::Store;

use crate::harness::*;

enum Step {
    Text(&'static str, &'static str),
    Picture(&'static str, Option<&'static str>),
    Press,
    Unnamed(&'static str),
    Edit(&'static str, &'static str),
    Delete(&'static str),
    /// All that waits is done with.
    Turn,
}
use Step::*;

struct Case {
    name: &'static str,
    steps: Vec<Step>,
    waits: Vec<Input>,
}

fn edited(before: &str, text: &str, last: bool) -> Input {
    Input::Edited { before: before.to_owned(), text: text.to_owned(), last }
}

fn deleted(before: &str) -> Input {
    Input::Deleted { before: before.to_owned() }
}

fn picture(caption: &str) -> Input {
    Input::Attachment {
        kind: AttachmentKind::Picture,
        caption: Some(caption.to_owned()),
        files: vec![],
        album: None,
    }
}

fn cases() -> Vec<Case> {
    let case = |name, steps, waits| Case { name, steps, waits };
    vec![
        case(
            "one that waits is changed in its place",
            vec![Text("1", "hello"), Text("2", "bye"), Edit("1", "good day")],
            vec![Input::text("good day"), Input::text("bye")],
        ),
        case(
            "what stands under a picture",
            vec![Picture("1", None), Edit("1", "my tent")],
            vec![picture("my tent")],
        ),
        case(
            "the last one that is done with",
            vec![Text("1", "12345"), Turn, Edit("1", "12346")],
            vec![edited("12345", "12346", true)],
        ),
        case(
            "an earlier one that is done with",
            vec![Text("1", "12345"), Text("2", "thanks"), Turn, Edit("1", "12346")],
            vec![edited("12345", "12346", false)],
        ),
        case(
            "the last one is still waiting",
            vec![Text("1", "12345"), Turn, Text("2", "thanks"), Edit("1", "12346")],
            vec![Input::text("thanks"), edited("12345", "12346", false)],
        ),
        case(
            "a press came after it",
            vec![Text("1", "12345"), Press, Turn, Edit("1", "12346")],
            vec![edited("12345", "12346", false)],
        ),
        case(
            "a message without a name came after it",
            vec![Text("1", "12345"), Unnamed("thanks"), Unnamed("bye"), Turn, Edit("1", "12346")],
            vec![edited("12345", "12346", false)],
        ),
        case("nothing is changed", vec![Text("1", "12345"), Turn, Edit("1", "12345")], vec![]),
        case("the message is not known", vec![Text("1", "12345"), Turn, Edit("7", "12346")], vec![]),
        case(
            "twice",
            vec![Text("1", "a"), Turn, Edit("1", "b"), Edit("1", "c")],
            vec![edited("a", "b", true), edited("b", "c", true)],
        ),
        case(
            "taken back before it was read",
            vec![Text("1", "12345"), Text("2", "thanks"), Delete("1")],
            vec![deleted("12345"), Input::text("thanks")],
        ),
        case(
            "the one before is the last again",
            vec![Text("1", "12345"), Turn, Text("2", "oops"), Delete("2"), Turn, Edit("1", "12346")],
            vec![edited("12345", "12346", true)],
        ),
        case("taken back later", vec![Text("1", "12345"), Turn, Delete("1")], vec![deleted("12345")]),
        case(
            "taken back and changed",
            vec![Text("1", "a"), Turn, Delete("1"), Edit("1", "b")],
            vec![deleted("a")],
        ),
        case(
            "the bot has answered what was taken back",
            vec![Text("1", "a"), Text("2", "b"), Turn, Delete("2"), Turn, Edit("1", "c")],
            vec![edited("a", "c", false)],
        ),
        case("taken back what is not known", vec![Delete("1")], vec![]),
    ]
}

fn body(step: &Step) -> Body {
    let owned = |words: &&str| (*words).to_owned();
    let named = |input, name: &str| Body::Input { input, message: Some(name.into()) };
    match step {
        Text(name, text) => named(Input::text(*text), name),
        Picture(name, caption) => {
            let (kind, caption) = (AttachmentKind::Picture, caption.as_ref().map(owned));
            named(Input::Attachment { kind, caption, files: vec![], album: None }, name)
        }
        // A press is named after the bot's message that bears the button.
        Press => named(Input::Press { id: "7".to_owned() }, "bot's"),
        Unnamed(text) => Body::Input { input: Input::text(*text), message: None },
        Edit(name, text) => Body::Edit { message: owned(name), text: owned(text) },
        Delete(name) => Body::Delete { message: owned(name) },
        Turn => unreachable!("it is no arrival"),
    }
}

pub async fn edits_find_their_message(store: impl Store) {
    for case in cases() {
        for (number, step) in case.steps.iter().enumerate() {
            if let Turn = step {
                let id = store.find(&address(case.name)).await.unwrap().unwrap();
                turn(&store, id, |_| {}).await;
                continue;
            }
            let key = format!("{} {number}", case.name);
            let received = store.receive(vec![arrival(case.name, &key, body(step))], at(0)).await.unwrap();
            assert!(received[0].is_new);
        }
        let id = store.find(&address(case.name)).await.unwrap().unwrap();
        assert_eq!(waiting(&store, id).await, case.waits, "{}", case.name);
    }
}

pub async fn a_turn_with_the_old_text_does_not_fit_any_more(store: impl Store) {
    for step in [Edit("1", "12346"), Delete("1")] {
        let peer = body_name(&step);
        let id = write(&store, peer, &format!("{peer} 1"), "12345").await;
        let loaded = load(&store, id).await;
        let changed = match step {
            Edit(_, text) => Body::Edit { message: format!("{peer} 1"), text: text.to_owned() },
            _ => Body::Delete { message: format!("{peer} 1") },
        };
        store.receive(vec![arrival(peer, &format!("{peer} 2"), changed)], at(0)).await.unwrap();
        assert!(
            !store.commit(done(&loaded)).await.unwrap(),
            "{peer}: the bot would answer what is no longer there"
        );
        turn(&store, id, |_| {}).await;
    }
}

fn body_name(step: &Step) -> &'static str {
    if matches!(step, Edit(..)) { "edit" } else { "delete" }
}
