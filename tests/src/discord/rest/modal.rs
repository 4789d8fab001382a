//! Forms that the bot shows: what may be in one.
use serde_json::{Value, json};

use super::components::Known;
use crate::discord::answer::{Form, Refusal};

/// Questions of a form.
const MOST: usize = 5;
const ROW: u64 = 1;
const TEXT: u64 = 4;
const LABEL: u64 = 18;

/// A form, checked.
pub fn checked(data: &Value) -> Result<Value, Refusal> {
    let (mut form, mut known) = (Form::default(), Known::default());
    form.length("data.custom_id", data["custom_id"].as_str().unwrap_or_default(), 1, 100);
    form.length("data.title", data["title"].as_str().unwrap_or_default(), 1, 45);
    let rows = data["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() || rows.len() > MOST {
        form.bad_length("data.components", 1, MOST);
    }
    for (index, row) in rows.iter().enumerate() {
        let path = format!("data.components.{index}");
        match inputs(row) {
            Some([input]) => checked_input(row, input, &path, &mut known, &mut form),
            Some(_) => form.bad_length(&format!("{path}.components"), 1, 1),
            None => {
                let text = "Value of field \"type\" must be one of (1, 10, 18).";
                form.wrong(&format!("{path}.type"), "UNION_TYPE_CHOICES", text);
            }
        }
    }
    form.check()?;
    Ok(data.clone())
}

/// What a row, or a label, has in it.
pub fn inputs(row: &Value) -> Option<&[Value]> {
    match row["type"].as_u64()? {
        ROW => row["components"].as_array().map(Vec::as_slice),
        LABEL => Some(std::slice::from_ref(&row["component"])),
        _ => None,
    }
}

fn checked_input(row: &Value, input: &Value, path: &str, known: &mut Known, form: &mut Form) {
    let in_label = row["type"] == json!(LABEL);
    let path = if in_label { format!("{path}.component") } else { format!("{path}.components.0") };
    known.id(input, &path, form);
    let label = if in_label { &row["label"] } else { &input["label"] };
    form.length(&format!("{path}.label"), label.as_str().unwrap_or_default(), 1, 45);
    if input["type"] != json!(TEXT) {
        if !in_label {
            form.wrong(
                &format!("{path}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (4,).",
            );
        }
        return;
    }
    if ![1, 2].iter().any(|style| input["style"] == json!(style)) {
        form.wrong(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2).");
    }
    form.length(&format!("{path}.placeholder"), input["placeholder"].as_str().unwrap_or_default(), 0, 100);
    form.length(&format!("{path}.value"), input["value"].as_str().unwrap_or_default(), 0, 4000);
    for (name, least) in [("min_length", 0), ("max_length", 1)] {
        if input[name].as_u64().is_some_and(|length| !(least..=4000).contains(&length)) {
            form.wrong(
                &format!("{path}.{name}"),
                "NUMBER_TYPE_MAX",
                "int value should be less than or equal to 4000.",
            );
        }
    }
}
