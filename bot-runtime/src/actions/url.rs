//! The address of a request: what a customer wrote can't change where it leads.
//!
//! A value is one path segment, part of one, or the value of a query parameter, percent-encoded. It can't stand in the scheme,
//! the host or the name of a parameter, and it can't be a segment that means something else: empty, `.` or `..`.
use reqwest::Url;

use super::template::{Filled, has_value, unmarked};

/// The address that a filled text makes.
///
/// # Errors
/// It is no address, or a value stands where it could change where it leads. The error shows neither.
pub(super) fn build(filled: &Filled) -> Result<Url, String> {
    // What stands behind `#` is not sent.
    let marked = filled.marked().split('#').next().unwrap_or_default();
    if marked.contains('\\') {
        return Err("the address has a backslash".to_owned());
    }
    let (site, rest) = split_site(marked)?;
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    check_path(path)?;
    check_query(query.unwrap_or_default())?;
    let mut address = format!("{site}{}", unmarked(&without_double_slashes(path)));
    if let Some(query) = query {
        address.push('?');
        address.push_str(&unmarked(query));
    }
    // The parser's error may not be shown: it is short, but it is about a text with values.
    let url = Url::parse(&address).map_err(|error| format!("the address is not valid: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err("the address must begin with https:// or http://".to_owned()),
    }
}

/// `https://host:port` and the rest.
fn split_site(marked: &str) -> Result<(&str, &str), String> {
    let scheme = marked.find("://").ok_or("the address must begin with https:// or http://")?;
    let host = scheme + "://".len();
    let end = marked[host..].find(['/', '?']).map_or(marked.len(), |length| host + length);
    let (site, rest) = marked.split_at(end);
    if has_value(site) {
        return Err("an argument or a secret can't stand in the scheme or the host of an address; only the text itself \
                    and `env` can"
            .to_owned());
    }
    Ok((site, rest))
}

/// A setting that ends with a slash, before a text that begins with one, is meant as one slash.
fn without_double_slashes(path: &str) -> String {
    let mut path = path.to_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    path
}

fn check_path(path: &str) -> Result<(), String> {
    for segment in path.split('/').filter(|segment| has_value(segment)) {
        // The parser of addresses takes `%2e` for a dot, too.
        let is_dots = |text: &str| matches!(text, "" | "." | "..");
        if is_dots(&unmarked(segment).to_ascii_lowercase().replace("%2e", ".")) {
            return Err("an argument that is a part of the address's path is empty, `.` or `..`".to_owned());
        }
    }
    Ok(())
}

fn check_query(query: &str) -> Result<(), String> {
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    if names.into_iter().any(has_value) {
        return Err("an argument can't be the name of a parameter of an address".to_owned());
    }
    Ok(())
}
