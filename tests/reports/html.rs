//! The report as a page.

use std::fs;
use std::path::Path;

use understudy::play::report::html;

use crate::fixture;

#[test]
fn a_page_of_everything_is_written_to_be_looked_at() {
    let page = html::render(&fixture::everything());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(folder.join("report.html"), &page).unwrap();
}
