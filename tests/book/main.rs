//! The book and the README, tried as a reader would: commands are run and print what is shown, pieces of configuration are
//! read, links lead somewhere, and the captures in the README are what comes.
//!
//! A block that can't be run here says so in a comment before it, `<!-- not run: needs a cluster -->`; all others are run.
//! `UNDERSTUDY_WRITE_BOOK=1` draws the captures anew that are no longer true. The one of the published plugin needs Node, and
//! the plugin in the folder that `UNDERSTUDY_PLUGIN` names.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(unix)]
mod captures;
#[cfg(unix)]
mod console;
#[cfg(unix)]
mod itself;
mod links;
mod page;
mod pieces;
#[cfg(unix)]
mod redact;
#[cfg(unix)]
mod session;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::page::Page;

/// What is tried of a page.
type Try = fn(&Page) -> Result<(), Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let pages: Arc<Vec<Page>> = Arc::new(Page::all());
    let mut trials = Vec::new();
    for index in 0..pages.len() {
        let mut tries: Vec<(&str, Try)> = vec![("links_lead_somewhere", links::lead_somewhere)];
        if !pages[index].is_beside() {
            tries.push(("pieces_are_read", pieces::read));
        }
        #[cfg(unix)]
        if !pages[index].is_beside() {
            tries.extend([
                ("commands_print_what_is_shown", console::play as Try),
                ("commands_are_taken", console::told),
            ]);
        }
        for (what, of_page) in tries {
            let all = Arc::clone(&pages);
            trials.push(Trial::test(format!("{}::{what}", pages[index].name), move || of_page(&all[index])));
        }
    }
    let all = Arc::clone(&pages);
    trials.push(Trial::test("the_table_of_contents_names_every_page", move || links::summary_is_whole(&all)));
    #[cfg(unix)]
    {
        trials.extend(captures::trials());
        trials.extend(itself::trials());
        tell(&pages);
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// How many blocks are run, and why others are not.
#[cfg(unix)]
fn tell(pages: &[Page]) {
    let consoles =
        || pages.iter().filter(|page| !page.is_beside()).flat_map(|page| page.blocks().map(move |block| (page, block)));
    let consoles: Vec<_> = consoles().filter(|(_, block)| block.language == "console").collect();
    let (run, not_run): (Vec<_>, Vec<_>) = consoles.iter().partition(|(_, block)| block.is_run());
    let commands: usize = run.iter().map(|(_, block)| console::commands(block).len()).sum();
    eprintln!("{} commands of {} blocks are run, {} blocks are not", commands, run.len(), not_run.len());
    for (page, block) in not_run {
        eprintln!("  {}:{}: {}", page.name, block.line, block.why_not());
    }
}
