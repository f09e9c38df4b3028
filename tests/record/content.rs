//! What a recording holds: all that the portal shows, and its identity provider's ways.

use insta::assert_snapshot;
use understudy::provider::{HttpClient, PortalClient, SystemClock};
use understudy::provider::{Mapping, Profile, ServerUrl, entities_of};
use understudy::record::Redaction;
use understudy::scenarios::file::{FaceFile, IssuerFile};
use understudy::{Scenario, Stage};

use crate::{Live, assert_proven, keycloak, okta, written};

#[tokio::test]
async fn every_bundled_portal_gives_the_same_entities_when_it_is_played() {
    let org = IssuerFile::new(FaceFile::OktaOrg);
    for (name, issuer, entities) in [
        ("quickstart", okta(), 5),
        ("gloo-mesh-flat", keycloak(), 5),
        ("gloo-gateway", org, 5),
        ("gloo-gateway", keycloak(), 5),
    ] {
        let live = Live::bundled(name, issuer).await;
        let recording = live.record().await;
        assert!(assert_proven(&recording).await >= entities, "{name}");
        assert_eq!(recording.notes(), [""; 0], "{name}");
    }
}

/// Asked of both servers side by side, without anything of the recording's own proof.
#[tokio::test]
async fn what_a_sync_reads_of_the_recording_is_what_it_reads_of_the_portal() {
    for name in ["quickstart", "gloo-mesh-flat", "gloo-gateway"] {
        let live = Live::bundled(name, okta()).await;
        let recording = live.try_record(&Redaction::default().keeping_people()).await.unwrap();
        let replay = Stage::start(recording.scenario().unwrap()).await.unwrap();
        let mut listings = Vec::new();
        for stage in [&live.stage, &replay] {
            let config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
            let http = HttpClient::new(&config).unwrap();
            let tokens =
                understudy::provider::ClientCredentials::new(&config, http.clone(), std::sync::Arc::new(SystemClock));
            let portal = PortalClient::new(&config, http, std::sync::Arc::new(tokens));
            let listing = portal.fetch().await.unwrap();
            let plans = portal.usage_plans().await.unwrap_or_default();
            listings.push((listing, plans));
        }
        assert_eq!(listings[0], listings[1], "{name}");
        let server = ServerUrl::as_is("http://portal/v1").unwrap();
        let entities = |(listing, plans): &(_, understudy::provider::UsagePlans)| {
            entities_of(listing, &server, &Profile::Enriched(Mapping::default()), &std::sync::Arc::new(plans.clone()))
                .entities
        };
        assert_eq!(entities(&listings[0]), entities(&listings[1]));
    }
}

