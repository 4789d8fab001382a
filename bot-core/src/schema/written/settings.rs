//! `bot.yaml` as it is written.
use serde_json::Value as Json;

use crate::schema::keys;
use crate::schema::read::{At, Fields, Words};
use crate::schema::report::Report;
use crate::schema::tree::{Kind, Node};

#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub name: Option<Words>,
    pub languages: Vec<Words>,
    pub greeting: Option<Words>,
    pub act: Option<At<f64>>,
    pub ask: Option<At<f64>>,
    pub tie: Option<At<f64>>,
    pub misses: Option<At<u32>>,
    pub hours: Option<Hours>,
    pub teams: Vec<Team>,
    pub rating: Option<At<bool>>,
    pub claim_within: Option<Words>,
    pub answer_within: Option<Words>,
    pub remind: Option<Words>,
    pub park: Option<Words>,
    pub quiet: Option<Words>,
    pub keep: Option<Words>,
    pub facts: Vec<(Words, Json)>,
}

#[derive(Debug)]
pub(crate) struct Team {
    pub name: Words,
    /// The desks that show its tickets.
    pub desks: Vec<Words>,
}

#[derive(Debug)]
pub(crate) struct Hours {
    pub key: Words,
    pub timezone: Option<Words>,
    /// `mon-fri` and its times.
    pub days: Vec<(Words, Words)>,
    pub closed: Vec<Words>,
}

pub(super) fn read(fields: &Fields<'_>) -> Settings {
    let report = fields.report;
    let group = |key: &str, shape| {
        fields.node(key).and_then(|node| Fields::open(report, node, &format!("`{key}`"), &[shape]))
    };
    let understanding = group("understanding", keys::UNDERSTANDING);
    let handoff = group("handoff", keys::HANDOFF);
    let silence = group("silence", keys::SILENCE);
    let number = |key| understanding.as_ref().and_then(|fields| fields.number(key));
    let within = |key| handoff.as_ref().and_then(|fields| fields.words(key));
    let quiet = |key| silence.as_ref().and_then(|fields| fields.words(key));
    let facts = fields.node("facts").map_or_else(Vec::new, |node| report.entries(node, "`facts`"));
    Settings {
        name: fields.words("name"),
        languages: fields.texts("languages"),
        greeting: fields.words("greeting"),
        act: number("act"),
        ask: number("ask"),
        tie: number("tie"),
        misses: understanding.as_ref().and_then(|fields| fields.count("misses", 1)),
        hours: handoff.as_ref().and_then(hours),
        teams: handoff
            .as_ref()
            .and_then(|fields| fields.node("teams"))
            .map_or_else(Vec::new, |node| teams(report, node)),
        rating: handoff.as_ref().and_then(|fields| fields.flag("rating")),
        claim_within: within("claim_within"),
        answer_within: within("answer_within"),
        remind: quiet("remind"),
        park: quiet("park"),
        quiet: quiet("quiet"),
        keep: fields.words("keep"),
        facts: facts.into_iter().map(|(name, node)| (name, report.json(node))).collect(),
    }
}

/// `{ support: { desk: discord }, billing: {} }` or `[support, billing]`.
fn teams(report: &Report, node: &Node) -> Vec<Team> {
    if let Kind::List(_) | Kind::Scalar { .. } = &node.kind {
        let names = report.texts(node, "`teams`").into_iter();
        return names.map(|name| Team { name, desks: Vec::new() }).collect();
    }
    let team = |(name, node): (Words, &Node)| {
        let what = format!("the team `{}`", name.text);
        let fields = Fields::open(report, node, &what, &[keys::TEAM]);
        Team { name, desks: fields.map_or_else(Vec::new, |fields| fields.texts("desk")) }
    };
    report.entries(node, "`teams`").into_iter().map(team).collect()
}

fn hours(handoff: &Fields<'_>) -> Option<Hours> {
    let report = handoff.report;
    let (key, node) = handoff.entry("hours")?;
    let fields =
        Fields::open_with(report, node, "`hours`", &[keys::HOURS], |key| key.contains('-') || is_day(key))?;
    let days = fields.all().filter(|(key, _)| key.text.contains('-') || is_day(&key.text));
    Some(Hours {
        key: report.words(key, "a key")?,
        timezone: fields.words("timezone"),
        days: days
            .filter_map(|(day, node)| Some((day.clone(), report.words(node, &format!("`{}`", day.text))?)))
            .collect(),
        closed: fields.drafts("closed"),
    })
}

/// Whether a key is a day, written short or out.
fn is_day(key: &str) -> bool {
    day(key).is_some()
}

/// The number of a day by its English name, short or written out; 0 is Monday.
pub(crate) fn day(name: &str) -> Option<usize> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.trim().to_lowercase();
    DAYS.iter().position(|day| *day == name || day[..3] == *name)
}
