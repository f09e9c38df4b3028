//! Where a scenario comes from: its text, what messages call it, and where the files lie that it names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::LoadError;

/// No file is read beyond this size, in bytes; no scenario or document of anybody's comes near it.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// A scenario's text and its surroundings.
pub(super) struct Source<'t> {
    /// What messages call it: the path as the user gave it.
    pub(super) file: String,
    /// What the scenario is called if it does not say so.
    pub(super) name: String,
    pub(super) text: std::borrow::Cow<'t, str>,
    pub(super) beside: Beside,
}

/// Where the files lie that a scenario names.
pub(super) enum Beside {
    /// In this folder.
    Folder(PathBuf),
    /// In the program: file names, each with its text.
    Bundled(&'static [(&'static str, &'static str)]),
    /// Nowhere: the text stands alone.
    Nowhere,
}

impl Source<'static> {
    /// A scenario file; a scenario without a name is called `name`.
    pub(super) fn file(path: &Path, name: String) -> Result<Self, LoadError> {
        let file = path.display().to_string();
        let text = File::open(path).and_then(text).map_err(|cause| LoadError::unreadable(&file, cause))?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Self { file, name, text: text.into(), beside: Beside::Folder(folder) })
    }

    /// A scenario on standard input; files that it names lie in the current folder.
    pub(super) fn standard_input() -> Result<Self, LoadError> {
        let file = "standard input".to_owned();
        let text = text(io::stdin().lock()).map_err(|cause| LoadError::unreadable(&file, cause))?;
        Ok(Self { file, name: "stdin".to_owned(), text: text.into(), beside: Beside::Folder(PathBuf::new()) })
    }
}

impl<'t> Source<'t> {
    /// A text that stands alone. `name` is what messages call it.
    pub(super) fn alone(name: &str, text: &'t str) -> Self {
        Self { file: name.to_owned(), name: stem(name), text: without_mark(text).into(), beside: Beside::Nowhere }
    }
}

/// The name of a scenario file without its ending.
pub(super) fn stem(file: &str) -> String {
    let name = file.rsplit(std::path::is_separator).next().unwrap_or(file);
    [".yaml", ".yml", ".json"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name).to_owned()
}

/// Everything in `reader`, if it is text and not too much of it.
pub(super) fn text(reader: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("it is no text in UTF-8, from line {line} on"))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// The text without the byte order mark that some editors put before it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_called_what_its_file_is() {
        assert_eq!(stem("a/shop.yaml"), "shop");
        assert_eq!(stem("shop.v2.json"), "shop.v2");
        assert_eq!(stem("test"), "test");
    }

    #[test]
    fn more_than_the_largest_file_is_not_read() {
        let error = text(io::repeat(b'a')).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn what_is_no_text_is_told_by_its_line() {
        let error = text(&b"a: b\nc: \xff\n"[..]).unwrap_err();
        assert_eq!(error.to_string(), "it is no text in UTF-8, from line 2 on");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(text("\u{feff}a: b".as_bytes()).unwrap(), "a: b");
    }
}
