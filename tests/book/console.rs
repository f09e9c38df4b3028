//! The blocks that show a terminal: each command is run, and prints what the page shows.

use libtest_mimic::Failed;

use crate::page::{Block, Item, Page};
use crate::redact::{pattern, redact};
use crate::session::{Session, as_built};

/// A command of a page, and the output that it shows.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) command: String,
    output: String,
}

/// The commands of a block. A line that ends in `\` goes on in the next.
pub(crate) fn commands(block: &Block) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    for line in block.content.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push(Shown { command: command.to_owned(), output: String::new() }),
            (None, Some(last)) if last.output.is_empty() && last.command.ends_with('\\') => {
                last.command = format!("{}\n{line}", last.command);
            }
            (None, Some(last)) => last.output = format!("{}{line}\n", last.output),
            (None, None) => {}
        }
    }
    commands
}

/// Goes through a page as a reader does.
pub(crate) fn play(page: &Page) -> Result<(), Failed> {
    let mut session = Session::new();
    for item in &page.items {
        match item {
            Item::File { name, content } => session.write(name, content),
            Item::Block(block) => {
                if let Some(name) = &block.file {
                    session.write(name, &block.content);
                }
                if block.is_run() {
                    play_block(page, block, &mut session)?;
                }
            }
        }
    }
    Ok(())
}

fn play_block(page: &Page, block: &Block, session: &mut Session) -> Result<(), Failed> {
    let commands = commands(block);
    if commands.is_empty() {
        return Err(format!("{}:{}: a console without a line `$ command`", page.name, block.line).into());
    }
    for Shown { command, output } in commands {
        let wanted = pattern(&output);
        let came = session.play(&command, |said| wanted.is_match(&redact(said)));
        // Of a command whose output is not shown, a reader expects that it works.
        let is_true = if output.is_empty() { came.succeeded } else { wanted.is_match(&redact(&came.printed)) };
        if !is_true {
            let (place, differs) = (format!("{}:{}", page.name, block.line), difference(&output, &came.printed));
            return Err(format!("{place}: `{command}` prints (+), and not what the page shows (-):\n{differs}").into());
        }
    }
    Ok(())
}

/// What differs, in lines of a length to read.
fn difference(shown: &str, came: &str) -> String {
    let differs = similar::TextDiff::from_lines(&redact(shown), &redact(came)).unified_diff().to_string();
    differs.lines().map(|line| line.chars().take(200).collect::<String>() + "\n").collect()
}

/// The commands that are only told, in blocks without output: `understudy` takes their arguments.
pub(crate) fn told(page: &Page) -> Result<(), Failed> {
    let session = Session::new();
    let mut bad = Vec::new();
    for block in page.blocks() {
        let lines: Vec<String> = match block.language.as_str() {
            "console" => commands(block).into_iter().map(|shown| shown.command).collect(),
            "" | "sh" => block.content.replace("\\\n", " ").lines().map(str::to_owned).collect(),
            _ => continue,
        };
        for line in lines {
            let Some(command) = own_part(&line) else { continue };
            if let Err(why) = session.succeeds(&format!("{command} --help")) {
                bad.push(format!(
                    "{}:{}: `{command}`: {}",
                    page.name,
                    block.line,
                    why.lines().next().unwrap_or_default()
                ));
            }
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n").into()) }
}

/// The part of a line of a shell that calls `understudy`, if it does so with literal arguments.
fn own_part(line: &str) -> Option<String> {
    let line = as_built(line);
    let line = line.split(" #").next()?;
    let part = line.split(" | ").flat_map(|part| part.split(" && ")).find(|part| {
        let mut words = part.split_whitespace().skip_while(|word| word.contains('=') && !word.starts_with('-'));
        words.next() == Some("understudy")
    })?;
    let part = part.split(" > ").next()?.trim().trim_end_matches('&').trim();
    (!part.contains('$') && !part.contains('…')).then(|| part.to_owned())
}
