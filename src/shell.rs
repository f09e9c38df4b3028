//! Texts as a POSIX shell reads them.

/// `value` as one word of a POSIX shell: as it is where the shell takes it so, else in quotes.
///
/// ```
/// assert_eq!(understudy::shell::word("http://localhost:31080/v1"), "http://localhost:31080/v1");
/// assert_eq!(understudy::shell::word("it's $HOME"), r"'it'\''s $HOME'");
/// ```
#[must_use]
pub fn word(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(word("http://localhost:31080/v1"), "http://localhost:31080/v1");
        assert_eq!(word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(word(""), "''");
    }
}
