//! Reports to be written: one of every outcome, one of a single scenario, one that is full of what must not come out live.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use understudy::play::report::{CatalogLine, Outcome, RunReport, ScenarioReport, StepReport, Verdict};
use understudy::scenarios::Note;
use understudy::{Exchange, Server};

/// When each scenario begins, by its stage's clock.
pub(crate) fn start() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn run(scenarios: Vec<ScenarioReport>) -> RunReport {
    let elapsed = scenarios.iter().map(|scenario| scenario.elapsed).sum();
    let (subject, suite) = ("exec:node drive-provider.mjs".to_owned(), Some("hazards".to_owned()));
    RunReport { version: "0.1.0", subject, suite, seed: 42, scenarios, elapsed }
}

/// A scenario that is put together step by step: what is added belongs to the newest step.
pub(crate) struct Played {
    report: ScenarioReport,
    at: Timestamp,
    /// By how much the stage's clock was moved.
    moved: SignedDuration,
}

impl Played {
    pub(crate) fn new(name: &str, description: &str) -> Self {
        let report = ScenarioReport {
            name: name.to_owned(),
            file: None,
            description: description.to_owned(),
            outcome: Outcome::Passed,
            steps: Vec::new(),
            requests: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            log: String::new(),
            elapsed: Duration::ZERO,
        };
        Self { report, at: start(), moved: SignedDuration::ZERO }
    }

    pub(crate) fn step(mut self, words: &str, milliseconds: u64) -> Self {
        let began = self.report.elapsed;
        self.at = start() + SignedDuration::try_from(began).unwrap() + self.moved;
        self.report.steps.push(StepReport {
            words: words.to_owned(),
            // The first sync is none of the file's steps.
            line: (!self.report.steps.is_empty()).then_some(12 + self.report.steps.len()),
            verdict: Verdict::Done,
            remarks: Vec::new(),
            error: None,
            at: self.at,
            began,
            elapsed: Duration::from_millis(milliseconds),
            first_request: self.report.requests.len() as u64 + 1,
        });
        self.report.elapsed += Duration::from_millis(milliseconds);
        self
    }

    pub(crate) fn verdict(mut self, verdict: Verdict) -> Self {
        self.report.steps.last_mut().unwrap().verdict = verdict;
        self
    }

    pub(crate) fn found(self, findings: &[&str]) -> Self {
        self.verdict(Verdict::Failed { findings: findings.iter().map(|&finding| finding.to_owned()).collect() })
    }

    pub(crate) fn error(mut self, error: &str) -> Self {
        self.report.steps.last_mut().unwrap().error = Some(error.to_owned());
        self
    }

    pub(crate) fn remark(mut self, remark: &str) -> Self {
        self.report.steps.last_mut().unwrap().remarks.push(remark.to_owned());
        self
    }

    pub(crate) fn clock_moved(mut self, by: SignedDuration) -> Self {
        self.moved += by;
        self
    }

    /// A request so many microseconds after the step began.
    pub(crate) fn request(
        mut self,
        after: i64,
        server: Server,
        path: &str,
        status: u16,
        note: Note,
        took: u64,
    ) -> Self {
        let method = if server == Server::Idp { Method::POST } else { Method::GET };
        self.report.requests.push(Arc::new(Exchange {
            number: self.report.requests.len() as u64 + 1,
            at: self.at + SignedDuration::from_micros(after),
            server,
            method,
            path: path.to_owned(),
            status: StatusCode::from_u16(status).ok(),
            note: Note { caller: note.caller.or_else(|| Some("backstage".into())), ..note },
            faults: Vec::new(),
            elapsed: Duration::from_micros(took),
        }));
        self
    }

    pub(crate) fn faulted(mut self, fault: &str) -> Self {
        let newest = self.report.requests.pop().unwrap();
        self.report.requests.push(Arc::new(Exchange { faults: vec![fault.into()], ..Exchange::clone(&newest) }));
        self
    }

