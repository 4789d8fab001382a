use serde_json::{Value, json};

use super::Spec;

/// A messenger of its own with one type of each sort.
fn spec() -> Spec {
    let field = |name: &str, types: &[&str], required: bool, description: &str| json!({"name": name, "types": types, "required": required, "description": description});
    let interface = json!({
        "methods": {
            "say": {"name": "say", "returns": ["Note", "Boolean"], "fields": [
                field("to", &["Integer", "String"], true, "Whom"),
                field("text", &["String"], true, "1-5 characters"),
                field("marks", &["Array of Mark"], false, ""),
                field("file", &["InputFile", "String"], false, ""),
                field("loud", &["Boolean"], false, ""),
                field("speed", &["Float"], false, ""),
                field("rows", &["Array of Array of Mark"], false, ""),
                field("scope", &["Scope"], false, ""),
                field("media", &["Array of Here", "Array of There"], false, ""),
                field("token", &["String"], false, "1-4 bytes"),
            ]},
        },
        "types": {
            "Note": {"fields": [field("id", &["Integer"], true, ""), field("marks", &["Array of Mark"], false, "")]},
            "Mark": {"fields": [
                field("kind", &["String"], true, "Currently, can be \"bold\" (<b>) or \"link\""),
                field("offset", &["Integer"], true, "Offset"),
            ]},
            "Scope": {"subtypes": ["Here", "There"]},
            "Here": {"fields": [field("type", &["String"], true, "Scope type, must be here")]},
            "There": {"fields": [
                field("type", &["String"], true, "Type of the scope, always \"there\""),
                field("far", &["Integer"], true, ""),
            ]},
            "Update": {"fields": [
                field("update_id", &["Integer"], true, ""),
                field("note", &["Note"], false, ""),
                field("mark", &["Mark"], false, ""),
            ]},
            "ResponseParameters": {"fields": [field("retry_after", &["Integer"], false, "")]},
        },
    });
    let literals = "# literals\nBad Request\nBad Request: \nBad Request: nobody there\nToo Many Requests: retry after \n\
                    [400] Text is odd\n[400] Field \\\n[403] Forbidden: gone";
    Spec::new(&interface.to_string(), literals)
}

fn lines(findings: Vec<super::Finding>) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn requests() {
    let mark = |offset: Value| json!({"kind": "bold", "offset": offset});
    let table: &[(&str, Value, &[&str])] = &[
        ("say", json!({"to": 1, "text": "hello"}), &[]),
        // Any case will do, as it does for the server.
        ("SAY", json!({"to": "@anna", "text": "h", "file": "attach://a"}), &[]),
        ("say", json!({"to": 1, "text": "h", "file": {"file_name": "a.png", "size": 3}}), &[]),
        (
            "say",
            json!({"to": 1, "text": "h", "marks": [mark(json!(0))], "rows": [[mark(json!(1))], []]}),
            &[],
        ),
        (
            "say",
            json!({"to": 1, "text": "h", "scope": {"type": "there", "far": 3}, "loud": true, "speed": 1}),
            &[],
        ),
        ("say", json!({"to": 1, "text": "h", "media": [{"type": "here"}, {"type": "there", "far": 1}]}), &[]),
        ("shout", json!({}), &["shout: unknown method"]),
        ("say", json!([]), &["say: Array where parameters are expected"]),
        ("say", Value::Null, &["say.to: missing", "say.text: missing"]),
        ("say", json!({"to": 1, "text": "h", "txt": 1}), &["say.txt: unknown"]),
        (
            "say",
            json!({"to": 1.5, "text": 1}),
            &[
                "say.to: Float where Integer or String is expected",
                "say.text: Integer where String is expected",
            ],
        ),
        (
            "say",
            json!({"to": 1, "text": "h", "marks": [mark(json!(0)), mark(json!("4"))]}),
            &["say.marks[1].offset: String where Integer is expected"],
        ),
        (
            "say",
            json!({"to": 1, "text": "h", "rows": [mark(json!(0))]}),
            &["say.rows[0]: Object where Array of Mark is expected"],
        ),
        ("say", json!({"to": [1], "text": "h"}), &["say.to: Array where Integer or String is expected"]),
        (
            "say",
            json!({"to": 1, "text": "h", "loud": "yes", "speed": true, "file": {}, "token": null}),
            &[
                "say.loud: String where Boolean is expected",
                "say.speed: Boolean where Float is expected",
                "say.file: Object where InputFile or String is expected",
                "say.token: null where String is expected",
            ],
        ),
        // It says which it is, and lacks what that one must have.
        ("say", json!({"to": 1, "text": "h", "scope": {"type": "there"}}), &["say.scope.far: missing"]),
        (
            "say",
            json!({"to": 1, "text": "h", "scope": {"type": "here", "far": 1}}),
            &["say.scope.far: unknown"],
        ),
        (
            "say",
            json!({"to": 1, "text": "h", "scope": {"type": "up"}}),
            &["say.scope.type: \"up\" where \"here\" is expected"],
        ),
        (
            "say",
            json!({"to": 1, "text": "h", "marks": [{"kind": "big", "offset": 0}]}),
            &["say.marks[0].kind: \"big\", which is none of bold, link"],
        ),
        // Lengths: two units each for the first, and bytes for the second.
        ("say", json!({"to": 1, "text": "🦊🦊🦊"}), &["say.text: 6 characters where 1-5 are expected"]),
        ("say", json!({"to": 1, "text": ""}), &["say.text: 0 characters where 1-5 are expected"]),
        (
            "say",
            json!({"to": 1, "text": "h", "token": "äöü"}),
            &["say.token: 6 bytes where 1-4 are expected"],
        ),
    ];
    for (method, parameters, expected) in table {
        let found = lines(spec().request(method, parameters));
        assert_eq!(found, *expected, "{method} {parameters}");
    }
}

