//! What a program that serves must know of a channel: its name, what it needs, how it is started.
//!
//! A platform's crate is one entry in the list of kinds, and nothing else of this program knows it:
//!
//! ```
//! use bot_serve::{Kind, Need};
//!
//! const KIND: Kind = Kind {
//!     name: "pigeon",
//!     needs: &[Need::secret("PIGEON_TOKEN", "the loft's token")],
//!     check: None,
//!     start: |start| {
//!         Box::pin(async move {
//!             let _token = start.settings.get("PIGEON_TOKEN");
//!             // start.runtime.serve(…) delivers; start.runtime.receive(…) takes in, until:
//!             start.stop.cancelled().await;
//!             Ok(())
//!         })
//!     },
//! };
//! ```
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::pin::Pin;

use anyhow::{Context, Result};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::SqliteStore;
use tokio_util::sync::CancellationToken;

use crate::finding::{Check, Checking};

/// A kind of channel.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The channel's name, the same as in [`bot_runtime::channel::Address::channel`].
    pub name: &'static str,
    /// What it takes from the environment. It is configured when everything is there that is required.
    pub needs: &'static [Need],
    /// Says for `--check` how it stands with the platform; `None`: there is nothing to look at.
    pub check: Option<fn(Check) -> Checking>,
    /// Runs it until it is told to stop. An end before that, or an error, ends the whole program.
    pub start: fn(Start) -> Running,
}

/// A running channel.
pub type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What a channel gets when it is started.
pub struct Start {
    /// Where to put what comes in, and what delivers.
    pub runtime: Runtime<SqliteStore>,
    /// What it needs.
    pub settings: Settings,
    /// Cancelled: receive no more, and return.
    pub stop: CancellationToken,
}

/// A variable of the environment.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// Its name.
    pub name: &'static str,
    /// What it is and where it is to be had, for people.
    pub what: &'static str,
    /// It may stand in a file instead, which the variable `NAME_FILE` names.
    pub secret: bool,
    /// The channel can't run without it.
    pub required: bool,
}

impl Need {
    /// What nobody may see: a token. Required.
    pub const fn secret(name: &'static str, what: &'static str) -> Need {
        Need { name, what, secret: true, required: true }
    }

    /// What the channel can't run without.
    pub const fn setting(name: &'static str, what: &'static str) -> Need {
        Need { name, what, secret: false, required: true }
    }

    /// What the channel can run without.
    pub const fn optional(name: &'static str, what: &'static str) -> Need {
        Need { name, what, secret: false, required: false }
    }

    fn value(&self, variables: &BTreeMap<String, String>) -> Result<Option<String>> {
        if let Some(value) = variables.get(self.name).filter(|value| !value.is_empty()) {
            return Ok(Some(value.clone()));
        }
        let Some(file) = self.file().and_then(|name| variables.get(&name)).filter(|file| !file.is_empty())
        else {
            return Ok(None);
        };
        let text = fs::read_to_string(file)
            .with_context(|| format!("can't read `{file}`, which {}_FILE names", self.name))?;
        Ok(Some(text.trim().to_owned()).filter(|value| !value.is_empty()))
    }

    /// The variable is set, and the file says something else: one of them is old.
    fn contradiction(&self, variables: &BTreeMap<String, String>) -> Option<String> {
        let value = variables.get(self.name).filter(|value| !value.is_empty())?;
        let file = variables.get(&self.file()?).filter(|file| !file.is_empty())?;
        let same = fs::read_to_string(file).is_ok_and(|text| text.trim() == value);
        (!same).then(|| {
            format!("{0} is set, and the file that {0}_FILE names says something else: {0} counts", self.name)
        })
    }

    /// Whether the environment has something for it.
    pub(crate) fn is_set(&self, variables: &BTreeMap<String, String>) -> bool {
        let set = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
        set(self.name) || self.file().is_some_and(|file| set(&file))
    }

    fn file(&self) -> Option<String> {
        self.secret.then(|| format!("{}_FILE", self.name))
    }
}

impl fmt::Display for Need {
    /// `PIGEON_TOKEN or PIGEON_TOKEN_FILE (the loft's token)`
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(file) = self.file() {
            write!(f, " or {file}")?;
        }
        write!(f, " ({})", self.what)
    }
}

/// The values of what a channel needs. Its `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<&'static str, String>,
    secrets: Vec<&'static str>,
}

impl Settings {
    /// The value of a variable, by its name without `_FILE`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A text with `…` in place of every secret: an error of a web client may hold an address that holds a token.
    pub fn hide(&self, text: &str) -> String {
        let secrets = self.secrets.iter().filter_map(|name| self.get(name));
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }

