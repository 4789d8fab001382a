//! Orders: looking them up, cancelling, redirecting, sending back, paying back.
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::refusal::{Body, Refusal, conflict, unknown};
use crate::state::{Data, Order, Progress, Shop, Status};

type Answer = Result<Json<Value>, Refusal>;

pub(crate) fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/orders/{number}", get(look_up))
        .route("/orders/{number}/cancel", post(cancel))
        .route("/orders/{number}/address", put(redirect))
        .route("/orders/{number}/return", get(return_state))
        .route("/orders/{number}/refund", get(refund_state))
        .route("/orders/{number}/label", post(send_by_mail))
        .route("/orders/{number}/invoice", post(send_by_mail))
        .route("/returns", post(send_back))
        .route("/refunds", post(pay_back))
}

/// A number that the shop doesn't know is an answer, not an error: the bot has to tell it from a shop out of order.
async fn look_up(State(shop): State<Arc<Shop>>, Path(number): Path<String>) -> Json<Value> {
    match shop.data().orders.get(&number) {
        None => Json(json!({ "status": "unknown" })),
        Some(order) => Json(json!({
            "status": order.status,
            "total": order.total,
            "item": order.item,
            "carrier": order.carrier,
            "delivery_date": order.delivery_date,
            "address": order.address,
            "tracking_url": format!("https://track.fernweg.example/{number}"),
        })),
    }
}

async fn cancel(State(shop): State<Arc<Shop>>, Path(number): Path<String>) -> Answer {
    let mut data = shop.data();
    let today = data.today;
    let order = order(&mut data, &number)?;
    match order.status {
        Status::Processing => {
            order.status = Status::Cancelled;
            order.refund = Some(Progress { status: "started", date: today });
        }
        Status::Cancelled => {}
        Status::Shipped | Status::Delivered => return Err(conflict("the order has left the warehouse")),
    }
    Ok(Json(json!({ "cancelled": true })))
}

#[derive(Deserialize)]
struct Redirection {
    address: String,
}

async fn redirect(
    State(shop): State<Arc<Shop>>,
    Path(number): Path<String>,
    Body(new): Body<Redirection>,
) -> Answer {
    let mut data = shop.data();
    let order = order(&mut data, &number)?;
    let changed = order.status == Status::Processing;
    if changed {
        order.address = Some(new.address);
    }
    Ok(Json(json!({ "changed": changed })))
}

async fn return_state(State(shop): State<Arc<Shop>>, Path(number): Path<String>) -> Json<Value> {
    let data = shop.data();
    let progress = data.orders.get(&number).and_then(|order| order.sent_back.as_ref());
    Json(progress.map_or_else(|| json!({ "status": "none" }), |progress| json!(progress)))
}

async fn refund_state(State(shop): State<Arc<Shop>>, Path(number): Path<String>) -> Json<Value> {
    let data = shop.data();
    let order = data.orders.get(&number);
    let refund = order.and_then(|order| Some((order.total, order.refund.as_ref()?)));
    Json(match refund {
        None => json!({ "status": "none" }),
        Some((amount, refund)) => json!({ "status": refund.status, "amount": amount, "date": refund.date }),
    })
}

#[derive(Deserialize)]
struct Recipient {
    email: String,
}

async fn send_by_mail(
    State(shop): State<Arc<Shop>>,
    Path(number): Path<String>,
    Body(recipient): Body<Recipient>,
) -> Answer {
    order(&mut shop.data(), &number)?;
    Ok(Json(json!({ "sent": recipient.email.contains('@') })))
}

#[derive(Deserialize)]
struct About {
    order: String,
}

async fn send_back(State(shop): State<Arc<Shop>>, Body(about): Body<About>) -> Answer {
    let mut data = shop.data();
    let today = data.today;
    let order = order(&mut data, &about.order)?;
    if !matches!(order.status, Status::Shipped | Status::Delivered) {
        return Err(conflict("the order was not sent, so nothing can come back"));
    }
    order.sent_back = Some(Progress { status: "announced", date: today });
    Ok(Json(json!({ "number": data.number('R') })))
}

async fn pay_back(State(shop): State<Arc<Shop>>, Body(about): Body<About>) -> Answer {
    let mut data = shop.data();
    let today = data.today;
    let order = order(&mut data, &about.order)?;
    if order.refund.is_some() {
        return Err(conflict("the order is being paid back already"));
    }
    order.refund = Some(Progress { status: "started", date: today });
    Ok(Json(json!({ "number": data.number('G') })))
}

fn order<'d>(data: &'d mut Data, number: &str) -> Result<&'d mut Order, Refusal> {
    data.orders.get_mut(number).ok_or_else(|| unknown("the order"))
}
