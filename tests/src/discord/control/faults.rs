//! What can be ordered to go wrong on the page.
use serde_json::{Value, json};

use super::super::faults::{Fault, What};
use super::super::gateway::SocketFault;
use super::super::state::State;
use super::deeds::{self, Deed};

/// A fault of sockets, if the deed is one; an error names one that isn't known.
pub fn of_socket(deed: &Deed) -> Option<Result<SocketFault, String>> {
    (deed.what == deeds::What::SocketFault).then(|| {
        Ok(match deed.kind.as_str() {
            "drop" => SocketFault::Drop,
            "reset" => SocketFault::Reset,
            "reconnect" => SocketFault::Reconnect,
            "invalid_session" => SocketFault::InvalidSession { resumable: false },
            "invalid_session_resumable" => SocketFault::InvalidSession { resumable: true },
            "silent_heartbeats" => SocketFault::SilentHeartbeats,
            "double" => SocketFault::Double,
            "reorder" => SocketFault::Reorder,
            "unparseable" => SocketFault::Unparseable,
            "close" => SocketFault::Close(u16::try_from(deed.number).unwrap_or(4000)),
            other => return Err(format!("there is no fault {other:?}")),
        })
    })
}

/// Orders a fault of requests; its route is `POST /channels/{channel_id}/messages`, or empty.
pub fn order(state: &mut State, deed: &Deed) -> Result<Value, String> {
    let what = what(&deed.kind, deed.number)?;
    let fault = match deed.route.split_once(' ') {
        Some((method, route)) => Fault::on(method, route, what),
        None => Fault::new(what),
    };
    state.faults.order(fault.times(deed.times.max(1)));
    Ok(json!(true))
}

fn what(kind: &str, number: u64) -> Result<What, String> {
    let status = || u16::try_from(number).unwrap_or(502).clamp(500, 599);
    let seconds = number.max(1) as f64;
    Ok(match kind {
        "too_many_requests" => What::TooManyRequests { seconds, global: false },
        "too_many_requests_global" => What::TooManyRequests { seconds, global: true },
        "status" => What::Status(status()),
        "status_after_effect" => What::StatusAfterEffect(status()),
        "drop_before" => What::DropBefore,
        "drop_after_effect" => What::DropAfterEffect,
        "time_out_after_effect" => What::TimeOutAfterEffect,
        "code" => What::Code(super::super::answer::of_code(number).0, number),
        other => return Err(format!("there is no fault {other:?}")),
    })
}
