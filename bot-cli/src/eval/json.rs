//! The report for programs: one object.
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::advice;
use super::confusions::Confusion;
use super::interval::{Interval, hanley, wilson};
use super::measures::Measures;
use super::report::{Report, What};
use super::wording::notes;
use crate::explain::rounded;

/// Writes it.
///
/// # Errors
/// The stream can't be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(&object(report))?)
}

fn object(report: &Report) -> Json {
    let mut object = measures(&report.measures);
    object.extend(speed(report));
    if let (Some((typos, seed)), Some(plain)) = (report.typos, &report.plain) {
        object.insert("typos".into(), json!({ "edits": typos, "seed": seed }));
        object.insert("without_typos".into(), Json::Object(measures(plain)));
        object.insert("loss".into(), loss(&report.measures, plain));
    }
    object.insert("measured_with".into(), source(report.what()));
    let languages = report
        .languages
        .iter()
        .map(|(language, measured)| (language.to_string(), Json::Object(measures(measured))));
    object.insert("languages".into(), Json::Object(languages.collect()));
    object.insert("intents".into(), Json::Object(intents(report)));
    object.insert("confusions".into(), report.confusions.iter().map(|it| confusion(report, it)).collect());
    object.insert("nearer".into(), report.nearer.iter().map(|&index| nearer(report, index)).collect());
    object.insert("weak".into(), report.weak.iter().map(|weak| json!(report.name(weak.intent))).collect());
    object.insert("left_out".into(), json!(report.taking_part().left_out));
    object.insert("never".into(), json!(report.taking_part().never));
    object.insert("notes".into(), json!(notes(report)));
    Json::Object(object)
}

fn measures(of: &Measures) -> Map<String, Json> {
    let Measures { messages: n, deeds, oos, .. } = *of;
    let share = |count: usize| of.share(count).map(rounded);
    let of_oos = |count: usize| oos.map(|oos| rounded(count as f64 / oos.messages as f64));
    let auroc = oos.and_then(|oos| oos.auroc);
    let area = |auroc: f64| hanley(auroc, n, oos?.messages);
    let object = json!({
        "n": n,
        "accuracy": share(of.right),
        "accuracy_95": interval(wilson(of.right, n)),
        "macro_f1": of.macro_f1.map(rounded),
        "top3": share(of.top3),
        "top3_95": interval(wilson(of.top3, n)),
        "act_right": share(deeds.act_right),
        "act_right_95": interval(wilson(deeds.act_right, n)),
        "act_wrong": share(deeds.act_wrong),
        "act_wrong_95": interval(wilson(deeds.act_wrong, n)),
        "ask_right": share(deeds.ask_right),
        "ask_wrong": share(deeds.ask_wrong),
        "refuse": share(deeds.refuse),
        "ece": of.ece.map(rounded),
        "ece_with_oos": of.ece_all.map(rounded),
        "n_oos": oos.map_or(0, |oos| oos.messages),
        "auroc": auroc.map(rounded),
        "auroc_95": interval(auroc.and_then(area)),
        "oos_recall": oos.and_then(|oos| of_oos(oos.refused)),
        "oos_recall_95": interval(oos.and_then(|oos| wilson(oos.refused, oos.messages))),
        "oos_ask": oos.and_then(|oos| of_oos(oos.asked)),
        "oos_act": oos.and_then(|oos| of_oos(oos.acted)),
    });
    match object {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}

fn interval(interval: Option<Interval>) -> Json {
    interval.map_or(Json::Null, |(low, high)| json!([rounded(low), rounded(high)]))
}

fn speed(report: &Report) -> [(String, Json); 7] {
    let speed = report.speed;
    let tenth = |value: Option<f64>| json!(value.map(|value| (value * 10.0).round() / 10.0));
    [
        ("load_ms".into(), tenth(speed.load.cpu.or(Some(speed.load.wall)))),
        ("load_cpu_ms".into(), tenth(speed.load.cpu)),
        ("load_wall_ms".into(), tenth(Some(speed.load.wall))),
        ("p50_us".into(), tenth(speed.p50)),
        ("p99_us".into(), tenth(speed.p99)),
        ("matcher_p50_us".into(), tenth(speed.matcher_p50)),
        ("peak_rss_mb".into(), tenth(speed.memory)),
    ]
}

/// What typing errors cost: shares, 0.01 is one message in a hundred.
fn loss(now: &Measures, before: &Measures) -> Json {
    let lost =
        |of: fn(&Measures) -> Option<f64>| of(before).zip(of(now)).map(|(before, now)| rounded(before - now));
    json!({
        "accuracy": lost(|of| of.share(of.right)),
        "macro_f1": lost(|of| of.macro_f1),
        "top3": lost(|of| of.share(of.top3)),
        "act_right": lost(|of| of.share(of.deeds.act_right)),
        "auroc": lost(|of| of.oos?.auroc),
    })
}

fn source(what: &What) -> Json {
    match what {
        What::File { file, splits, skipped } => json!({ "file": file, "splits": splits, "skipped": skipped }),
        What::Folds { folder, folds, alone, unfilled, .. } => {
            json!({ "folder": folder, "folds": folds, "single_example": alone, "unfilled": unfilled })
        }
    }
}

fn intents(report: &Report) -> Map<String, Json> {
    let intent = |(id, it): &(bot_core::catalog::IntentId, super::measures::PerIntent)| {
        let numbers = json!({
            "n": it.messages,
            "recall": it.recall().map(rounded),
            "precision": it.precision().map(rounded),
            "f1": rounded(it.f1()),
            "examples": report.catalog.intent(*id).examples.len(),
        });
        (report.name(*id).to_owned(), numbers)
    };
    report.per_intent.iter().map(intent).collect()
}

fn confusion(report: &Report, confusion: &Confusion) -> Json {
    let messages = confusion.messages.iter().map(|&index| {
        let (message, prediction) = (&report.messages()[index], &report.predictions()[index]);
        json!({ "text": message.text, "place": message.place, "confidence": rounded(prediction.confidence()), "decision": prediction.decision })
    });
    json!({
        "intent": confusion.right.map(|intent| report.name(intent)),
        "taken_for": confusion.taken.map(|intent| report.name(intent)),
        "count": confusion.messages.len(),
        "reverse": confusion.reverse,
        "words": confusion.words,
        "advice": advice::for_confusion(report, confusion),
        "messages": messages.collect::<Vec<Json>>(),
    })
}

fn nearer(report: &Report, index: usize) -> Json {
    let (message, prediction) = (&report.messages()[index], &report.predictions()[index]);
    let near = |near: Option<&super::prediction::Nearest>| {
        near.map(
            |near| json!({ "text": near.text, "place": near.place, "similarity": rounded(near.similarity) }),
        )
    };
    let rival = prediction.rival.as_ref();
    json!({
        "intent": prediction.label.map(|label| report.name(label)),
        "text": message.text,
        "place": message.place,
        "own": near(rival.and_then(|rival| rival.own.as_ref())),
        "nearer_to": rival.map(|rival| report.name(rival.intent)),
        "nearest": near(rival.and_then(|rival| rival.nearest.as_ref())),
    })
}
