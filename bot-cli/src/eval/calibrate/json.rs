//! The report for programs: one object.
use std::io::{self, Write};

use bot_core::matcher::Constants;
use serde_json::{Map, Value as Json, json};

use super::judged::Judged;
use super::report::{ADVICE, Of, Report, Row, Source, named};
use crate::explain::rounded;

/// Writes it.
///
/// # Errors
/// The stream can't be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(&object(report))?)
}

fn object(report: &Report) -> Json {
    let rows: Vec<Json> = report.rows.iter().map(|row| fitted(row, &report.sources)).collect();
    json!({
        "seed": report.seed,
        "splits": report.splits,
        "files": report.sources.iter().map(source).collect::<Vec<_>>(),
        "constants": report.fitted().map(constants),
        "in_use": constants(&Constants::IN_USE),
        "fitted": rows,
        "advice": ADVICE,
    })
}

fn source(source: &Source) -> Json {
    json!({
        "file": source.name,
        "left_out": source.skipped,
        "folders": source.sizes,
        "messages": source.messages,
    })
}

fn fitted(row: &Row, sources: &[Source]) -> Json {
    let to = match &row.of {
        Of::File(name) => json!(name),
        Of::All => json!("all"),
        Of::InUse => json!("in use"),
    };
    let judged: Vec<Json> =
        sources.iter().zip(&row.judged).map(|(source, it)| judged(&source.name, it)).collect();
    json!({ "to": to, "constants": constants(&row.constants), "judged": judged })
}

fn judged(file: &str, it: &Judged) -> Json {
    json!({
        "file": file,
        "loss": rounded(it.loss),
        "ece": rounded(it.ece),
        "accuracy": rounded(it.accuracy),
        "auroc": it.auroc.map(rounded),
    })
}

fn constants(of: &Constants) -> Json {
    let of: Map<String, Json> =
        named(of).map(|(name, value)| (name.to_owned(), json!(rounded(value)))).collect();
    Json::Object(of)
}
