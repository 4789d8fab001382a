//! Opcode 8: the members of a server, from what its GUILD_CREATE says.
use serde_json::{Value, json};

/// The data of the GUILD_MEMBERS_CHUNK that answers a request; none if the bot isn't in that server.
pub(super) fn chunk(asked: &Value, guilds: &[Value]) -> Option<Value> {
    let guild = guilds.iter().find(|guild| guild["id"] == asked["guild_id"])?;
    let all = guild["members"].as_array().map_or(&[][..], Vec::as_slice);
    let members: Vec<&Value> = all.iter().filter(|member| is_asked(asked, &member["user"])).collect();
    let wanted = ids(&asked["user_ids"]);
    let missing: Vec<&&str> =
        wanted.iter().filter(|id| !all.iter().any(|member| member["user"]["id"] == **id)).collect();
    let mut chunk = json!({"guild_id": guild["id"], "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": missing});
    if asked["nonce"].is_string() {
        chunk["nonce"] = asked["nonce"].clone();
    }
    Some(chunk)
}

/// By id, or by how the name begins.
fn is_asked(asked: &Value, user: &Value) -> bool {
    if let Some(query) = asked["query"].as_str() {
        return user["username"].as_str().is_some_and(|name| name.starts_with(query));
    }
    user["id"].as_str().is_some_and(|id| ids(&asked["user_ids"]).contains(&id))
}

/// One id, or several.
fn ids(asked: &Value) -> Vec<&str> {
    match asked {
        Value::Array(ids) => ids.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}
