//! People use what the bot has put before them: buttons, menus, forms, slash commands.
use serde_json::{Value, json};

use super::State;
use super::interactions::{COMMAND, COMPONENT, Interaction, MODAL};
use crate::discord::rest::inputs_of;

/// The component of a form that holds another below a label.
const LABEL: u64 = 18;

impl State {
    /// Somebody presses a button of a message, or picks of a menu, be it there or not: `custom_id`, `component_type`, `values`.
    pub(in crate::discord) fn uses(&mut self, user: u64, (channel, id): (u64, u64), mut data: Value) -> u64 {
        let components = self.message(channel, id).map(|message| &message.components);
        let number = components.and_then(|rows| number(rows, &data["custom_id"]));
        data["id"] = json!(number.unwrap_or(1));
        let message = Some(id);
        self.asks(Interaction { kind: COMPONENT, user, channel, message, data, ..Interaction::default() })
    }

    /// Somebody gives a slash command; or why that can't be done.
    pub(in crate::discord) fn gives(
        &mut self,
        (user, channel): (u64, u64),
        name: &str,
        options: &[(&str, &str)],
    ) -> Result<u64, String> {
        let data = self.command_data((user, channel), name, options)?;
        Ok(self.asks(Interaction { kind: COMMAND, user, channel, data, ..Interaction::default() }))
    }

    /// Somebody sends the form that the bot has shown; or why that can't be done.
    pub(in crate::discord) fn submits(
        &mut self,
        (user, channel): (u64, u64),
        values: &[(&str, &str)],
    ) -> Result<u64, String> {
        let shown = self.open_modal(channel, user).ok_or_else(|| format!("{user} sees no form"))?;
        let (by, message, modal) = (Some(shown.id), shown.message, shown.modal.clone().unwrap_or_default());
        let data = filled(&modal, values)?;
        self.closes_form((user, channel));
        Ok(self.asks(Interaction { kind: MODAL, user, channel, message, data, by, ..Interaction::default() }))
    }

    /// The form that somebody sees is closed.
    pub(in crate::discord) fn closes_form(&mut self, (user, channel): (u64, u64)) {
        let shown = self.open_modal(channel, user).map(|one| one.id);
        if let Some(one) = shown.and_then(|id| self.interactions.get_mut(&id)) {
            one.modal_done = true;
        }
    }
}

/// The number of a component.
fn number(rows: &[Value], custom_id: &Value) -> Option<u64> {
    let mut all = rows.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    all.find(|one| one["custom_id"] == *custom_id)?["id"].as_u64()
}

/// `data` of a form that is sent, or what is wrong with it.
fn filled(modal: &Value, values: &[(&str, &str)]) -> Result<Value, String> {
    let rows = modal["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let label =
        |row: &Value, input: &Value| row["label"].as_str().or(input["label"].as_str()).map(str::to_owned);
    for (name, _) in values {
        let named = |row: &&Value| {
            inputs_of(row)
                .iter()
                .any(|input| input["custom_id"] == *name || label(row, input).as_deref() == Some(name))
        };
        if !rows.iter().any(|row| named(&row)) {
            return Err(format!("the form has no question {name:?}: {modal}"));
        }
    }
    let mut id = 0;
    let filled = rows.iter().map(|row| {
        let input = inputs_of(row).first().cloned().unwrap_or_default();
        let own = label(row, &input);
        let value =
            values.iter().find(|(name, _)| input["custom_id"] == *name || own.as_deref() == Some(name));
        let value = value.map_or_else(|| input["value"].as_str().unwrap_or_default(), |(_, value)| value);
        fits(&input, value)?;
        id += 2;
        let component =
            json!({"type": input["type"], "id": id, "custom_id": input["custom_id"], "value": value});
        Ok(match row["type"].as_u64() {
            Some(LABEL) => json!({"type": LABEL, "id": id - 1, "component": component}),
            _ => json!({"type": 1, "id": id - 1, "components": [component]}),
        })
    });
    let filled = filled.collect::<Result<Vec<Value>, String>>()?;
    Ok(json!({"custom_id": modal["custom_id"], "components": filled}))
}

/// The app lets nobody send what is too short or too long.
fn fits(input: &Value, value: &str) -> Result<(), String> {
    let length = value.chars().count() as u64;
    let required = input["required"].as_bool().unwrap_or(true);
    let (least, most) =
        (input["min_length"].as_u64().unwrap_or(0), input["max_length"].as_u64().unwrap_or(4000));
    let least = if required { least.max(1) } else { least };
    if length == 0 && !required || (least..=most).contains(&length) {
        return Ok(());
    }
    Err(format!("{value:?} doesn't fit {}: {least} to {most} characters", input["custom_id"]))
}
