//! Which format a file has, and its reader.
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::draft::Draft;
use super::tsv;
use crate::args::{Import, ImportFormat};
use crate::folder::shown;

/// More than any training set: what has more is taken for a mistake.
const LIMIT: u64 = 256 << 20;

impl ImportFormat {
    /// Its name for people.
    pub fn in_words(self) -> &'static str {
        match self {
            ImportFormat::Tsv => "TSV",
        }
    }
}

/// Reads what is to be imported.
///
/// # Errors
/// It is not there, has no format that is known, or has that format and is broken.
pub fn read(options: &Import) -> Result<(ImportFormat, Draft)> {
    let bytes = bytes(&options.file)?;
    Ok((ImportFormat::Tsv, tsv::read(&bytes, &shown(&options.file), &options.split)?))
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    let reading = || format!("can't read `{}`", file.display());
    let size = fs::metadata(file).with_context(reading)?.len();
    if size > LIMIT {
        bail!("`{}` has {} MiB; at most {} MiB are read", file.display(), size >> 20, LIMIT >> 20);
    }
    fs::read(file).with_context(reading)
}
