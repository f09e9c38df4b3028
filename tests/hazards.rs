//! The hazard catalogue: its index, and the whole of it played against our provider.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::path::Path;

use understudy::play::{ExpectedFailures, Plan, run};
use understudy::scenarios::Suite;
use understudy::scenarios::hazards::{self, Need, Part};

/// The index, made of the table and the pages.
fn index() -> String {
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
         syncs can\nshow it. *In process*: only one that goes by the stage's clock. *Backstage*: only a whole Backstage.\n",
    );
    for part in Part::ALL {
        let _ = write!(index, "\n## {}\n\n| hazard | what happens | |\n|---|---|---|\n", part.title());
        for hazard in part.hazards() {
            let mark = match hazard.need {
                Need::Nothing if hazard.is_quick => "quick",
                Need::Nothing => "",
                Need::Keep => "keeps running",
                Need::Clock => "in process",
                Need::Backstage => "Backstage",
            };
            let (id, title) = (hazard.id, hazard.title());
            let _ = writeln!(index, "| [{id}](../scenarios/hazards/{id}.md) | {title} | {mark} |");
        }
    }
    index
}

#[test]
fn the_index_of_the_hazards_is_made_of_their_pages() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hazards.md");
    let index = index();
    if std::env::var_os("UNDERSTUDY_WRITE_INDEX").is_some() {
        std::fs::write(&file, &index).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == index,
        "docs/hazards.md is not what the pages say; UNDERSTUDY_WRITE_INDEX=1 cargo test --test hazards writes it anew"
    );
    assert_eq!(hazards::all().len(), index.lines().filter(|line| line.starts_with("| [")).count());
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
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugin/expected-failures.yaml"));
    let failures = ExpectedFailures::from_yaml(&text.unwrap()).unwrap();
    failures.check(&Suite::Hazards.names()).unwrap();
}
