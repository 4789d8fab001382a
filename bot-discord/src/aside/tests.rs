use super::*;

#[tokio::test]
async fn commands_are_shown_to_whom_they_concern() {
    let api = Api::new("token", Some("http://127.0.0.1:9")).unwrap();
    let rooms = vec![Room { id: "5".to_owned(), team: None }];
    let aside = Aside { api, me: Me::default(), rooms, agents: Agents(vec!["7".to_owned()]) };
    let command = json!({ "name": "note", "options": [{ "value": "*all*" }] });
    for (channel, parent, role, want) in [
        ("5", "1", "7", (r"/note \*all\*", false)),
        ("6", "5", "7", (r"/note \*all\*", false)),
        ("6", "5", "8", (r"Only who has a role of an agent does that here. Nothing was done or sent.", true)),
        ("6", "1", "7", (r"/note \*all\*", true)),
        // One that is the server's own.
        ("6", "5", "7 of agents", (r"/note \*all\*", false)),
        (
            "6",
            "1",
            "7 of agents",
            (r"This command is for agents, where they see customers. Nothing was done or sent.", true),
        ),
    ] {
        let (role, is_own) = role.strip_suffix(" of agents").map_or((role, false), |role| (role, true));
        let mut command = command.clone();
        command["guild_id"] = json!(is_own.then_some("1"));
        let given = json!({ "type": 2, "data": command, "channel_id": channel, "channel": { "parent_id": parent },
            "member": { "roles": [role] } });
        let told = aside.acknowledgement(&given).unwrap();
        let is_private = told["data"]["flags"].as_u64().unwrap() & 64 != 0;
        assert_eq!((told["data"]["content"].as_str().unwrap(), is_private), want, "{given}");
        assert_eq!((&told["type"], &told["data"]["allowed_mentions"]), (&json!(4), &json!({ "parse": [] })));
    }
}
