//! What has changed since a recording.

use insta::assert_snapshot;
use understudy::Scenario;
use understudy::record::drift;
use understudy::scenarios::file::FaceFile;
use understudy::scenarios::file::IssuerFile;

use crate::{Live, keycloak, okta};

async fn told(recorded: &Scenario, live: &Live) -> String {
    let live = live.record().await;
    drift(recorded, &live).unwrap().iter().map(|difference| format!("{difference}\n")).collect()
}

#[tokio::test]
async fn a_portal_that_has_not_changed_has_not_drifted() {
    for (name, issuer) in
        [("quickstart", okta()), ("gloo-gateway", keycloak()), ("gloo-mesh-flat", IssuerFile::new(FaceFile::OktaOrg))]
    {
        let live = Live::bundled(name, issuer).await;
        let recorded = live.record().await.scenario().unwrap();
        assert_eq!(told(&recorded, &live).await, "", "{name}");
    }
}

#[tokio::test]
async fn each_change_is_told() {
    let portal = r#"
  usagePlans: [{name: gold, rateLimit: {requests: 9, per: hour}}]
  products:
    - {id: pets, versions: [{name: v1, description: All pets., spec: {openapi: 3.0.3, info: {title: Pets}}}, {name: v2}]}
    - {id: shop, versions: [{name: v1, customMetadata: {team: a}}]}
"#;
    let recorded = Live::showing(portal).await.record().await.scenario().unwrap();
    let changed = portal
        .replace("title: Pets", "title: Pots")
        .replace("All pets.", "Some pets of jane@acme.io.")
        .replace("{name: v2}", "{name: v3}")
        .replace("team: a", "team: b")
        .replace("requests: 9", "requests: 10");
    let live = Live::of(Scenario::from_yaml("live", &format!("portal:\n{changed}")).unwrap(), keycloak()).await;
    assert_snapshot!(told(&recorded, &live).await, @r#"
    API `pets-v2`: it is gone
    API `pets-v1`: its description was `All pets.` and is `Some pets of someone@example.com.`
    API `pets-v1`: its document was 098c4e5709589f24 of 43 bytes and is eeb7a74d6a445561 of 43 bytes; they differ first at /info/title: was "Pets", is "Pots"
    API `pets-v3`: it is new
    API `shop-v1`: its metadata `team` was `a` and is `b`
    usage plan `gold`: its limit was 9 per hour and is 10 per hour
    the identity provider: its kind was `an Okta authorization server` and is `a Keycloak realm`
    the identity provider: its path was `/oauth2/default` and is `/realms/gloo`
    the identity provider: its audience was `api://default` and is `account`
    the identity provider: its tokens' lifetime was 3600 s and is 300 s
    the identity provider: its scopes was `portal` and is none
    the identity provider: its default scopes was `portal` and is none
    "#);
}

#[tokio::test]
async fn a_recording_with_names_is_compared_with_them_replaced() {
    let portal = "  products: [{id: pets, versions: [{name: v1, contact: Jane, description: of jane@acme.io}]}]\n";
    let live = Live::showing(portal).await;
    let kept = live.try_record(&understudy::record::Redaction::default().keeping_people()).await.unwrap();
    assert_eq!(told(&kept.scenario().unwrap(), &live).await, "");
}
