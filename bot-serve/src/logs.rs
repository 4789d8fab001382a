//! Logs, to the standard error. They carry ids, never what somebody wrote.
use std::io;

use anyhow::{Context, Result};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::paint::Paint;

/// From here on logs are written that are at least as urgent as `level`: `error`, `warn`, `info`, `debug`, `trace` or `off`;
/// or `target=level`, several with commas. Other people's crates say warnings and errors only, whatever is asked for: a
/// platform's or a web client's crate logs messages and tokens below that.
///
/// # Errors
/// The level can't be read.
pub fn start(level: &str) -> Result<()> {
    let wanted = parse(level).with_context(|| {
        format!("`{level}` is no level of logs: write error, warn, info, debug, trace or off")
    })?;
    let capped = filter_fn(|what| is_ours(what.target()) || *what.level() <= tracing::Level::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(Paint::for_stream(&io::stderr()) == Paint::Ansi)
        .with_filter(wanted.and(capped));
    // A second start keeps the first: there is one standard error.
    let _ = tracing_subscriber::registry().with(lines).try_init();
    Ok(())
}

/// A word alone must be a level: the filter's own reading would take `lowd` for the name of a crate.
fn parse(level: &str) -> Result<EnvFilter> {
    for word in level.split(',').filter(|part| !part.contains('=')) {
        word.trim().parse::<LevelFilter>()?;
    }
    Ok(EnvFilter::builder().with_default_directive(LevelFilter::OFF.into()).parse(level)?)
}

/// `bot_core`, `bot_runtime::store` … but not `bottle`.
fn is_ours(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or(target);
    name.starts_with("bot_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (level, want) in [
            ("info", true),
            ("off", true),
            ("warn,bot_runtime=debug", true),
            ("lowd", false),
            ("bot_runtime=lowd", false),
        ] {
            assert_eq!(parse(level).is_ok(), want, "{level}");
        }
    }

    #[test]
    fn only_our_own_crates_may_chatter() {
        for (target, want) in [
            ("bot_runtime::store::sqlite", true),
            ("bot_telegram", true),
            ("bottle", false),
            ("hyper_util::client", false),
            ("teloxide", false),
        ] {
            assert_eq!(is_ours(target), want, "{target}");
        }
    }
}
