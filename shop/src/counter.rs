//! The shop in the street: what is in stock, what is put aside, appointments.
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::refusal::{Body, Refusal, conflict, unknown};
use crate::state::Shop;

type Answer = Result<Json<Value>, Refusal>;

pub(crate) fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/stock/{product}", get(stock))
        .route("/reservations", post(reserve))
        .route("/appointments", post(book))
}

async fn stock(State(shop): State<Arc<Shop>>, Path(product): Path<String>) -> Answer {
    let stock = shop.data().stock.get(product.as_str()).copied();
    stock.map(|stock| Json(json!(stock))).ok_or_else(|| unknown("the product"))
}

#[derive(Deserialize)]
struct Reservation {
    product: String,
    quantity: u32,
}

async fn reserve(State(shop): State<Arc<Shop>>, Body(wanted): Body<Reservation>) -> Answer {
    let mut data = shop.data();
    let stock = data.stock.get_mut(wanted.product.as_str()).ok_or_else(|| unknown("the product"))?;
    let left = stock.shop.checked_sub(wanted.quantity);
    stock.shop = left.ok_or_else(|| conflict("there are not that many in the shop"))?;
    Ok(Json(json!({ "number": data.number('V') })))
}

#[derive(Deserialize)]
struct Appointment {
    date: String,
    time: String,
}

async fn book(State(shop): State<Arc<Shop>>, Body(wanted): Body<Appointment>) -> Json<Value> {
    let mut data = shop.data();
    if !data.appointments.insert((wanted.date, wanted.time)) {
        return Json(json!({ "free": false }));
    }
    Json(json!({ "free": true, "number": data.number('T') }))
}
