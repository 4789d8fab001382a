//! From a request to a socket. axum's own websocket would do, but for one thing: it doesn't give the TCP connection away, and
//! without that there is no reset.
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State as Axum};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{Home, Hub, socket};

#[derive(Clone)]
pub(super) struct Given {
    pub hub: Arc<Hub>,
    pub home: Arc<dyn Home>,
}

/// How a connection was asked for.
pub(super) struct Asked {
    pub path: String,
    pub query: String,
    pub host: String,
}

impl Asked {
    fn of(request: &Request) -> Asked {
        let host =
            request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        let path = request.uri().path().trim_end_matches('/').to_owned();
        Asked { path, query: request.uri().query().unwrap_or_default().to_owned(), host: host.to_owned() }
    }

    /// What a parameter of the address says.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.query.split('&').filter_map(|parameter| parameter.split_once('='));
        parameters.filter(|(named, _)| *named == name).map(|(_, value)| value).next()
    }
}

pub(super) async fn asked(Axum(given): Axum<Given>, mut request: Request) -> Response {
    if given.hub.is_down() {
        refuse_connection();
    }
    let asked = Asked::of(&request);
    let Some(accept) = accepted(request.headers()) else {
        return (StatusCode::BAD_REQUEST, "Can \"Upgrade\" only to \"WebSocket\".").into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // Without an upgrade the client has gone before it began.
        let Ok(upgraded) = upgrade.await else { return };
        socket::serve(given, asked, websocket(upgraded).await).await;
    });
    switching(&accept)
}

/// The answer to the client's key, if it asks for a websocket.
fn accepted(headers: &HeaderMap) -> Option<String> {
    let is_websocket = headers.get(header::UPGRADE)?.as_bytes().eq_ignore_ascii_case(b"websocket");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_websocket)?;
    Some(derive_accept_key(key.as_bytes()))
}

fn switching(accept: &str) -> Response {
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .body(Body::empty())
        .expect("a derived key is a valid header")
}

async fn websocket(upgraded: Upgraded) -> WebSocketStream<TcpStream> {
    let parts = downcast::<TokioIo<TcpStream>>(upgraded);
    let parts = parts.expect("the stand-in is served by axum::serve on a TcpListener");
    let (stream, read) = (parts.io.into_inner(), parts.read_buf.to_vec());
    // Else a small event waits for up to 40 ms until the one before it is acknowledged.
    stream.set_nodelay(true).expect("a connected socket takes it");
    WebSocketStream::from_partially_read(stream, read, Role::Server, None).await
}

/// Unwinds the connection's task, which closes the socket without an answer. Unlike a panic it says nothing in the log.
fn refuse_connection() -> ! {
    std::panic::resume_unwind(Box::new("the gateway is down"))
}
