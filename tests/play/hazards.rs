//! The hazard catalogue: its index, and the whole of it played against our provider.

use std::fmt::Write as _;
use std::path::Path;

use understudy::play::{ExpectedFailures, Plan, run};
use understudy::scenarios::Suite;
use understudy::scenarios::hazards::{self, Hazard, Need, Part};

/// What a provider makes of a hazard.
enum Verdict<'f> {
    Stands,
    Fails(&'f str),
    /// It can't be shown by this subject.
    Unshown,
}

/// What subjects are declared to fail, which their runs hold them to.
struct Declared {
    ours: ExpectedFailures,
    plugin: ExpectedFailures,
}

impl Declared {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugin/expected-failures.yaml");
        let plugin = ExpectedFailures::from_yaml(&std::fs::read_to_string(path).unwrap()).unwrap();
        Self { ours: ExpectedFailures::known(), plugin }
    }

    fn ours(&self, hazard: &Hazard) -> Verdict<'_> {
        of(&self.ours, hazard, hazard.need == Need::Backstage)
    }

    /// The plugin as a command that keeps running: see tests/plugin/hazards.sh.
    fn plugin(&self, hazard: &Hazard) -> Verdict<'_> {
        of(&self.plugin, hazard, matches!(hazard.need, Need::Backstage | Need::Clock))
    }
}

fn of<'f>(failures: &'f ExpectedFailures, hazard: &Hazard, is_unshown: bool) -> Verdict<'f> {
    match failures.reasons().find(|(scenario, _)| *scenario == hazard.id) {
        Some((_, reason)) => Verdict::Fails(reason),
        None if is_unshown => Verdict::Unshown,
        None => Verdict::Stands,
    }
}

/// How many of the hazards each provider stands, part by part: for the index.
fn summary(declared: &Declared) -> String {
    let mut summary = String::from(
        "| hazards | how many | the provider here stands | the plugin 0.0.74 stands |\n|---|---|---|---|\n",
    );
    let mut all = (0, 0, 0);
    for part in Part::ALL {
        let stands = |verdict: &Verdict<'_>| usize::from(matches!(verdict, Verdict::Stands));
        let mut counts = (0, 0, 0);
        for hazard in part.hazards() {
            counts.0 += 1;
            counts.1 += stands(&declared.ours(hazard));
            counts.2 += stands(&declared.plugin(hazard));
        }
        let _ = writeln!(summary, "| {} | {} | {} | {} |", part.title(), counts.0, counts.1, counts.2);
        all = (all.0 + counts.0, all.1 + counts.1, all.2 + counts.2);
    }
    let _ = writeln!(summary, "| **all** | **{}** | **{}** | **{}** |", all.0, all.1, all.2);
    summary
}

/// The index, made of the table and the pages, and of what is declared.
fn index(declared: &Declared) -> String {
    let mut index = String::from(
        "# The hazard catalogue\n\n\
         What goes wrong between a Gloo Portal and a Backstage catalog, each as a scenario that shows it and a page that \
         says how it\nis known, why it happens, what good looks like and how to mend it.\n\n\
         ```\n\
         understudy run --suite hazards        # all of them against our provider; --subject names another\n\
         understudy run list-unreachable       # one of them\n\
         understudy scenarios explain list-unreachable\n\
         understudy scenarios show list-unreachable\n\
         ```\n\n\
         Those marked *quick* are `--suite quick` as well. *Keeps running*: only a subject that keeps running between \
         syncs can\nshow it. *In process*: only one that goes by the stage's clock. *Backstage*: only a whole Backstage.\n\n\
         What the provider that comes along and the published plugin make of each is in the last two columns, as their runs \
         hold\nthem to it: + for one that stands it, the reason for one that does not, and nothing where it can't be shown by \
         the\nprovider in process, or the plugin as a command.\n\n",
    );
    index += &summary(declared);
    let shown = |verdict: Verdict<'_>| match verdict {
        Verdict::Stands => "+".to_owned(),
        Verdict::Fails(reason) => reason.replace('|', "\\|"),
        Verdict::Unshown => String::new(),
    };
    for part in Part::ALL {
        let _ = write!(
            index,
            "\n## {}\n\n| hazard | what happens | | provider | plugin 0.0.74 |\n|---|---|---|---|---|\n",
            part.title()
        );
        for hazard in part.hazards() {
            let mark = match hazard.need {
                Need::Nothing if hazard.is_quick => "quick",
                Need::Nothing => "",
                Need::Keep => "keeps running",
                Need::Clock => "in process",
                Need::Backstage => "Backstage",
            };
            let (id, title) = (hazard.id, hazard.title());
            let (ours, plugin) = (shown(declared.ours(hazard)), shown(declared.plugin(hazard)));
            let page = name(part);
            let _ = writeln!(index, "| [{id}](hazards/{page}#{id}) | {title} | {mark} | {ours} | {plugin} |");
        }
    }
    index
}

