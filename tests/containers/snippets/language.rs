//! The languages that the book has snippets for: what the programs of each take, and how they are run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Failed;
use understudy_containers::UNDERSTUDY;

/// The heading below which the book has the snippets.
const HEADING: &str = "### Any other language";
/// The image that they start; the test's own takes its place.
const PUBLISHED: &str = concat!("understudy:", env!("CARGO_PKG_VERSION"));
/// The line of a program whose place a snippet takes.
const MARKER: &str = "// (the snippet)";

/// A language that the book has a snippet for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Node,
    Go,
    Java,
}

impl Language {
    /// Why its snippet can't be run here, in words; none when it can.
    pub(crate) fn why_not(self) -> Option<String> {
        self.folder().err()
    }

    /// Where `install.sh` put what its programs take, with the tool there to run them.
    pub(crate) fn folder(self) -> Result<PathBuf, String> {
        let made = "made by tests/containers/snippets/install.sh";
        let folder = env::var_os("UNDERSTUDY_SNIPPETS")
            .ok_or_else(|| format!("UNDERSTUDY_SNIPPETS is not set to a folder {made}"))?;
        let folder = std::path::absolute(Path::new(&folder).join(self.name())).map_err(|error| error.to_string())?;
        if !folder.join(".installed").is_file() {
            return Err(format!("{} is no folder {made}", folder.display()));
        }
        let [tool, version] = self.tool();
        let asked = Command::new(tool).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !asked.is_ok_and(|status| status.success()) {
            return Err(format!("there is no `{tool}` on the PATH that works"));
        }
        Ok(folder)
    }

    /// What its folder is called.
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// By what its block of the book is marked.
    fn fence(self) -> &'static str {
        match self {
            Self::Node => "js",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// What runs its programs, and how that is asked for its version.
    fn tool(self) -> [&'static str; 2] {
        match self {
            Self::Node => ["node", "--version"],
            Self::Go => ["go", "version"],
            Self::Java => ["javac", "--version"],
        }
    }

    /// The file of its program.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Node => "program.mjs",
            Self::Go => "program_test.go",
            Self::Java => "Program.java",
        }
    }

    /// What makes a command of its program, where it takes that.
    pub(crate) fn compiler(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Go => Some(&["go", "test", "-c", "-o", "program.test", "."]),
            Self::Node | Self::Java => None,
        }
    }

    /// What runs its program.
    pub(crate) fn command(self) -> &'static [&'static str] {
        match self {
            Self::Node => &["node", "program.mjs"],
            Self::Go => &["./program.test"],
            Self::Java => &["java", "-cp", "lib/*", "Program.java"],
        }
    }

    /// Its program, with the book's snippet in it.
    pub(crate) fn program(self) -> Result<String, Failed> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let book = std::fs::read_to_string(here.join("../../docs/containers.md"))?;
        let snippet = snippet(&book, self.fence())?;
        let file = here.join("snippets").join(self.name()).join(self.file());
        let program = std::fs::read_to_string(&file)?;
        if !program.contains(MARKER) {
            return Err(format!("{} has no line `{MARKER}` for the snippet to be put", file.display()).into());
        }
        Ok(program.replace(MARKER, &snippet.replace(PUBLISHED, &UNDERSTUDY.to_string())))
    }
}

/// The one block of a language in the book's part on other languages.
fn snippet<'a>(book: &'a str, fence: &str) -> Result<&'a str, Failed> {
    let (_, part) = book.split_once(HEADING).ok_or_else(|| format!("docs/containers.md has no `{HEADING}`"))?;
    let opening = format!("\n```{fence}\n");
    let mut blocks = part.split(opening.as_str()).skip(1).filter_map(|rest| rest.split("\n```\n").next());
    let (Some(snippet), None) = (blocks.next(), blocks.next()) else {
        return Err(format!("docs/containers.md has not one block of `{fence}` below `{HEADING}`").into());
    };
    if !snippet.contains(PUBLISHED) {
        return Err(format!("the block of `{fence}` in docs/containers.md starts no image {PUBLISHED}").into());
    }
    Ok(snippet)
}
