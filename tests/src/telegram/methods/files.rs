//! `sendPhoto`, `sendDocument`, `getFile`: as far as a bot that only passes files on has to do with them.
use serde_json::json;

use super::super::Media;
use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::{State, message as fields};
use super::{send, text};

/// `sendPhoto`.
pub fn photo(state: &mut State, parameters: &Parameters) -> Answer {
    file(state, parameters, Media::Photo)
}

/// `sendDocument`.
pub fn document(state: &mut State, parameters: &Parameters) -> Answer {
    file(state, parameters, Media::Document)
}

fn file(state: &mut State, parameters: &Parameters, kind: Media) -> Answer {
    let chat = state.joined(parameters, "chat_id")?;
    let said = send::said(state, chat, parameters)?;
    let caption = text::caption(parameters)?;
    let (file, name) = given(state, parameters, kind)?;
    let mut content = kind.content(&file, &name);
    content.extend(fields::caption(&caption.text, caption.entities));
    send::sent(state, said, content)
}

/// The file's id, new if it was uploaded, and its name.
fn given(state: &mut State, parameters: &Parameters, kind: Media) -> Result<(String, String), Refusal> {
    let field = kind.field();
    let named = parameters.text(field).unwrap_or_default();
    let attached = named.strip_prefix("attach://").unwrap_or(field);
    if let Some(file) = parameters.file(attached) {
        let name = file["file_name"].as_str().unwrap_or_default().to_owned();
        let id = state.new_file(kind);
        state.uploads.push((id.clone(), name.clone(), parameters.bytes(attached)));
        return Ok((id, name));
    }
    match state.files.get(&named) {
        _ if named.is_empty() => Err(Refusal::bad(&format!("there is no {field} in the request"))),
        Some(of) if *of == kind => Ok((named, "file.pdf".to_owned())),
        Some(_) => Err(Refusal::bad("type of file mismatch")),
        None => Err(Refusal::bad("wrong file identifier/HTTP URL specified")),
    }
}

/// `getFile`. What it names can be fetched under `/file`.
pub fn get(state: &mut State, parameters: &Parameters) -> Answer {
    let id = parameters.text("file_id").ok_or_else(|| Refusal::bad("file_id not specified"))?;
    let kind = state
        .files
        .get(&id)
        .ok_or_else(|| Refusal::bad("wrong file_id or the file is temporarily unavailable"))?;
    let path = path(&id, *kind);
    let size = state.content(&id).len();
    Ok(json!({"file_id": id, "file_unique_id": format!("u{id}"), "file_size": size, "file_path": path}))
}

/// Where a file is fetched.
fn path(id: &str, kind: Media) -> String {
    let extension = match kind {
        Media::Photo => "jpg",
        Media::Document => "pdf",
        Media::Sticker => "webp",
        Media::Voice => "oga",
        Media::Audio => "mp3",
        _ => "mp4",
    };
    let number = id.rsplit('-').next().unwrap_or_default();
    format!("{}s/file_{number}.{extension}", kind.field())
}

/// What is in the file that is fetched there.
pub fn at(state: &State, wanted: &str) -> Option<Vec<u8>> {
    let found = state.files.iter().find(|(id, kind)| path(id, **kind) == wanted);
    found.map(|(id, _)| state.content(id))
}
