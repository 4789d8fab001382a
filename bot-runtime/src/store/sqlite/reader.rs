//! A thread that only reads, so that no desk that looks at much delays a turn.
use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use super::super::StoreError;
use super::queue::Job;

/// Works until nobody can bring any more.
pub(super) fn run(connection: &Connection, jobs: Receiver<Box<dyn Job>>) {
    for mut job in jobs {
        let outcome = look(connection, job.as_mut());
        job.answer(outcome);
    }
}

/// All that a job reads is of the same moment.
fn look(connection: &Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    // An error is the job's own answer.
    let _ = job.run(connection);
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
