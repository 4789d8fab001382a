//! What Discord would show of a text.
use bot_tests::discord::render::{Kind, render};

/// What is written, what is read of it, and what in it has a meaning.
type Case = (&'static str, &'static str, Vec<(Kind, &'static str)>);

#[test]
fn marks_are_understood() {
    let link = || Kind::Link("https://a.example/b".to_owned());
    let cases: [Case; 33] = [
        ("plain words", "plain words", vec![]),
        ("**bold** x", "bold x", vec![(Kind::Bold, "bold")]),
        ("*it* _it_", "it it", vec![(Kind::Italic, "it"), (Kind::Italic, "it")]),
        ("***both***", "both", vec![(Kind::Bold, "both"), (Kind::Italic, "both")]),
        ("__under__", "under", vec![(Kind::Underline, "under")]),
        ("~~gone~~ ||secret||", "gone secret", vec![(Kind::Strike, "gone"), (Kind::Spoiler, "secret")]),
        ("`co*d*e`", "co*d*e", vec![(Kind::Code, "co*d*e")]),
        ("``a`b``", "a`b", vec![(Kind::Code, "a`b")]),
        ("```\nlet x;\n```", "let x;", vec![(Kind::CodeBlock, "let x;")]),
        ("> a\n> b\nc", "a\nb\nc", vec![(Kind::Quote, "a\nb\n")]),
        (">>> a\nb", "a\nb", vec![(Kind::Quote, "a\nb")]),
        ("# Title\nx", "Titlex", vec![(Kind::Heading(1), "Title")]),
        ("a\n### Small", "a\nSmall", vec![(Kind::Heading(3), "Small")]),
        ("-# fine print", "fine print", vec![(Kind::Subtext, "fine print")]),
        ("- one", "one", vec![(Kind::ListItem, "one")]),
        ("1. one", "one", vec![(Kind::ListItem, "one")]),
        ("https://a.example/b.", "https://a.example/b.", vec![(link(), "https://a.example/b")]),
        ("<https://a.example/b>", "https://a.example/b", vec![(link(), "https://a.example/b")]),
        ("[here](https://a.example/b)", "here", vec![(link(), "here")]),
        ("[**x**](<https://a.example/b>)", "x", vec![(link(), "x"), (Kind::Bold, "x")]),
        (
            "<@1> <@&2>",
            "<@1> <@&2>",
            vec![(Kind::User("1".into()), "<@1>"), (Kind::Role("2".into()), "<@&2>")],
        ),
        ("<#3>@here", "<#3>@here", vec![(Kind::Channel("3".into()), "<#3>"), (Kind::Everyone, "@here")]),
        ("<:ok:4>", "<:ok:4>", vec![(Kind::Emoji("ok".into()), "<:ok:4>")]),
        ("<t:0:R>", "<t:0:R>", vec![(Kind::Time("0".into()), "<t:0:R>")]),
        ("</help:5>", "</help:5>", vec![(Kind::Command("help".into()), "</help:5>")]),
        // What looks like a mark, and is none.
        (r"\*no\* \_no\_ \`no\`", "*no* _no_ `no`", vec![]),
        (r"\# no", "# no", vec![]),
        (r"https\://a.example", "https://a.example", vec![]),
        (r"\<@1>", "<@1>", vec![]),
        ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4", vec![]),
        ("#1 is not a heading, #### nor this", "#1 is not a heading, #### nor this", vec![]),
        ("** and __ and ~~ and || and `", "** and __ and ~~ and || and `", vec![]),
        (r"C:\Users\x and ¯\\\_(ツ)\_/¯", r"C:\Users\x and ¯\_(ツ)_/¯", vec![]),
    ];
    for (content, text, spans) in cases {
        let shown = render(content);
        let found: Vec<(Kind, &str)> =
            shown.spans.iter().map(|span| (span.kind.clone(), &*span.text)).collect();
        assert_eq!((&*shown.text, found), (text, spans), "{content}");
    }
}

#[test]
fn no_text_makes_it_panic_or_take_long() {
    for content in
        ["*", "_", "`", "|", "~", "[", "<", "\\", "> ", "# ", "- ", "*_", "[]()", "**~~||__", "é*", "```"]
    {
        let long: String = content.repeat(2000 / content.chars().count()).chars().take(2000).collect();
        render(&long);
    }
}
