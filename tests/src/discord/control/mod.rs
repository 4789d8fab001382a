//! The page on which one plays customer and agent by hand, and the JSON behind it. Only the page uses it: tests have handles.
use std::sync::Arc;

use axum::Router;

use super::shared::Shared;

/// The page and what is behind it.
pub(super) fn routes(_shared: &Arc<Shared>) -> Router {
    Router::new()
}
