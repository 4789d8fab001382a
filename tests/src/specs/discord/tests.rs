//! A made-up description with one schema of each sort, and Discord's own where it is there.
use serde_json::{Value, json};

use super::{Exchange, Finding, Spec};

fn spec() -> Spec {
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let content = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
    let api = json!({
        "paths": {
            "/rooms/{room_id}": {
                "parameters": [{"name": "room_id", "in": "path", "required": true, "schema": schema("Id")}],
                "get": {"parameters": [{"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 9}}],
                    "responses": {"200": content(schema("Room")), "4XX": {"$ref": "#/components/responses/Refusal"}}},
                "post": {"requestBody": {"required": true, "content": {"application/json": {"schema": schema("Room")}}}, "responses": {"204": {}}},
                "delete": {"responses": {"204": {}}},
            },
            "/rooms/@mine": {"get": {"responses": {"200": content(schema("Id"))}}},
        },
        "components": {
            "responses": {"Refusal": content(json!({"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}))},
            "schemas": {
                "Id": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$", "format": "snowflake"},
                "Room": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": ["string", "null"], "minLength": 1, "maxLength": 3},
                        "size": {"type": "integer", "format": "int32", "minimum": 1},
                        "kind": {"type": "integer", "oneOf": [{"const": 1}, {"const": 2}]},
                        "since": {"type": "string", "format": "date-time"},
                        "link": {"type": "string", "format": "uri"},
                        "tags": {"type": "array", "items": schema("Id"), "maxItems": 2, "uniqueItems": true},
                        "things": {"type": "array", "items": {"oneOf": [schema("Button"), schema("Text"), schema("Row"), schema("Never")]}},
                        "names": {"type": "object", "additionalProperties": {"type": "string"}},
                        "whatever": {"type": "object"},
                        "closed": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
                        "both": {"allOf": [schema("Button"), {"type": "object", "properties": {"more": {"type": "integer"}}}]},
                    },
                },
                "Button": {"type": "object", "required": ["type", "label"], "properties": {"type": {"type": "integer", "enum": [2], "allOf": [schema("Kinds")]}, "label": {"type": "string"}}},
                "Text": {"type": "object", "required": ["type", "text"], "properties": {"type": {"type": "integer", "enum": [4]}, "text": {"type": "string"}}},
                "Row": {"type": "object", "required": ["type"], "properties": {"type": {"type": "integer", "enum": [1]}, "things": {"type": "array", "items": {"oneOf": [schema("Button"), schema("Text")]}}}},
                "Never": {"type": "object", "properties": {"type": {"type": "integer", "enum": []}}},
                "Kinds": {"type": "integer", "oneOf": [{"const": 1}, {"const": 2}, {"const": 4}]},
            },
        },
    });
    let event = |name: &str, data: Value| json!({"type": "object", "required": ["op", "t", "d"], "properties": {"op": {"const": 0}, "t": {"const": name}, "d": data, "s": {"type": "number"}}});
    let message = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}});
    let receive = json!({"$ref": "#/definitions/Receive", "definitions": {
        "Receive": {"anyOf": [{"$ref": "#/definitions/Odd%3Cname%3E"}, event("GONE", json!({"not": {}})), {"properties": {"op": {"const": 11}, "d": {"not": {}}}, "required": ["op", "d"], "type": "object"}]},
        "Odd<name>": event("SAID", message),
    }});
    let send = json!({"properties": {"op": {"const": 1, "type": "number"}, "d": {"type": ["number", "null"]}}, "required": ["op", "d"], "type": "object"});
    Spec::new(api, receive, send)
}

const NOTHING: &Value = &Value::Null;

fn asked<'a>(method: &'a str, path: &'a str) -> Exchange<'a> {
    Exchange { method, path, query: NOTHING, body: NOTHING, status: 200, answer: NOTHING }
}

fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(Finding::to_string).collect()
}

