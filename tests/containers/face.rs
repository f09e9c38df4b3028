//! The Keycloak face beside the real Keycloak: the same requests to both, and every answer line by line: status, headers,
//! members and their order, the claims of tokens, error bodies. What is known to differ is in one table, with why; a
//! difference that is not there fails, and so does one that is there and no longer happens.

mod answer;
mod json;
mod known;
mod requests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use libtest_mimic::Failed;
use similar::{ChangeTag, TextDiff};
use understudy::Stage;
use understudy::scenarios::Scenario;
use understudy_containers::Keycloak;

use self::answer::told;
use self::known::KNOWN;
use self::requests::{Sent, requests};
use crate::Ground;

pub(crate) fn answers_as_keycloak(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let keycloak = ground.keycloak().await?;
        let stage = Stage::start(Scenario::from_yaml("beside-keycloak", &world())?).await?;
        let issuer = stage.issuer()?.issuer;
        let mock = issuer.strip_suffix("/realms/gloo").ok_or("the face has another path")?;
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;

        let (mut unknown, mut met, mut compared) = (String::new(), BTreeSet::new(), 0);
        for request in requests() {
            let theirs = told(&request.send(&http, keycloak.base()).await?, keycloak.base());
            let ours = told(&request.send(&http, mock).await?, mock);
            compared += 1;
            let different = differences(&request, &theirs, &ours, &mut met);
            if !different.is_empty() {
                let _ = writeln!(unknown, "{request}\n{different}");
            }
        }
        for (number, known) in KNOWN.iter().enumerate().filter(|(number, _)| !met.contains(number)) {
            let _ = writeln!(unknown, "known difference {number} no longer happens: {known:?}");
        }
        println!("{compared} requests compared, {} known differences", KNOWN.len());
        if unknown.is_empty() { Ok(()) } else { Err(format!("- Keycloak, + the mock\n{unknown}").into()) }
    })
}

/// A world with the real Keycloak's realm, clients and user.
fn world() -> String {
    let (secret, to) = (Keycloak::SECRET, Keycloak::REDIRECT_URI);
    format!(
        "identity:\n  issuers: [{{face: keycloak, realm: {}}}]\n  clients:\n  \
         - {{id: {}, secret: {secret}, redirectUris: [\"{to}\"]}}\n  \
         - {{id: {}, secret: {secret}, grants: [authorization_code], redirectUris: [\"{to}\"]}}\n  \
         - {{id: {}, redirectUris: [\"{to}\"]}}\n  \
         users: [{{username: {}, password: {}}}]\nportal: {{products: []}}\n",
        Keycloak::REALM,
        Keycloak::CLIENT,
        Keycloak::WITHOUT_SERVICE_ACCOUNT,
        Keycloak::PUBLIC,
        Keycloak::USER,
        Keycloak::PASSWORD,
    )
}

/// The lines that only one of the two has and that nobody knows of; those that are known are put into `met`.
fn differences(request: &Sent, theirs: &str, ours: &str, met: &mut BTreeSet<usize>) -> String {
    let mut unknown = String::new();
    for change in TextDiff::from_lines(theirs, ours).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let line = format!("{sign} {}", change.value().trim_end());
        let known: Vec<usize> = (0..KNOWN.len()).filter(|number| KNOWN[*number].is(request.name, &line)).collect();
        if known.is_empty() {
            let _ = writeln!(unknown, "  {line}");
        }
        met.extend(known);
    }
    unknown
}
