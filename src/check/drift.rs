//! The portal against a recording of it: what has changed since.

use super::catalogue::{Check, Part};
use super::examination::{Beside, Examination};
use super::finding::Status;
use super::plan::Against;
use crate::record::{Aspect, drift, record};

/// How many differences of a check are told one by one.
const TOLD: usize = 20;

const MEANT: &str = "Where the change is meant, record the portal again: `understudy record --out FOLDER --force`.";
const LOOK: &str = "Where it is not, look at the portal's ApiProducts or RouteTables, and at the PortalGroups that open them to \
                    this client.";

static RECORDING: Check = Check {
    id: "drift.recording",
    part: Part::Drift,
    title: "the portal can be recorded, to be compared",
    fails_when: "The portal can't be read whole, shows this client nothing, or changes while it is read.",
    remedies: &["What came says what to do; the checks before this one look closer."],
    needs: &[],
};
static APIS: Check = Check {
    id: "drift.apis",
    part: Part::Drift,
    title: "products and APIs are those of the recording, and what is told of them too",
    fails_when: "A product or an API is new or gone, or has another title, description, version, lifecycle, plan or metadata.",
    remedies: &[MEANT, LOOK],
    needs: &["drift.recording"],
};
static DOCUMENTS: Check = Check {
    id: "drift.documents",
    part: Part::Drift,
    title: "the OpenAPI documents are those of the recording",
    fails_when: "A document says something else than when it was recorded, is gone, or comes in another form.",
    remedies: &[MEANT, "Where it is not, look at the API's ApiDoc, and at the service that it was fetched from."],
    needs: &["drift.recording"],
};
static USAGE_PLANS: Check = Check {
    id: "drift.usage-plans",
    part: Part::Drift,
    title: "the usage plans are those of the recording",
    fails_when: "A usage plan is new or gone, or has another limit or other ways to prove oneself.",
    remedies: &[MEANT, "Where it is not, look at the portal's usage plans and rate limit policies."],
    needs: &["drift.recording"],
};
static ISSUER: Check = Check {
    id: "drift.identity",
    part: Part::Drift,
    title: "the identity provider has the ways of the recorded one",
    fails_when: "Its kind, path, scopes or the audience, lifetime or claims of its tokens are others, or the client is.",
    remedies: &[
        MEANT,
        "Where it is not, look whether the configuration names the identity provider that was recorded.",
    ],
    needs: &["drift.recording"],
};

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[&RECORDING, &APIS, &DOCUMENTS, &USAGE_PLANS, &ISSUER];

pub(super) async fn examine(exam: &mut Examination) {
    let (Some(config), Some(Against { recorded, redaction })) = (exam.config.clone(), exam.against.clone()) else {
        return;
    };
    let found = match record(&config, &redaction).await {
        Ok(live) => drift(&recorded, &live).map_err(|error| (error.kind(), error.to_string())),
        Err(error) => Err((error.kind(), error.to_string())),
    };
    let differences = match found {
        Ok(differences) => differences,
        Err((kind, message)) => {
            let remedy = Some(RECORDING.remedies[0].to_owned());
            let beside = Beside { remedy, kind: Some(kind), ..Beside::default() };
            exam.found(&RECORDING, Status::Fail, message.trim_end_matches('.'), beside);
            return;
        }
    };
    exam.pass(&RECORDING, format!("the portal was read whole, and is compared with {}", recorded.name()));
    for (check, aspect, remedy) in [
        (&APIS, Aspect::Apis, LOOK),
        (&DOCUMENTS, Aspect::Documents, DOCUMENTS.remedies[1]),
        (&USAGE_PLANS, Aspect::UsagePlans, USAGE_PLANS.remedies[1]),
        (&ISSUER, Aspect::Issuer, ISSUER.remedies[1]),
    ] {
        let all: Vec<String> =
            differences.iter().filter(|found| found.aspect == aspect).map(ToString::to_string).collect();
        if all.is_empty() {
            exam.pass(check, check.title);
        }
        let more = all.len().saturating_sub(TOLD);
        for message in all.into_iter().take(TOLD) {
            exam.fail(check, message, format!("{MEANT} {remedy}"));
        }
        if more > 0 {
            exam.fail(check, format!("{more} more differences like these"), MEANT);
        }
    }
}
