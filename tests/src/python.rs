//! Clients of the platforms that have nothing to do with ours: small bots in Python, with libraries from PyPI.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::root;
use crate::specs::skipped;

/// A bot as a process; dropped, it is killed.
pub struct Client(Child);

impl Client {
    /// Starts a script of `tests/clients` with these variables.
    ///
    /// # Panics
    /// The Python that is given isn't there.
    pub fn start(python: &Path, script: &str, variables: &[(&str, String)]) -> Client {
        let mut command = Command::new(python);
        command.arg("-B").arg(clients().join(script)).stdin(Stdio::null()).stdout(Stdio::null());
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        // Its log goes where the test's does.
        Client(command.spawn().expect("the client starts"))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn clients() -> PathBuf {
    root().join("tests/clients")
}

/// A Python that has what a file of `tests/clients` names, in that folder; it is kept from run to run while the versions stay. Where
/// it can't be had that is told on the terminal, and in CI it is a failure.
///
/// # Panics
/// It can't be had in CI.
pub fn with(requirements: &str, folder: &Path) -> Option<PathBuf> {
    match installed(requirements, folder) {
        Ok(python) => Some(python),
        Err(why) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("{why}"),
        Err(why) => {
            skipped(&why);
            None
        }
    }
}

fn installed(requirements: &str, folder: &Path) -> Result<PathBuf, String> {
    let requirements = clients().join(requirements);
    let wanted = fs::read_to_string(&requirements).map_err(|e| e.to_string())?;
    let (python, mark) = (folder.join("bin/python"), folder.join("installed.txt"));
    if fs::read_to_string(&mark).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let _ = fs::remove_dir_all(folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&python).args(pip).arg(requirements))?;
    fs::write(mark, wanted).map_err(|e| e.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(()).ok_or_else(|| format!("{command:?}: {errors}"))
}