    /// A sync of `apis` APIs that goes well, `milliseconds` long.
    pub(crate) fn sync(self, apis: usize, milliseconds: u64) -> Self {
        let words = if self.report.steps.is_empty() { "sync, undisturbed (by the title)" } else { "sync" };
        let mut played = self.step(words, milliseconds);
        let total = i64::try_from(milliseconds).unwrap() * 1000;
        let (first, each) = (total / 3, total / 2 / (i64::try_from(apis).unwrap() + 2));
        let note = Note::of("POST /v1/token").outcome("token for 3600 s");
        played = played.request(first, Server::Idp, "/oauth2/default/v1/token", 200, note, 1_800);
        let note = Note::of("GET /v1/apis").outcome(format!("{apis} products"));
        played = played.request(first + each, Server::Portal, "/v1/apis", 200, note, 900);
        for api in (1..).take(apis) {
            let note = Note::of("GET /v1/apis/{id}/schema").outcome("1.2 kB of OpenAPI");
            let path = format!("/v1/apis/service-{api}-v1/schema");
            played = played.request(first + each * (api + 1), Server::Portal, &path, 200, note, 700 + api as u64 % 400);
        }
        played
    }

    pub(crate) fn catalogs(mut self, before: Vec<CatalogLine>, after: Vec<CatalogLine>) -> Self {
        (self.report.before, self.report.after) = (before, after);
        self
    }

    pub(crate) fn log(mut self, log: &str) -> Self {
        self.report.log = log.to_owned();
        self
    }

    pub(crate) fn file(mut self, file: &str) -> Self {
        self.report.file = Some(file.to_owned());
        self
    }

    pub(crate) fn ended(mut self, outcome: Outcome) -> ScenarioReport {
        self.report.outcome = outcome;
        self.report
    }
}

pub(crate) fn api(name: &str, title: &str, lifecycle: &str, definition: &str) -> CatalogLine {
    CatalogLine {
        reference: format!("api:default/{name}"),
        title: Some(title.to_owned()),
        entity: json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "API",
            "metadata": { "name": name, "title": title, "tags": ["gloo-platform"] },
            "spec": { "type": "openapi", "lifecycle": lifecycle, "owner": "user:gloo-platform-portal-service-account" },
        }),
        definition: Some((definition.to_owned(), 1_204)),
    }
}

fn system() -> CatalogLine {
    CatalogLine {
        reference: "system:default/gloo-platform-portal-apis".to_owned(),
        title: Some("Gloo Platform Portal APIs".to_owned()),
        entity: json!({ "kind": "System", "metadata": { "name": "gloo-platform-portal-apis" } }),
        definition: None,
    }
}

fn services(count: usize) -> Vec<CatalogLine> {
    let service = |number: usize| {
        api(&format!("service-{number}-v1"), &format!("Service {number}"), "production", "9f86d081884c7d65")
    };
    std::iter::once(system()).chain((1..=count).map(service)).collect()
}

/// The catalog is deleted because the portal is down: a failure as the plugin shows it.
pub(crate) fn portal_down() -> ScenarioReport {
    let note = || Note::of("GET /v1/apis");
    Played::new("portal-down", "The portal answers 503 on the list of APIs. A good provider keeps what it has.")
        .file("hazards/portal-down.yaml")
        .sync(3, 180)
        .step("fault status 503 (`down`) on portal /v1/apis", 1)
        .step("sync", 120)
        .error("Could not get APIs from the portal server endpoint … Error: {}")
        .request(35_000, Server::Idp, "/oauth2/default/v1/token", 200, Note::default().outcome("token for 3600 s"), 2_100)
        .request(48_000, Server::Portal, "/v1/apis", 503, note(), 400)
        .faulted("down")
        .request(61_000, Server::Portal, "/v1/api-products", 401, Note::default().refused("token expired 12 s ago"), 300)
        .step("expect the catalog to be the same", 2)
        .found(&[
            "3 entities are gone from the catalog that was to stay the same:\n- api:default/service-1-v1\n- api:default/service-2-v1\n- api:default/service-3-v1",
            "the entity system:default/gloo-platform-portal-apis differs:\n  metadata:\n-   title: Gloo Platform Portal APIs\n+   title: Gloo",
        ])
        .step("lift down", 1)
        .verdict(Verdict::Skipped { reason: "an expectation before it did not hold".to_owned() })
        .catalogs(services(3), vec![CatalogLine { title: Some("Gloo".to_owned()), ..system() }])
        .log("gloo-platform-portal: Initializing GlooPlatformPortalProvider\ngloo-platform-portal: Could not get APIs")
        .ended(Outcome::Failed)
}

