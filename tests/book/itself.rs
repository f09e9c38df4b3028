//! That these tests see what is wrong: pages that say something else than what comes.

use libtest_mimic::{Failed, Trial};

use crate::page::Page;
use crate::{console, links, pieces};

/// A page, what is tried of it, and what is then said; nothing where it is well.
type Case = (&'static str, fn(&Page) -> Result<(), Failed>, &'static str, Option<&'static str>);

const CASES: [Case; 12] = [
    (
        "an_output_that_is_another_is_found",
        console::play,
        "```console\n$ understudy scenarios explain list-halved\n# Another title\n…\n```\n",
        Some("+# More than half of the list is missing for once"),
    ),
    (
        "an_output_that_goes_on_is_found",
        console::play,
        "```console\n$ understudy scenarios explain list-halved\n# More than half of the list is missing for once\n```\n",
        Some("prints (+), and not what the page shows (-)"),
    ),
    (
        "an_output_may_be_left_out_in_part",
        console::play,
        "```console\n$ understudy scenarios explain list-halved\n# More than … is missing for once\n…\n```\n",
        None,
    ),
    (
        "a_command_without_an_output_that_fails_is_found",
        console::play,
        "```console\n$ understudy sync no-such-file.yaml > entities.yaml\n```\n",
        Some("there is no such file"),
    ),
    (
        "a_command_that_can_not_be_run_is_found",
        console::play,
        "```console\n$ no-such-command apply\n```\n",
        Some("no-such-command"),
    ),
    (
        "a_command_that_is_marked_is_not_run",
        console::play,
        "<!-- not run: needs a cluster -->\n```console\n$ no-such-command apply\n```\n",
        None,
    ),
    (
        "a_mark_holds_for_the_next_block_alone",
        console::play,
        "<!-- not run: needs a cluster -->\n```console\n$ no-such-command apply\n```\n\n```console\n$ no-such-command\n```\n",
        Some("no-such-command"),
    ),
    (
        "an_argument_that_is_not_known_is_found",
        console::told,
        "```\nexport A=b\nunderstudy run --suite quick --no-such-argument   # a comment\n```\n",
        Some("--no-such-argument"),
    ),
    (
        "a_scenario_with_a_mistake_is_found",
        pieces::read,
        "```yaml\nportal: {produts: []}\n```\n",
        Some("did you mean `products`?"),
    ),
    (
        "a_piece_of_no_known_kind_is_found",
        pieces::read,
        "```yaml\nportl: {products: []}\n```\n",
        Some("it is not known what reads this"),
    ),
    (
        "a_link_to_nowhere_is_found",
        links::lead_somewhere,
        "[here](docs/nowhere.md)",
        Some("there is no docs/nowhere.md"),
    ),
    (
        "a_link_to_no_heading_is_found",
        links::lead_somewhere,
        "[here](docs/serve.md#nowhere)",
        Some("docs/serve.md has no #nowhere"),
    ),
];

pub(crate) fn trials() -> impl Iterator<Item = Trial> {
    CASES.into_iter().map(|(name, attempt, text, wanted)| {
        Trial::test(format!("itself::{name}"), move || match (attempt(&Page::parse("page.md", text)), wanted) {
            (Ok(()), None) => Ok(()),
            (Err(said), Some(wanted)) if said.message().is_some_and(|said| said.contains(wanted)) => Ok(()),
            (came, wanted) => Err(format!("it says {came:?}, and not {wanted:?}").into()),
        })
    })
}
