//! The page to play customer and agent by hand.
use std::sync::Arc;

use axum::Router;

use super::shared::Shared;

/// The page and what is behind it.
pub(super) fn routes(shared: Arc<Shared>) -> Router {
    let _ = shared;
    Router::new()
}
