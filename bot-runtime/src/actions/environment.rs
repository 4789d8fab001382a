//! Settings of the computer that actions may read: `env.NAME` and `secret.NAME`.
//!
//! What it is not: it does not read the process's environment. The program's main does, once, and hands it over.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The variable with the names of hosts that may resolve to private addresses.
const PRIVATE_HOSTS: &str = "BOT_PRIVATE_HOSTS";

/// What actions may read: `env.NAME` and `secret.NAME`. Read once, by the program's main.
#[derive(Clone, Default)]
pub struct Environment {
    /// The variables.
    pub variables: BTreeMap<String, String>,
}

impl Environment {
    /// An environment of variables and their values.
    ///
    /// ```
    /// use bot_runtime::actions::Environment;
    ///
    /// let environment = Environment::from_variables([("SHOP_URL", "https://shop.example")]);
    /// assert_eq!(environment.variable("SHOP_URL"), Some("https://shop.example"));
    /// ```
    pub fn from_variables<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Environment {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Environment { variables: variables.collect() }
    }

    /// The value of `env.NAME`, without spaces around it; `None` if it is not set, or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of `secret.NAME`: the variable `NAME`, else the content of the file that `NAME_FILE` names, without spaces
    /// around it. The file is read each time, so that a renewed secret needs no restart.
    ///
    /// # Errors
    /// It is not set, or its file can't be read, or it is empty. The error names variables, never a value.
    pub async fn secret(&self, name: &str) -> Result<String, String> {
        if let Some(value) = self.variable(name) {
            return Ok(value.to_owned());
        }
        let variable = format!("{name}_FILE");
        let Some(path) = self.variable(&variable).map(str::to_owned) else {
            return Err(format!("the secret {name} is not set: set {name}, or {variable} to a file with it"));
        };
        // A file on a disk that hangs must not hold a thread that others need.
        let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(path)).await;
        let content = read.map_err(|_| format!("the file that {variable} names could not be read"))?;
        let content = content
            .map_err(|error| format!("the file that {variable} names can't be read: {}", error.kind()))?;
        match content.trim() {
            "" => Err(format!("the file that {variable} names is empty")),
            secret => Ok(secret.to_owned()),
        }
    }

    /// The hosts that may resolve to private addresses, in lower case.
    pub(super) fn private_hosts(&self) -> BTreeSet<String> {
        let hosts = self.variable(PRIVATE_HOSTS).unwrap_or_default().split([',', ' ']);
        hosts.filter(|host| !host.is_empty()).map(str::to_ascii_lowercase).collect()
    }
}

/// Names only: any value may be a secret.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.variables.keys()).finish()
    }
}
