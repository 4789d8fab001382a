//! The back end of the sample shop: what `intents/actions.yaml` asks and tells, over real HTTP.
//!
//! ```text
//! cargo run -p shop          in one terminal
//! cargo run -- chat          in another, with the variables that the first one shows
//! ```
//!
//! Everything is in memory and begins anew with each start. What is changed stays changed until then: a cancelled order is
//! cancelled at the next look-up. What it is not: a part of the bot, or a shop.
mod counter;
mod customers;
mod guard;
mod orders;
mod refusal;
mod state;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use jiff::civil::Date;
use tokio::net::TcpListener;

use guard::Guard;
use state::Shop;

pub use state::TO_TRY;

/// How the back end behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The token that callers have to show; `None`: everybody may call.
    pub token: Option<String>,
    /// Every answer is a 503.
    pub fail: bool,
    /// How long each answer takes.
    pub slow: Duration,
    /// The dates of the orders are around this day.
    pub today: Date,
}

impl Options {
    /// Answers at once and well, without a token.
    pub fn new(today: Date) -> Options {
        Options { token: None, fail: false, slow: Duration::ZERO, today }
    }
}

/// The back end with its first orders.
pub fn app(options: Options) -> Router {
    let shop = Arc::new(Shop::new(options.today));
    let guard = Arc::new(Guard::new(options));
    let routes = orders::routes().merge(customers::routes()).merge(counter::routes());
    routes.fallback(refusal::no_such_page).with_state(shop).layer(from_fn_with_state(guard, guard::pass))
}

/// Answers until `stop` is done; what has begun is finished.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    options: Options,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, app(options)).with_graceful_shutdown(stop).await
}
