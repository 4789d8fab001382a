//! Customers: their address, the newsletter, gift cards.
use std::sync::Arc;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::refusal::{Body, Refusal};
use crate::state::Shop;

/// The gift cards that there are, by the digits of their code.
const GIFT_CARDS: [(&str, f64, &str); 2] =
    [("123456789012", 25.00, "2028-12-31"), ("111122223333", 0.00, "2027-06-30")];

type Answer = Result<Json<Value>, Refusal>;

pub(crate) fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/customers/email", post(change_email))
        .route("/newsletter", post(newsletter))
        .route("/gift-cards/balance", post(balance))
}

#[derive(Deserialize)]
struct Change {
    old: String,
    new: String,
}

async fn change_email(Body(change): Body<Change>) -> Answer {
    if change.old == change.new {
        return Err(Refusal(StatusCode::BAD_REQUEST, "both addresses are the same".to_owned()));
    }
    Ok(Json(json!({ "sent": true })))
}

#[derive(Deserialize)]
struct Newsletter {
    #[serde(rename = "email")]
    _email: String,
    wish: String,
}

async fn newsletter(Body(newsletter): Body<Newsletter>) -> Answer {
    match newsletter.wish.as_str() {
        "subscribe" | "unsubscribe" => Ok(Json(json!({ "done": true }))),
        _ => Err(Refusal(StatusCode::BAD_REQUEST, "the wish is subscribe or unsubscribe".to_owned())),
    }
}

#[derive(Deserialize)]
struct Card {
    code: String,
}

/// Like an order's: a code that is not known is an answer.
async fn balance(Body(card): Body<Card>) -> Json<Value> {
    let digits: String = card.code.chars().filter(char::is_ascii_digit).collect();
    match GIFT_CARDS.iter().find(|(code, ..)| *code == digits) {
        Some((_, balance, valid_until)) => {
            Json(json!({ "status": "valid", "balance": balance, "valid_until": valid_until }))
        }
        None => Json(json!({ "status": "unknown" })),
    }
}
