//! Reads YAML files from folders. What it is not: it does not know what is in them.
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bot_core::catalog::Source;

/// One byte more than a bot's file may have: enough for the core to see that it is too large, and never a whole disk.
const LIMIT: u64 = (1 << 20) + 1;

/// Reads a bot's folder; the sources are named by their path below it.
///
/// # Errors
/// The folder is missing, holds no YAML file, or can't be read.
pub fn read_bot(folder: &Path) -> Result<Vec<Source>> {
    if !folder.is_dir() {
        bail!("{}", no_folder(folder));
    }
    let files = yaml_files(folder, &|_| true)?;
    if files.is_empty() {
        bail!(
            "the folder `{}` holds no YAML file: write one, or name the bot's folder with --intents DIR",
            folder.display()
        );
    }
    files.iter().map(|file| read(file, &below(folder, file))).collect()
}

fn no_folder(folder: &Path) -> String {
    let shown = folder.display();
    if folder.exists() {
        format!("`{shown}` is a file; --intents takes the folder it is in")
    } else if folder == Path::new("intents") {
        "no folder `intents` here: run from the project's root, or name the bot's folder with --intents DIR"
            .to_owned()
    } else {
        format!("no folder `{shown}`: name the bot's folder with --intents DIR")
    }
}

/// Reads a file under the name it is shown by.
///
/// # Errors
/// The file can't be read.
pub fn read(file: &Path, name: &str) -> Result<Source> {
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
        .with_context(|| format!("can't read `{}`", file.display()))?;
    Ok(Source { name: name.to_owned(), bytes })
}

/// The YAML files below a folder, sorted. Hidden ones, folders that `enter` refuses and symlinks that lead back up are
/// skipped.
///
/// # Errors
/// A folder can't be read.
pub fn yaml_files(folder: &Path, enter: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    walk(folder, enter, &mut Vec::new(), &mut files)
        .with_context(|| format!("can't read the folder `{}`", folder.display()))?;
    files.sort();
    Ok(files)
}

fn walk(
    folder: &Path,
    enter: &dyn Fn(&str) -> bool,
    above: &mut Vec<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let real = folder.canonicalize()?;
    if above.contains(&real) {
        return Ok(());
    }
    above.push(real);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() && enter(&name) {
            walk(&path, enter, above, files)?;
        } else if path.is_file() && is_yaml(&path) {
            files.push(path);
        }
    }
    above.pop();
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

/// A path as it is shown: with `/` on every system.
pub fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/").replacen("//", "/", 1)
}

fn below(folder: &Path, file: &Path) -> String {
    shown(file.strip_prefix(folder).unwrap_or(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        read_bot(folder).unwrap().into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn reads_yaml_at_any_depth_in_order() {
        let folder = tree(&[
            "z.yaml",
            "bot.yaml",
            "de/orders.yml",
            "notes.txt",
            ".git/x.yaml",
            ".hidden.yaml",
            "a/b/C.YAML",
        ]);
        assert_eq!(names(folder.path()), ["a/b/C.YAML", "bot.yaml", "de/orders.yml", "z.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_up_is_skipped() {
        let folder = tree(&["a/x.yaml"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
        assert_eq!(names(folder.path()), ["a/x.yaml"]);
    }

    #[test]
    fn says_what_to_do_without_a_folder() {
        let folder = tree(&["only.txt"]);
        for (path, want) in [
            (PathBuf::from("intents"), "no folder `intents` here: run from the project's root, or"),
            (folder.path().join("nowhere"), "name the bot's folder with --intents DIR"),
            (folder.path().join("only.txt"), "is a file; --intents takes the folder"),
            (folder.path().to_owned(), "holds no YAML file"),
        ] {
            let error = read_bot(&path).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
