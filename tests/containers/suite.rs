//! Real servers in containers: the same way from a token to entities with the mock and with a real Keycloak, the Keycloak face
//! beside the real Keycloak, and a Backstage with the published plugin beside Understudy in an image from scratch, which is
//! looked at in a browser too. That image is also started from other languages, as the book shows.
//!
//! Needs a container engine and the images that `tests/containers/install.sh` makes; says so and skips otherwise. With
//! `UNDERSTUDY_CONTAINERS=1` nothing is skipped: what is missing then fails. The browser is that of `tests/page.rs`;
//! what other languages take is made by `tests/containers/snippets/install.sh`.

mod browsed;
#[path = "../page/browser.rs"]
mod browser;
mod end_to_end;
mod face;
mod image;
mod job;
mod module;
mod snippets;
mod together;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use understudy_containers::{BACKSTAGE, Image, KEYCLOAK, Keycloak, UNDERSTUDY, why_not};

use browser::Browser;
use snippets::Language;
use together::Together;

/// What the trials share: one runtime, since the engine's client lives on it, and servers that take long to start.
struct Ground {
    runtime: Runtime,
    /// Or why there is none, which is told each trial and tried once.
    keycloak: OnceCell<Result<Keycloak, String>>,
    together: OnceCell<Result<Together, String>>,
}

impl Ground {
    async fn keycloak(&self) -> Result<&Keycloak, Failed> {
        let start = async || {
            let keycloak = Keycloak::start().await.map_err(|error| error.to_string())?;
            println!("Keycloak served after {:.1?}", keycloak.took);
            Ok(keycloak)
        };
        self.keycloak.get_or_init(start).await.as_ref().map_err(|why| why.as_str().into())
    }

    async fn together(&self) -> Result<&Together, Failed> {
        let start = async || Together::start().await.map_err(|failed| failed.message().unwrap_or_default().to_owned());
        self.together.get_or_init(start).await.as_ref().map_err(|why| why.as_str().into())
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: no runtime can be had: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ground = Arc::new(Ground { runtime, keycloak: OnceCell::new(), together: OnceCell::new() });
    let nothing_is_skipped = std::env::var_os("UNDERSTUDY_CONTAINERS").is_some_and(|value| value == "1");
    let needing = |other: Option<&String>, name: &str, images: &[Image], test: fn(&Ground) -> Result<(), Failed>| {
        let missing = ground.runtime.block_on(why_not(images)).filter(|_| !images.is_empty()).or(other.cloned());
        if let (Some(why), false, false) = (&missing, nothing_is_skipped, arguments.list) {
            eprintln!("skipped: {name}: {why}");
        }
        let skips = missing.is_some() && !nothing_is_skipped;
        let ground = Arc::clone(&ground);
        Trial::test(name, move || missing.map_or_else(|| test(&ground), |why| Err(why.into()))).with_ignored_flag(skips)
    };
    let trial = |name, images, test| needing(None, name, images, test);
    let browserless = Browser::find().err();
    let browsed = |name, test| needing(browserless.as_ref(), name, &[BACKSTAGE, UNDERSTUDY], test);
    let snippet = |language: Language, name, test| needing(language.why_not().as_ref(), name, &[UNDERSTUDY], test);
    let trials = vec![
        trial("a_token_gives_the_list_and_the_entities_with_the_mock_idp", &[], end_to_end::with_the_mock),
        trial(
            "a_token_gives_the_list_and_the_entities_with_a_real_keycloak_before_the_mock_portal",
            &[KEYCLOAK],
            end_to_end::with_keycloak,
        ),
        trial(
            "a_token_gives_the_list_and_the_entities_of_servers_that_the_variables_name",
            &[KEYCLOAK],
            end_to_end::with_the_variables,
        ),
        trial("the_keycloak_face_answers_as_the_real_keycloak_does", &[KEYCLOAK], face::answers_as_keycloak),
        trial(
            "a_backstage_with_the_plugin_shows_what_understudy_in_its_image_has",
            &[BACKSTAGE, UNDERSTUDY],
            together::backstage_shows_the_apis,
        ),
        browsed("a_guest_sees_the_apis_of_that_backstage_in_a_browser", browsed::a_guest_sees_the_apis),
        browsed("a_guest_reads_the_definition_of_an_api_in_a_browser", browsed::a_guest_reads_a_definition),
        trial("the_image_is_small", &[UNDERSTUDY], image::is_small),
        trial(
            "the_image_runs_as_anybody_on_a_root_that_nobody_may_write_and_ends_when_told",
            &[UNDERSTUDY],
            image::runs_as_anybody_on_a_root_that_nobody_may_write,
        ),
        trial("the_image_is_configured_by_variables", &[UNDERSTUDY], image::is_configured_by_variables),
        trial("the_image_follows_a_scenario_that_is_mounted", &[UNDERSTUDY], image::follows_a_scenario_that_is_mounted),
        trial(
            "the_check_job_says_whether_backstage_is_configured_well",
            &[UNDERSTUDY],
            job::says_whether_backstage_is_configured_well,
        ),
        trial("an_image_for_this_machine_has_three_ports_and_is_known_by_them", &[], module::three_ports_are_drawn),
        trial(
            "a_scenario_of_this_machine_is_played_from_where_it_is_copied_to",
            &[],
            module::a_scenario_is_played_from_its_copy,
        ),
        trial(
            "the_variables_are_those_of_the_first_client_at_the_first_issuer",
            &[],
            module::the_variables_are_of_the_first_client_at_the_first_issuer,
        ),
        trial(
            "a_test_on_this_machine_syncs_from_a_container",
            &[UNDERSTUDY],
            module::a_test_on_this_machine_syncs_from_a_container,
        ),
        trial("a_container_plays_a_scenario_of_the_test", &[UNDERSTUDY], module::a_scenario_of_the_test_is_played),
        trial(
            "other_containers_reach_a_container_by_its_name",
            &[UNDERSTUDY],
            module::other_containers_reach_it_by_its_name,
        ),
        trial(
            "ports_that_are_not_published_as_themselves_are_told",
            &[UNDERSTUDY],
            module::ports_that_are_not_published_as_themselves_are_told,
        ),
        snippet(Language::Node, "the_snippet_for_node_starts_a_stage", snippets::for_node),
        snippet(Language::Go, "the_snippet_for_go_starts_a_stage", snippets::for_go),
        snippet(Language::Java, "the_snippet_for_java_starts_a_stage", snippets::for_java),
    ];
    let conclusion = libtest_mimic::run(&arguments, trials);
    // Here and not when it is dropped: the runtime must still be there to tell the engine.
    if let Some(Ground { runtime, keycloak, together }) = Arc::into_inner(ground) {
        if let Some(Ok(keycloak)) = keycloak.into_inner()
            && let Err(error) = runtime.block_on(keycloak.remove())
        {
            eprintln!("warning: Keycloak's container is still there: {error}");
        }
        if let Some(Ok(together)) = together.into_inner()
            && let Err(error) = runtime.block_on(together.remove())
        {
            eprintln!("warning: the containers of Backstage and Understudy are still there: {error}");
        }
    }
    conclusion.exit_code()
}
