use bot_runtime::channel::SendError;

use super::*;

const ALL: u64 = (1 << 40) - 1;

fn server(everyone: u64, own: u64, agents: u64) -> Server {
    let role =
        |id: &str, name: &str, bits: u64| json!({ "id": id, "name": name, "permissions": bits.to_string() });
    let mut bots = role("5", "Shop Bot", own);
    bots["tags"] = json!({ "bot_id": "7" });
    let guild = json!({ "id": "9", "name": "Shop", "mfa_level": 1,
        "roles": [role("9", "@everyone", everyone), bots, role("6", "Agents", agents)] });
    Server { guild, member: json!({ "user": { "id": "7" }, "roles": ["5"] }) }
}

fn channel() -> Json {
    json!({ "id": "60", "type": 0, "guild_id": "9", "name": "staff", "permission_overwrites": [] })
}

fn told(of: &Use, server: &Server, has_roles: bool, two_factors: bool) -> Vec<(bool, String)> {
    let bot = json!({ "id": "7", "username": "Shop", "mfa_enabled": two_factors });
    let findings = findings(of, &channel(), server, &bot, has_roles);
    findings.iter().map(|finding| (finding.is_fine(), format!("{finding:?}"))).collect()
}

#[test]
fn what_a_channel_of_agents_needs() {
    let well = told(&STAFF, &server(0, ALL & !8, ALL & !8), false, true);
    assert!(
        well.len() == 1 && well[0].0 && well[0].1.contains("staff channel #staff on “Shop” (60)"),
        "{well:?}"
    );
    for (everyone, own, has_roles, two_factors, is_fine, has) in [
        (0, ALL & !8 & !(1 << 34), false, true, false, "lacks Manage Threads"),
        (0, ALL & !8 & !(1 << 34), false, true, false, "“Shop Bot” → allow Manage Threads"),
        (1 << 10, ALL & !8, false, true, false, "can answer customers in your name"),
        (1 << 10, ALL & !8, true, true, true, "everybody on the server reads"),
        (0, ALL & !8, false, false, false, "2FA"),
        (0, 8, false, true, true, "has all rights"),
    ] {
        let told = told(&STAFF, &server(everyone, own, 0), has_roles, two_factors);
        assert!(told.iter().any(|(_, text)| text.contains(has)), "{has}: {told:?}");
        assert_eq!(told.iter().all(|(is_fine, _)| *is_fine), is_fine, "{told:?}");
    }
}

#[test]
fn what_a_channel_for_customers_needs() {
    let people: u64 = PEOPLE.iter().map(|(right, _)| right).sum();
    let well = told(&SUPPORT, &server(people, ALL & !8, 0), false, true);
    assert!(well.len() == 1 && well[0].0, "{well:?}");
    let shut = told(&SUPPORT, &server(people & !(1 << 38), ALL & !8, 0), false, true);
    assert!(shut[1].0 && shut[1].1.contains("@everyone lacks Send Messages in Threads"), "{shut:?}");
    let lame = told(&SUPPORT, &server(people, people, 0), false, true);
    assert!(
        !lame[0].0 && lame[0].1.contains("lacks Create Private Threads, Manage Threads, Attach Files"),
        "{lame:?}"
    );
}

#[test]
fn who_the_agents_are() {
    let of = |wanted: &[&str], agents: u64| {
        let servers = BTreeMap::from([("9".to_owned(), server(0, ALL & !8, agents))]);
        let wanted: Vec<_> = wanted.iter().map(|id| (*id).to_owned()).collect();
        let findings = super::agents(&wanted, &[channel()], &servers);
        findings.iter().map(|finding| (finding.is_fine(), format!("{finding:?}"))).collect::<Vec<_>>()
    };
    for (wanted, agents, is_fine, has) in [
        (&[][..], 0, true, "all who can write there"),
        (&["6"], ALL & !8, true, "have the role “Agents” (6)"),
        (&["6"], 8, true, "have the role “Agents” (6)"),
        (&["6"], ALL & !8 & !(1 << 10), false, "the role lacks View Channel"),
        (&["4"], ALL & !8, false, "there is no role 4"),
        (&["9"], ALL & !8, false, "the role of everybody"),
    ] {
        let told = of(wanted, agents);
        assert!(told.len() == 1 && told[0].0 == is_fine && told[0].1.contains(has), "{wanted:?}: {told:?}");
    }
}

#[test]
fn a_channel_that_will_not_do() {
    for (number, _) in KINDS {
        let other = json!({ "type": number, "name": "x" });
        assert!(kind("60", &STAFF, &other).is_some_and(|finding| !finding.is_fine()), "{number}");
    }
    assert_eq!(kind("60", &STAFF, &channel()), None);
    let guilds = json!([{ "id": "9", "name": "Shop" }]);
    for (id, code, has) in [
        ("9", 10003, "is the server “Shop” itself"),
        ("60", 10003, "knows no channel 60"),
        ("60", 50001, "does not see it"),
    ] {
        let error = SendError::Final(String::new());
        let failure = Failure { error, status: 404, code, what: "Missing Access".to_owned() };
        let found = absent(id, &STAFF, &failure, &guilds);
        assert!(!found.is_fine() && format!("{found:?}").contains(has), "{found:?}");
    }
}

#[test]
fn a_channel_is_for_agents_or_for_customers() {
    let room = |id: &str| Room { id: id.to_owned(), team: None };
    assert_eq!(both(&[room("60")], &["61".to_owned()]), []);
    assert_eq!(both(&[room("60"), room("61")], &["61".to_owned()]).len(), 1);
}
