//! Files that a configuration names: read whole, unless they are larger than any such file is.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// In bytes; a bundle of all root certificates that there are takes a fraction of it.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Everything in a file, which may be a pipe.
///
/// # Errors
/// When it can't be read, or is larger than 16 MiB.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 16 MiB"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_without_an_end_is_not_read_to_it() {
        assert_eq!(read(Path::new("/dev/zero")).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
