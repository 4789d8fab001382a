//! A talk line by line, and what differs in its last turn.
use bot_core::handoff::AgentAct;
use bot_core::reply::Reply;
use serde::Serialize;

use super::model::{Act, Expected, Turn};
use super::wildcard;

/// A line of a talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whether it is as expected.
    pub mark: Mark,
    /// The key of the entry: `user`, `bot`, `press`, `wait`, `agent` …; empty where a line goes on.
    pub who: &'static str,
    /// The text.
    pub text: String,
}

/// Whether a line is as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It is.
    Same,
    /// It was expected and is not there.
    Expected,
    /// It is there and was not expected.
    Got,
}

/// What is done in a turn.
pub fn act(act: &Act) -> Vec<Line> {
    match act {
        Act::Start => Vec::new(),
        Act::User(text) => lines("user", text),
        Act::Press(label) => lines("press", label),
        Act::Wait(span) => lines("wait", &format!("{span:#}")),
        Act::Edit(text) => lines("edit", text),
        Act::Agent(name, act) => agent(name.as_deref().unwrap_or_default(), act),
        Act::Undelivered(reason) => lines("undelivered", reason),
    }
}

fn agent(name: &str, act: &AgentAct) -> Vec<Line> {
    match act {
        AgentAct::Claim => lines("claim", name),
        AgentAct::Say { text } | AgentAct::Send { text, .. } | AgentAct::Edit { text, .. } => {
            lines("agent", text)
        }
        AgentAct::Delete { before, .. } => lines("deletion", before),
        AgentAct::Note { text } => lines("note", text),
        AgentAct::Back => lines("back", name),
        AgentAct::Close => lines("close", name),
    }
}

/// What the bot said.
pub fn said(said: &[&Reply]) -> Vec<Line> {
    spoken(said, true)
}

fn spoken(said: &[&Reply], buttons: bool) -> Vec<Line> {
    let line = |reply: &&Reply| {
        let labels = reply.buttons.iter().map(|button| button.label.as_str());
        let labels: Vec<_> = if buttons { labels.collect() } else { Vec::new() };
        with_buttons(&reply.text.plain(), &labels)
    };
    said.iter().flat_map(line).collect()
}

fn wanted(expected: &Expected) -> Vec<Line> {
    let labels = expected.buttons.iter().flatten().map(String::as_str);
    with_buttons(&expected.text, &labels.collect::<Vec<_>>())
}

fn with_buttons(text: &str, labels: &[&str]) -> Vec<Line> {
    let mut lines = lines("bot", text);
    if !labels.is_empty() {
        let text = labels.iter().map(|label| format!("[{label}]")).collect::<Vec<_>>().join(" ");
        lines.push(Line { mark: Mark::Same, who: "", text });
    }
    lines
}

fn lines(who: &'static str, text: &str) -> Vec<Line> {
    let mut lines: Vec<_> =
        text.lines().map(|line| Line { mark: Mark::Same, who: "", text: line.trim().to_owned() }).collect();
    match lines.first_mut() {
        Some(first) => first.who = who,
        None => lines.push(Line { mark: Mark::Same, who, text: String::new() }),
    }
    lines
}

/// The replies of a turn against what was expected; and the line of the first expectation that is not met.
pub fn differences(turn: &Turn, said: &[&Reply]) -> (Vec<Line>, Option<usize>) {
    let with_buttons = turn.expected.iter().any(|expected| expected.buttons.is_some());
    let got = spoken(said, with_buttons);
    let wanted: Vec<(usize, Line)> = turn
        .expected
        .iter()
        .flat_map(|expected| wanted(expected).into_iter().map(|line| (expected.line, line)))
        .collect();
    let texts: Vec<_> = wanted.iter().map(|(_, line)| line.clone()).collect();
    let lines = merged(&texts, &got);
    let missing =
        lines.iter().filter(|(mark, _)| *mark == Mark::Expected).map(|(_, index)| wanted[*index].0).next();
    let shown = lines
        .into_iter()
        .map(|(mark, index)| {
            let line = if mark == Mark::Expected { &texts[index] } else { &got[index] };
            Line { mark, ..line.clone() }
        })
        .collect();
    (shown, missing)
}

/// Both lists in one, as few lines as possible marked: the longest common subsequence, by the usual table.
fn merged(wanted: &[Line], got: &[Line]) -> Vec<(Mark, usize)> {
    let same =
        |w: usize, g: usize| wanted[w].who == got[g].who && wildcard::matches(&wanted[w].text, &got[g].text);
    let mut common = vec![vec![0; got.len() + 1]; wanted.len() + 1];
    for w in (0..wanted.len()).rev() {
        for g in (0..got.len()).rev() {
            common[w][g] =
                if same(w, g) { common[w + 1][g + 1] + 1 } else { common[w + 1][g].max(common[w][g + 1]) };
        }
    }
    let (mut w, mut g, mut lines) = (0, 0, Vec::new());
    while w < wanted.len() || g < got.len() {
        if w < wanted.len() && g < got.len() && same(w, g) {
            lines.push((Mark::Same, g));
            (w, g) = (w + 1, g + 1);
        } else if w < wanted.len() && (g == got.len() || common[w + 1][g] >= common[w][g + 1]) {
            lines.push((Mark::Expected, w));
            w += 1;
        } else {
            lines.push((Mark::Got, g));
            g += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(texts: &[&str]) -> Vec<Line> {
        texts.iter().flat_map(|text| lines("bot", text)).collect()
    }

    #[test]
    fn only_what_differs_is_marked() {
        for (wanted, got, want) in [
            (&["a", "b"][..], &["a", "b"][..], "=a =b"),
            (&["a", "b"], &["a", "c"], "=a -b +c"),
            (&["b"], &["a", "b"], "+a =b"),
            (&["a", "b*"], &["bcd"], "-a =bcd"),
            (&[], &["a"], "+a"),
            (&["a"], &[], "-a"),
        ] {
            let (wanted, got) = (talk(wanted), talk(got));
            let shown: Vec<_> = merged(&wanted, &got)
                .into_iter()
                .map(|(mark, index)| match mark {
                    Mark::Same => format!("={}", got[index].text),
                    Mark::Expected => format!("-{}", wanted[index].text),
                    Mark::Got => format!("+{}", got[index].text),
                })
                .collect();
            assert_eq!(shown.join(" "), want);
        }
    }
}
