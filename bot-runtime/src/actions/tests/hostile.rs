//! What customers write can't change where a request goes, and neither can a name server.
use std::net::SocketAddr;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use reqwest::Url;
use serde_json::json;

use super::super::resolve::Lookup;
use super::super::template::{Values, fill, trusted};
use super::super::url;
use super::backend::{Answer, Backend};
use super::{Actions, Environment, ask, bot, done, failed, outcome};
use minijinja::Value;

const TEMPLATE: &str =
    "{{ env.SHOP_URL }}/orders/{{ a }}/no-{{ b }}.json?first={{ c }}&fixed=1&last=x{{ a }}";

fn address(template: &str, [a, b, c]: [&str; 3]) -> Result<Url, String> {
    let env = Value::from_iter([("SHOP_URL".to_owned(), trusted("https://me:pw@shop.example:8443/api"))]);
    let mut values = Values::from([("env".to_owned(), env)]);
    values.extend([("a", a), ("b", b), ("c", c)].map(|(name, value)| (name.to_owned(), Value::from(value))));
    url::build(&fill(template, &values)?)
}

/// What no value may change.
fn shape(url: &Url) -> (String, String, Option<u16>, String, usize, Vec<String>, Option<String>) {
    let names = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    (
        url.scheme().to_owned(),
        url.host_str().unwrap_or_default().to_owned(),
        url.port(),
        url.username().to_owned(),
        url.path_segments().map_or(0, Iterator::count),
        names,
        url.fragment().map(str::to_owned),
    )
}

fn check_values(a: &str, b: &str, c: &str) -> Result<(), TestCaseError> {
    let url = match address(TEMPLATE, [a, b, c]) {
        Ok(url) => url,
        Err(reason) => {
            prop_assert!(["", ".", ".."].contains(&a), "{reason}");
            return Ok(());
        }
    };
    let plain = address(TEMPLATE, ["1", "2", "3"]).expect("plain values make an address");
    prop_assert_eq!(shape(&url), shape(&plain));
    let segments: Vec<_> = url.path_segments().into_iter().flatten().map(str::to_owned).collect();
    let decoded: Vec<_> =
        segments.iter().map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect();
    prop_assert_eq!(
        decoded,
        vec!["api".to_owned(), "orders".to_owned(), a.to_owned(), format!("no-{b}.json")]
    );
    let query: Vec<_> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
    prop_assert_eq!(query, vec![c.to_owned(), "1".to_owned(), format!("x{a}")]);
    Ok(())
}

