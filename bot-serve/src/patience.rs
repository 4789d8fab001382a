//! Goes on after failures: longer pauses from one to the next, cut short when the program is told to stop.
use std::time::Duration;

use anyhow::{Result, bail};
use bot_runtime::channel::SendError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// The longest pause, unless the platform wants a longer one.
const LONGEST: Duration = Duration::from_secs(60);

/// How long to wait after a failure.
#[derive(Debug)]
pub struct Patience {
    stop: CancellationToken,
    failures: u32,
}

impl Patience {
    /// Ends when the program is told to stop.
    pub fn new(stop: &CancellationToken) -> Patience {
        Patience { stop: stop.clone(), failures: 0 }
    }

    /// It works again: the next pause is short.
    pub fn restore(&mut self) {
        self.failures = 0;
    }

    /// Waits 1 s, 2 s, 4 s … a minute, or as long as the platform wants. `false`: the program was told to stop.
    pub async fn goes_on(&mut self, wanted: Option<Duration>) -> bool {
        let own = Duration::from_secs(1 << self.failures.min(6)).min(LONGEST);
        self.failures += 1;
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            () = sleep(wanted.unwrap_or(own)) => true,
        }
    }
}

/// What the platform wants to be left alone for.
pub fn pause_of(error: &SendError) -> Option<Duration> {
    match error {
        SendError::Wait { pause, .. } => Some(*pause),
        SendError::Retry(_) | SendError::Doubt(_) | SendError::Final(_) => None,
    }
}

/// Asks what may be asked again, until there is an answer. `None`: the program was told to stop.
///
/// # Errors
/// The platform refuses, in its words.
pub async fn insist<T, E, F>(
    what: &str,
    stop: &CancellationToken,
    mut ask: impl FnMut() -> F,
) -> Result<Option<T>>
where
    E: Into<SendError>,
    F: Future<Output = Result<T, E>>,
{
    let mut patience = Patience::new(stop);
    loop {
        let asked = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(None),
            asked = ask() => asked.map_err(Into::into),
        };
        let error = match asked {
            Ok(answer) => return Ok(Some(answer)),
            Err(SendError::Final(reason)) => bail!(reason),
            Err(error) => error,
        };
        let reason = match &error {
            SendError::Retry(reason) | SendError::Doubt(reason) | SendError::Final(reason) => reason,
            SendError::Wait { .. } => "the platform asks to wait",
        };
        tracing::warn!(what, "{reason}: it is tried again");
        if !patience.goes_on(pause_of(&error)).await {
            return Ok(None);
        }
    }
}

/// Takes step after step until the program is told to stop, also in the middle of one. A step begins where the last one that
/// succeeded has ended; after a failure there is a pause.
pub async fn keep_on<T, F>(stop: &CancellationToken, mut at: T, mut step: impl FnMut(T) -> F)
where
    T: Clone,
    F: Future<Output = Result<T, SendError>>,
{
    let mut patience = Patience::new(stop);
    loop {
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            done = step(at.clone()) => done,
        };
        match done {
            Ok(next) => {
                at = next;
                patience.restore();
            }
            Err(error) if !patience.goes_on(pause_of(&error)).await => return,
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_are_restored() {
        let mut patience = Patience::new(&CancellationToken::new());
        let mut pauses = Vec::new();
        for wanted in [None, None, None, Some(Duration::from_secs(5)), None, None, None, None] {
            let begun = Instant::now();
            assert!(patience.goes_on(wanted).await);
            pauses.push(begun.elapsed().as_secs());
        }
        assert_eq!(pauses, [1, 2, 4, 5, 16, 32, 60, 60]);
        patience.restore();
        let begun = Instant::now();
        assert!(patience.goes_on(None).await);
        assert_eq!(begun.elapsed().as_secs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn goes_on_after_failures_until_it_is_told_to_stop() {
        let (stop, begun) = (CancellationToken::new(), Instant::now());
        let mut steps = Vec::new();
        keep_on(&stop, 0, |at| {
            steps.push((at, begun.elapsed().as_secs()));
            if steps.len() == 6 {
                stop.cancel();
            }
            let fails = [2, 4, 5].contains(&steps.len());
            async move { if fails { Err(SendError::Retry("no connection".to_owned())) } else { Ok(at + 1) } }
        })
        .await;
        assert_eq!(steps, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (2, 4)]);
    }

    #[tokio::test(start_paused = true)]
    async fn asks_until_it_is_answered_refused_or_told_to_stop() {
        let stop = CancellationToken::new();
        let mut answers = vec![
            Ok(7),
            Err(SendError::Wait { pause: Duration::from_secs(9), all: false }),
            Err(SendError::Doubt("no answer".to_owned())),
            Err(SendError::Retry("no connection".to_owned())),
        ];
        let begun = Instant::now();
        let answer = insist("greeting", &stop, || std::future::ready(answers.pop().unwrap())).await;
        assert_eq!((answer.unwrap(), begun.elapsed().as_secs()), (Some(7), 12));

        let refused = || std::future::ready(Err::<u8, _>(SendError::Final("unknown token".to_owned())));
        assert_eq!(insist("greeting", &stop, refused).await.unwrap_err().to_string(), "unknown token");

        stop.cancel();
        assert_eq!(
            insist("greeting", &stop, std::future::pending::<Result<u8, SendError>>).await.unwrap(),
            None
        );
    }
}
