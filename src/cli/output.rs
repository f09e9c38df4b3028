//! Entities as a table, as YAML documents, as JSON, and as a mutation.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use anstyle::Style;
use clap::ValueEnum;
use understudy::provider::{EntitySpec, Mutation};
use understudy::serve::catalog_info;

use super::failure::Failure;

/// The forms that entities can be printed in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A line an entity, to look at. The default on a terminal.
    Table,
    /// A catalog-info.yaml of several documents. The default elsewhere.
    Yaml,
    /// A JSON array of entities.
    Json,
    /// What a provider hands to Backstage, as JSON.
    Mutation,
}

impl Format {
    /// The default for this process's standard output.
    pub(super) fn for_stdout() -> Self {
        if io::stdout().is_terminal() { Self::Table } else { Self::Yaml }
    }
}

/// Prints the entities that a mutation gives to the catalog.
pub(super) fn print(mutation: &Mutation, format: Format) -> Result<(), Failure> {
    let text = match format {
        Format::Table => table(mutation),
        Format::Yaml => catalog_info(mutation.entities()).map_err(Failure::usage)?,
        Format::Json => {
            let entities: Vec<_> = mutation.entities().collect();
            serde_json::to_string_pretty(&entities).map_err(io::Error::from)? + "\n"
        }
        Format::Mutation => serde_json::to_string_pretty(mutation).map_err(io::Error::from)? + "\n",
    };
    write(text.as_bytes())
}

/// The same anew, for who follows: JSON on one line.
pub(super) fn print_again(mutation: &Mutation, format: Format) -> Result<(), Failure> {
    let mut text = match format {
        Format::Table | Format::Yaml => return print(mutation, format),
        Format::Json => serde_json::to_string(&mutation.entities().collect::<Vec<_>>()),
        Format::Mutation => serde_json::to_string(mutation),
    }
    .map_err(io::Error::from)?;
    text.push('\n');
    write(text.as_bytes())
}

/// Writes to standard output, colours as the terminal has them.
pub(super) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()?;
    Ok(())
}

fn table(mutation: &Mutation) -> String {
    let headings = ["KIND", "NAME", "TITLE", "DEFINITION"].map(str::to_owned);
    let rows: Vec<[String; 4]> = mutation
        .entities()
        .map(|entity| {
            let definition = match &entity.spec {
                EntitySpec::Api(api) => size(api.definition.len()),
                _ => String::new(),
            };
            [
                entity.kind().to_string(),
                entity.metadata.name.clone(),
                entity.metadata.title.clone().unwrap_or_default(),
                definition,
            ]
        })
        .collect();
    let mut widths = [0; 4];
    for row in rows.iter().chain([&headings]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", line(&headings, widths));
    for row in &rows {
        text.push_str(&line(row, widths));
        text.push('\n');
    }
    text
}

fn line(cells: &[String; 4], widths: [usize; 4]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(line, "{cell:width$}  ");
    }
    line.truncate(line.trim_end().len());
    line
}

fn size(bytes: usize) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000.. => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
