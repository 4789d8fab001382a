//! The report for people: what was drawn, the constants, how they do on each file, and the lines for the source.
use std::io::{self, Write};

use bot_core::matcher::Constants;

use super::super::wording::{percent, thousands};
use super::judged::Judged;
use super::report::{ADVICE, Of, Report, Row, Source, named};
use crate::paint::Paint;
use crate::problems::counted;

/// Writes it.
///
/// # Errors
/// The stream can't be written to.
pub fn write(report: &Report, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
    writeln!(
        out,
        "constants of the confidence, fitted to {} (seed {})",
        counted(report.sources.len(), "set"),
        report.seed
    )?;
    let explained = [
        "each folder meets messages that it has never seen: half with a typing error, three in ten cut down to a few words,",
        "and twenty in a hundred of no intent: intents that were held out, or another set's",
    ];
    explained.iter().try_for_each(|line| writeln!(out, "{}", paint.dim(line)))?;
    let width = report.rows.iter().map(|row| label(&row.of).chars().count()).max().unwrap_or(0);
    let page = Page { report, paint, width };
    page.drawn(out)?;
    page.constants(out)?;
    page.judged(out)?;
    page.source(out)
}

struct Page<'a> {
    report: &'a Report,
    paint: Paint,
    /// Of the first column.
    width: usize,
}

impl Page<'_> {
    fn title(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", self.paint.bold(title))
    }

    fn columns(&self, out: &mut dyn Write, columns: &[&str]) -> io::Result<()> {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        writeln!(out, "{}", self.paint.dim(&self.line("", &columns)))
    }

    fn line(&self, first: &str, cells: &[String]) -> String {
        let cells: String = cells.iter().map(|cell| format!(" {cell:>13}")).collect();
        format!("  {first:<width$}{cells}", width = self.width)
    }

    fn drawn(&self, out: &mut dyn Write) -> io::Result<()> {
        self.title(out, &format!("drawn, with the messages of {}", self.report.splits.join(" and ")))?;
        self.columns(out, &["folders", "intents", "messages"])?;
        for Source { name, sizes, messages, .. } in &self.report.sources {
            let (least, most) = (sizes.iter().min().unwrap_or(&0), sizes.iter().max().unwrap_or(&0));
            let intents = if least == most { most.to_string() } else { format!("{least} to {most}") };
            let cells = [sizes.len().to_string(), intents, thousands(*messages)];
            writeln!(out, "{}", self.line(name, &cells))?;
        }
        Ok(())
    }

    fn constants(&self, out: &mut dyn Write) -> io::Result<()> {
        self.title(out, "fitted to")?;
        let names: Vec<&str> = named(&Constants::IN_USE).map(|(name, _)| name).collect();
        self.columns(out, &names)?;
        for Row { of, constants, .. } in &self.report.rows {
            let cells: Vec<String> = named(constants).map(|(_, value)| format!("{value:.2}")).collect();
            writeln!(out, "{}", self.line(&label(of), &cells))?;
        }
        Ok(())
    }

    fn judged(&self, out: &mut dyn Write) -> io::Result<()> {
        for (at, source) in self.report.sources.iter().enumerate() {
            self.title(out, &format!("judged on {}, when fitted to", source.name))?;
            self.columns(out, &["loss", "off", "accuracy", "under ROC"])?;
            for Row { of, judged, .. } in &self.report.rows {
                let Judged { loss, ece, accuracy, auroc } = judged[at];
                let cells =
                    [format!("{loss:.4}"), format!("{ece:.3}"), percent(Some(accuracy)), percent(auroc)];
                writeln!(out, "{}", self.line(&label(of), &cells))?;
            }
        }
        let explained = "off: calibration error; under ROC: how well messages of no intent are told apart";
        writeln!(out, "{}", self.paint.dim(explained))
    }

    /// The lines for the source.
    fn source(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(fitted) = self.report.fitted() else { return Ok(()) };
        self.title(out, "in the source")?;
        for ((name, value), (_, now)) in named(fitted).zip(named(&Constants::IN_USE)) {
            let line = format!("const {name}: f64 = {value:.2};");
            writeln!(out, "  {line:<34} {}", self.paint.dim(&format!("// in use: {now:.2}")))?;
        }
        writeln!(out, "  → {ADVICE}")
    }
}

fn label(of: &Of) -> String {
    match of {
        Of::File(name) => name.clone(),
        Of::All => "all of them".to_owned(),
        Of::InUse => "(in use)".to_owned(),
    }
}
