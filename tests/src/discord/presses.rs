//! What a person does with the bot's buttons, menus, forms and slash commands.
use serde_json::{Value, json};

use super::place::{Place, seen};
use super::rest::inputs_of;
use super::shown::Shown;
use super::state::State;
use super::state::interactions::{COMMAND, COMPONENT, Interaction, MODAL};

const BUTTON: u8 = 2;
const SELECT: u8 = 3;
/// The components of a form that hold one below a label.
const LABEL: u64 = 18;

impl Place {
    /// Presses the newest button with that label; returns the id of the interaction, for [`State::interaction`].
    ///
    /// # Panics
    /// The person sees no such button that can be pressed; the message says which there are.
    pub fn presses(&self, label: &str) -> u64 {
        self.finds(label, None)
    }

    /// The same of one message.
    ///
    /// # Panics
    /// As [`Place::presses`].
    pub fn presses_at(&self, message: u64, label: &str) -> u64 {
        self.finds(label, Some(message))
    }

    fn finds(&self, label: &str, message: Option<u64>) -> u64 {
        self.act(|state, channel| {
            let all = seen(state, self.person(), Some(channel));
            let named = |shown: &Shown| {
                let fits = message.is_none_or(|id| shown.id == id);
                let button =
                    shown.buttons.iter().find(|button| button.label == label && !button.disabled && fits)?;
                Some((shown.id, button.custom_id.clone()?))
            };
            let Some((id, custom_id)) = all.iter().rev().find_map(named) else {
                panic!("no button {label:?}; there are {}", labels(&all));
            };
            self.component(state, channel, id, json!({"custom_id": custom_id, "component_type": BUTTON}))
        })
    }

    /// A press with any id on a message, as on a button that has gone.
    ///
    /// # Panics
    /// There is no such message.
    pub fn presses_id(&self, message: u64, custom_id: &str) -> u64 {
        self.act(|state, channel| {
            assert!(
                state.message(channel, message).is_some(),
                "there is no message {message} to press a button of"
            );
            self.component(state, channel, message, json!({"custom_id": custom_id, "component_type": BUTTON}))
        })
    }

    /// Picks the option with that label of the newest menu that has it.
    ///
    /// # Panics
    /// The person sees no such option; the message says which there are.
    pub fn picks(&self, label: &str) -> u64 {
        self.act(|state, channel| {
            let all = seen(state, self.person(), Some(channel));
            let named = |shown: &Shown| {
                shown.selects.iter().filter(|select| !select.disabled).find_map(|select| {
                    let (_, value) = select.options.iter().find(|(known, _)| known == label)?;
                    Some((shown.id, select.custom_id.clone(), value.clone()))
                })
            };
            let Some((id, custom_id, value)) = all.iter().rev().find_map(named) else {
                panic!("no option {label:?}; there are {}", labels(&all));
            };
            let data = json!({"custom_id": custom_id, "component_type": SELECT, "values": [value]});
            self.component(state, channel, id, data)
        })
    }

    fn component(&self, state: &mut State, channel: u64, message: u64, mut data: Value) -> u64 {
        let components = state.message(channel, message).map(|message| message.components.clone());
        let number = components.and_then(|rows| number(&rows, &data["custom_id"]));
        data["id"] = json!(number.unwrap_or(1));
        let message = Some(message);
        state.asks(Interaction {
            kind: COMPONENT,
            user: self.person(),
            channel,
            message,
            data,
            ..Interaction::default()
        })
    }

    /// Gives a slash command by its name, also in the person's language; a subcommand stands after a blank: `desk close`.
    ///
    /// # Panics
    /// The person isn't offered it; or an option is wrong, or lacks.
    pub fn commands(&self, name: &str, options: &[(&str, &str)]) -> u64 {
        self.act(|state, channel| {
            let user = self.person();
            let data = state.command_data((user, channel), name, options);
            state.asks(Interaction { kind: COMMAND, user, channel, data, ..Interaction::default() })
        })
    }

