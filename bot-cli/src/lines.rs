//! Lines from a pipe that may hold anything.
use std::io::{self, BufRead, Read};

/// More than this of a line is not kept: the bot reads 100 KB.
const LONGEST: u64 = 1 << 20;

/// The next line without its end; `None` after the last. What is not UTF-8 becomes `�`.
///
/// # Errors
/// The stream can't be read.
pub fn next(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
    }
    let line = String::from_utf8_lossy(&bytes);
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut bytes: &[u8]) -> Vec<String> {
        std::iter::from_fn(|| next(&mut bytes).unwrap()).collect()
    }

    #[test]
    fn any_bytes_are_lines() {
        assert_eq!(all(b"hi\nyou"), ["hi", "you"]);
        assert_eq!(all(b"hi\r\n\r\nyou\r\n"), ["hi", "", "you"]);
        assert_eq!(all(b"caf\xe9\n"), ["caf\u{FFFD}"]);
        assert_eq!(all(b"a\0b"), ["a\0b"]);
        assert!(all(b"").is_empty());
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut long = vec![b'x'; 3 << 20];
        long.extend(b"\nnext");
        let lines = all(&long);
        assert_eq!((lines[0].len(), lines[1].as_str()), (1 << 20, "next"));
    }
}
