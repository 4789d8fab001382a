//! The HTTP side: requests in, answers out, faults between.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;

use super::answer::{Answer, Refusal, body};
use super::call::Call;
use super::faults::What;
use super::parameters::Parameters;
use super::shared::Shared;
use super::{control, methods};

/// Bytes of a request, with the file that it uploads.
const UPLOAD: usize = 50 << 20;

/// Serves on that port of this machine; 0 is a free one.
pub async fn start(shared: Arc<Shared>, port: u16) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    let api = Router::new().route("/{bot}/{method}", axum::routing::any(asked));
    let api = api.route("/file/{bot}/{*path}", axum::routing::get(fetched));
    let api = api.with_state(Arc::clone(&shared)).layer(DefaultBodyLimit::max(UPLOAD));
    let app =
        api.merge(control::routes(shared)).fallback(async || answer(&Err(Refusal::new(404, "Not Found"))));
    // One connection's end is the bot's affair.
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

async fn asked(
    Given(shared): Given<Arc<Shared>>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(token) = bot.strip_prefix("bot") else { return answer(&Err(Refusal::new(404, "Not Found"))) };
    if token != shared.token {
        return answer(&Err(Refusal::new(401, "Unauthorized")));
    }
    let asked = Asked::new(&shared, methods::named(&method).unwrap_or(&method));
    match Parameters::of(request).await {
        Ok(parameters) => asked.served(&shared, &parameters).await,
        Err(refusal) => {
            let refused = Err(refusal);
            asked.noted(&shared, Value::Null, &refused, None, true);
            answer(&refused)
        }
    }
}

/// A file; faults meet it as the method `file`.
async fn fetched(Given(shared): Given<Arc<Shared>>, Path((bot, path)): Path<(String, String)>) -> Response {
    if bot.strip_prefix("bot") != Some(&*shared.token) {
        return answer(&Err(Refusal::new(404, "Not Found")));
    }
    let fault = shared.quietly(|state| state.faults.at_call("file", None));
    if fault.is_some() {
        let refused = Err(fault.as_ref().and_then(refused_before).unwrap_or_else(|| Refusal::new(500, "")));
        return respond(&refused, fault).await;
    }
    match shared.read(|state| methods::files::at(state, &path)) {
        Some(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        None => answer(&Err(Refusal::new(404, "Not Found"))),
    }
}

/// A request on its way.
struct Asked {
    number: usize,
    method: String,
    at: Duration,
    since: Instant,
}

impl Asked {
    fn new(shared: &Shared, method: &str) -> Asked {
        let (number, at) = shared.quietly(|state| {
            state.requests += 1;
            (state.requests - 1, state.clock.now())
        });
        Asked { number, method: method.to_owned(), at, since: Instant::now() }
    }

    async fn served(self, shared: &Arc<Shared>, parameters: &Parameters) -> Response {
        let chat = parameters.number("chat_id");
        let fault = shared.quietly(|state| state.faults.at_call(&self.method, chat));
        let before = fault.as_ref().and_then(refused_before);
        let dropped = fault == Some(What::DropBefore);
        let done = match before {
            Some(refusal) => Err(refusal),
            None if dropped => Err(Refusal::new(0, "")),
            None => methods::done(shared, &self.method, parameters).await,
        };
        let reaches =
            !matches!(fault, Some(What::DropBefore | What::DropAfterEffect | What::TimeOutAfterEffect));
        let ledger = if dropped { None } else { Some(&done) };
        self.noted_as(shared, parameters.ledger(), ledger, fault.as_ref(), reaches);
        respond(&done, fault).await
    }

    fn noted(self, shared: &Shared, parameters: Value, done: &Answer, fault: Option<&What>, reaches: bool) {
        self.noted_as(shared, parameters, Some(done), fault, reaches);
    }

    fn noted_as(
        self,
        shared: &Shared,
        parameters: Value,
        done: Option<&Answer>,
        fault: Option<&What>,
        reaches: bool,
    ) {
        let (status, answer) = done.map_or((0, Value::Null), body);
        let status = match fault {
            Some(What::Status(status) | What::StatusAfterEffect(status)) => *status,
            _ => status,
        };
        shared.note(Call {
            number: self.number,
            method: self.method,
            parameters,
            status: if reaches { status } else { 0 },
            answer,
            at: self.at,
            took: self.since.elapsed(),
            fault: fault.map(|fault| format!("{fault:?}")),
        });
    }
}

/// What a fault says in place of doing it.
fn refused_before(fault: &What) -> Option<Refusal> {
    match fault {
        What::TooManyRequests(seconds) => Some(Refusal::too_many(*seconds)),
        What::Status(status) => Some(Refusal::new(*status, "Internal Server Error")),
        What::Refuse(code, text) => Some(Refusal::new(*code, text)),
        What::Conflict409 => Some(methods::updates::other_poller()),
        _ => None,
    }
}

async fn respond(done: &Answer, fault: Option<What>) -> Response {
    match fault {
        Some(What::DropBefore | What::DropAfterEffect) => drop_connection(),
        Some(What::TimeOutAfterEffect) => match std::future::pending::<Infallible>().await {},
        Some(What::Status(status) | What::StatusAfterEffect(status)) => failed(status),
        _ => answer(done),
    }
}

/// Unwinds the connection's task, which closes the socket without an answer. Unlike a panic it says nothing in the log.
fn drop_connection() -> ! {
    std::panic::resume_unwind(Box::new("a dropped connection was ordered"))
}

fn failed(status: u16) -> Response {
    if status == 500 {
        return answer(&Err(Refusal::new(500, "Internal Server Error")));
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
        <hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

fn answer(done: &Answer) -> Response {
    let (status, body) = body(done);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}
