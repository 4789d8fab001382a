//! The report for people: numbers first, then what to look at, worst first, each with what to do.
use std::io::{self, Write};

use super::advice;
use super::confusions::{Confusion, Weak};
use super::interval::{hanley, wilson};
use super::measures::{Measures, Oos};
use super::prediction::Nearest;
use super::report::{Report, What};
use super::wording::{does, explained, lost, notes, percent, short, thousands};
use crate::paint::Paint;
use crate::problems::counted;

/// How many of a kind are shown; the others are counted.
const SHOWN: usize = 8;

/// How many messages of a confusion are shown.
const MESSAGES: usize = 3;

/// Writes it.
///
/// # Errors
/// The stream can't be written to.
pub fn write(report: &Report, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
    let mut page = Page { report, out, paint };
    page.heading()?;
    page.understanding()?;
    page.deeds()?;
    page.confidence()?;
    page.languages()?;
    page.confusions()?;
    page.nearer()?;
    page.weak()?;
    page.speed()?;
    page.notes()
}

struct Page<'a> {
    report: &'a Report<'a>,
    out: &'a mut dyn Write,
    paint: Paint,
}

impl Page<'_> {
    fn heading(&mut self) -> io::Result<()> {
        let report = self.report;
        let all = report.messages().len();
        let oos = report
            .measures
            .oos
            .map_or(String::new(), |oos| format!(", {} of them of no intent", thousands(oos.messages)));
        match report.what() {
            What::File { file, splits, .. } => {
                let split =
                    if splits.is_empty() { String::new() } else { format!(", {}", splits.join(" and ")) };
                let messages = if all == 1 { "message" } else { "messages" };
                writeln!(self.out, "{} {messages} of {file}{split}{oos}", thousands(all))?;
            }
            What::Folds { folder, .. } => writeln!(self.out, "{} examples of {folder}", thousands(all))?,
        }
        for line in explained(report) {
            writeln!(self.out, "{}", self.paint.dim(&line))?;
        }
        if let Some((typos, seed)) = report.typos {
            writeln!(self.out, "with {} in each message (seed {seed})", counted(typos, "typing error"))?;
        }
        writeln!(self.out)
    }

    fn title(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.paint.bold(title))
    }

    fn understanding(&mut self) -> io::Result<()> {
        let Measures { messages, right, top3, macro_f1, .. } = self.report.measures;
        if messages == 0 {
            return Ok(());
        }
        self.title("understood")?;
        let columns = format!("  {:<42} {:>6}   {}", "", "share", "95 % sure");
        writeln!(self.out, "{}", self.paint.dim(&columns))?;
        let plain = self.report.plain.as_ref();
        self.share(
            "accuracy: the right intent comes first",
            right,
            messages,
            plain.map(|plain| plain.right),
        )?;
        self.share("top 3: it is among the first three", top3, messages, plain.map(|plain| plain.top3))?;
        let before = plain.and_then(|plain| plain.macro_f1);
        let lost = macro_f1.zip(before).map(|(now, before)| lost(now - before)).unwrap_or_default();
        let line = format!(
            "  {:<42} {:>6}   {:<14} {lost}",
            "macro F1: every intent counts the same",
            percent(macro_f1),
            ""
        );
        writeln!(self.out, "{}", line.trim_end())?;
        writeln!(self.out)
    }

    /// A share with its interval and, with typing errors, what they cost.
    fn share(&mut self, what: &str, hits: usize, of: usize, before: Option<usize>) -> io::Result<()> {
        let share = |hits: usize| hits as f64 / of as f64;
        let (low, high) = wilson(hits, of).unwrap_or_default();
        let interval = format!("{:>5.1} to {:.1}", low * 100.0, high * 100.0);
        let lost = before.map(|before| lost(share(hits) - share(before))).unwrap_or_default();
        let line = format!("  {what:<42} {:>6}   {interval:<14} {lost}", percent(Some(share(hits))));
        writeln!(self.out, "{}", line.trim_end())
    }

    fn deeds(&mut self) -> io::Result<()> {
        let Measures { messages, deeds, oos, .. } = self.report.measures;
        if messages > 0 {
            let plain = self.report.plain.as_ref().map(|plain| plain.deeds);
            self.title("what the bot would do")?;
            let before = |of: fn(&super::measures::Deeds) -> usize| plain.as_ref().map(of);
            self.share("act on the right intent", deeds.act_right, messages, before(|it| it.act_right))?;
            self.share("act on a wrong one", deeds.act_wrong, messages, before(|it| it.act_wrong))?;
            self.share(
                "ask, the right one among the offers",
                deeds.ask_right,
                messages,
                before(|it| it.ask_right),
            )?;
            self.share("ask without the right one", deeds.ask_wrong, messages, before(|it| it.ask_wrong))?;
            self.share("say that it didn't understand", deeds.refuse, messages, before(|it| it.refuse))?;
            writeln!(self.out)?;
        }
        oos.map_or(Ok(()), |oos| self.oos(oos))
    }

    fn oos(&mut self, oos: Oos) -> io::Result<()> {
        self.title("messages of no intent")?;
        let before = self.report.plain.as_ref().and_then(|plain| plain.oos);
        self.share(
            "say that it didn't understand (right)",
            oos.refused,
            oos.messages,
            before.map(|it| it.refused),
        )?;
        self.share("ask", oos.asked, oos.messages, before.map(|it| it.asked))?;
        self.share("act on some intent (wrong)", oos.acted, oos.messages, before.map(|it| it.acted))?;
        if let Some(area) = oos.auroc {
            let (low, high) = hanley(area, self.report.measures.messages, oos.messages).unwrap_or_default();
            let lost =
                before.and_then(|before| before.auroc).map(|before| lost(area - before)).unwrap_or_default();
            let interval = format!("{:>5.1} to {:.1}", low * 100.0, high * 100.0);
            let line = format!(
                "  {:<42} {:>6}   {interval:<14} {lost}",
                "told apart by the sum of confidences (ROC)",
                percent(Some(area))
            );
            writeln!(self.out, "{}", line.trim_end())?;
        }
        writeln!(self.out)
    }

    fn confidence(&mut self) -> io::Result<()> {
        let Measures { ece, ece_all, .. } = self.report.measures;
        if let Some(ece) = ece {
            self.title("confidence")?;
            writeln!(self.out, "  {:<42} {ece:>6.3}", "off on average (calibration error)")?;
            if let Some(all) = ece_all {
                writeln!(self.out, "  {:<42} {all:>6.3}", "with the messages of no intent, as wrong")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn languages(&mut self) -> io::Result<()> {
        if self.report.languages.is_empty() {
            return Ok(());
        }
        self.title("accuracy by language of the examples")?;
        for (language, measures) in &self.report.languages {
            let what = format!("{language} ({})", counted(measures.messages, "example"));
            self.share(&what, measures.right, measures.messages, None)?;
        }
        writeln!(self.out)
    }

    fn confusions(&mut self) -> io::Result<()> {
        let all = &self.report.confusions;
        if all.is_empty() {
            return Ok(());
        }
        self.title("taken for another, worst first")?;
        for confusion in all.iter().take(SHOWN) {
            self.confusion(confusion)?;
        }
        writeln!(self.out, "  → {}", advice::FOR_CONFUSIONS)?;
        self.more(all.len(), "pair")
    }

    fn confusion(&mut self, confusion: &Confusion) -> io::Result<()> {
        let report = self.report;
        let right = confusion.right.map_or("no intent", |intent| report.name(intent));
        let taken = confusion.taken.map_or("nothing", |intent| report.name(intent));
        let of = report.messages_of(confusion.right);
        let reverse = if confusion.reverse > 0 {
            format!(", {} the other way round", confusion.reverse)
        } else {
            String::new()
        };
        let pair = self.paint.bold(&format!("{right} → {taken}"));
        writeln!(self.out, "  {pair}   {} of {of}{reverse}", confusion.messages.len())?;
        for &message in confusion.messages.iter().take(MESSAGES) {
            let (prediction, message) = (&report.predictions()[message], &report.messages()[message]);
            writeln!(
                self.out,
                "    {:.2}  {:<4}  “{}”  {}",
                prediction.confidence(),
                does(prediction.decision),
                short(&message.text),
                self.paint.dim(&message.place)
            )?;
        }
        if !confusion.words.is_empty() {
            let words: Vec<String> =
                confusion.words.iter().map(|word| format!("“{}”", short(word))).collect();
            writeln!(self.out, "    what spoke for {taken}: {}", words.join(", "))?;
        }
        writeln!(self.out, "    → {}", advice::for_confusion(report, confusion))
    }

    fn more(&mut self, all: usize, what: &str) -> io::Result<()> {
        if all > SHOWN {
            writeln!(self.out, "  … and {} more; --format json has them all", counted(all - SHOWN, what))?;
        }
        writeln!(self.out)
    }

    fn nearer(&mut self) -> io::Result<()> {
        let report = self.report;
        if report.nearer.is_empty() {
            return Ok(());
        }
        self.title("examples that are more like another intent's")?;
        for &index in report.nearer.iter().take(SHOWN) {
            let (message, prediction) = (&report.messages()[index], &report.predictions()[index]);
            let Some(rival) = &prediction.rival else { continue };
            let own = prediction.label.map_or("", |label| report.name(label));
            writeln!(self.out, "  {own}  “{}”  {}", short(&message.text), self.paint.dim(&message.place))?;
            let mut line = |who: &str, near: &Option<Nearest>| {
                let Some(near) = near else { return writeln!(self.out, "    0.00  {who}  nothing like it") };
                writeln!(
                    self.out,
                    "    {:.2}  {who}  “{}”  {}",
                    near.similarity,
                    short(&near.text),
                    self.paint.dim(&near.place)
                )
            };
            line(report.name(rival.intent), &rival.nearest)?;
            line(own, &rival.own)?;
        }
        writeln!(self.out, "  → move it, word it otherwise, or write it under `not` of the other intent")?;
        self.more(report.nearer.len(), "example")
    }

    fn weak(&mut self) -> io::Result<()> {
        let all = &self.report.weak;
        if all.is_empty() {
            return Ok(());
        }
        self.title("intents that need more examples")?;
        for weak in all.iter().take(SHOWN) {
            self.weak_one(weak)?;
        }
        writeln!(self.out, "  → {}", advice::FOR_WEAK)?;
        self.more(all.len(), "intent")
    }

    fn weak_one(&mut self, weak: &Weak) -> io::Result<()> {
        let Weak { intent, examples, measured } = weak;
        let found = match measured.messages {
            0 => "not measured".to_owned(),
            messages => format!("{} of {messages} found", measured.right),
        };
        let lost = self.report.most_often_taken_for(*intent);
        let lost = lost.map(|other| format!("most often taken for {other}")).unwrap_or_default();
        let (name, examples) = (self.report.name(*intent), counted(*examples, "example"));
        let line = format!("  {name:<24} {found:<15} {examples:<13} {lost}");
        writeln!(self.out, "{}", line.trim_end())
    }

    fn speed(&mut self) -> io::Result<()> {
        let speed = self.report.speed;
        self.title("speed")?;
        let cpu = speed.load.cpu.map(|cpu| format!(" ({cpu:.0} ms of a processor)")).unwrap_or_default();
        writeln!(self.out, "  load the folder    {:.0} ms{cpu}", speed.load.wall)?;
        if let (Some(p50), Some(p99), Some(matcher)) = (speed.p50, speed.p99, speed.matcher_p50) {
            writeln!(
                self.out,
                "  read a message     {} µs at the median, {} µs for one in a hundred; the matcher alone {} µs",
                thousands(p50.round() as usize),
                thousands(p99.round() as usize),
                thousands(matcher.round() as usize)
            )?;
        }
        if let Some(memory) = speed.memory {
            writeln!(self.out, "  memory, at most    {memory:.0} MB")?;
        }
        Ok(())
    }

    fn notes(&mut self) -> io::Result<()> {
        let notes = notes(self.report);
        if !notes.is_empty() {
            writeln!(self.out)?;
        }
        notes.iter().try_for_each(|note| writeln!(self.out, "{note}"))
    }
}