#[tokio::test]
async fn all_that_gloo_mesh_gateway_tells_is_recorded() {
    let live = Live::showing(
        r#"
  usagePlans: [{name: gold, authTypes: [oauth2], rateLimit: {requests: 9, per: hour}}, {name: free}]
  products:
    - id: pets
      name: Pets
      versions:
        - {name: v1, title: Pets one, description: All pets., contact: "https://pets.example", license: MIT,
           termsOfService: none, lifecycle: beta, usagePlans: [gold], customMetadata: {team: a, n: "1"}, spec: {openapi: 3.0.3, x: [b, a]}}
        - {name: v2, id: odd/id, usagePlans: [], specForm: missing}
        - {name: v3, specFetchError: "dial tcp: refused"}
        - {name: v4, specForm: json-text}
        - {name: v5, specForm: yaml-text}
"#,
    )
    .await;
    let recording = live.record().await;
    assert_eq!(assert_proven(&recording).await, 8);
    assert_snapshot!(written(&recording), @r#"
    == scenario.yaml
    # Recorded from a live portal by `understudy record`; its documents are in `specs`.
    identity:
      issuers:
      - face: okta
      clients:
      - id: portal-sync
        secret: backstage-dev-secret
    portal:
      products:
      - id: pets
        name: Pets
        versions:
        - name: v1
          title: Pets one
          description: All pets.
          contact: https://pets.example
          license: MIT
          termsOfService: none
          lifecycle: beta
          usagePlans:
          - gold
          customMetadata:
            "n": "1"
            team: a
          spec: ./specs/pets-v1.json
        - name: v2
          id: odd/id
          usagePlans: []
          specForm: missing
        - name: v3
          specFetchError: "dial tcp: refused"
        - name: v4
          spec: ./specs/pets-v4.json
          specForm: json-text
        - name: v5
          spec: ./specs/pets-v5.yaml
          specForm: yaml-text
      usagePlans:
      - name: gold
        authTypes:
        - oauth2
        rateLimit:
          requests: 9
          per: hour
      - name: free

    == specs/pets-v1.json
    {"openapi":"3.0.3","x":["b","a"]}
    == specs/pets-v4.json
    {"openapi":"3.0.3","info":{"title":"Pets","version":"v4"},"paths":{}}
    == specs/pets-v5.yaml
    openapi: "3.0.3"
    info:
      title: Pets
      version: v5
    paths: {}
    "#);
}

#[tokio::test]
async fn all_that_gloo_gateway_tells_is_recorded() {
    let live = Live::showing(
        r#"
  family: gloo-gateway
  usagePlans: [{name: gold, authTypes: [oauth2]}]
  products:
    - {id: pets, name: Pets, description: All pets., contactEmail: pets@example.com, autoApproval: true, customMetadata: {a: b},
       createdAt: 2026-02-03T04:05:06Z, versions: [{name: v1, status: draft, license: MIT, description: "", customMetadata: {c: d}}, {name: v2, usagePlans: []}]}
    - {id: none, versions: []}
"#,
    )
    .await;
    let recording = live.record().await;
    assert_eq!(assert_proven(&recording).await, 5);
    assert_snapshot!(written(&recording), @r#"
    == scenario.yaml
    # Recorded from a live portal by `understudy record`; its documents are in `specs`.
    identity:
      issuers:
      - face: okta
      clients:
      - id: portal-sync
        secret: backstage-dev-secret
    portal:
      family: gloo-gateway
      products:
      - id: pets
        name: Pets
        description: All pets.
        contactEmail: pets@example.com
        autoApproval: true
        customMetadata:
          a: b
        createdAt: "2026-02-03T04:05:06Z"
        versions:
        - name: v1
          description: ""
          license: MIT
          status: draft
          customMetadata:
            c: d
          spec: ./specs/pets-v1.json
        - name: v2
          description: All pets.
          spec: ./specs/pets-v2.json
      - id: none
        createdAt: "2026-01-01T00:00:00Z"
      usagePlans:
      - name: oauth
        authTypes:
        - oauth2

    == specs/pets-v1.json
    {"openapi":"3.0.3","info":{"title":"Pets","version":"v1"},"paths":{}}
    == specs/pets-v2.json
    {"openapi":"3.0.3","info":{"title":"Pets","version":"v2"},"paths":{}}
    "#);
}

#[tokio::test]
async fn the_issuers_ways_are_recorded() {
    let mut issuer = IssuerFile { realm: Some("acme".to_owned()), audience: Some("api".to_owned()), ..keycloak() };
    issuer.scopes = Some(vec!["read".to_owned(), "write".to_owned()]);
    issuer.default_scopes = Some(vec!["read".to_owned()]);
    issuer.access_token_lifetime = Some(jiff::SignedDuration::from_secs(90));
    issuer.drop_claims = vec!["client_id".to_owned()];
    let live = Live::bundled("quickstart", issuer.clone()).await;
    let recording = live.record().await;
    assert_eq!(recording.file().identity.issuers, Some(vec![issuer]));
    assert_eq!(recording.file().identity.clients.as_ref().unwrap()[0].id, "portal-sync");
    assert_proven(&recording).await;
}

#[tokio::test]
async fn the_same_portal_is_recorded_byte_for_byte_the_same() {
    let live = Live::bundled("gloo-gateway", okta()).await;
    let (one, other) = (live.record().await, live.record().await);
    assert_eq!(written(&one), written(&other));
    // Ports and tokens of another start are in none of it.
    let again = Live::bundled("gloo-gateway", okta()).await;
    assert_eq!(written(&again.record().await), written(&one));
}

#[tokio::test]
async fn a_document_is_kept_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let document = r#"{"openapi":"3.0.3","info":{"version":"1.10","title":"é"},"x":1.10,"b":1e3,"a":[]}"#;
    std::fs::write(folder.path().join("a.json"), document).unwrap();
    std::fs::write(
        folder.path().join("scenario.yaml"),
        "portal: {products: [{id: a, versions: [{name: v1, spec: ./a.json}]}]}",
    )
    .unwrap();
    let live = Live::of(Scenario::load(folder.path()).unwrap(), okta()).await;
    let recording = live.record().await;
    assert_eq!(
        (recording.documents()[0].path.as_str(), recording.documents()[0].text.as_str()),
        ("specs/a-v1.json", document)
    );
}