/// What is said about a room in an answer, without where it was asked for.
fn of_room(room: &Value) -> Vec<String> {
    let query = json!({"limit": "5"});
    let findings = spec().answer(&Exchange { query: &query, answer: room, ..asked("GET", "/rooms/1") });
    lines(&findings).iter().map(|line| line.replace("GET /rooms/{room_id} → 200", "room")).collect()
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    let cases = [
        (json!({"name": null}), ""),
        (
            json!({"name": "abc", "size": 1, "kind": 2, "since": "2026-01-02T03:04:05.678000+00:00", "link": "https://x", "tags": ["1", "0"]}),
            "",
        ),
        (json!({}), "room.name: missing"),
        (json!({"name": "a", "colour": 1}), "room.colour: unknown"),
        (json!({"name": 7}), "room.name: integer where string or null is expected"),
        (json!({"name": ""}), "room.name: 0 characters where 1 or more are expected"),
        (json!({"name": "äöüß"}), "room.name: 4 characters where 3 or fewer are expected"),
        (json!({"name": "a", "size": 0}), "room.size: 0 where 1 or more is expected"),
        (json!({"name": "a", "size": 1.5}), "room.size: number where integer is expected"),
        (json!({"name": "a", "size": 3_000_000_000_u64}), "room.size: 3000000000 is no int32"),
        (json!({"name": "a", "kind": 3}), "room.kind: 3 is none of the constants that are expected"),
        (json!({"name": "a", "since": "yesterday"}), "room.since: \"yesterday\" is no date-time"),
        (json!({"name": "a", "link": "x y"}), "room.link: \"x y\" is no uri"),
        (json!({"name": "a", "tags": ["01"]}), "room.tags[0]: \"01\" is no snowflake"),
        (json!({"name": "a", "tags": ["1", "1"]}), "room.tags: the same element twice"),
        (
            json!({"name": "a", "tags": ["1", "2", "3"]}),
            "room.tags: 3 elements where 2 or fewer are expected",
        ),
        (json!({"name": "a", "names": {"x": "y"}, "whatever": {"x": [1]}}), ""),
        (json!({"name": "a", "names": {"x": 1}}), "room.names.x: integer where string is expected"),
        (json!({"name": "a", "closed": {"b": 1}}), "room.closed.b: not expected"),
        (json!({"name": "a", "both": {"type": 2, "label": "x", "more": 1}}), ""),
        (json!({"name": "a", "both": {"type": 2, "label": "x", "less": 1}}), "room.both.less: unknown"),
        (json!([1]), "room: array where object is expected"),
    ];
    for (room, expected) in cases {
        let expected: Vec<&str> = Some(expected).filter(|line| !line.is_empty()).into_iter().collect();
        assert_eq!(of_room(&room), expected, "{room}");
    }
}

/// Of several that it may be, the right one says what is wrong.
#[test]
fn alternatives_are_told_apart_by_what_they_say_they_are() {
    let cases = [
        (json!({"type": 2, "label": "x"}), ""),
        (json!({"type": 1, "things": [{"type": 4, "text": "x"}]}), ""),
        (json!({"type": 2, "text": "x"}), "room.things[0].label: missing|room.things[0].text: unknown"),
        (json!({"type": 4, "text": 1}), "room.things[0].text: integer where string is expected"),
        (
            json!({"type": 1, "things": [{"type": 2, "label": "x", "url": "y"}]}),
            "room.things[0].things[0].url: unknown",
        ),
        (json!("button"), "room.things[0]: string where object is expected"),
    ];
    for (thing, expected) in cases {
        assert_eq!(of_room(&json!({"name": "a", "things": [thing]})).join("|"), expected);
    }
}

#[test]
fn requests_are_held_against_address_query_and_body() {
    let (spec, room) = (spec(), json!({"name": "abcd"}));
    let query = |query: Value| {
        lines(&spec.request(&Exchange { query: &query, ..asked("GET", "/rooms/1") })).join("|")
    };
    assert_eq!(query(json!({"limit": "9"})), "");
    assert_eq!(query(json!({"limit": "10"})), "GET /rooms/{room_id}?limit: 10 where 9 or less is expected");
    assert_eq!(
        query(json!({"limit": "ten"})),
        "GET /rooms/{room_id}?limit: string where integer is expected"
    );
    assert_eq!(
        query(json!({"most": "9"})),
        "GET /rooms/{room_id}?most: unknown|GET /rooms/{room_id}?limit: missing"
    );
    let of = |exchange: Exchange| lines(&spec.request(&exchange)).join("|");
    assert_eq!(of(asked("GET", "/rooms/@mine")), "");
    assert_eq!(of(asked("DELETE", "/rooms/x1")), "DELETE /rooms/{room_id}: room_id: \"x1\" is no snowflake");
    assert_eq!(of(asked("PUT", "/rooms/1")), "PUT /rooms/1: unknown operation");
    assert_eq!(of(asked("POST", "/rooms/1")), "POST /rooms/{room_id}: null where object is expected");
    let named = Exchange { body: &room, ..asked("POST", "/rooms/1") };
    assert_eq!(of(named.clone()), "POST /rooms/{room_id}.name: 4 characters where 3 or fewer are expected");
    assert_eq!(
        of(Exchange { method: "DELETE", ..named }),
        "DELETE /rooms/{room_id}: a body where none is expected"
    );
}

