use super::*;

/// `name description`, and where it has another name in that language `name=local description`.
fn menu(language: &str, commands: &[&str]) -> (Language, Vec<Command>) {
    let command = |command: &&str| {
        let (names, description) = command.split_once(' ').unwrap();
        let (name, local) = names.split_once('=').unwrap_or((names, names));
        let [name, local_name, description] = [name, local, description].map(str::to_owned);
        Command { name, local_name, description }
    };
    (Language::parse(language).unwrap(), commands.iter().map(command).collect())
}

#[test]
fn customers_find_commands_in_their_language() {
    let menus = vec![
        menu("en", &["help Help", "track Where is it"]),
        menu("de", &["help=hilfe Hilfe", "track Wo ist es"]),
        menu("es", &["help=ayuda Ayuda"]),
        menu("xx", &["help=hjelp ?"]),
    ];
    let all = customers(&menus);
    let text = json!([{ "type": 3, "name": "text", "description": "…", "required": false }]);
    assert_eq!(
        all,
        json!([
            { "name": "help", "type": 1, "description": "Help",
              "name_localizations": { "de": "hilfe", "es-419": "ayuda", "es-ES": "ayuda" },
              "description_localizations": { "de": "Hilfe", "es-419": "Ayuda", "es-ES": "Ayuda" } },
            { "name": "track", "type": 1, "description": "Where is it",
              "description_localizations": { "de": "Wo ist es" }, "options": text },
        ])
    );
    assert_eq!(customers(&Menus::new()), json!([]));
}

#[test]
fn the_first_language_has_names_too() {
    let all = customers(&vec![menu("de", &["help=hilfe Hilfe"]), menu("en", &["help Help"])]);
    let english = json!({ "en-GB": "Help", "en-US": "Help" });
    assert_eq!(
        all,
        json!([{ "name": "help", "type": 1, "description": "Hilfe", "name_localizations": { "de": "hilfe" },
                 "description_localizations": english }])
    );
}

#[test]
fn names_that_discord_would_refuse_are_left_out() {
    let long = "x".repeat(33);
    for (local, others, is_there) in [
        ("hilfe", &["track Wo ist es"][..], true),
        ("início", &[], true),
        ("hjælp-'_2", &[], true),
        ("मदद", &[], true),
        ("", &[], false),
        ("Hilfe", &[], false),
        ("zwei\u{a0}worte", &[], false),
        ("hilfe!", &[], false),
        (&long, &[], false),
        ("hilfe", &["hilfe Eine eigene"], false),
        ("human", &["human=mensch Ein Mensch"], false),
        ("gleich", &["human=gleich Ein Mensch"], false),
    ] {
        let first = format!("help={local} Hilfe");
        let menus = vec![menu("de", &[&[&*first], others].concat())];
        let shown = customers(&menus)[0]["name_localizations"]["de"].clone();
        assert_eq!(shown == json!(local), is_there, "{local} {others:?}");
        assert!(is_there || shown.is_null(), "{local}: {shown}");
    }
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
