//! The baseline for Telegram: a bot on teloxide's own dispatcher, see [`bot_tests::baseline`]. No part of the product.
fn main() -> anyhow::Result<()> {
    bot_tests::baseline::telegram::main()
}