    fn put(&mut self, need: &Need, value: String) {
        self.values.insert(need.name, value);
        if need.secret {
            self.secrets.push(need.name);
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// A kind of channel, and what the environment has for it.
pub struct Configured {
    /// Which.
    pub kind: Kind,
    /// What there is.
    pub settings: Settings,
    /// What is required and not there. Empty: it can be started.
    pub missing: Vec<Need>,
    /// What is there and can't be meant, in sentences.
    pub doubts: Vec<String>,
}

impl Configured {
    /// Looks up what the kind needs.
    ///
    /// # Errors
    /// A file that should hold a secret can't be read.
    pub fn of(kind: Kind, variables: &BTreeMap<String, String>) -> Result<Configured> {
        let mut configured =
            Configured { kind, settings: Settings::default(), missing: vec![], doubts: vec![] };
        for need in kind.needs {
            match need.value(variables)? {
                Some(value) => configured.settings.put(need, value),
                None if need.required => configured.missing.push(*need),
                None => {}
            }
            configured.doubts.extend(need.contradiction(variables));
        }
        Ok(configured)
    }

    /// `pigeon: configured`; `pigeon: not configured: set PIGEON_LOFT (the loft)`
    pub fn state(&self) -> String {
        match self.wanted() {
            None => format!("{}: configured", self.kind.name),
            Some(wanted) => format!("{}: not configured: {wanted}", self.kind.name),
        }
    }

    /// `set PIGEON_LOFT (the loft)`; `None`: nothing is missing.
    pub fn wanted(&self) -> Option<String> {
        let missing: Vec<_> = self.missing.iter().map(Need::to_string).collect();
        (!missing.is_empty()).then(|| format!("set {}", missing.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIGEON: Kind = Kind {
        name: "pigeon",
        needs: &[
            Need::secret("PIGEON_TOKEN", "the loft's token"),
            Need::setting("PIGEON_LOFT", "the loft"),
            Need::optional("PIGEON_RING", "the ring"),
        ],
        check: None,
        start: |_| Box::pin(async { Ok(()) }),
    };

    fn configured(variables: &[(&str, &str)]) -> Result<Configured> {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Configured::of(PIGEON, &variables)
    }

    #[test]
    fn a_secret_comes_from_the_environment_or_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, "s3cret\n").unwrap();
        let file = file.display().to_string();
        for variables in [
            [("PIGEON_LOFT", "attic"), ("PIGEON_TOKEN", "s3cret")],
            [("PIGEON_LOFT", "attic"), ("PIGEON_TOKEN_FILE", &file)],
        ] {
            let found = configured(&variables).unwrap();
            assert!(found.missing.is_empty());
            assert_eq!(found.settings.get("PIGEON_TOKEN"), Some("s3cret"));
            assert_eq!(found.settings.get("PIGEON_RING"), None);
            assert!(!format!("{:?}", found.settings).contains("s3cret"));
            assert_eq!(found.settings.hide("GET /s3cret/attic: refused"), "GET /…/attic: refused");
        }
    }

    #[test]
    fn a_file_that_says_something_else_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, "s3cret\n").unwrap();
        let file = file.display().to_string();
        let told = |token: &str, file: &str| {
            let found = configured(&[("PIGEON_TOKEN", token), ("PIGEON_TOKEN_FILE", file)]).unwrap();
            assert_eq!(
                found.settings.get("PIGEON_TOKEN"),
                Some("s3cret").filter(|_| token.is_empty()).or(Some(token))
            );
            found.doubts
        };
        let doubt = "PIGEON_TOKEN is set, and the file that PIGEON_TOKEN_FILE names says something else: PIGEON_TOKEN counts";
        assert_eq!(told("s3cret", &file), [""; 0]);
        assert_eq!(told("", &file), [""; 0]);
        assert_eq!(told("s3cret", ""), [""; 0]);
        assert_eq!(told("old", &file), [doubt]);
        assert_eq!(told("old", "nowhere/token"), [doubt]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |variables: &[(&str, &str)]| -> Vec<String> {
            configured(variables).unwrap().missing.iter().map(Need::to_string).collect()
        };
        let token = "PIGEON_TOKEN or PIGEON_TOKEN_FILE (the loft's token)".to_owned();
        assert_eq!(missing(&[]), [token.clone(), "PIGEON_LOFT (the loft)".to_owned()]);
        assert_eq!(missing(&[("PIGEON_LOFT", "attic"), ("PIGEON_TOKEN", "")]), [token]);
        let error = configured(&[("PIGEON_TOKEN_FILE", "nowhere/token")]).err().unwrap().to_string();
        assert_eq!(error, "can't read `nowhere/token`, which PIGEON_TOKEN_FILE names");
    }
}
