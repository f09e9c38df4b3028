//! The captures of a terminal in the README: each is made by a real run, and is still what comes.

use std::path::{Path, PathBuf};

use anstyle::RgbColor;
use anstyle_svg::Term;
use libtest_mimic::{Failed, Trial};
use understudy_scenarios::Suite;

use crate::page::{is_there, root};
use crate::redact::{redact, without_colours};
use crate::session::{Session, UP, says};

/// The columns of a terminal that all captures are as wide as.
const COLUMNS: usize = 116;

/// The palette's colours, and those in their place that can be read on the dark ground.
const BRIGHTER: [(&str, &str); 3] = [("#C50F1F", "#ff7b72"), ("#13A10E", "#3fb950"), ("#C19C00", "#d29922")];

const OKTA: &str = "\
identity:
  issuers:
    - {face: okta, scopes: [portal], defaultScopes: []}
portal:
  products:
    - {id: petstore, versions: [{name: v1}]}
";

const PLUGIN: &str = "@solo.io/platform-portal-backstage-plugin-backend";

/// A capture of a terminal.
struct Capture {
    name: &'static str,
    /// What it shows, for who can't see it.
    title: &'static str,
    make: fn() -> Result<Vec<String>, Failed>,
    /// What is needed and is not here.
    lacks: Option<String>,
}

pub(crate) fn trials() -> Vec<Trial> {
    let captures = [
        Capture {
            name: "up",
            title: "understudy up prints what to paste, and then a line for each request of a sync",
            make: up,
            lacks: None,
        },
        Capture {
            name: "hazards",
            title: "understudy run --suite quick with the published plugin, which deletes the whole catalog on most bad days",
            make: hazards,
            lacks: plugin().err(),
        },
        Capture {
            name: "check",
            title: "understudy check names the box in Okta that was not ticked",
            make: check,
            lacks: None,
        },
        Capture {
            name: "serve",
            title: "understudy serve still gives both APIs when the portal can't be reached",
            make: serve,
            lacks: on_path("curl").err(),
        },
    ];
    captures
        .into_iter()
        .map(|capture| {
            if let Some(lacks) = &capture.lacks {
                eprintln!("skipped: the capture {}: {lacks}", capture.name);
            }
            let is_ignored = capture.lacks.is_some();
            Trial::test(format!("docs/captures/{}.svg::is_what_comes", capture.name), move || capture.compare())
                .with_ignored_flag(is_ignored)
        })
        .collect()
}

impl Capture {
    /// Times, ports and tokens may differ; a capture that differs in nothing else stays as it is.
    fn compare(&self) -> Result<(), Failed> {
        let lines = (self.make)()?;
        let came = drawn(self.title, &lines)?;
        let path = root().join(format!("docs/captures/{}.svg", self.name));
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        if redact(&there) == redact(&came) {
            return Ok(());
        }
        if std::env::var_os("UNDERSTUDY_WRITE_BOOK").is_some() {
            std::fs::create_dir_all(path.parent().unwrap())?;
            return Ok(std::fs::write(path, came)?);
        }
        let differs = similar::TextDiff::from_lines(&redact(&there), &redact(&came)).unified_diff().to_string();
        Err(format!(
            "{} is not what comes; UNDERSTUDY_WRITE_BOOK=1 cargo test --test book draws it anew\n{differs}",
            path.display()
        )
        .into())
    }
}

/// `up`, and what a sync asks of it.
fn up() -> Result<Vec<String>, Failed> {
    let mut session = Session::with_colours();
    // The one that the pages show, so that no token that was ever in use is in the capture.
    session.play("export UNDERSTUDY_CONTROL_TOKEN=4baa75e03083135c384ee8471b559057", |_| true);
    let said = session.start("understudy up", says(UP));
    session.run("understudy sync --target real --quiet");
    let mut asked: Vec<String> =
        session.hears(0, |said| said.matches("/schema").count() == 2).lines().map(str::to_owned).collect();
    let documents = asked.iter().position(|line| line.contains("/schema")).ok_or("no document was asked for")?;
    asked[documents..].sort_by_key(|line| redact(&without_colours(line)));
    let mut lines = vec![prompt("understudy up")];
    lines.extend(part(&said, "target: mock", "export"));
    lines.pop();
    lines.pop();
    lines.push("…".to_owned());
    lines.extend(part(&said, "In app-config.local.yaml", "# Short on purpose"));
    lines.push("    …".to_owned());
    lines.push(String::new());
    lines.extend(asked);
    Ok(lines)
}