#[test]
fn answers_are_held_against_their_status() {
    let (spec, refusal, other) = (spec(), json!({"code": 7}), json!({"message": "no"}));
    let of = |status: u16, answer: &Value| {
        lines(&spec.answer(&Exchange { status, answer, ..asked("POST", "/rooms/1") })).join("|")
    };
    assert_eq!(of(204, NOTHING), "");
    assert_eq!(of(204, &refusal), "POST /rooms/{room_id} → 204: a body where none is expected");
    assert_eq!(of(201, &refusal), "POST /rooms/{room_id} → 201: a status that is not described");
    assert_eq!(of(502, &refusal), "");
    let refused = |answer: &Value| {
        lines(&spec.answer(&Exchange { status: 404, answer, ..asked("GET", "/rooms/1") })).join("|")
    };
    assert_eq!(refused(&refusal), "");
    assert_eq!(
        refused(&other),
        "GET /rooms/{room_id} → 404.code: missing|GET /rooms/{room_id} → 404.message: unknown"
    );
}

#[test]
fn payloads_are_held_against_what_their_opcode_and_name_say() {
    let spec = spec();
    let cases = [
        (json!({"op": 0, "t": "SAID", "s": 1, "d": {"id": "1"}}), ""),
        (json!({"op": 0, "t": "SAID", "s": 1, "d": {"id": 1}}), "SAID.id: integer where string is expected"),
        (
            json!({"op": 0, "t": "SAID", "s": "1", "d": {"id": "1"}}),
            "SAID.s: string where number is expected",
        ),
        (json!({"op": 0, "t": "SUNG", "s": 1, "d": {}}), "SUNG: unknown payload"),
        (json!({"op": 0, "t": "GONE", "s": 1, "d": null}), ""),
        (json!({"op": 0, "t": "GONE", "s": 1, "d": 1}), "GONE.d: not expected"),
        (json!({"op": 11}), ""),
        (json!({"op": 12}), "op 12: unknown payload"),
        (json!("op"), "a payload without an opcode: unknown payload"),
    ];
    for (payload, expected) in cases {
        assert_eq!(lines(&spec.received(&payload)).join("|"), expected, "{payload}");
    }
    assert_eq!(lines(&spec.sent(&json!({"op": 1, "d": 3}))), Vec::<String>::new());
    assert_eq!(
        lines(&spec.sent(&json!({"op": 1, "d": "3"}))),
        ["op 1.d: string where number or null is expected"]
    );
}

#[test]
#[should_panic(expected = "\"multipleOf\", which is not understood here")]
fn a_demand_that_is_not_understood_is_not_passed_over() {
    let api = json!({"components": {"schemas": {"Odd": {"type": "array", "items": {"multipleOf": 2}}}}});
    Spec::new(api, json!({}), json!({}));
}

/// Payloads and requests as Discord's documentation shows them, and the same with a mistake.
#[test]
fn the_real_description_sees_a_mistake() {
    let Some(spec) = Spec::here() else { return };
    let message = json!({"content": "hello", "nonce": "1", "enforce_nonce": true, "allowed_mentions": {"parse": []}, "components": [
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"}]},
    ]});
    let of = |body: &Value| {
        let exchange = Exchange { body, ..asked("POST", "/channels/41771983423143937/messages") };
        lines(&spec.request(&exchange))
            .iter()
            .map(|line| line.replace("POST /channels/{channel_id}/messages", ""))
            .collect::<Vec<_>>()
            .join("|")
    };
    assert_eq!(of(&message), "");
    let mistakes = [
        ("/nonce", json!("n".repeat(26)), ".nonce: 26 characters where 25 or fewer are expected"),
        (
            "/allowed_mentions",
            json!({"parse": ["all"]}),
            ".allowed_mentions.parse[0]: \"all\" is none of the constants that are expected",
        ),
        (
            "/components/0/components/0/label",
            json!(7),
            ".components[0].components[0].label: integer where string or null is expected",
        ),
        (
            "/components/0/components/0/custom_id",
            json!("x".repeat(101)),
            ".components[0].components[0].custom_id: 101 characters where 100 or fewer are expected",
        ),
    ];
    for (place, wrong, expected) in mistakes {
        let mut message = message.clone();
        *message.pointer_mut(place).expect("it is there") = wrong;
        assert_eq!(of(&message), expected, "{place}");
    }
    let mut misspelt = message;
    misspelt["alowed_mentions"] = json!({"parse": []});
    assert_eq!(of(&misspelt), ".alowed_mentions: unknown");
    let hello = json!({"t": null, "s": null, "op": 10, "d": {"heartbeat_interval": 41250, "_trace": []}});
    assert_eq!(lines(&spec.received(&hello)), Vec::<String>::new());
    let resume = json!({"op": 6, "d": {"token": "t", "session_id": "s", "sequence": 1}});
    assert_eq!(lines(&spec.sent(&resume)), ["op 6.seq: missing", "op 6.sequence: unknown"]);
}
