//! What callers are told when something is not possible: a status, and JSON with an `error`.
use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A refusal.
#[derive(Debug)]
pub(crate) struct Refusal(pub StatusCode, pub String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// Something is not there.
pub(crate) fn unknown(what: &str) -> Refusal {
    Refusal(StatusCode::NOT_FOUND, format!("{what} is not known"))
}

/// Something is not possible as things stand.
pub(crate) fn conflict(why: &str) -> Refusal {
    Refusal(StatusCode::CONFLICT, why.to_owned())
}

pub(crate) async fn no_such_page() -> Refusal {
    unknown("this page")
}

/// The JSON body of a request.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Refusal> {
        let body = Json::from_request(request, state).await;
        body.map(|Json(body)| Body(body)).map_err(|error| Refusal(StatusCode::BAD_REQUEST, error.body_text()))
    }
}
