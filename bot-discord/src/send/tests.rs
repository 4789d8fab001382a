use bot_core::reply::Markup;
use proptest::prelude::*;

use super::*;

fn told(text: &str) -> String {
    styled(&Markup(text.to_owned()).runs())
}

#[test]
fn what_is_literal_stays_what_it_is() {
    let rows = [
        ("plain text, 10.50 € (yes)", "plain text, 10.50 € (yes)"),
        ("*a* _b_ ~~c~~ ||d|| `e`", r"\*a\* \_b\_ \~\~c\~\~ \|\|d\|\| \`e\`"),
        ("# head\n## more\n-# small", "\\# head\n\\## more\n\\-# small"),
        ("> said\n>>> all", "\\> said\n\\>>> all"),
        ("- one\n* two\n  1. three\n12) four", "\\- one\n\\* two\n  1\\. three\n12\\) four"),
        ("a - b # c > d 1. e", "a - b # c > d 1. e"),
        ("#1, -5, >3", "#1, -5, >3"),
        ("-5\n>3\n#", "-5\n>3\n\\#"),
        (
            "<@1> <@&2> <#3> <t:5:R> <:x:6> </c:7>",
            "\\<@\u{2060}1> \\<@\u{2060}&2> \\<#3> \\<t:5:R> \\<:x:6> \\</c:7>",
        ),
        ("@everyone @here a@b.c", "@\u{2060}everyone @\u{2060}here a@b.c"),
        ("[x](https://a.b)", r"\[x\](https\://a.b)"),
        ("https://a.b/c_d", r"https\://a.b/c\_d"),
        (r"C:\x", r"C:\\x"),
        ("a\u{0}b\u{1b}[2J\r\n", "ab\\[2J\n"),
    ];
    for (text, want) in rows {
        assert_eq!(literal(text), want, "{text:?}");
    }
}

#[test]
fn styles_are_discord_s_signs() {
    let rows = [
        ("a **b** c", "a **b** c"),
        ("*i* and **`x*y`**", "*i* and `x*y`"),
        ("**b *bi* b**", "**b** ***bi*** **b**"),
        ("**a***b*", "**a**\u{2060}*b*"),
        ("a **\u{0}** b", "a  b"),
        ("[shop](https://a.b/c)", "[shop](<https://a.b/c>)"),
        ("[shop](https://a.b/?q=%29)", "[shop](<https://a.b/?q=%29>)"),
        ("[https://a.b](https://a.b)", "<https://a.b/>"),
        (r"\*no\* \# no", r"\*no\* # no"),
        (r"`\`id\``", r"\`id\`"),
        ("**a:** - b", "**a:** - b"),
        ("**a**\n- b", "**a**\n\\- b"),
    ];
    for (text, want) in rows {
        assert_eq!(told(text), want, "{text}");
    }
}

#[test]
fn a_text_of_addresses_is_not_too_long_either() {
    let address = format!("https://a.b/{}", "x".repeat(450));
    let text = format!("[a]({address}) ").repeat(60);
    for part in parts(&Markup(text).runs()) {
        assert!(utf16(&part) <= LONGEST, "{}", utf16(&part));
    }
}

