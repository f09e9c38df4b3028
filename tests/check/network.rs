//! Names, connections and certificates that are not as they should be.

use std::time::Duration;

use insta::assert_snapshot;
use understudy::check::{Plan, Report};
use understudy::provider::{Clock, SystemClock};
use understudy::tls::LocalAuthority;
use understudy::{Scenario, Stage};

use crate::answers::Answers;
use crate::stand::{closed, only, plan, plan_with, stage, told};

/// A stage with TLS, by an authority of its own.
async fn secure() -> Stage {
    let authority = LocalAuthority::in_memory().unwrap();
    Stage::builder(Scenario::find("quickstart").unwrap()).tls(authority).start().await.unwrap()
}

/// The portal of a secure stage alone, at this time from now, with these certificates trusted.
fn portal_plan(stage: &Stage, more: &[(&str, &str)]) -> Plan {
    let mut all = vec![("TOKEN_ENDPOINT", ""), ("ISSUER_URL", "")];
    all.extend(more);
    plan_with(stage, &all)
}

async fn spoilt(wrong: &str) -> (Stage, Report) {
    let stage = secure().await;
    let fault = serde_saphyr::from_str(&format!("{{server: portal, does: {{tls: {wrong}}}}}")).unwrap();
    stage.faults().inject(fault).unwrap();
    let report = only(portal_plan(&stage, &[]), "network").await;
    (stage, report)
}

