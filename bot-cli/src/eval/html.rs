//! The report as one page for a browser: its pictures and styles are in it, it runs no script and asks nobody for anything.
use anyhow::Result;
use minijinja::{Environment, context};
use serde::Serialize;

use super::calibration::bins;
use super::confusions::Confusion;
use super::interval::{Interval, hanley, wilson};
use super::measures::{Measures, PerIntent};
use super::report::{Report, What};
use super::wording::{explained, notes, percent, short, thousands};
use super::{advice, svg, thresholds};

/// Rows of a table at most: a page of thousands helps nobody.
const ROWS: usize = 200;

/// Messages shown of a confusion.
const MESSAGES: usize = 4;

/// Letters of an intent's name beside a matrix.
const LABEL: usize = 26;

/// The page.
///
/// # Errors
/// The template is wrong.
pub fn page(report: &Report) -> Result<String> {
    let mut environment = Environment::new();
    environment.add_template("page.html", include_str!("page.html"))?;
    let template = environment.get_template("page.html")?;
    Ok(template.render(context! {
        title => title(report),
        explained => explained(report),
        numbers => numbers(report),
        deeds => deeds(&report.measures),
        matrix => matrix(report),
        calibration => calibration(report),
        thresholds => curve(report),
        languages => languages(report),
        confusions => report.confusions.iter().take(ROWS).map(|it| confusion(report, it)).collect::<Vec<_>>(),
        confusions_in_all => report.confusions.len(),
        intents => intents(report),
        intents_in_all => report.per_intent.len(),
        notes => notes(report),
    })?)
}

fn title(report: &Report) -> String {
    let messages = thousands(report.messages().len());
    let typos = report
        .typos
        .map(|(typos, seed)| format!(", {typos} typing errors in each (seed {seed})"))
        .unwrap_or_default();
    match report.what() {
        What::File { file, splits, .. } => {
            let split = if splits.is_empty() { String::new() } else { format!(", {}", splits.join(" and ")) };
            format!("{messages} messages of {file}{split}{typos}")
        }
        What::Folds { folder, .. } => format!("{messages} examples of {folder}{typos}"),
    }
}

/// A number at the head of the page.
#[derive(Serialize)]
struct Number {
    value: String,
    name: &'static str,
    interval: Option<String>,
    before: Option<String>,
}

fn numbers(report: &Report) -> Vec<Number> {
    let (now, before) = (&report.measures, report.plain.as_ref());
    let of = |name: &'static str, value: fn(&Measures) -> Option<f64>, interval: Option<Interval>| {
        let shown = |(low, high): Interval| format!("{:.1} to {:.1}", low * 100.0, high * 100.0);
        value(now).map(|share| Number {
            value: percent(Some(share)),
            name,
            interval: interval.map(shown),
            before: before.and_then(value).map(|share| percent(Some(share))),
        })
    };
    let share = |hits: usize| wilson(hits, now.messages);
    let oos = now.oos.unwrap_or_default();
    let area = oos.auroc.and_then(|area| hanley(area, now.messages, oos.messages));
    let numbers = [
        of("accuracy: the right intent comes first", |it| it.share(it.right), share(now.right)),
        of("top 3: it is among the first three", |it| it.share(it.top3), share(now.top3)),
        of("macro F1: every intent counts the same", |it| it.macro_f1, None),
        of("acted on the right intent", |it| it.share(it.deeds.act_right), share(now.deeds.act_right)),
        of("acted on a wrong one", |it| it.share(it.deeds.act_wrong), share(now.deeds.act_wrong)),
        of("confidence is off by, on average", |it| it.ece, None),
        of(
            "of the messages of no intent are refused",
            |it| it.oos.map(|oos| oos.refused as f64 / oos.messages as f64),
            wilson(oos.refused, oos.messages),
        ),
        of("told apart from them by the sum of confidences (area under ROC)", |it| it.oos?.auroc, area),
    ];
    numbers.into_iter().flatten().collect()
}

/// A part of the bar of what the bot would do.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    kind: &'static str,
    x: f64,
    width: f64,
    share: String,
}

fn deeds(measures: &Measures) -> Vec<Part> {
    let deeds = measures.deeds;
    let mut x = 0.0;
    [
        ("acts on the right intent", "right", deeds.act_right),
        ("asks, the right one among the offers", "ask", deeds.ask_right),
        ("asks without the right one", "vain", deeds.ask_wrong),
        ("says that it didn't understand", "refuse", deeds.refuse),
        ("acts on a wrong intent", "wrong", deeds.act_wrong),
    ]
    .into_iter()
    .filter(|(_, _, count)| *count > 0)
    .map(|(name, kind, count)| {
        let share = measures.share(count).unwrap_or(0.0);
        let (from, until) = (svg::tenth(x), svg::tenth(x + share * 100.0));
        let part = Part { name, kind, x: from, width: svg::tenth(until - from), share: percent(Some(share)) };
        x += share * 100.0;
        part
    })
    .collect()
}