#[test]
fn few_buttons_stand_in_a_row_and_many_in_a_list() {
    let rows = |count: usize| {
        let labels: Vec<_> = (0..count).map(|nth| format!("Button {nth}")).collect();
        let keys = labels.iter().enumerate().map(|(nth, label)| (label.as_str(), format!("b:{nth}")));
        let body = Letter::new("x").with(keys).body();
        let kinds = body["components"].as_array().unwrap().iter();
        let kinds = kinds.map(|row| {
            let parts = row["components"].as_array().unwrap();
            (
                parts[0]["type"].as_u64().unwrap(),
                parts.len(),
                parts[0]["options"].as_array().map_or(0, Vec::len),
            )
        });
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(rows(0), []);
    assert_eq!(rows(1), [(2, 1, 0)]);
    assert_eq!(rows(5), [(2, 5, 0)]);
    assert_eq!(rows(6), [(3, 1, 6)]);
    assert_eq!(rows(30), [(3, 1, 25), (3, 1, 5)]);
    assert_eq!(rows(200), [(3, 1, 25); 5]);
}

#[test]
fn labels_are_such_as_discord_takes() {
    for (text, button, choice) in [
        ("Yes", "Yes".to_owned(), "Yes".to_owned()),
        (" \n ", "…".to_owned(), "…".to_owned()),
        ("two\nlines", "two lines".to_owned(), "two lines".to_owned()),
        (&"x".repeat(80), "x".repeat(80), "x".repeat(80)),
        (&"x".repeat(101), "x".repeat(79) + "…", "x".repeat(99) + "…"),
        (&"👍".repeat(101), "👍".repeat(39) + "…", "👍".repeat(49) + "…"),
    ] {
        let shown = |count: usize| {
            Letter::new("x").with([(text, String::new())].into_iter().cycle().take(count)).body()
        };
        assert_eq!(shown(1)["components"][0]["components"][0]["label"], button);
        assert_eq!(shown(6)["components"][0]["components"][0]["options"][0]["label"], choice);
    }
}

#[test]
fn nothing_calls_anybody_or_unfurls() {
    let body = Letter::new("x").quiet(true).once("m1-1").to(Some("5"), false).body();
    assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    assert_eq!(body["flags"], json!(4 | 4096));
    assert_eq!((&body["nonce"], &body["enforce_nonce"]), (&json!("m1-1"), &json!(true)));
    assert_eq!(body["message_reference"], json!({ "message_id": "5", "fail_if_not_exists": false }));
}

/// What a reader sees who takes the backslashes away, and which signs are left to Discord.
fn read(text: &str) -> (String, String) {
    let (mut plain, mut signs) = (String::new(), String::new());
    let mut rest = text.chars().peekable();
    let mut starts_line = true;
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => plain.extend(rest.next()),
            JOINER => {}
            '*' | '_' | '~' | '|' | '`' | '[' | '<' => signs.push(letter),
            '#' | '>' | '-' if starts_line && rest.peek().is_none_or(|next| " \n#>".contains(*next)) => {
                signs.push(letter);
            }
            other => plain.push(other),
        }
        starts_line = letter == '\n' || starts_line && letter.is_whitespace();
    }
    (plain, signs)
}

proptest! {
    #[test]
    fn any_text_is_shown_literally(text in any::<String>(), signs in "[-*_~|`<>@#:/\\[\\]()\\\\.+!a1 \n]{0,60}") {
        for text in [text, signs] {
            let shown = literal(&text);
            let want: String = super::shown(&text).replace(JOINER, "");
            prop_assert_eq!(read(&shown), (want, String::new()));
            prop_assert!(utf16(&shown) <= measure(&text));
            prop_assert!(!shown.contains("@everyone"));
            // An escaped colon leaves a mark, or what stands on both sides of it would make an address.
            prop_assert!(!shown.replace(r"\:", "-").contains("://"));
        }
    }

    #[test]
    fn parts_are_never_too_long(text in any::<String>(), styled in "[*`\\[\\]()ab👍é _]{0,300}", times in 1..40_usize) {
        let text = format!("{styled}{text} [a](https://a.b/{styled}) ").repeat(times);
        for part in parts(&Markup(text).runs()) {
            prop_assert!(utf16(&part) <= LONGEST);
        }
    }

    #[test]
    fn values_in_a_styled_text_stay_literal(value in "[-*_~|`<>@#:/\\[\\]()a1 \n]{1,30}") {
        let run = |text: &str, bold| Run { text: text.to_owned(), bold, ..Run::default() };
        let shown = styled(&[run("Ann:", true), run(&format!(" {value}"), false)]);
        let shown = shown.strip_prefix("**Ann:**").expect("the name is bold");
        let (_, signs) = read(&format!("x{shown}"));
        prop_assert_eq!(signs, "");
    }
}
