//! Telegram's topics do what a desk with threads needs, against the stand-in.
use bot_runtime::desk::board::contract;
use bot_runtime::files::Files;
use bot_telegram::{Api, Topics};
use bot_tests::telegram::{Media, Telegram};

#[test]
fn topics_are_threads() {
    let telegram = Telegram::start().without_pace();
    let customer = telegram.customer(1, "Ann", "en");
    telegram.group(-1_001_000_000_001, "Shop staff");
    let photo = customer.sends(Media::Photo, "broken");
    let api = Api::new(telegram.token(), Some(&telegram.url())).expect("an address");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio.block_on(contract::check(&Topics(api, Files::default()), "-1001000000001", &format!("1/{photo}")));
}