/// The file of the book that holds a part's hazards.
fn name(part: Part) -> &'static str {
    match part {
        Part::List => "list.md",
        Part::Documents => "documents.md",
        Part::Changes => "shown.md",
        Part::Tokens => "tokens.md",
        Part::Around => "around.md",
    }
}

/// A part's chapter of the book: its hazards' pages, each under its id, so that a report can lead there.
fn chapter(part: Part) -> String {
    let mut chapter = format!(
        "# Hazards: {}\n\nMade of the pages in `scenarios/hazards`, which `understudy scenarios explain ID` prints. The verdicts \
         are in [the catalogue](../hazards.md).\n",
        part.title()
    );
    for hazard in part.hazards() {
        let _ = writeln!(chapter, "\n## {}\n\n**{}.**", hazard.id, hazard.title());
        for line in hazard.page.trim_end().lines().skip(1) {
            let _ = match line.strip_prefix("## ") {
                Some(heading) => writeln!(chapter, "*{heading}.*"),
                None => writeln!(chapter, "{line}"),
            };
        }
    }
    chapter
}

/// That a file below `docs` is what it is made of; writes it where that is asked for.
fn is_made_of(name: &str, content: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("UNDERSTUDY_WRITE_INDEX").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, content).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == content,
        "docs/{name} is not what the pages say; UNDERSTUDY_WRITE_INDEX=1 cargo test --test play writes it anew"
    );
}

#[test]
fn the_index_of_the_hazards_is_made_of_their_pages() {
    let index = index(&Declared::read());
    is_made_of("hazards.md", &index);
    assert_eq!(hazards::all().len(), index.lines().filter(|line| line.starts_with("| [")).count());
}

#[test]
fn the_chapters_of_the_hazards_are_made_of_their_pages() {
    for part in Part::ALL {
        is_made_of(&format!("hazards/{}", name(part)), &chapter(part));
    }
}

#[test]
fn the_readme_tells_how_many_hazards_are_stood() {
    let declared = Declared::read();
    let stood =
        |of: fn(&Declared, &Hazard) -> bool| hazards::all().iter().filter(|hazard| of(&declared, hazard)).count();
    let ours = stood(|declared, hazard| matches!(declared.ours(hazard), Verdict::Stands));
    let plugin = stood(|declared, hazard| matches!(declared.plugin(hazard), Verdict::Stands));
    let told = format!(
        "Of the {} hazards the provider here stands {ours}, and the plugin 0.0.74 {plugin}.",
        hazards::all().len()
    );
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    assert!(readme.replace('\n', " ").contains(&told), "README.md does not say: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hazard_ends_as_it_is_declared_of_our_provider() {
    let mut plan = Plan::of_suite(Suite::Hazards).unwrap();
    plan.expected = ExpectedFailures::known();
    let report = run(&plan, |_| {}).await.unwrap();
    let bad = report.scenarios.iter().filter(|scenario| !scenario.outcome.is_good());
    let bad: Vec<_> = bad.map(|scenario| (&scenario.name, &scenario.outcome, &scenario.steps)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let skipped = report.scenarios.iter().filter(|scenario| !scenario.outcome.has_checked());
    let skipped: Vec<_> = skipped.map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(skipped, ["first-sync-after-start"], "the others can be shown by a provider in this process");
}

#[test]
fn what_the_plugin_is_declared_to_fail_are_hazards() {
    Declared::read().plugin.check(&Suite::Hazards.names()).unwrap();
}
