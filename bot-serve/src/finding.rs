//! How a channel stands with its platform, for `--check`: whether the token is right, what the bot may do, what to press.
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bot_core::engine::Engine;

use crate::channels::Found;
use crate::paint::harmless;
use crate::{Configured, Settings};

/// A channel that has not said how it stands after this time is not waited for.
const LIMIT: Duration = Duration::from_secs(15);

/// What a channel is asked about.
pub struct Check {
    /// What it needs.
    pub settings: Settings,
    /// The bot that would run, to compare with: its teams, its languages. `None`: the folder has errors.
    pub engine: Option<Arc<Engine>>,
    /// No other channel is configured.
    pub is_only: bool,
}

/// A channel that looks how it stands. It changes nothing at the platform, and has 15 seconds: what it has found by then is lost, so
/// its requests should give up before.
pub type Checking = Pin<Box<dyn Future<Output = Vec<Finding>> + Send>>;

/// Something that a channel found out about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    what: String,
    remedy: Option<String>,
    fine: bool,
}

impl Finding {
    /// As it should be.
    pub fn fine(what: impl Into<String>) -> Finding {
        Finding { what: what.into(), remedy: None, fine: true }
    }

    /// The bot can run like that; who wants it otherwise does this.
    pub fn hint(what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { what: what.into(), remedy: Some(remedy.into()), fine: true }
    }

    /// The bot can't run, or not wholly, until somebody does this: `in Telegram open the group → Edit → …`.
    pub fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { what: what.into(), remedy: Some(remedy.into()), fine: false }
    }

    /// The platform can't be reached. `address`: where it should answer.
    pub fn unreachable(why: impl Into<String>, address: &str) -> Finding {
        let remedy = "see whether this machine is online, and whether a firewall or a proxy is in the way";
        Finding::wrong(why, format!("{remedy}: `curl {address}` must answer"))
    }

    /// The environment says what can't be.
    pub fn unset(error: &anyhow::Error) -> Finding {
        Finding::wrong(format!("{error:#}"), "set it right in the environment, and check again")
    }

    /// Whether the bot can run.
    pub fn is_fine(&self) -> bool {
        self.fine
    }

    /// On one line, for the log.
    pub(crate) fn sentence(&self) -> String {
        let remedy = self.remedy.iter().map(|remedy| format!(": {remedy}"));
        std::iter::once(self.what.clone()).chain(remedy).collect()
    }

    /// As `--check` prints it. What others have named, a group or a bot, does not steer the terminal.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mark = if !self.fine {
            '✗'
        } else if self.remedy.is_some() {
            '!'
        } else {
            '✓'
        };
        let line = |text: &str| harmless(text).replace('\n', " ");
        let remedy = self.remedy.iter().map(|remedy| format!("    → {}", line(remedy)));
        [format!("  {mark} {}", line(&self.what))].into_iter().chain(remedy).collect()
    }

    fn without_secrets(self, settings: &Settings) -> Finding {
        let hide = |text: &str| settings.hide(text);
        Finding { what: hide(&self.what), remedy: self.remedy.as_deref().map(hide), fine: self.fine }
    }
}

/// Asks each channel that is configured; returns what each has found, in the order of the channels.
///
/// # Errors
/// The system has no threads left to ask with.
pub(crate) fn ask(found: &Found, engine: Option<&Arc<Engine>>) -> std::io::Result<Vec<Vec<Finding>>> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = tokio.block_on(async {
        let mut findings = Vec::new();
        for channel in &found.channels {
            let is_only =
                !found.channels.iter().any(|other| is_ready(other) && other.kind.name != channel.kind.name);
            findings.push(one(channel, engine, is_only).await);
        }
        findings
    });
    // A look-up of a name that hangs is not waited for.
    tokio.shutdown_background();
    Ok(asked)
}

async fn one(channel: &Configured, engine: Option<&Arc<Engine>>, is_only: bool) -> Vec<Finding> {
    let settings = channel.settings.clone();
    let doubts = channel.doubts.iter().map(|doubt| Finding::hint(doubt, "take away the one that is old"));
    let mut findings: Vec<_> = doubts.collect();
    if let Some(check) = channel.kind.check.filter(|_| is_ready(channel)) {
        let asked = Check { settings: settings.clone(), engine: engine.cloned(), is_only };
        let checking = check(asked);
        let found = tokio::time::timeout(LIMIT, checking).await;
        findings.extend(found.unwrap_or_else(|_| vec![no_answer(channel.kind.name)]));
    }
    findings.into_iter().map(|finding| finding.without_secrets(&settings)).collect()
}

fn is_ready(channel: &Configured) -> bool {
    channel.missing.is_empty()
}

fn no_answer(name: &str) -> Finding {
    Finding::wrong(
        format!("{name} has not answered within {} seconds", LIMIT.as_secs()),
        "see whether this machine is online, and whether a firewall or a proxy is in the way; then try again",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Kind, Need};

    const PIGEON: Kind = Kind {
        name: "pigeon",
        needs: &[Need::secret("PIGEON_TOKEN", "the loft's token")],
        check: Some(|check| Box::pin(loft(check))),
        start: |_| Box::pin(async { Ok(()) }),
    };

    async fn loft(check: Check) -> Vec<Finding> {
        match check.settings.get("PIGEON_TOKEN") {
            Some("slow") => std::future::pending().await,
            token => vec![
                Finding::fine(format!("the loft knows {}", token.unwrap_or_default())),
                Finding::hint("it is dark", "switch the light on"),
                Finding::wrong("the loft \x1b[31m\nis shut", "open it"),
            ],
        }
    }

    async fn found(token: &str) -> Vec<Finding> {
        let variables = BTreeMap::from([("PIGEON_TOKEN".to_owned(), token.to_owned())]);
        one(&Configured::of(PIGEON, &variables).unwrap(), None, true).await
    }

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().flat_map(Finding::lines).collect()
    }

    #[tokio::test]
    async fn findings_are_marked_and_show_no_secret() {
        assert_eq!(
            lines(&found("s3cret").await),
            [
                "  ✓ the loft knows …",
                "  ! it is dark",
                "    → switch the light on",
                "  ✗ the loft \u{FFFD}[31m is shut",
                "    → open it",
            ]
        );
    }

    #[tokio::test]
    async fn a_channel_that_is_not_configured_is_not_asked() {
        assert_eq!(found("").await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_that_does_not_answer_is_not_waited_for() {
        let findings = found("slow").await;
        assert!(!findings[0].is_fine());
        assert_eq!(lines(&findings)[0], "  ✗ pigeon has not answered within 15 seconds");
    }
}