#[tokio::test]
async fn a_secure_stage_whose_authority_both_views_trust_passes() {
    let stage = secure().await;
    let report = only(plan_with(&stage, &[]), "network").await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_snapshot!(told(&report, "network.tls-chain"), @"
    pass: the certificate of localhost:[port] is trusted by this machine and by Backstage's Node, by CN=Understudy local CA, O=Understudy, for tests on this machine
    pass: the certificate of localhost:[port] is trusted by this machine and by Backstage's Node, by CN=Understudy local CA, O=Understudy, for tests on this machine
    ");
    assert_snapshot!(told(&report, "network.node"), @"pass: Node trusts Mozilla's roots, and one more by NODE_EXTRA_CA_CERTS");
}

#[tokio::test]
async fn a_name_without_an_address_is_told_and_what_stands_on_it_is_skipped() {
    let report = only(plan([("PORTAL_URL", "https://portal.invalid")]), "network").await;
    assert_eq!(report.exit_code(), 3);
    let told_of = told(&report, "network.dns");
    assert!(told_of.starts_with("fail: the name of the portal, portal.invalid, can't be looked up: "), "{told_of}");
    assert_snapshot!(told_of.lines().last().unwrap(), @"do: Check its spelling, and whether it is known only in another network, by a VPN or another DNS server.");
    assert_snapshot!(told(&report, "network.tcp"), @"skip: it needs what `network.dns` finds, which failed");
    assert_snapshot!(told(&report, "network.tls-chain"), @"skip: portal.invalid:443: there was no connection to look at");
    assert_snapshot!(told(&report, "network.views"), @"skip: portal.invalid:443 is reached by neither");
}

#[tokio::test]
async fn a_name_of_the_cluster_is_told_as_one() {
    let report = only(plan([("PORTAL_URL", "http://portal.gloo-mesh.svc.invalid")]), "network.dns").await;
    assert_snapshot!(told(&report, "network.dns").lines().last().unwrap(), @"do: Such a name is known only within a cluster: ask from there, or forward a port with `kubectl port-forward`. Otherwise check its spelling.");
}

#[tokio::test]
async fn a_port_at_which_nobody_listens_is_told() {
    let (_socket, address) = closed();
    let report = only(plan([("PORTAL_URL", format!("http://{address}"))]), "network").await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.tcp"), @"
    fail: no connection to the portal, 127.0.0.1:[port] (127.0.0.1): connection refused
    do: Is it running, and is that its port? `kubectl get svc -A` shows a cluster's; a port that is forwarded ends with the `kubectl port-forward` that forwards it.
    ");
}

#[tokio::test]
async fn plain_http_at_the_https_port_is_told() {
    let answers = Answers::start([]).await;
    let url = answers.url.replace("http:", "https:");
    let report = only(plan([("PORTAL_URL", url)]), "network").await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.tls"), @"
    fail: what answers at localhost:[port] speaks no TLS
    do: Is that the https port of the portal? If it has none, write http in its address.
    ");
    assert_snapshot!(told(&report, "network.tls-chain"), @"skip: localhost:[port] showed no certificate");
}

#[tokio::test]
async fn a_connection_that_ends_at_the_handshake_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let report = only(plan([("PORTAL_URL", url)]), "network.tls").await;
    assert_snapshot!(told(&report, "network.tls"), @"
    fail: 127.0.0.1:[port] closed the connection when it was asked for TLS
    do: Is that the https port of the portal, and has the gateway a listener and a certificate for 127.0.0.1? Some firewalls close connections whose host they don't allow.
    ");
    server.abort();
}

#[tokio::test]
async fn plain_http_on_this_machine_has_no_tls_to_look_at() {
    let stage = stage("quickstart").await;
    let report = only(portal_plan(&stage, &[]), "network").await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_snapshot!(told(&report, "network.tls"), @"skip: localhost:[port] is asked by plain http, which stays on this machine");
}

#[tokio::test]
async fn an_authority_that_nobody_knows_is_told_for_both_views() {
    let stage = secure().await;
    let report = only(portal_plan(&stage, &[("CA_FILE", ""), ("NODE_EXTRA_CA_CERTS", "")]), "network").await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.tls-chain"), @"
    fail: the certificate of localhost:[port] is not trusted by this machine, nor by Backstage's Node: it shows its own certificate alone, and no authority `CN=Understudy local CA, O=Understudy, for tests on this machine` is known
    do: If the authority is a private one, name its certificate's PEM file in CA_FILE, or add it to this machine's roots; and set NODE_EXTRA_CA_CERTS to its certificate's PEM file before Node starts, since Node takes none of the system's roots. If it is a public one, the server leaves out the certificates in between: have it send the whole chain.
    ");
    assert_snapshot!(told(&report, "network.views"), @"skip: localhost:[port] is trusted by neither");
}

#[tokio::test]
async fn an_authority_that_only_this_machine_knows_is_a_difference_that_fails() {
    let stage = secure().await;
    let report = only(portal_plan(&stage, &[("NODE_EXTRA_CA_CERTS", "")]), "network").await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.tls-chain"), @"
    pass (this machine): the certificate of localhost:[port] is trusted, by CN=Understudy local CA, O=Understudy, for tests on this machine
    warn (Backstage's Node): the certificate of localhost:[port] is not trusted: it shows its own certificate alone, and no authority `CN=Understudy local CA, O=Understudy, for tests on this machine` is known
    do: If the authority is a private one, set NODE_EXTRA_CA_CERTS to its certificate's PEM file before Node starts, since Node takes none of the system's roots. If it is a public one, the server leaves out the certificates in between: have it send the whole chain.
    ");
    assert_snapshot!(told(&report, "network.views"), @"
    fail: this machine trusts localhost:[port], and Backstage's Node would not, with this environment
    do: Set NODE_EXTRA_CA_CERTS to the authority's PEM file before Node starts. If Backstage runs elsewhere, run this check there, or with the variables that it has there.
    ");
}

#[tokio::test]
async fn an_authority_that_only_node_knows_fails_for_this_machine() {
    let stage = secure().await;
    let report = only(portal_plan(&stage, &[("CA_FILE", "")]), "network").await;
    assert_eq!(report.exit_code(), 3);
    assert!(told(&report, "network.tls-chain").starts_with("fail (this machine): "), "{}", report.text());
    assert_snapshot!(told(&report, "network.views"), @"
    warn: Backstage's Node would trust localhost:[port], and this machine does not
    do: The same proxies and roots should hold for both; only then what is seen here holds for Backstage.
    ");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_told_with_its_names() {
    let (_stage, report) = spoilt("wrong-host").await;
    assert_eq!(report.exit_code(), 3);
    assert_snapshot!(told(&report, "network.tls-host"), @"
    fail: the certificate of localhost:[port] is for `another-host.invalid`, and not for localhost
    do: Ask the portal by a name that the certificate has, or have one made for localhost. A gateway shows another host's certificate where none of its listeners names this one.
    ");
    assert!(told(&report, "network.tls-chain").starts_with("pass"), "{}", report.text());
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_told_by_itself() {
    let (_stage, report) = spoilt("expired").await;
    assert_eq!(report.exit_code(), 3);
    let told_of = told(&report, "network.tls-end-date");
    assert!(told_of.starts_with("fail: the certificate of localhost:[port] ended on 20"), "{told_of}");
    assert_snapshot!(told_of.lines().last().unwrap(), @"do: Renew it. With cert-manager, `kubectl describe certificate` tells why that has not happened.");
    assert!(told(&report, "network.tls-chain").starts_with("pass"), "{}", report.text());
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_told_by_the_chain() {
    let (_stage, report) = spoilt("unknown-ca").await;
    assert_snapshot!(told(&report, "network.tls-chain"), @"
    fail: the certificate of localhost:[port] is not trusted by this machine, nor by Backstage's Node: `CN=Understudy local CA, O=Understudy, for tests on this machine` is known, but by another key than the one that signed it
    do: If that authority was made anew, name its certificate's PEM file in CA_FILE, or add it to this machine's roots; and set NODE_EXTRA_CA_CERTS to its certificate's PEM file before Node starts, since Node takes none of the system's roots.
    ");
}

/// A clock that is so many days after the system's.
#[derive(Debug)]
struct Later(i64);

impl Clock for Later {
    fn now(&self) -> std::time::SystemTime {
        let days = Duration::from_secs(self.0.unsigned_abs() * 86_400);
        if self.0 < 0 { SystemClock.now() - days } else { SystemClock.now() + days }
    }
}

async fn after(days: i64) -> Report {
    let stage = secure().await;
    let mut plan = portal_plan(&stage, &[]);
    plan.clock = std::sync::Arc::new(Later(days));
    only(plan, "network").await
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_warned_of() {
    let report = after(LIFE - 5).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    let told_of = told(&report, "network.tls-end-date");
    assert!(told_of.starts_with("warn: the certificate of localhost:[port] ends on 20"), "{told_of}");
    assert!(told_of.contains(", in 4 days\n") || told_of.contains(", in 5 days\n"), "{told_of}");
}

#[tokio::test]
async fn a_certificate_that_is_not_good_yet_is_told() {
    let report = after(-100).await;
    assert_eq!(report.exit_code(), 3);
    let told_of = told(&report, "network.tls-end-date");
    assert!(told_of.starts_with("fail: the certificate of localhost:[port] is good only from 20"), "{told_of}");
}

/// How many days a stage's certificate is good.
const LIFE: i64 = 365;

#[tokio::test]
async fn extra_roots_of_node_that_are_not_there_are_warned_of() {
    let stage = secure().await;
    let report = only(portal_plan(&stage, &[("NODE_EXTRA_CA_CERTS", "nowhere/ca.pem")]), "network").await;
    assert_snapshot!(told(&report, "network.node"), @"
    warn: NODE_EXTRA_CA_CERTS can't be used: nowhere/ca.pem: no such file or directory. Node passes over it with one line in its log
    do: Have it name one PEM file that can be read, with the certificates of authorities.
    ");
}

#[tokio::test]
async fn a_node_that_trusts_anybody_is_warned_of() {
    let stage = secure().await;
    let anybody = [("NODE_EXTRA_CA_CERTS", ""), ("NODE_TLS_REJECT_UNAUTHORIZED", "0")];
    let report = only(portal_plan(&stage, &anybody), "network").await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_snapshot!(told(&report, "network.node"), @"
    warn: NODE_TLS_REJECT_UNAUTHORIZED is 0: Node takes any certificate, and sends secrets to whoever answers
    do: Unset it, and name the authority's PEM file in NODE_EXTRA_CA_CERTS.
    ");
}
