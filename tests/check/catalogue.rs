//! The page of all checks, which is made of the catalogue.

use std::fmt::Write as _;
use std::path::Path;

use understudy::check::{Check, Part};

fn page() -> String {
    let mut page = String::from(
        "# What `understudy check` looks at\n\n\
         Each check has an id that stays, for `--only`, `--skip` and whoever reads the report. They are made in this order; \
         what one\nstands on is named, and where that failed it is skipped. Here is what holds where a check passes, what it \
         finds where it\ndoes not, and what may then be said to do, which is chosen by what came.\n\n\
         ```\n\
         understudy check --list\n\
         understudy check --target real --only network,issuer.jwks\n\
         ```\n",
    );
    for part in Part::ALL.into_iter().filter(|part| !part.checks().is_empty()) {
        let _ = write!(page, "\n## {}: `{part}`\n", part.title());
        for check in part.checks() {
            push(&mut page, check);
        }
    }
    page
}

fn push(page: &mut String, check: &Check) {
    let _ = write!(page, "\n### {}\n\n**{}.** {}\n\n", check.id, check.title, check.fails_when);
    for remedy in check.remedies {
        let _ = writeln!(page, "- {remedy}");
    }
    if !check.needs.is_empty() {
        let needs: Vec<String> = check.needs.iter().map(|need| format!("`{need}`")).collect();
        let _ = writeln!(page, "\nStands on {}.", needs.join(", "));
    }
}

#[test]
fn the_page_of_the_checks_is_made_of_the_catalogue() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let page = page();
    if std::env::var_os("UNDERSTUDY_WRITE_INDEX").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "docs/checks.md is not what the catalogue says; UNDERSTUDY_WRITE_INDEX=1 cargo test --test check writes it anew"
    );
}