/// The quick suite against the published plugin.
fn hazards() -> Result<Vec<String>, Failed> {
    let session = Session::with_colours();
    std::fs::copy(root().join("examples/drive-provider.mjs"), session.folder().join("drive-provider.mjs"))?;
    std::os::unix::fs::symlink(plugin()?, session.folder().join("node_modules"))?;
    let command =
        format!("understudy run --suite quick --keep --subject 'exec:node drive-provider.mjs ./node_modules/{PLUGIN}'");
    let said = session.run(&command);
    let mut lines = vec![
        prompt("understudy run --suite quick --keep \\"),
        format!("    --subject 'exec:node drive-provider.mjs ./node_modules/{PLUGIN}'"),
    ];
    // They come as they end; in the catalogue's order they are the same each time.
    for name in Suite::Quick.names() {
        let verdict = said.lines().find(|line| without_colours(line).contains(&format!(" {name} (")));
        lines.extend(verdict.map(str::to_owned));
    }
    lines.push("…".to_owned());
    lines.extend(part(&said, "list-answers-401\n", "the last requests"));
    lines.push("…".to_owned());
    lines.extend(said.lines().find(|line| line.contains("passed, ")).map(str::to_owned));
    Ok(lines)
}

/// The doctor, before an Okta as it is when it is new.
fn check() -> Result<Vec<String>, Failed> {
    let mut session = Session::with_colours();
    session.write("fresh-okta.yaml", OKTA);
    session.start("understudy up fresh-okta.yaml", says(UP));
    let said = session.run("understudy check --target real --only client");
    let mut lines = vec![prompt("understudy check --target real --only client")];
    lines.extend(said.lines().map(str::to_owned));
    Ok(lines)
}

/// A served catalog, whose portal goes away.
fn serve() -> Result<Vec<String>, Failed> {
    let mut session = Session::with_colours();
    session.start("understudy up", says(UP));
    let command = "understudy serve --target real --every 1s";
    let said = session.start(command, says("5 entities from"));
    session.end(0);
    let after = session.hears(1, says("It is tried again."));
    let read = "curl -s http://localhost:31100/catalog-info.yaml | grep -c 'kind: API'";
    let mut lines = vec![prompt(command)];
    lines.extend(part(&said, "Serving", "health"));
    lines.pop();
    lines.push("…".to_owned());
    lines.extend(said.lines().find(|line| line.contains("5 entities from")).map(str::to_owned));
    lines.extend(after.lines().flat_map(wrapped));
    lines.extend([String::new(), prompt(read)]);
    lines.extend(session.run(read).lines().map(str::to_owned));
    Ok(lines)
}

fn prompt(command: &str) -> String {
    format!("\x1b[2m$\x1b[0m \x1b[1m{command}\x1b[0m")
}

/// The lines from the one in which `from` stands to before the one in which `to` does.
fn part(said: &str, from: &str, to: &str) -> Vec<String> {
    let has = |line: &str, words: &str| format!("{}\n", without_colours(line)).contains(words);
    let lines = said.lines().skip_while(|line| !has(line, from));
    lines.take_while(|line| !has(line, to)).map(str::to_owned).collect()
}

/// A long line, broken as a terminal would, but between words.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last_mut().unwrap();
        if last.is_empty() {
            last.push_str(word);
        } else if without_colours(last).chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(word.to_owned());
        } else {
            last.push(' ');
            last.push_str(word);
        }
    }
    lines
}

/// The picture of a terminal, light or dark as the reader's own.
fn drawn(title: &str, lines: &[String]) -> Result<String, Failed> {
    if let Some(long) = lines.iter().find(|line| without_colours(line).chars().count() > COLUMNS) {
        return Err(format!("this line is longer than a capture is wide: {long}").into());
    }
    let (text, ground) = (RgbColor(0xd1, 0xd7, 0xe0), RgbColor(0x15, 0x1b, 0x23));
    let term = Term::new().palette(anstyle_svg::WIN10_CONSOLE).min_width_px(COLUMNS * 84 / 10 + 1);
    let term = term.fg_color(text.into()).bg_color(ground.into());
    let svg = term.render_svg(&lines.join("\n"));
    let light = "    @media (prefers-color-scheme: light) {\n      \
                 .fg { fill: #1f2328 } .bg { fill: #f6f8fa } .fg-red { fill: #b3202c } .fg-green { fill: #1a7f37 }\n      \
                 .fg-yellow { fill: #8a6100 } .fg-bright-red { fill: #b3202c }\n    }\n  </style>\n  ";
    let svg = svg.replacen("<svg ", "<svg role=\"img\" ", 1);
    let svg = svg.replacen("  <style>\n", &format!("  <title>{title}</title>\n  <style>\n"), 1);
    let svg = svg.replacen("  </style>\n", light, 1);
    Ok(BRIGHTER.iter().fold(svg, |svg, (dark, bright)| svg.replace(dark, bright)))
}

/// The folder that holds the plugin's package.
fn plugin() -> Result<PathBuf, String> {
    let folder = std::env::var_os("UNDERSTUDY_PLUGIN").ok_or("UNDERSTUDY_PLUGIN names no folder with the plugin")?;
    let modules = root().join(Path::new(&folder)).join("node_modules");
    if !modules.join(PLUGIN).exists() {
        return Err(format!("there is no {PLUGIN} in {}", modules.display()));
    }
    on_path("node").map(|()| modules)
}

fn on_path(command: &str) -> Result<(), String> {
    if is_there(command) { Ok(()) } else { Err(format!("there is no {command} here")) }
}
