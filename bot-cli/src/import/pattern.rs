//! Regular expressions of other systems as those of ours.
use regex::{Regex, RegexBuilder};

/// Bytes that the core allows a compiled expression.
const PATTERN_SIZE: usize = 1 << 20;

/// Several expressions as one whose value is all that was found.
///
/// # Errors
/// The `regex` crate can't read it: why, in words.
pub fn compile(written: &[&str]) -> Result<(String, Regex), String> {
    let joined = match written {
        [] => return Err("there is no expression".to_owned()),
        [one] => (*one).to_owned(),
        several => several.iter().map(|one| format!("(?:{one})")).collect::<Vec<_>>().join("|"),
    };
    let build =
        |pattern: &str| RegexBuilder::new(pattern).case_insensitive(true).size_limit(PATTERN_SIZE).build();
    let regex = build(&joined).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "too large".to_owned(),
        other => {
            let shown = other.to_string();
            let reason = shown.lines().rev().find_map(|line| line.trim().strip_prefix("error: "));
            reason.unwrap_or("it is no expression").to_owned()
        }
    })?;
    if regex.captures_len() == 1 {
        return Ok((joined, regex));
    }
    // In the core the first group is the value; in the other systems it is the whole.
    let whole = format!("({joined})");
    build(&whole).map(|regex| (whole, regex)).map_err(|_| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn the_value_is_all_that_is_found() {
        for (written, pattern) in [
            (&["\\d+"][..], Ok("\\d+")),
            (&["a", "b"], Ok("(?:a)|(?:b)")),
            (&["(a)b"], Ok("((a)b)")),
            (&[], Err("there is no expression")),
            (&["a(?=b)"], Err("look-around, including look-ahead and look-behind, is not supported")),
            (&["(\\w{99}){99}"], Err("too large")),
        ] {
            let compiled = compile(written).map(|(pattern, _)| pattern);
            assert_eq!(compiled.as_deref().map_err(String::as_str), pattern);
        }
    }
}