    /// The slash commands that the person is offered here, in their language.
    pub fn offered(&self) -> Vec<String> {
        self.act(|state, channel| state.offered(self.person(), channel))
    }

    /// The form that the bot has shown and the person hasn't sent yet: its `data`.
    pub fn form(&self) -> Option<Value> {
        self.act(|state, channel| state.open_modal(channel, self.person())?.modal.clone())
    }

    /// Sends the form that the bot has shown: values by the `custom_id` or the label of their questions. What isn't named keeps the
    /// value that the bot gave it.
    ///
    /// # Panics
    /// There is no form, or it has no such question, or one that must be answered isn't.
    pub fn submits(&self, values: &[(&str, &str)]) -> u64 {
        self.act(|state, channel| {
            let user = self.person();
            let shown = state.open_modal(channel, user).unwrap_or_else(|| panic!("{user} sees no form"));
            let (by, message, modal) = (shown.id, shown.message, shown.modal.clone().unwrap_or_default());
            let data = filled(&modal, values);
            if let Some(one) = state.interactions.get_mut(&by) {
                one.modal_done = true;
            }
            let by = Some(by);
            state.asks(Interaction {
                kind: MODAL,
                user,
                channel,
                message,
                data,
                by,
                ..Interaction::default()
            })
        })
    }

    /// Closes the form that the bot has shown; it isn't told.
    pub fn closes_form(&self) {
        self.act(|state, channel| {
            let shown = state.open_modal(channel, self.person()).map(|one| one.id);
            if let Some(one) = shown.and_then(|id| state.interactions.get_mut(&id)) {
                one.modal_done = true;
            }
        });
    }
}

/// The number of a component.
fn number(rows: &[Value], custom_id: &Value) -> Option<u64> {
    let mut all = rows.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    all.find(|one| one["custom_id"] == *custom_id)?["id"].as_u64()
}

/// `data` of a form that is sent.
fn filled(modal: &Value, values: &[(&str, &str)]) -> Value {
    let rows = modal["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let label =
        |row: &Value, input: &Value| row["label"].as_str().or(input["label"].as_str()).map(str::to_owned);
    for (name, _) in values {
        let named = |row: &&Value| {
            inputs_of(row)
                .iter()
                .any(|input| input["custom_id"] == *name || label(row, input).as_deref() == Some(name))
        };
        assert!(rows.iter().any(|row| named(&row)), "the form has no question {name:?}: {modal}");
    }
    let mut id = 0;
    let filled = rows.iter().map(|row| {
        let input = inputs_of(row).first().cloned().unwrap_or_default();
        let own = label(row, &input);
        let value =
            values.iter().find(|(name, _)| input["custom_id"] == *name || own.as_deref() == Some(name));
        let value = value.map_or_else(|| input["value"].as_str().unwrap_or_default(), |(_, value)| value);
        fits(&input, value);
        id += 2;
        let component =
            json!({"type": input["type"], "id": id, "custom_id": input["custom_id"], "value": value});
        match row["type"].as_u64() {
            Some(LABEL) => json!({"type": LABEL, "id": id - 1, "component": component}),
            _ => json!({"type": 1, "id": id - 1, "components": [component]}),
        }
    });
    json!({"custom_id": modal["custom_id"], "components": filled.collect::<Vec<Value>>()})
}

/// The app lets nobody send what is too short or too long.
fn fits(input: &Value, value: &str) {
    let length = value.chars().count() as u64;
    let required = input["required"].as_bool().unwrap_or(true);
    let (least, most) =
        (input["min_length"].as_u64().unwrap_or(0), input["max_length"].as_u64().unwrap_or(4000));
    let least = if required { least.max(1) } else { least };
    let good = (length == 0 && !required) || (least..=most).contains(&length);
    assert!(good, "{value:?} doesn't fit {}: {least} to {most} characters", input["custom_id"]);
}

/// What stands on buttons and in menus, for a message that says what is there.
fn labels(all: &[Shown]) -> Value {
    let with = all.iter().filter(|shown| !shown.labels().is_empty());
    with.map(|shown| json!({"message": shown.id, "labels": shown.labels()})).collect()
}
