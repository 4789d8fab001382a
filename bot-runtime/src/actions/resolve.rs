//! Which addresses a host's name may stand for.
//!
//! The host is the author's or the operator's, and may be anything: also an address such as `127.0.0.1`, or `localhost`. A
//! *name* that resolves to a private address is another matter: whoever holds the name could lead the bot into the network
//! behind it (DNS rebinding). It is refused, unless `BOT_PRIVATE_HOSTS` names the host.
use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Looks a name up.
pub(super) type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// As the system does it.
pub(super) fn system() -> Lookup {
    Arc::new(|host| Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) }))
}

/// A name that resolves to private addresses only, and isn't one that may.
#[derive(Debug, thiserror::Error)]
#[error(
    "the host's name resolves to a private address; if that is meant, name the host in BOT_PRIVATE_HOSTS"
)]
pub(super) struct PrivateAddress;

/// A name that stands for nothing. The system's own error is not a cause of it: what it says differs from system to system.
#[derive(Debug, thiserror::Error)]
#[error("the host's name can't be resolved")]
pub(super) struct UnknownHost;

/// Resolves names, and keeps private addresses back.
pub(super) struct Resolver {
    pub private_hosts: Arc<BTreeSet<String>>,
    pub lookup: Lookup,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let may_be_private = host == "localhost" || self.private_hosts.contains(&host);
        let found = (self.lookup)(host);
        Box::pin(async move {
            let addresses = permitted(found.await.map_err(|_| UnknownHost)?, may_be_private)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn permitted(found: Vec<SocketAddr>, may_be_private: bool) -> Result<Vec<SocketAddr>, PrivateAddress> {
    let is_any = !found.is_empty();
    let kept: Vec<_> =
        found.into_iter().filter(|address| may_be_private || is_public(address.ip())).collect();
    if is_any && kept.is_empty() { Err(PrivateAddress) } else { Ok(kept) }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Neither of this computer, nor of a network behind it, nor of no use as a back end (RFC 6890).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || a == 0
        || a == 100 && (b & 0b1100_0000) == 64
        || (a, b, c) == (192, 0, 0)
        || a == 198 && (b & 0b1111_1110) == 18
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match embedded_v4(address) {
        Some(inner) => is_public_v4(inner),
        None => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                // The forerunner of unique local addresses.
                || address.segments()[0] & 0xffc0 == 0xfec0)
        }
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, by NAT64, by 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(v4(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_behind_a_name() {
        let rows = [
            ("93.184.216.34", true),
            ("172.15.0.1", true),
            ("100.128.0.1", true),
            ("2606:2800:220:1::1", true),
            ("64:ff9b::808:808", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fd00::1", false),
            ("fe80::1", false),
            ("::ffff:127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
        ];
        for (address, expected) in rows {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn private_addresses_are_kept_back_and_public_ones_used() {
        let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
        };
        let mixed = addresses(&["10.0.0.1", "93.184.216.34"]);
        assert_eq!(permitted(mixed.clone(), false).unwrap(), addresses(&["93.184.216.34"]));
        assert_eq!(permitted(mixed.clone(), true).unwrap(), mixed);
        assert!(permitted(addresses(&["10.0.0.1"]), false).is_err());
        assert!(permitted(Vec::new(), false).unwrap().is_empty());
    }
}
