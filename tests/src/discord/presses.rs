//! What a person does with the bot's buttons, menus, forms and slash commands.
use serde_json::{Value, json};

use super::place::{Place, seen};
use super::shown::Shown;

const BUTTON: u8 = 2;
const SELECT: u8 = 3;

impl Place {
    /// Presses the newest button with that label; returns the id of the interaction, for [`super::State::interaction`].
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
            state.uses(
                self.person(),
                (channel, id),
                json!({"custom_id": custom_id, "component_type": BUTTON}),
            )
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
            state.uses(
                self.person(),
                (channel, message),
                json!({"custom_id": custom_id, "component_type": BUTTON}),
            )
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
            state.uses(self.person(), (channel, id), data)
        })
    }

    /// Gives a slash command by its name, also in the person's language; a subcommand stands after a blank: `desk close`.
    ///
    /// # Panics
    /// The person isn't offered it; or an option is wrong, or lacks.
    pub fn commands(&self, name: &str, options: &[(&str, &str)]) -> u64 {
        self.act(|state, channel| {
            state.gives((self.person(), channel), name, options).unwrap_or_else(|reason| panic!("{reason}"))
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
            state.submits((self.person(), channel), values).unwrap_or_else(|reason| panic!("{reason}"))
        })
    }

    /// Closes the form that the bot has shown; it isn't told.
    pub fn closes_form(&self) {
        self.act(|state, channel| {
            state.closes_form((self.person(), channel));
        });
    }
}

/// What stands on buttons and in menus, for a message that says what is there.
fn labels(all: &[Shown]) -> Value {
    let with = all.iter().filter(|shown| !shown.labels().is_empty());
    with.map(|shown| json!({"message": shown.id, "labels": shown.labels()})).collect()
}
