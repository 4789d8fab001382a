//! `getMe`, and what has nothing to do.
use serde_json::json;

use super::super::answer::Answer;
use super::super::parameters::Parameters;
use super::super::state::{BOT, State};

/// `getMe`.
pub fn me(state: &mut State, _: &Parameters) -> Answer {
    let mut me = state.users[&BOT].json();
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(!state.privacy);
    me["supports_inline_queries"] = json!(false);
    me["can_connect_to_business"] = json!(false);
    me["has_main_web_app"] = json!(false);
    Ok(me)
}

/// `close`, `logOut`: nothing changes here.
pub fn fine(_: &mut State, _: &Parameters) -> Answer {
    Ok(json!(true))
}

/// An empty list.
pub fn nothing(_: &mut State, _: &Parameters) -> Answer {
    Ok(json!([]))
}
