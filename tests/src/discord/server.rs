//! The HTTP side: requests in, answers out, faults between.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State as Given};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::faults::{self, What};
use super::limits::Headers;
use super::request::{self, Asked};
use super::rest::{self, Route};
use super::shared::Shared;
use super::{attachments, control};

/// Bytes of a request, with the files that it uploads.
pub const UPLOAD: usize = 30 << 20;

/// Serves on that port of this machine; 0 is a free one.
pub async fn start(shared: Arc<Shared>, port: u16) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    shared.quietly(|state| state.host = address.to_string());
    let api = Router::new().route("/api/v10/{*path}", any(asked)).route("/api/{*path}", any(asked));
    let api = api.with_state(Arc::clone(&shared)).layer(DefaultBodyLimit::max(UPLOAD));
    let app = api
        .merge(attachments::routes(&shared))
        .merge(control::routes(&shared))
        .merge(shared.hub.routes(Arc::clone(&shared) as _))
        .fallback(async || written(&Err(Refusal::code(0)), &Headers::default()));
    // One connection's end is the bot's affair.
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

async fn asked(Given(shared): Given<Arc<Shared>>, Path(path): Path<String>, request: Request) -> Response {
    let path = format!("/{path}");
    let method = request.method().as_str().to_owned();
    // Too many IDENTIFYs, and the token is taken away.
    let authorised = authorised(&request, &shared.token) && !shared.hub.is_token_reset();
    let found = rest::found(&method, &path);
    let on_way = OnWay::new(&shared, method, path, found.as_ref().map_or("", |(route, _)| route.template));
    let asked = match request::read(request).await {
        Ok(asked) => asked,
        Err(refusal) => return on_way.refused(&shared, refusal),
    };
    match found {
        None => on_way.refused(&shared, Refusal::code(0)),
        Some((route, _)) if !route.open && !authorised => {
            on_way.refused(&shared, Refusal::new(401, 0, "401: Unauthorized"))
        }
        Some((route, ids)) => on_way.served(&shared, route, Asked { ids, ..asked }).await,
    }
}

fn authorised(request: &Request, token: &str) -> bool {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
    given.and_then(|given| given.strip_prefix("Bot ")) == Some(token)
}

/// A request on its way.
struct OnWay {
    call: Call,
    since: Instant,
}

impl OnWay {
    fn new(shared: &Shared, method: String, path: String, route: &'static str) -> OnWay {
        let (number, at) = shared.quietly(|state| {
            state.requests += 1;
            (state.requests - 1, state.clock.now())
        });
        let call = Call {
            number,
            method,
            route,
            path,
            query: Value::Null,
            body: Value::Null,
            files: Vec::new(),
            status: 0,
            answer: Value::Null,
            at,
            took: Duration::ZERO,
            fault: None,
        };
        OnWay { call, since: Instant::now() }
    }

    fn refused(mut self, shared: &Shared, refusal: Refusal) -> Response {
        shared.quietly(|state| state.limits.answered(refusal.status, state.clock.now()));
        (self.call.status, self.call.answer) = (refusal.status, refusal.body.clone());
        self.noted(shared);
        written(&Err(refusal), &Headers::default())
    }

    fn noted(mut self, shared: &Shared) {
        self.call.took = self.since.elapsed();
        shared.note(self.call);
    }

    async fn served(mut self, shared: &Arc<Shared>, route: &'static Route, asked: Asked) -> Response {
        self.call.query = Value::Object(asked.query.clone());
        self.call.body = asked.body.clone();
        self.call.files = asked.files.iter().map(|(_, file)| file.name.clone()).collect();
        let channel = self.call.channel();
        let (method, path) = (self.call.method.as_str(), self.call.path.as_str());
        let fault = shared.quietly(|state| {
            let parent = channel.and_then(|channel| state.channels.get(&channel)?.parent);
            let route = route.template;
            state.faults.at(&faults::Asked { method, route, path, channel, parent })
        });
        let (done, headers) = match fault.as_ref().and_then(instead) {
            Some(refusal) => (Err(refusal), ordered_headers(shared, fault.as_ref())),
            None => rest::done(shared, route, &asked),
        };
        self.answered(shared, &done, fault.as_ref());
        respond(&done, &headers, fault).await
    }

    fn answered(mut self, shared: &Shared, done: &Answer, fault: Option<&What>) {
        let (status, answer) = match done {
            Ok(reply) => (reply.status, reply.body.clone()),
            Err(refusal) => (refusal.status, refusal.body.clone()),
        };
        self.call.answer = answer;
        self.call.status = match fault {
            Some(What::DropBefore | What::DropAfterEffect | What::TimeOutAfterEffect) => 0,
            Some(What::Status(status) | What::StatusAfterEffect(status)) => *status,
            _ => status,
        };
        self.call.fault = fault.map(|fault| format!("{fault:?}"));
        let status = self.call.status;
        shared.quietly(|state| state.limits.answered(status, state.clock.now()));
        self.noted(shared);
    }
}

/// What a fault says in place of doing it.
fn instead(fault: &What) -> Option<Refusal> {
    match fault {
        What::TooManyRequests { seconds, global } => Some(Refusal::too_many(*seconds, *global)),
        What::Status(status) => Some(Refusal::new(*status, 0, "500: Internal Server Error")),
        What::Code(status, code) => Some(Refusal::status(*status, *code)),
        What::DropBefore => Some(Refusal { status: 0, body: Value::Null, limited: None }),
        _ => None,
    }
}

/// A global limit that was ordered holds for all that is asked meanwhile.
fn ordered_headers(shared: &Shared, fault: Option<&What>) -> Headers {
    if let Some(What::TooManyRequests { seconds, global: true }) = fault {
        let until = Duration::from_secs_f64(*seconds);
        shared.quietly(|state| state.limits.frozen = Some(state.clock.now() + until));
    }
    Headers::default()
}

async fn respond(done: &Answer, headers: &Headers, fault: Option<What>) -> Response {
    match fault {
        Some(What::DropBefore | What::DropAfterEffect) => drop_connection(),
        Some(What::TimeOutAfterEffect) => match std::future::pending::<Infallible>().await {},
        Some(What::Status(status) | What::StatusAfterEffect(status)) => failed(status),
        _ => written(done, headers),
    }
}

/// Unwinds the connection's task, which closes the socket without an answer. Unlike a panic it says nothing in the log.
fn drop_connection() -> ! {
    std::panic::resume_unwind(Box::new("a dropped connection was ordered"))
}

fn failed(status: u16) -> Response {
    if status == 500 {
        let refusal = Refusal::new(500, 0, "500: Internal Server Error");
        return written(&Err(refusal), &Headers::default());
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
        <hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

fn written(done: &Answer, headers: &Headers) -> Response {
    let (status, body) = match done {
        Ok(reply) => (reply.status, &reply.body),
        Err(refusal) => (refusal.status, &refusal.body),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Value::Null => status.into_response(),
        body => (status, axum::Json(json!(body))).into_response(),
    };
    let limited = done.as_ref().err().and_then(|refusal| refusal.limited.as_ref());
    for (name, value) in headers.all(limited) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}