fn matrix(report: &Report) -> minijinja::Value {
    let matrix = svg::matrix(&report.confusions, report.predictions());
    let full = |place: usize, nothing: &'static str| {
        matrix.intents[place].map_or(nothing.to_owned(), |intent| report.name(intent).to_owned())
    };
    let names = |nothing: &'static str| -> Vec<String> {
        (0..matrix.intents.len()).map(|place| cut(&full(place, nothing))).collect()
    };
    let titles: Vec<String> = matrix
        .cells
        .iter()
        .map(|cell| {
            format!("{} → {}: {}", full(cell.row, "no intent"), full(cell.column, "nothing"), cell.messages)
        })
        .collect();
    context! { rows => names("no intent"), columns => names("nothing"), titles => titles, ..minijinja::Value::from_serialize(&matrix) }
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn calibration(report: &Report) -> minijinja::Value {
    let own = report.predictions().iter().filter(|it| it.label.is_some());
    let judged: Vec<(f64, bool)> = own.map(|it| (it.confidence(), it.is_right())).collect();
    context! { bars => svg::bars(&bins(&judged)), side => svg::SIDE, messages => judged.len() }
}

fn curve(report: &Report) -> minijinja::Value {
    let steps = thresholds::curve(report.catalog, report.predictions());
    let messages = report.measures.messages;
    let line = |name: &str, kind: &str, count: fn(&super::measures::Deeds) -> usize| {
        context! { name => name, kind => kind, path => svg::path(&steps, messages, count) }
    };
    let lines = [
        line("acts", "right", |it| it.act_right + it.act_wrong),
        line("asks", "ask", |it| it.ask_right + it.ask_wrong),
        line("doesn't understand", "refuse", |it| it.refuse),
        line("acts on a wrong intent", "wrong", |it| it.act_wrong),
    ];
    let every_tenth = steps.iter().step_by(5).map(|step| {
        let share = |count: usize| percent(Some(count as f64 / messages.max(1) as f64));
        let deeds = step.deeds;
        let (acts, asks) = (deeds.act_right + deeds.act_wrong, deeds.ask_right + deeds.ask_wrong);
        vec![
            format!("{:.2}", step.act),
            share(acts),
            share(asks),
            share(deeds.refuse),
            share(deeds.act_wrong),
        ]
    });
    let own = report.catalog.settings.understanding;
    context! {
        lines => lines,
        rows => every_tenth.collect::<Vec<_>>(),
        act => format!("{:.2}", own.act),
        act_x => own.act * svg::SIDE,
        ask => format!("{:.2}", own.ask),
        side => svg::SIDE,
    }
}

fn languages(report: &Report) -> Vec<minijinja::Value> {
    let row = |(language, measures): &(bot_core::text::Language, Measures)| {
        context! {
            name => language.to_string(),
            messages => thousands(measures.messages),
            accuracy => percent(measures.share(measures.right)),
            act_right => percent(measures.share(measures.deeds.act_right)),
            act_wrong => percent(measures.share(measures.deeds.act_wrong)),
        }
    };
    report.languages.iter().map(row).collect()
}

fn confusion(report: &Report, confusion: &Confusion) -> minijinja::Value {
    let message = |&index: &usize| {
        let (message, prediction) = (&report.messages()[index], &report.predictions()[index]);
        context! { text => short(&message.text), place => message.place, confidence => format!("{:.2}", prediction.confidence()) }
    };
    context! {
        right => confusion.right.map_or("no intent", |intent| report.name(intent)),
        taken => confusion.taken.map_or("nothing", |intent| report.name(intent)),
        count => confusion.messages.len(),
        of => report.messages_of(confusion.right),
        reverse => confusion.reverse,
        words => confusion.words.iter().map(|word| short(word)).collect::<Vec<_>>(),
        messages => confusion.messages.iter().take(MESSAGES).map(message).collect::<Vec<_>>(),
        advice => advice::for_confusion(report, confusion),
    }
}

/// The intents that messages mean, the least found first.
fn intents(report: &Report) -> Vec<minijinja::Value> {
    let mut intents: Vec<_> = report.per_intent.clone();
    let key = |it: &PerIntent| it.recall().unwrap_or(1.0);
    intents.sort_by(|a, b| key(&a.1).total_cmp(&key(&b.1)));
    let row = |(id, it): &(bot_core::catalog::IntentId, PerIntent)| {
        context! {
            name => report.name(*id),
            examples => report.catalog.intent(*id).examples.len(),
            messages => it.messages,
            recall => percent(it.recall()),
            precision => percent(it.precision()),
        }
    };
    intents.iter().take(ROWS).map(row).collect()
}
