//! The desk from a pipe: a line is carried out, and what came of it is written, before the next one is read.
use std::io::{self, Write};
use std::sync::Arc;

use anyhow::Result;
use bot_runtime::desk::Follower;
use bot_runtime::store::Store;
use tokio::runtime::Handle;

use super::bench::{Answer, Bench};
use super::live::{Live, Notice};
use crate::paint::harmless;
use crate::{Outcome, lines};

/// Works until the input ends.
///
/// # Errors
/// The input or the store can't be read, or the output can't be written.
pub fn run<S: Store>(mut bench: Bench<S>, tokio: &Handle) -> Result<Outcome> {
    // What happens meanwhile is written between the answers, never into one.
    let show = |notice: Notice| drop(writeln!(io::stdout(), "{}", harmless(&notice.text)));
    let live = Live::new(bench.who().clone(), bench.hand().clone(), Box::new(show));
    let store: Arc<S> = bench.store().clone();
    let newest = tokio.block_on(store.newest())?;
    let mut follower = Follower::new(store, live, newest);
    let mut outcome = Outcome::Fine;
    let mut input = io::stdin().lock();
    while let Some(line) = lines::next(&mut input)? {
        let _ = tokio.block_on(follower.catch_up())?;
        let Answer { text, refused, quit, .. } = tokio.block_on(bench.carry_out(&line))?;
        if refused {
            outcome = Outcome::Problems;
        }
        if !text.is_empty() {
            writeln!(io::stdout(), "{}", harmless(&text))?;
        }
        let _ = tokio.block_on(follower.catch_up())?;
        io::stdout().flush()?;
        if quit {
            break;
        }
    }
    Ok(outcome)
}