#[test]
fn answers() {
    let too_many = |after: Value| {
        json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 3",
               "parameters": {"retry_after": after}})
    };
    let error = |code: i64, text: &str| json!({"ok": false, "error_code": code, "description": text});
    let table: &[(Value, &[&str])] = &[
        (json!({"ok": true, "result": {"id": 1}}), &[]),
        (json!({"ok": true, "result": true}), &[]),
        (
            json!({"ok": true, "result": {"id": "1", "x": 1}}),
            &["say → result.id: String where Integer is expected", "say → result.x: unknown"],
        ),
        (json!({"ok": true, "result": []}), &["say → result: Array where Note or Boolean is expected"]),
        (json!({"ok": true}), &["say: neither ok with a result nor an error"]),
        (too_many(json!(3)), &[]),
        (too_many(json!("3")), &["say → error.parameters.retry_after: String where Integer is expected"]),
        (error(400, "Bad Request: nobody there"), &[]),
        (error(400, "Bad Request: text is odd"), &[]),
        (error(400, "Bad Request: field \"a\" is odd"), &[]),
        (error(403, "Forbidden: gone"), &[]),
        (error(403, "Forbidden: bot was blocked by the user"), &[]),
        (error(400, "Bad Request: can't parse entities: at byte offset 3"), &[]),
        (error(502, "Bad Gateway"), &[]),
        (
            error(400, "Bad Request: no way"),
            &["say → error: 400 \"Bad Request: no way\", which the server never says"],
        ),
        // Telegram's own words, with another code than Telegram's.
        (
            error(400, "Forbidden: gone"),
            &["say → error: 400 \"Forbidden: gone\" where Bad Request is expected"],
        ),
        (json!({"ok": false}), &["say → error: no error_code or no description"]),
    ];
    for (answer, expected) in table {
        assert_eq!(lines(spec().answer("say", answer)), *expected, "{answer}");
    }
}

#[test]
fn updates_are_of_one_kind() {
    let table: &[(Value, &[&str])] = &[
        (json!({"update_id": 1, "note": {"id": 1}}), &[]),
        (json!({"update_id": 1}), &["update: 0 kinds where one is expected"]),
        (
            json!({"update_id": 1, "note": {"id": 1}, "mark": {"kind": "bold", "offset": 0}}),
            &["update: 2 kinds where one is expected"],
        ),
        (json!({"update_id": 1, "note": {}}), &["update.note.id: missing"]),
        (json!({"update_id": 1, "purple": {}}), &["update.purple: unknown"]),
    ];
    for (update, expected) in table {
        assert_eq!(lines(spec().update(update)), *expected, "{update}");
    }
}

/// The whole description is read, and what it says of its own types hangs together.
#[test]
fn the_platforms_own_description_is_read() {
    let Some(spec) = Spec::here() else { return };
    let names = spec.types.values().flat_map(|kind| &kind.fields).flat_map(|field| &field.types);
    for name in names.map(|name| name.trim_start_matches("Array of ")) {
        let basic = ["Integer", "Float", "String", "Boolean"].contains(&name);
        assert!(basic || spec.types.contains_key(name), "{name} is not described");
    }
    let send =
        json!({"chat_id": 1, "text": "hello", "entities": [{"type": "bold", "offset": "0", "length": 5}]});
    assert_eq!(
        lines(spec.request("SendMessage", &send)),
        ["sendMessage.entities[0].offset: String where Integer is expected",]
    );
}
