//! How fast Discord may be asked: 50 times a second in all, each route as its headers say, and not at all for a while after too
//! many requests that were refused.
//!
//! What it is not: it does not wait long. Whoever would have to is told how long, so that others go on meanwhile.
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bot_runtime::channel::SendError;
use bot_runtime::kill;
use reqwest::Method;
use reqwest::header::HeaderMap;
use twilight_http_ratelimiting::{Bucket, Endpoint, Method as Verb, Permit, RateLimitHeaders, RateLimiter};

/// Requests a second, as Discord allows them to a bot.
const MOST: u16 = 50;

/// How long a request waits here for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refused requests in ten minutes after which nothing is asked: with 10,000 Discord bans the address.
const REFUSED: u32 = 8_000;
const SPAN: Duration = Duration::from_secs(600);

/// Clones share what they know.
#[derive(Clone)]
pub struct Pace {
    routes: RateLimiter,
    all: Arc<Mutex<All>>,
}

/// What counts for all routes together.
#[derive(Default)]
struct All {
    rests_until: Option<Instant>,
    refused: u32,
    since: Option<Instant>,
}

impl Pace {
    /// To be called inside a runtime.
    pub fn new() -> Pace {
        let most = if kill::is_unpaced() { u16::MAX } else { MOST };
        Pace { routes: RateLimiter::new(most), all: Arc::default() }
    }

    /// Waits for the turn of a request; `None`: it needs none, as an interaction's answers are not counted.
    ///
    /// # Errors
    /// It would have to wait for longer than is good.
    pub async fn turn(&self, method: &Method, path: &str) -> Result<Option<Permit>, SendError> {
        if ["interactions/", "webhooks/"].iter().any(|free| path.starts_with(free)) {
            return Ok(None);
        }
        if let Some(pause) = self.rests() {
            return Err(SendError::Wait { pause, all: true });
        }
        let late = Arc::new(Mutex::new(Duration::ZERO));
        let noted = late.clone();
        let endpoint = Endpoint { method: verb(method), path: route(path) };
        let is_soon = move |bucket: Option<Bucket>| {
            let wait = bucket.filter(|bucket| bucket.remaining == 0);
            let wait = wait.map(|bucket| bucket.reset_at.saturating_duration_since(Instant::now()));
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = wait.unwrap_or_default();
            wait.is_none_or(|wait| wait <= PATIENCE)
        };
        let permit = self.routes.acquire_if(endpoint, is_soon).await;
        let pause = || *late.lock().unwrap_or_else(PoisonError::into_inner);
        permit.map(Some).ok_or_else(|| SendError::Wait { pause: pause(), all: false })
    }

    /// Learns from an answer; returns for how long Discord does not want to be asked this, if it says so.
    pub fn learn(&self, turn: Option<Permit>, status: u16, headers: &HeaderMap) -> Option<Duration> {
        let is_shared = text(headers, RateLimitHeaders::SCOPE) == Some("shared");
        if matches!(status, 401 | 403 | 429) && !is_shared {
            self.refused();
        }
        if let Some(turn) = turn {
            turn.complete(limits(headers));
        }
        seconds(headers, "retry-after").filter(|_| status == 429)
    }

    /// Nothing is to be asked for so long.
    pub fn rest(&self, pause: Duration) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.rests_until = all.rests_until.max(Instant::now().checked_add(pause));
    }

    fn rests(&self) -> Option<Duration> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let left = all.rests_until?.saturating_duration_since(Instant::now());
        Some(left).filter(|left| !left.is_zero())
    }

    fn refused(&self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if all.since.is_none_or(|since| now.duration_since(since) > SPAN) {
            (all.since, all.refused) = (Some(now), 0);
        }
        all.refused += 1;
        if all.refused == REFUSED {
            tracing::error!(
                "Discord has refused {REFUSED} requests in ten minutes: nothing is asked for as long"
            );
            all.rests_until = all.rests_until.max(now.checked_add(SPAN));
        }
    }
}

fn verb(method: &Method) -> Verb {
    match method.as_str() {
        "GET" => Verb::Get,
        "POST" => Verb::Post,
        "PUT" => Verb::Put,
        "PATCH" => Verb::Patch,
        _ => Verb::Delete,
    }
}

/// What is counted together: ids tell routes apart only where they stand first.
fn route(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts: Vec<_> = path.split('/').collect();
    let ids = parts.iter_mut().skip(2).filter(|part| is_id(part));
    ids.for_each(|part| *part = "id");
    let reactions = parts.iter().position(|part| *part == "reactions").map(|at| at + 1);
    parts.truncate(reactions.unwrap_or(parts.len()));
    parts.join("/")
}

fn limits(headers: &HeaderMap) -> Option<RateLimitHeaders> {
    let number = |name| text(headers, name)?.parse().ok();
    Some(RateLimitHeaders {
        bucket: text(headers, RateLimitHeaders::BUCKET)?.as_bytes().to_vec(),
        limit: number(RateLimitHeaders::LIMIT)?,
        remaining: number(RateLimitHeaders::REMAINING)?,
        reset_at: Instant::now() + seconds(headers, RateLimitHeaders::RESET_AFTER)?,
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds = text(headers, name)?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok().filter(|wait| *wait < Duration::from_secs(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_counted_by_what_stands_first() {
        for (path, want) in [
            ("channels/1/messages", "channels/1/messages"),
            ("channels/1/messages/22", "channels/1/messages/id"),
            ("channels/1/messages/22/reactions/✅/@me", "channels/1/messages/id/reactions"),
            ("channels/1/messages?after=5&limit=100", "channels/1/messages"),
            ("channels/1/thread-members/7", "channels/1/thread-members/id"),
            ("guilds/1/members/7", "guilds/1/members/id"),
            ("users/@me", "users/@me"),
        ] {
            assert_eq!(route(path), want);
        }
    }

    fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
        of.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[tokio::test]
    async fn who_would_wait_long_is_told_how_long() {
        let pace = Pace::new();
        let spent = |seconds: &str| {
            headers(&[
                ("x-ratelimit-bucket", "b"),
                ("x-ratelimit-limit", "2"),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset-after", seconds),
            ])
        };
        let path = "channels/1";
        let turn = pace.turn(&Method::PATCH, path).await.unwrap();
        assert_eq!(pace.learn(turn, 200, &spent("600")), None);
        tokio::task::yield_now().await;
        let told = pace.turn(&Method::PATCH, path).await.unwrap_err();
        assert!(
            matches!(told, SendError::Wait { pause, all: false } if pause > Duration::from_secs(590)),
            "{told:?}"
        );
        // Others go on.
        assert!(pace.turn(&Method::PATCH, "channels/2").await.is_ok());
        assert!(pace.turn(&Method::POST, "interactions/1/x/callback").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn nothing_is_asked_while_discord_wants_to_be_left_alone() {
        let pace = Pace::new();
        pace.rest(Duration::from_secs(30));
        let told = pace.turn(&Method::GET, "users/@me").await.unwrap_err();
        assert!(matches!(told, SendError::Wait { all: true, .. }), "{told:?}");
        let pace = Pace::new();
        for _ in 0..REFUSED {
            pace.learn(None, 403, &headers(&[("x-ratelimit-scope", "shared")]));
        }
        assert!(pace.turn(&Method::GET, "users/@me").await.is_ok());
        for _ in 0..REFUSED {
            pace.learn(None, 403, &HeaderMap::new());
        }
        assert!(pace.turn(&Method::GET, "users/@me").await.is_err());
    }
}
