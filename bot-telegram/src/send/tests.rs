use bot_core::reply::Markup;
use bot_runtime::split::split;
use proptest::prelude::*;
use serde_json::{Value as Json, json, to_value};

use super::*;

fn shown(text: &str) -> (String, Json) {
    let Text { text, entities } = Text::of(&Markup(text.to_owned()).runs());
    (text, to_value(entities).unwrap())
}

#[test]
fn styles_are_entities_beside_the_text() {
    let rows = [
        ("plain <b>text</b> _x_", "plain <b>text</b> _x_", json!([])),
        ("a **b** c", "a b c", json!([{ "type": "bold", "offset": 2, "length": 1 }])),
        // Offsets count UTF-16 units.
        ("👩‍👧 *ü*", "👩‍👧 ü", json!([{ "type": "italic", "offset": 6, "length": 1 }])),
        ("**`x*y`**", "x*y", json!([{ "type": "code", "offset": 0, "length": 3 }])),
        (
            "[shop](https://a.b/c)",
            "shop",
            json!([{ "type": "text_link", "url": "https://a.b/c", "offset": 0, "length": 4 }]),
        ),
        // Telegram links web addresses only; the others are written out before.
        ("[us](mailto:a@b.c)", "us", json!([])),
    ];
    for (source, text, entities) in rows {
        assert_eq!(shown(source), (text.to_owned(), entities), "{source}");
    }
}

#[test]
fn short_labels_stand_side_by_side() {
    let rows = |labels: &[&str]| -> Vec<usize> {
        let keyboard = keyboard(labels.iter().map(|label| (*label, "b:1".to_owned()))).unwrap();
        keyboard.inline_keyboard.iter().map(Vec::len).collect()
    };
    assert_eq!(rows(&["1", "2", "3", "4", "5", "Skip"]), [5, 1]);
    assert_eq!(rows(&["Yes", "No"]), [2]);
    assert_eq!(rows(&["Claim", "Hand back", "Close"]), [3]);
    assert_eq!(rows(&["Where is my parcel?", "Yes"]), [1, 1]);
    assert_eq!(keyboard(std::iter::empty()), None);
}

#[test]
fn labels_and_keyboards_are_such_as_telegram_takes() {
    let labels = |texts: &[&str]| -> Vec<String> {
        let keyboard = keyboard(texts.iter().map(|text| (*text, "b:1".to_owned()))).unwrap();
        keyboard.inline_keyboard.concat().into_iter().map(|button| button.text).collect()
    };
    let long = "What is to be done about a parcel that came to somebody else";
    assert_eq!(labels(&["Yes", "", " \n\u{0} ", "two\nlines"]), ["Yes", "…", "…", "two lines"]);
    assert_eq!(labels(&[long]), [long]);
    assert_eq!(labels(&[&long.repeat(2), &"👍".repeat(33)]), [format!("{long}Wha…"), "👍".repeat(31) + "…"]);
    assert_eq!(labels(&[long; 150]).len(), 100);
}

#[test]
fn files_are_copied_at_once_where_it_goes() {
    let read = |files: &[&str]| {
        let files: Vec<_> = files.iter().map(|file| (*file).to_owned()).collect();
        groups(&files)
    };
    let own = |chat, ids: &[i32]| Group::Own(ChatId(chat), ids.to_vec());
    assert_eq!(read(&["1/11", "1/12/AgAC-_x"]), [own(1, &[11, 12])]);
    // Telegram wants rising ids.
    assert_eq!(read(&["1/12", "1/11", "1/11"]), [own(1, &[12]), own(1, &[11]), own(1, &[11])]);
    assert_eq!(read(&["1/12", "-5/1"]), [own(1, &[12]), own(-5, &[1])]);
    let discord_s = "1574156999292092416/1574157054195531780/1574157054195531776";
    for foreign in ["https://x/y", "1", "", "1/x", "a/1", discord_s] {
        assert_eq!(read(&["1/12", foreign]), [own(1, &[12]), Group::Foreign(foreign.to_owned())]);
    }
    let many: Vec<_> = (0..250).map(|id| format!("1/{id}")).collect();
    let long = |group: &Group| if let Group::Own(_, ids) = group { ids.len() } else { 0 };
    assert_eq!(groups(&many).iter().map(long).collect::<Vec<_>>(), [100, 100, 50]);
}

#[test]
fn peers_are_chats() {
    assert_eq!(chat("12"), Ok(ChatId(12)));
    assert_eq!(chat("-100:12"), Ok(ChatId(-100)));
    assert!(chat("discord").is_err());
}

proptest! {
    #[test]
    fn entities_are_inside_the_text_and_on_whole_characters(text in any::<String>(), styled in "[*`\\[\\]()ab👍é ]{0,60}") {
        let all: Vec<Run> = split(&Markup(format!("{styled}{text}{styled}")).runs(), 50, utf16).concat();
        let Text { text, entities } = Text::of(&all);
        let units: Vec<u16> = text.encode_utf16().collect();
        for entity in entities {
            prop_assert!(entity.length > 0);
            prop_assert!(String::from_utf16(&units[entity.offset..entity.offset + entity.length]).is_ok());
        }
    }
}