pub(crate) fn quiet_day() -> ScenarioReport {
    Played::new("quiet-day", "Nothing happens. The second sync asks again and changes nothing.")
        .sync(2, 90)
        .sync(2, 40)
        .step("expect the catalog to be the same", 1)
        .verdict(Verdict::Passed)
        .catalogs(services(2), services(2))
        .ended(Outcome::Passed)
}

fn renamed() -> ScenarioReport {
    let before = vec![system(), api("petstore-v1", "petstore-v1", "production", "9f86d081884c7d65")];
    let mut after = vec![system(), api("petstore-v1", "petstore-v1", "deprecated", "60303ae22b998861")];
    after.push(api("tracks-v1", "tracks-v1", "production", "fd61a03af4f77d87"));
    Played::new("lifecycle-changes", "A version is retired and another one comes, an hour later.")
        .sync(1, 60)
        .step("change: edit API petstore-v1, add product tracks", 1)
        .step("clock: advance 1h", 1)
        .clock_moved(SignedDuration::from_hours(1))
        .sync(2, 70)
        .remark("api:default/tracks-v1 is refused: metadata.name has to be at most 63 characters long")
        .step("expect the catalog to be exactly what the portal shows", 1)
        .found(&[
            "the entity api:default/petstore-v1 has another lifecycle than the portal:\n- deprecated\n+ production",
        ])
        .catalogs(before, after)
        .ended(Outcome::FailedAsExpected {
            reason: "the provider writes `production` whatever the portal says".to_owned(),
        })
}

fn refused() -> ScenarioReport {
    let mut played =
        Played::new("token-flood", "Tokens without `exp`: a provider that re-requests at once asks without end.")
            .sync(1, 60)
            .step("sync", 900);
    for number in 0..300 {
        let note = if number % 9 == 4 { Note::default().refused("client is over its quota") } else { Note::default() };
        let status = if number % 9 == 4 { 429 } else { 200 };
        played = played.request(number * 2_900, Server::Idp, "/oauth2/default/v1/token", status, note, 1_400);
        if number % 9 == 4 {
            played = played.faulted("quota");
        }
    }
    for number in 0..190 {
        let path = format!("/v1/apis/service-{number}-v1/schema");
        played = played.request(20_000 + number * 4_400, Server::Portal, &path, 200, Note::default(), 9_000);
    }
    played
        .step("expect at most 3 requests to idp POST", 1)
        .found(&["301 requests to the identity provider, where 3 at most were expected"])
        .catalogs(services(1), services(1))
        .ended(Outcome::Failed)
}

/// More requests than a report shows one by one.
pub(crate) fn flood() -> ScenarioReport {
    Played::new("five-thousand", "A portal with 5,000 versions.")
        .sync(5_000, 4_000)
        .step("expect the catalog to be exactly what the portal shows", 20)
        .verdict(Verdict::Passed)
        .catalogs(services(5_000), services(5_000))
        .ended(Outcome::Passed)
}

