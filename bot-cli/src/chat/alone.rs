//! One terminal for one customer: two would each show a part of what is said.
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Held as long as this terminal is the customer's. The system lets go of it when the process dies, however it dies.
#[derive(Debug)]
pub struct Alone {
    path: PathBuf,
    _locked: File,
}

impl Alone {
    /// Takes the customer's place, by a lock on a file beside the store.
    ///
    /// # Errors
    /// Another terminal has it; or there can be no file beside the store.
    pub fn take(store: &Path, customer: &str) -> Result<Alone> {
        let path = beside(store, customer);
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| format!("can't write `{}`", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Alone { path, _locked: file }),
            Err(TryLockError::WouldBlock) => bail!(
                "a terminal is open for the customer `{customer}` of `{}` already: close it, or name another customer \
                 with --customer NAME",
                store.display()
            ),
            // A file system without locks: two terminals would be confusing, none would be worse.
            Err(TryLockError::Error(_)) => Ok(Alone { path, _locked: file }),
        }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn beside(store: &Path, customer: &str) -> PathBuf {
    let escaped: String = customer
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        })
        .collect();
    let mut name = store.as_os_str().to_owned();
    name.push(format!("-{escaped}.lock"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_one_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("demo.db");
        let ann = Alone::take(&store, "Ann/../Øre").unwrap();
        assert!(Alone::take(&store, "Ann/../Øre").unwrap_err().to_string().contains("--customer NAME"));
        let bob = Alone::take(&store, "bob").unwrap();
        drop(ann);
        Alone::take(&store, "Ann/../Øre").unwrap();
        drop(bob);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }
}
