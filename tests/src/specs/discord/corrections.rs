//! Where the descriptions are known to differ from what Discord does, they are mended before anything is held against them.
use serde_json::{Value, json};

/// Where, in any of the documents, and how it is in truth.
fn corrections() -> Vec<(&'static str, Value)> {
    let any = json!({});
    vec![
        // The numbers of the description are texts on the wire: `BASE_TYPE_MAX_LENGTH`.
        ("/components/schemas/Error/properties/code", json!({"type": ["integer", "string"]})),
        // Names of the machines that a payload went through.
        ("/definitions/GatewayHelloData/properties/_trace", any.clone()),
        ("/definitions/GatewayReadyDispatchData/properties/_trace", any.clone()),
        // Fields that the API describes for the same server.
        ("/definitions/GatewayGuildCreateDispatchData/properties/home_header", any.clone()),
        ("/definitions/GatewayGuildCreateDispatchData/properties/nsfw", json!({"type": "boolean"})),
        // twilight-gateway sends null for no presence, as all bots on it do.
        (
            "/definitions/GatewayIdentifyData/properties/presence",
            json!({"anyOf": [{"$ref": "#/definitions/GatewayPresenceUpdateData"}, {"type": "null"}]}),
        ),
        // The number of a component within its message comes with its press.
        ("/definitions/APIMessageStringSelectInteractionData/properties/id", json!({"type": "integer"})),
    ]
}

/// Mends a document, as far as it has what is to be mended.
pub(super) fn made(mut document: Value) -> Value {
    for (place, truth) in corrections() {
        let (within, name) = place.rsplit_once('/').expect("a place is a path");
        if let Some(within) = document.pointer_mut(within) {
            within[name] = truth;
        }
    }
    for (name, schema) in document["definitions"].as_object_mut().into_iter().flatten() {
        relaxed(name, schema);
        pressed(name, schema);
    }
    document
}

/// Flags of which there is one only are described as that one; there may be none.
fn relaxed(name: &str, schema: &mut Value) {
    if name.ends_with("Flags") && schema["const"].is_number() {
        *schema = json!({"type": "integer", "minimum": 0});
    }
}

/// What a press of a button says, whose name in the description is an accident.
fn pressed(name: &str, schema: &mut Value) {
    if name.starts_with("APIMessageComponentBaseInteractionData<") {
        schema["properties"]["id"] = json!({"type": "integer"});
    }
}