#[test]
fn hostile_values_stay_values() {
    let values = [
        "",
        ".",
        "..",
        "%2e%2e",
        "%2E",
        "...",
        "../..",
        "/",
        "//evil.example",
        "\\..\\",
        "?admin=1",
        "&first=2",
        "#",
        "a#b",
        "%",
        "%00",
        "%2f",
        "\r\nhost: evil.example",
        "\u{0}",
        "\u{1}x\u{2}",
        "@evil.example",
        ":80",
        "http://evil.example",
        ";a=b",
        " ",
        "+",
        "\u{202e}",
        "日本語",
        "{{ secret.SHOP_TOKEN }}",
        "{% raw %}",
        "$(id)",
        "'\"<>`",
    ];
    for a in values {
        for b in values {
            check_values(a, b, b).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn any_value_stays_a_value(a in any::<String>(), b in any::<String>(), c in any::<String>()) {
        check_values(&a, &b, &c)?;
    }

    #[test]
    fn any_value_of_signs_stays_a_value(a in r"[./\\?#%&=:@;\x00-\x20a2eE]{0,8}", b in r"[./\\%2eE]{0,6}") {
        check_values(&a, &b, &a)?;
    }
}

#[test]
fn an_address_says_where_values_may_stand() {
    let site = "an argument or a secret can't stand in the scheme or the host of an address; only the text itself and \
                `env` can";
    let scheme = "the address must begin with https:// or http://";
    let path = "an argument that is a part of the address's path is empty, `.` or `..`";
    let name = "an argument can't be the name of a parameter of an address";
    let rows = [
        ("{{ a }}://shop.example/", Err(site)),
        ("https://{{ a }}/x", Err(site)),
        ("https://{{ a }}.shop.example/x", Err(site)),
        ("https://shop.example{{ a }}", Err(site)),
        ("https://shop.example:{{ a }}/", Err(site)),
        ("https://{{ a }}@shop.example/", Err(site)),
        // A setting that was changed by a filter or joined with something is a value.
        ("{{ env.SHOP_URL ~ a }}/x", Err(scheme)),
        ("{{ env.SHOP_URL | upper }}/x", Err(scheme)),
        ("{{ a | safe }}", Err(scheme)),
        ("ftp://shop.example/{{ a }}", Err(scheme)),
        ("/x/{{ a }}", Err(scheme)),
        ("https://shop.example\\x", Err("the address has a backslash")),
        ("https://shop.example/.{{ b }}", Err(path)),
        ("https://shop.example/{{ b }}{{ b }}", Err(path)),
        ("https://shop.example/%2e{{ b }}", Err(path)),
        ("https://shop.example/{{ missing }}/x", Err(path)),
        ("https://shop.example/?{{ a }}=1", Err(name)),
        ("https://shop.example/?x=1&{{ a }}", Err(name)),
        ("https://shop.example/?x={{ missing }}", Ok("https://shop.example/?x=")),
        ("https://shop.example?x={{ a }}", Ok("https://shop.example/?x=a%2Fb")),
        ("https://shop.example/{{ a | safe }}", Ok("https://shop.example/a%2Fb")),
        ("https://shop.example/{{ a | e }}", Ok("https://shop.example/a%26%23x2f%3Bb")),
        ("https://shop.example/x#{{ a }}", Ok("https://shop.example/x")),
        ("https://shop.example//x///{{ a }}/", Ok("https://shop.example/x/a%2Fb/")),
        ("{{ env.SHOP_URL }}/{{ a }}", Ok("https://me:pw@shop.example:8443/api/a%2Fb")),
    ];
    for (template, expected) in rows {
        let built = address(template, ["a/b", ".", "c"]).map(|url| url.to_string());
        assert_eq!(built, expected.map(str::to_owned).map_err(str::to_owned), "{template}");
    }
}

#[tokio::test]
async fn headers_take_no_line_breaks_and_no_hosts() {
    let backend = Backend::start([Answer::ok()]).await;
    let action =
        |header: &str| format!(r#"  it: {{ get: "{{{{ env.SHOP_URL }}}}/x", headers: {{ {header} }} }}"#);
    let control = failed("the header `x-note` would get a line break or another control character");
    for value in ["a\r\nhost: evil.example", "a\nb", "a\rb", "a\u{0}", "a\tb", "\u{7f}", "\u{85}"] {
        let with = json!({ "a": value });
        assert_eq!(ask(&action("x-note: \"{{ a }}\""), &backend.url, with).await, control, "{value:?}");
    }
    for name in ["host", "Host", "content-length", "Transfer-Encoding", "connection"] {
        let reason = format!("the header `{name}` can't be set: it belongs to the connection");
        assert_eq!(ask(&action(&format!("{name}: x")), &backend.url, json!({})).await, failed(&reason));
    }
    assert!(backend.seen().is_empty());
}

#[tokio::test]
async fn a_setting_is_not_taken_from_an_argument() {
    let backend = Backend::start([Answer::ok()]).await;
    let action = r#"  it: { get: "{{ env.SHOP_URL }}/x", headers: { x: "{{ secret.SHOP_TOKEN }}" } }"#;
    let with = json!({ "env": { "SHOP_URL": "http://127.0.0.1:1" }, "secret": { "SHOP_TOKEN": "theirs" } });
    assert_eq!(ask(action, &backend.url, with).await, done());
    assert_eq!(backend.seen()[0].header("x"), "t0ken");
}

/// A name server that leads to this computer.
fn rebound() -> Lookup {
    Arc::new(|_| Box::pin(async { Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))]) }))
}

#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_refused_unless_it_is_named() {
    let backend = Backend::start([Answer::ok()]).await;
    let port = Url::parse(&backend.url).unwrap().port().unwrap();
    let bot = bot(r#"  it: { get: "{{ env.SHOP_URL }}/x", retries: 2 }"#);
    let refused = || {
        failed(
            "the host's name resolves to a private address; if that is meant, name the host in BOT_PRIVATE_HOSTS",
        )
    };
    let rows = [
        ("shop.example", "", refused()),
        ("shop.example", "other.example", refused()),
        ("shop.example", "other.example, SHOP.example", done()),
        ("shop.example.", "shop.example", done()),
        ("localhost", "", done()),
        ("127.0.0.1", "", done()),
    ];
    for (host, private_hosts, expected) in rows {
        let url = format!("http://{host}:{port}");
        let environment =
            Environment::from_variables([("SHOP_URL", url.as_str()), ("BOT_PRIVATE_HOSTS", private_hosts)]);
        let actions = Actions::looking_up(environment, rebound());
        assert_eq!(outcome(&actions, &bot, json!({})).await, expected, "{host} {private_hosts}");
    }
    assert_eq!(backend.seen().len(), 4);
}
