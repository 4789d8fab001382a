use super::*;

fn command(name: &str, description: &str) -> Command {
    Command { name: name.to_owned(), description: description.to_owned() }
}

#[test]
fn customers_find_commands_in_their_language() {
    let german = Language::parse("de").unwrap();
    let menus = Menus::from([
        (None, vec![command("help", "Help"), command("track", "Where is it")]),
        (Some(german), vec![command("help", "Hilfe"), command("track", "Wo ist es")]),
        (Some(Language::parse("es").unwrap()), vec![command("help", "Ayuda")]),
        (Some(Language::parse("xx").unwrap()), vec![command("help", "?")]),
    ]);
    let all = customers(&menus);
    let text = json!([{ "type": 3, "name": "text", "description": "…", "required": false }]);
    assert_eq!(
        all,
        json!([
            { "name": "help", "type": 1, "description": "Help",
              "description_localizations": { "de": "Hilfe", "es-419": "Ayuda", "es-ES": "Ayuda" } },
            { "name": "track", "type": 1, "description": "Where is it",
              "description_localizations": { "de": "Wo ist es" }, "options": text },
        ])
    );
}

#[test]
fn agents_find_what_a_desk_knows() {
    let all = agents();
    let names: Vec<_> = all.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["list", "claim", "why", "reply", "note", "back", "close"]);
    for one in all.as_array().unwrap() {
        assert!(one["description"].as_str().unwrap().chars().count() <= DESCRIPTION, "{one}");
        let needs = one["options"][0]["required"] == true;
        assert_eq!(needs, ["note", "reply"].contains(&one["name"].as_str().unwrap()), "{one}");
    }
}
