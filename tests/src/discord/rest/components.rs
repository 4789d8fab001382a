//! Buttons and select menus below messages: how many, how long, and which ids.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::discord::answer::Form;

/// Rows of a message, buttons of a row, options of a menu.
const ROWS: usize = 5;
const BUTTONS: usize = 5;
const OPTIONS: usize = 25;
const ROW: u64 = 1;
const BUTTON: u64 = 2;
/// All kinds of select menus.
const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];
const LINK: u64 = 5;

/// The components of a message as the API shows them; `free`: they make up all of it, and aren't looked at.
pub fn checked(value: &Value, free: bool, form: &mut Form) -> Vec<Value> {
    let Some(rows) = value.as_array() else { return Vec::new() };
    if free {
        return rows.clone();
    }
    if rows.len() > ROWS {
        form.bad_length("components", 0, ROWS);
    }
    let mut known = Known::default();
    rows.iter()
        .enumerate()
        .map(|(index, row)| checked_row(row, &format!("components.{index}"), &mut known, form))
        .collect()
}

/// Ids that are taken, and the last number of a component.
#[derive(Default)]
pub struct Known {
    ids: BTreeSet<String>,
    number: u64,
}

impl Known {
    fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// An id has to be there, short enough, and another than all others.
    pub fn id(&mut self, of: &Value, path: &str, form: &mut Form) {
        let path = format!("{path}.custom_id");
        match of["custom_id"].as_str() {
            Some(id) if !id.is_empty() && !self.ids.insert(id.to_owned()) => {
                form.wrong(
                    &path,
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                    "Component custom id cannot be duplicated",
                );
            }
            id => form.length(&path, id.unwrap_or_default(), 1, 100),
        }
    }
}

fn checked_row(row: &Value, path: &str, known: &mut Known, form: &mut Form) -> Value {
    let id = known.number();
    if row["type"].as_u64() != Some(ROW) {
        form.wrong(
            &format!("{path}.type"),
            "UNION_TYPE_CHOICES",
            "Value of field \"type\" must be one of (1,).",
        );
        return Value::Null;
    }
    let below = row["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let menus = below.iter().filter(|one| one["type"].as_u64() != Some(BUTTON)).count();
    let path = format!("{path}.components");
    if below.is_empty() || below.len() > BUTTONS {
        form.bad_length(&path, 1, BUTTONS);
    } else if menus > 0 && below.len() > 1 {
        form.wrong(&path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Component layout width exceeded");
    }
    let each = below
        .iter()
        .enumerate()
        .map(|(index, one)| checked_one(one, &format!("{path}.{index}"), known, form));
    json!({"type": ROW, "id": id, "components": each.collect::<Vec<Value>>()})
}

fn checked_one(one: &Value, path: &str, known: &mut Known, form: &mut Form) -> Value {
    let mut shown = json!({"type": one["type"], "id": known.number()});
    for (name, value) in one.as_object().into_iter().flatten() {
        if !value.is_null() && name != "id" {
            shown[name] = value.clone();
        }
    }
    match one["type"].as_u64() {
        Some(BUTTON) => checked_button(one, path, known, form),
        Some(kind) if SELECTS.contains(&kind) => {
            checked_select(one, path, known, form);
            // Of forms only, where clients say it of all.
            shown.as_object_mut().map(|shown| shown.shift_remove("required"));
            for name in ["min_values", "max_values"] {
                shown[name] = json!(one[name].as_u64().unwrap_or(1));
            }
        }
        _ => form.wrong(
            &format!("{path}.type"),
            "UNION_TYPE_CHOICES",
            "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
        ),
    }
    shown
}

fn checked_button(button: &Value, path: &str, known: &mut Known, form: &mut Form) {
    let label = button["label"].as_str().unwrap_or_default();
    form.length(&format!("{path}.label"), label, 0, 80);
    let style = button["style"].as_u64().unwrap_or_default();
    if !(1..=5).contains(&style) {
        form.wrong(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).");
    }
    if label.is_empty() && button["emoji"].is_null() {
        let text = "A button must have a label or an emoji";
        form.wrong(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", text);
    }
    match (style == LINK, button["url"].as_str()) {
        (false, Some(_)) => {
            form.wrong(path, "BUTTON_COMPONENT_INVALID_URL", "Only link buttons can have a url");
        }
        (false, None) => known.id(button, path, form),
        (true, None) => form.required(&format!("{path}.url")),
        (true, Some(url)) => checked_url(url, button, path, form),
    }
}

fn checked_url(url: &str, button: &Value, path: &str, form: &mut Form) {
    if !["http://", "https://", "discord://"].iter().any(|scheme| url.starts_with(scheme)) {
        let text = "Scheme must be one of ('http', 'https', 'discord').";
        form.wrong(&format!("{path}.url"), "URL_TYPE_INVALID_SCHEME", text);
    }
    form.length(&format!("{path}.url"), url, 1, 512);
    if !button["custom_id"].is_null() {
        let text = "A custom id and url cannot both be specified";
        form.wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text);
    }
}

fn checked_select(select: &Value, path: &str, known: &mut Known, form: &mut Form) {
    known.id(select, path, form);
    form.length(&format!("{path}.placeholder"), select["placeholder"].as_str().unwrap_or_default(), 0, 150);
    if select["type"].as_u64() != Some(3) {
        return;
    }
    let options = select["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    if options.is_empty() || options.len() > OPTIONS {
        form.bad_length(&format!("{path}.options"), 1, OPTIONS);
    }
    let mut values = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let path = format!("{path}.options.{index}");
        for (name, least) in [("label", 1), ("value", 1), ("description", 0)] {
            form.length(&format!("{path}.{name}"), option[name].as_str().unwrap_or_default(), least, 100);
        }
        if !values.insert(option["value"].as_str()) {
            let text = "The specified option value is already used";
            form.wrong(&format!("{path}.value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text);
        }
    }
    let most = select["max_values"].as_u64().unwrap_or(1);
    if most == 0 || most > options.len() as u64 {
        let text = format!("int value should be less than or equal to {}.", options.len());
        form.wrong(&format!("{path}.max_values"), "NUMBER_TYPE_MAX", &text);
    }
}
