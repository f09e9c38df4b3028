//! `understudy assets`, which the help does not list: what a package brings beside the command. It is made by the command
//! itself, so that a package for any platform holds what fits, and none needs a tool to be made.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, ValueEnum as _};
use clap_complete::Shell;
use pem_rfc7468::LineEnding;

use super::failure::Failure;
use super::{Cli, NAME};

#[derive(Args)]
pub(super) struct AssetsArgs {
    /// The folder to write `man/`, `completions/` and `ca-certificates.crt` into.
    folder: PathBuf,
}

pub(super) fn run(args: &AssetsArgs) -> Result<(), Failure> {
    let folder = &args.folder;
    write(folder, man_pages).and_then(|()| write(folder, completions)).and_then(|()| write(folder, roots))
}

fn write(folder: &Path, what: fn(&Path) -> std::io::Result<()>) -> Result<(), Failure> {
    what(folder).map_err(|error| Failure::Usage(format!("can't write to {}: {error}", folder.display())))
}

/// A page for the command, and one for each command below it.
fn man_pages(folder: &Path) -> std::io::Result<()> {
    let folder = folder.join("man");
    fs::create_dir_all(&folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}

fn completions(folder: &Path) -> std::io::Result<()> {
    let folder = folder.join("completions");
    fs::create_dir_all(&folder)?;
    for shell in Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut Cli::command(), NAME, &folder)?;
    }
    Ok(())
}

/// Mozilla's roots, which an image from scratch has no others than.
fn roots(folder: &Path) -> std::io::Result<()> {
    let mut text = String::new();
    for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        let pem = pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, root)
            .map_err(|error| std::io::Error::other(error.to_string()))?;
        text.push_str(&pem);
    }
    fs::write(folder.join("ca-certificates.crt"), text)
}
