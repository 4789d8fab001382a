//! Watches the bot's folder: a saved file is checked and swapped in; a broken one leaves the old bot running.
