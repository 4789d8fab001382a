//! `setWebhook`, `deleteWebhook`, `getWebhookInfo`.
use serde_json::json;

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::State;
use super::super::webhook::Webhook;
use super::updates;

/// Characters of a secret.
const SECRET: usize = 256;
/// Connections at the same time, and how many at most.
const CONNECTIONS: (i64, i64) = (40, 100);

/// `setWebhook`. Unlike the real server it takes `http:` and any port.
pub fn set(state: &mut State, parameters: &Parameters) -> Answer {
    let url = parameters.text("url").unwrap_or_default();
    let secret = secret(parameters)?;
    if !url.is_empty() && !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(Refusal::bad("bad webhook: invalid webhook URL specified"));
    }
    if let Some(allowed) = updates::allowed(parameters)? {
        state.updates.allowed = allowed;
    }
    let connections = parameters.number("max_connections").unwrap_or(CONNECTIONS.0).clamp(1, CONNECTIONS.1);
    if parameters.flag("drop_pending_updates") {
        state.updates.clear();
    }
    let number = state.number();
    state.webhook = (!url.is_empty()).then(|| Webhook::new(number, url, secret, connections as usize));
    Ok(json!(true))
}

fn secret(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let secret = parameters.text("secret_token").unwrap_or_default();
    if secret.len() > SECRET {
        return Err(Refusal::bad("secret token is too long"));
    }
    if !secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(Refusal::bad("secret token contains unallowed characters"));
    }
    Ok(Some(secret).filter(|secret| !secret.is_empty()))
}

/// `deleteWebhook`.
pub fn delete(state: &mut State, parameters: &Parameters) -> Answer {
    if parameters.flag("drop_pending_updates") {
        state.updates.clear();
    }
    state.webhook = None;
    Ok(json!(true))
}

/// `getWebhookInfo`.
pub fn info(state: &mut State, _: &Parameters) -> Answer {
    let mut info =
        json!({"url": "", "has_custom_certificate": false, "pending_update_count": state.pending()});
    if let Some(webhook) = &state.webhook {
        info["url"] = json!(webhook.url);
        info["max_connections"] = json!(webhook.connections);
        info["ip_address"] = json!("127.0.0.1");
        if let Some((date, message)) = &webhook.error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!(message);
        }
    }
    if !state.updates.allowed.is_empty() {
        info["allowed_updates"] = json!(state.updates.allowed);
    }
    Ok(info)
}