/// The same, with one request that is turned away.
pub(crate) fn flood_with_a_refusal_at(number: usize) -> ScenarioReport {
    let mut scenario = flood();
    let exchange = Exchange::clone(&scenario.requests[number]);
    let note = exchange.note.clone().refused("token expired 12 s ago");
    let status = Some(StatusCode::UNAUTHORIZED);
    scenario.requests[number] = Arc::new(Exchange { note, status, ..exchange });
    scenario
}

/// One scenario of every outcome.
pub(crate) fn everything() -> RunReport {
    let reason = str::to_owned;
    let skipped = Outcome::Skipped { reason: reason("its clock is moved, and this subject can't follow") };
    let broken = Outcome::Broken { reason: reason("the subject's first sync failed: Cannot find module './dist'") };
    let unexpected = Outcome::PassedUnexpectedly { reason: reason("refresh stops for ever after one failure") };
    run(vec![
        portal_down(),
        refused(),
        quiet_day(),
        renamed(),
        Played::new("keys-rotated", "The issuer rotates its keys in the midst of a sync.").ended(skipped),
        Played::new("module-missing", "The subject does not start.")
            .step("sync", 40)
            .error("Cannot find module './dist'")
            .log("node:internal/modules/cjs/loader:1228\n  throw err;\n\nError: Cannot find module './dist'")
            .ended(broken),
        Played::new("refresh-fails-once", "One refresh of the token fails.")
            .sync(1, 50)
            .step("expect the catalog to be the same", 1)
            .verdict(Verdict::Passed)
            .catalogs(services(1), services(1))
            .ended(unexpected),
        flood(),
    ])
}

/// What a page, a script or a terminal would obey, in every text that a report holds.
pub(crate) const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>]]>&amp;\u{1b}[2J\0\u{ffff}";

/// A hostile text that can be found again.
pub(crate) fn said(what: &str) -> String {
    format!("{HOSTILE} ({what})")
}

/// Where [`hostile`] says such a text and every report shows it; JUnit has no place for the description.
pub(crate) const SAID: [&str; 12] = [
    "subject",
    "suite",
    "name",
    "description",
    "file",
    "words",
    "error",
    "remark",
    "finding",
    "lines",
    "refusal",
    "log",
];

pub(crate) fn hostile() -> RunReport {
    let line = |name: &str| CatalogLine {
        reference: said(name),
        title: Some(said("title")),
        entity: json!({ said("key"): [said("value")] }),
        definition: Some((said("digest"), 3)),
    };
    let changed = CatalogLine { entity: json!({ said("key"): said("other value") }), ..line("changed") };
    let reason = || said("reason");
    let outcomes = [
        Outcome::Failed,
        Outcome::Skipped { reason: reason() },
        Outcome::FailedAsExpected { reason: reason() },
        Outcome::PassedUnexpectedly { reason: reason() },
        Outcome::Broken { reason: reason() },
    ];
    let note = || Note::default().caller(said("caller")).outcome(said("outcome"));
    let scenario = |outcome| {
        Played::new(&said("name"), &said("description"))
            .file(&said("file"))
            .step("sync, undisturbed", 1)
            .step(&said("words"), 5)
            .error(&said("error"))
            .remark(&said("remark"))
            .found(&[&said("finding"), &format!("several lines:\n+{}\n-{}", said("lines"), said("lines"))])
            .request(0, Server::Portal, &said("path"), 401, note().refused(said("refusal")), 10)
            .faulted(&said("fault"))
            .request(0, Server::Idp, &said("path"), 200, note(), 10)
            .step(&said("words"), 1)
            .verdict(Verdict::Skipped { reason: said("not played") })
            .catalogs(
                vec![line("gone"), line("changed"), line("same")],
                vec![changed.clone(), line("came"), line("same")],
            )
            .log(&said("log"))
            .ended(outcome)
    };
    let report = run(outcomes.into_iter().map(scenario).collect());
    RunReport { subject: said("subject"), suite: Some(said("suite")), ..report }
}
