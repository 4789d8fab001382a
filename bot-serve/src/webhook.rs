//! A door at which a platform delivers: stored, then answered.
//!
//! What it is not: it knows no platform and no TLS. A reverse proxy that speaks HTTPS stands before it; any path will do.
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use bot_runtime::store::StoreError;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::Settings;

/// What is taken at once: an update is a few kilobytes.
const BODY: usize = 1 << 20;

/// How long a sender may take.
const SLOW: Duration = Duration::from_secs(30);

/// Where a platform is to deliver. It has no `Debug`: the secret is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The public address, of the proxy.
    pub url: String,
    /// What the platform must know.
    pub secret: String,
    /// Where to listen.
    pub at: SocketAddr,
}

impl Place {
    /// `PREFIX_WEBHOOK_URL`, with `PREFIX_WEBHOOK_SECRET` and perhaps `PREFIX_WEBHOOK_LISTEN`; `None`: there is to be no webhook.
    ///
    /// # Errors
    /// There is no secret, or one of them is not what it should be; in words with what to do.
    pub fn read(prefix: &str, settings: &Settings) -> Result<Option<Place>> {
        let get = |name: &str| settings.get(&format!("{prefix}_WEBHOOK_{name}"));
        let Some(url) = get("URL") else { return Ok(None) };
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let secret = get("SECRET").unwrap_or_default();
        ensure!(
            (1..=256).contains(&secret.len()) && secret.bytes().all(is_letter),
            "{prefix}_WEBHOOK_URL needs {prefix}_WEBHOOK_SECRET, 1 to 256 of A-Z a-z 0-9 _ -, for example what `openssl rand -hex 32` \
             gives: without it anybody could write to the bot in a customer's name"
        );
        let at = get("LISTEN").unwrap_or("127.0.0.1:8080");
        let no_place = || format!("{prefix}_WEBHOOK_LISTEN: `{at}` is not like 127.0.0.1:8080");
        let at = at.parse().with_context(no_place)?;
        Ok(Some(Place { url: url.to_owned(), secret: secret.to_owned(), at }))
    }
}

/// A place that listens.
#[derive(Debug)]
pub struct Webhook {
    listener: TcpListener,
    header: &'static str,
    secret: String,
}

