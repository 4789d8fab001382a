//! What the shop knows: orders, returns, refunds, stock. In memory; it begins with a handful of each.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// The orders, for whoever tries the bot out: number, and what is special about it.
pub const TO_TRY: [(&str, &str); 7] = [
    ("12345678", "is on its way"),
    ("87654321", "is not sent yet"),
    ("23456789", "is late"),
    ("34567890", "was delivered"),
    ("45678901", "was cancelled"),
    ("56789012", "was sent back"),
    ("67890123", "was sent back and paid back"),
];

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Processing,
    Shipped,
    Delivered,
    Cancelled,
}

/// Where a return or a refund stands, and since when.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Progress {
    pub status: &'static str,
    pub date: Date,
}

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub status: Status,
    pub item: &'static str,
    pub total: f64,
    pub carrier: &'static str,
    pub delivery_date: Date,
    pub address: Option<String>,
    pub sent_back: Option<Progress>,
    pub refund: Option<Progress>,
}

/// How many there are of a product.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Stock {
    pub online: u32,
    pub shop: u32,
    pub price: f64,
    pub next_delivery: Date,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Data {
    pub today: Date,
    pub orders: BTreeMap<String, Order>,
    pub stock: BTreeMap<&'static str, Stock>,
    pub appointments: BTreeSet<(String, String)>,
    last_number: u32,
}

/// What all requests share.
pub(crate) struct Shop(Mutex<Data>);

impl Shop {
    pub fn new(today: Date) -> Shop {
        let (orders, stock) = (orders(today), stock(today));
        Shop(Mutex::new(Data { today, orders, stock, appointments: BTreeSet::new(), last_number: 4711 }))
    }

    /// The data, for one request at a time.
    pub fn data(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Data {
    /// A number that no other return, refund, reservation or appointment has.
    pub fn number(&mut self, letter: char) -> String {
        self.last_number += 1;
        format!("{letter}-{}", self.last_number)
    }
}

fn orders(today: Date) -> BTreeMap<String, Order> {
    let day = |days: i32| today.saturating_add(days.days());
    let order = |status, item, total, days| Order {
        status,
        item,
        total,
        carrier: "DHL",
        delivery_date: day(days),
        address: None,
        sent_back: None,
        refund: None,
    };
    let progress = |status, days| Some(Progress { status, date: day(days) });
    use Status::{Cancelled, Delivered, Processing, Shipped};
    let orders = [
        ("12345678", order(Shipped, "Nordlicht tent", 189.90, 2)),
        ("87654321", order(Processing, "Gratwanderer boots", 149.00, 5)),
        ("23456789", Order { carrier: "DPD", ..order(Shipped, "Lastenesel backpack", 119.00, -4) }),
        ("34567890", order(Delivered, "Feuerfuchs stove", 49.90, -3)),
        (
            "45678901",
            Order { refund: progress("started", -1), ..order(Cancelled, "Wetterfest jacket", 129.00, 3) },
        ),
        (
            "56789012",
            Order {
                sent_back: progress("received", -2),
                ..order(Delivered, "Daunentraum sleeping bag", 159.00, -12)
            },
        ),
        (
            "67890123",
            Order {
                sent_back: progress("checked", -6),
                refund: progress("paid", -5),
                ..order(Delivered, "Wetterfest jacket", 129.00, -20)
            },
        ),
    ];
    orders.into_iter().map(|(number, order)| (number.to_owned(), order)).collect()
}

fn stock(today: Date) -> BTreeMap<&'static str, Stock> {
    let next_delivery = today.saturating_add(14.days());
    let stock = |online, shop, price| Stock { online, shop, price, next_delivery };
    BTreeMap::from([
        ("tent", stock(12, 3, 189.90)),
        ("sleeping_bag", stock(8, 2, 159.00)),
        ("boots", stock(20, 6, 149.00)),
        ("backpack", stock(4, 0, 119.00)),
        ("stove", stock(0, 0, 49.90)),
        ("jacket", stock(9, 5, 129.00)),
    ])
}
