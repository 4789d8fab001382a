//! The shell of the pages to play by hand: their look, and the scripts that all of them need.
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

/// A page and what belongs to it; what is behind it comes on top. Its HTML names `page.css`, `shell.js` and then `page.js`.
pub fn routes<S: Clone + Send + Sync + 'static>(html: &'static str, script: &'static str) -> Router<S> {
    Router::new()
        .route("/", get(async move || Html(html)))
        .route("/page.css", get(async || typed("text/css; charset=utf-8", include_str!("page.css"))))
        .route("/shell.js", get(async || typed(SCRIPT, include_str!("shell.js"))))
        .route("/page.js", get(async move || typed(SCRIPT, script)))
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

fn typed(sort: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, sort)], text)
}