impl Webhook {
    /// Listens at `at`; takes only what has the secret in that header, whose name is written small.
    ///
    /// # Errors
    /// Nothing can listen there.
    pub async fn bind(at: SocketAddr, header: &'static str, secret: String) -> Result<Webhook> {
        let listener = TcpListener::bind(at).await.with_context(|| format!("can't listen at {at}"))?;
        Ok(Webhook { listener, header, secret })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not know.
    pub fn at(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Hands over each text that comes, until the program is told to stop: it is stored when `take` returns, or it is none that can
    /// be understood (`false`). The sender knows by the answer: 200 stored, 503 not stored, 4xx not taken.
    ///
    /// # Errors
    /// The listener failed.
    pub async fn serve<F>(
        self,
        stop: &CancellationToken,
        take: impl Fn(String) -> F + Clone + Send + Sync + 'static,
    ) -> Result<()>
    where
        F: Future<Output = Result<bool, StoreError>> + Send,
    {
        let Webhook { listener, header, secret } = self;
        let handler = move |request: Request| {
            let (take, is_known) = (take.clone(), knows(request.headers(), header, &secret));
            async move {
                match read(request, is_known).await {
                    Ok(text) => answer(take(text).await),
                    Err(status) => status,
                }
            }
        };
        let app = Router::new().fallback(handler);
        axum::serve(listener, app)
            .with_graceful_shutdown(stop.clone().cancelled_owned())
            .await
            .context("the webhook's listener has failed")
    }
}

/// Compared in constant time: how long it takes tells nothing about the secret.
fn knows(headers: &HeaderMap, header: &str, secret: &str) -> bool {
    headers.get(header).is_some_and(|given| given.as_bytes().ct_eq(secret.as_bytes()).into())
}

async fn read(request: Request, is_known: bool) -> Result<String, StatusCode> {
    if !is_known {
        return Err(StatusCode::UNAUTHORIZED);
    }
    if request.method() != Method::POST {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let body = timeout(SLOW, to_bytes(request.into_body(), BODY));
    let body = body.await.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    String::from_utf8(body.into()).map_err(|_| StatusCode::BAD_REQUEST)
}

fn answer(taken: Result<bool, StoreError>) -> StatusCode {
    match taken {
        Ok(true) => StatusCode::OK,
        Ok(false) => StatusCode::BAD_REQUEST,
        Err(error) => {
            tracing::error!("the platform is told to deliver again: {error}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::{Configured, Kind, Need};

    async fn status(at: SocketAddr, request: &str) -> u16 {
        let mut stream = TcpStream::connect(at).await.unwrap();
        // What is too large is answered before all of it is read.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        std::str::from_utf8(&start).unwrap()[9..].parse().unwrap()
    }

    fn post(secret: &str, body: &str) -> String {
        let length = body.len();
        format!(
            "POST /any/path HTTP/1.1\r\nhost: x\r\nx-secret: {secret}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    }

    const PIGEON: Kind = Kind {
        name: "pigeon",
        needs: &[
            Need::optional("PIGEON_WEBHOOK_URL", "the address"),
            Need::optional("PIGEON_WEBHOOK_SECRET", "the secret"),
            Need::optional("PIGEON_WEBHOOK_LISTEN", "the place"),
        ],
        check: None,
        start: |_| Box::pin(async { Ok(()) }),
    };

    fn place(url: &str, secret: &str, at: &str) -> Result<Option<(String, SocketAddr)>> {
        let variables = [("URL", url), ("SECRET", secret), ("LISTEN", at)];
        let variables = variables.map(|(name, value)| (format!("PIGEON_WEBHOOK_{name}"), value.to_owned()));
        let configured = Configured::of(PIGEON, &variables.into_iter().collect()).unwrap();
        let place = Place::read("PIGEON", &configured.settings)?;
        Ok(place.map(|place| (place.url, place.at)))
    }

    #[test]
    fn there_is_no_webhook_without_a_secret() {
        assert_eq!(place("", "", "").unwrap(), None);
        let at = |at: &str| Some(("https://a.b/c".to_owned(), at.parse().unwrap()));
        assert_eq!(place("https://a.b/c", "s3-c_ret", "").unwrap(), at("127.0.0.1:8080"));
        assert_eq!(place("https://a.b/c", &"x".repeat(256), "0.0.0.0:1").unwrap(), at("0.0.0.0:1"));
        for (secret, listen, want) in [
            ("", "", "needs PIGEON_WEBHOOK_SECRET"),
            ("s3 cret", "", "needs PIGEON_WEBHOOK_SECRET"),
            (&"x".repeat(257), "", "needs PIGEON_WEBHOOK_SECRET"),
            ("s3cret", "everywhere", "PIGEON_WEBHOOK_LISTEN: `everywhere` is not like"),
        ] {
            let error = place("https://a.b/c", secret, listen).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }

    #[tokio::test]
    async fn only_what_knows_the_secret_is_taken_and_answered_when_it_is_stored() {
        let stop = CancellationToken::new();
        let place = "127.0.0.1:0".parse().unwrap();
        let webhook = Webhook::bind(place, "x-secret", "s3cret".to_owned()).await.unwrap();
        let at = webhook.at().unwrap();
        let served = tokio::spawn({
            let stop = stop.clone();
            async move {
                let take = |text: String| async move {
                    match text.as_str() {
                        "full" => Err(StoreError::Full),
                        text => Ok(text.starts_with('{')),
                    }
                };
                webhook.serve(&stop, take).await
            }
        });
        for (request, want) in [
            (post("s3cret", "{}"), 200),
            (post("s3cret", "full"), 503),
            (post("s3cret", "hello"), 400),
            (post("wrong", "{}"), 401),
            (post("", "{}"), 401),
            ("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}".to_owned(), 401),
            ("GET / HTTP/1.1\r\nhost: x\r\nx-secret: s3cret\r\n\r\n".to_owned(), 405),
            (post("s3cret", &"x".repeat(BODY + 1)), 413),
            (post("s3cret", &"x".repeat(BODY)), 400),
        ] {
            assert_eq!(status(at, &request).await, want, "{}", &request[..request.len().min(200)]);
        }
        stop.cancel();
        served.await.unwrap().unwrap();
    }
}
