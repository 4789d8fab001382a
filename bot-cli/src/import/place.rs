//! Puts a folder in its place: all of it or nothing, and never over what is there.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, Result, bail};

use super::files::File;

/// Refuses a folder that has something in it, and a file.
///
/// # Errors
/// It is there and not empty, or can't be read.
pub fn check(out: &Path) -> Result<()> {
    let shown = out.display();
    let Some(_) = out.file_name() else {
        bail!("`{shown}` is no name for a new folder: name one with --out DIR")
    };
    match fs::read_dir(out) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                bail!(
                    "the folder `{shown}` is not empty, and nothing in it is overwritten: name another with --out DIR"
                );
            }
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) if out.is_file() => bail!("`{shown}` is a file: name a folder with --out DIR"),
        Err(error) => Err(error).with_context(|| format!("can't read the folder `{shown}`")),
    }
}

/// Writes the files beside the folder's place and then gives them its name, so that it is never there by half.
///
/// # Errors
/// Something can't be written; then nothing is left of it.
pub fn write(out: &Path, files: &[File]) -> Result<()> {
    check(out)?;
    let unfinished = unfinished(out);
    let written = write_into(&unfinished, files).and_then(|()| rename(&unfinished, out));
    if written.is_err() {
        // The first error counts; if the rest can't be removed either, there is nothing more to be done.
        let _ = fs::remove_dir_all(&unfinished);
    }
    written.with_context(|| format!("can't write the folder `{}`", out.display()))
}

fn unfinished(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!(".{name}.importing-{}", process::id()))
}

fn write_into(folder: &Path, files: &[File]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files.iter().try_for_each(|file| fs::write(folder.join(&file.name), &file.text))
}

/// An empty folder in its place goes first: not every system renames over one.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if to.is_dir() {
        fs::remove_dir(to)?;
    }
    fs::rename(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> File {
        File { name: name.to_owned(), text: "x".to_owned() }
    }

    #[test]
    fn a_folder_is_written_whole_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("deep/bot");
        write(&out, &[file("a.yaml")]).unwrap();
        assert_eq!(fs::read_to_string(out.join("a.yaml")).unwrap(), "x");

        let error = write(&out, &[file("b.yaml")]).unwrap_err().to_string();
        assert!(error.contains("is not empty"), "{error}");
        assert!(!out.join("b.yaml").exists());

        let broken = root.path().join("broken");
        fs::create_dir(&broken).unwrap();
        write(&broken, &[file("a.yaml"), file("no/such/folder.yaml")]).unwrap_err();
        let left: Vec<_> =
            fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
        write(&broken, &[file("a.yaml")]).unwrap();
        assert!(broken.join("a.yaml").is_file());
    }

    #[test]
    fn a_place_that_is_none_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let taken = root.path().join("file");
        fs::write(&taken, "").unwrap();
        for (path, want) in [(taken.as_path(), "is a file"), (Path::new(".."), "no name for a new folder")] {
            let error = check(path).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
