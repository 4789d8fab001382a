//! `getChat`, `getChatMember`, `getChatAdministrators`, `getChatMemberCount`, `leaveChat`.
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::chat::{Kind, Member, Role};
use super::super::state::{BOT, State};

/// `getChat`.
pub fn get(state: &mut State, parameters: &Parameters) -> Answer {
    // Who never wrote is as unknown as who doesn't exist.
    let unknown =
        |refusal: Refusal| if refusal.code == 403 { Refusal::bad("chat not found") } else { refusal };
    let chat = state.reached(parameters, "chat_id").map_err(unknown)?;
    if chat.id < 0 {
        state.joined(parameters, "chat_id")?;
    }
    let mut full = chat.json();
    full["accent_color_id"] = json!(1);
    full["max_reaction_count"] = json!(11);
    full["accepted_gift_types"] = json!({"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
        "premium_subscription": chat.id > 0});
    if chat.id < 0 {
        full["permissions"] = permissions();
    }
    Ok(full)
}

/// What members may do.
fn permissions() -> Value {
    let all = [
        "messages",
        "audios",
        "documents",
        "photos",
        "videos",
        "video_notes",
        "voice_notes",
        "polls",
        "other_messages",
    ];
    let mut may: Value = all.iter().map(|what| (format!("can_send_{what}"), json!(true))).collect();
    for (what, allowed) in [
        ("add_web_page_previews", true),
        ("change_info", false),
        ("invite_users", true),
        ("pin_messages", false),
        ("manage_topics", false),
    ] {
        may[format!("can_{what}")] = json!(allowed);
    }
    may
}

/// `getChatMember`.
pub fn member(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    let id = parameters.number("user_id").ok_or_else(|| Refusal::bad("invalid user_id specified"))?;
    let user = state.user(id).ok_or_else(|| Refusal::bad("PARTICIPANT_ID_INVALID"))?;
    let role = if chat.kind == Kind::Private { Role::Member } else { Role::Left };
    let member = chat.members.get(&id).cloned().unwrap_or(Member::new(role));
    Ok(member.json(user))
}

/// `getChatAdministrators`: without other bots, of which there are none here.
pub fn administrators(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    if chat.kind == Kind::Private {
        return Err(Refusal::bad("there are no administrators in the private chat"));
    }
    let all = chat.members.iter().filter(|(_, member)| member.role.is_administrator());
    Ok(all.filter_map(|(id, member)| Some(member.json(state.user(*id)?))).collect())
}

/// `getChatMemberCount`.
pub fn count(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    let of_group = chat.members.values().filter(|member| member.role.is_in()).count();
    Ok(json!(if chat.kind == Kind::Private { 2 } else { of_group }))
}

/// `leaveChat`.
pub fn leave(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    if chat.kind == Kind::Private {
        return Err(Refusal::bad("method is available only for groups and supergroups"));
    }
    let id = chat.id;
    state.bot_becomes(id, BOT, Role::Left);
    Ok(json!(true))
}
