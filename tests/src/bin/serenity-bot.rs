//! The baseline for Discord: a bot on serenity's client, see [`bot_tests::baseline`]. No part of the product.
fn main() -> anyhow::Result<()> {
    bot_tests::baseline::discord::main()
}
