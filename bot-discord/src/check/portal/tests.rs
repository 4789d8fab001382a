use serde_json::json;

use super::*;

fn shown(findings: impl IntoIterator<Item = Finding>) -> Vec<String> {
    findings.into_iter().map(|finding| format!("{finding:?}")).collect()
}

#[test]
fn what_keeps_it_from_working_is_named() {
    let application = json!({ "id": "7", "bot_require_code_grant": true, "interactions_endpoint_url": "https://x.example" });
    let told = shown(bot(&json!({ "username": "Shop" }), &application));
    assert_eq!(told.len(), 3);
    assert!(told[1].contains("https://x.example") && told[2].contains("OAuth2 Code Grant"), "{told:?}");
    let plain = bot(&json!({ "username": "Shop" }), &json!({ "id": "7", "interactions_endpoint_url": null }));
    assert_eq!(plain, [Finding::fine("the bot is “Shop”, of the application 7")]);
}

#[test]
fn what_it_is_not_given_matters_where_it_is_needed() {
    for (flags, rooms, support, is_fine, has) in [
        (1 << 18, true, true, true, "is on"),
        (1 << 19, true, true, true, "is on"),
        (0, false, false, true, "direct messages, and what mentions it"),
        (0, true, false, true, "/reply only"),
        (0, true, true, false, "what customers write in support channels"),
        (1 << 19 | 1 << 15, true, true, true, "switch off Server Members Intent"),
        (1 << 19 | 1 << 12 | 1 << 14, true, true, true, "Presence Intent and Server Members Intent"),
    ] {
        let findings = intents(&json!({ "flags": flags }), rooms, support);
        assert_eq!(findings.iter().all(Finding::is_fine), is_fine, "{findings:?}");
        assert!(shown(findings.clone()).concat().contains(has), "{has}: {findings:?}");
    }
}

#[test]
fn few_sessions_are_told_before_there_are_none() {
    let of = |left: u64| sessions(&json!({ "total": 1000, "remaining": left, "reset_after": 61_000 }));
    assert_eq!(of(200), Finding::fine("of 1000 new sessions a day 200 are left"));
    for (left, is_fine, has) in [(199, true, "only 199 are left"), (0, false, "new ones in 2 min")] {
        let found = of(left);
        assert_eq!(found.is_fine(), is_fine);
        assert!(format!("{found:?}").contains(has), "{found:?}");
    }
}

#[test]
fn the_invitation_asks_for_what_is_needed_and_no_more() {
    let told = shown(servers(&json!([]), "7"));
    assert!(told[0].contains("on no server"), "{told:?}");
    let rights: u64 = 1 << 6 | 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 34 | 1 << 35 | 1 << 36 | 1 << 38;
    let address = format!("client_id=7&scope=bot+applications.commands&permissions={rights}");
    assert!(told[1].contains(&address), "{told:?}");
    let many: Vec<_> = (0..7).map(|number| json!({ "name": format!("S{number}") })).collect();
    let told = shown(servers(&json!(many), "7"));
    assert!(told[0].contains("on 7 servers: “S0”, “S1”, “S2”, “S3”, “S4”, …"), "{told:?}");
}
