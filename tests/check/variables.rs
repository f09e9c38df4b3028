//! The slips that are made in the guide's variables.

use insta::assert_snapshot;
use understudy::check::{Report, Status};

use crate::stand::{only, plan, told};

/// A configuration without a slip, with some of it replaced; an empty text takes a variable away.
async fn with(variables: &[(&str, &str)]) -> Report {
    let whole = [
        ("PORTAL_URL", "https://developer.example.com"),
        ("TOKEN_ENDPOINT", "https://acme.okta.com/oauth2/default/v1/token"),
        ("CLIENT_ID", "0oa1b2c3d4e5f6g7h8i9"),
        ("CLIENT_SECRET", "n0t-a-real_secret"),
    ];
    let kept = whole.iter().filter(|(name, _)| !variables.iter().any(|(other, _)| other == name));
    let all: Vec<(&str, &str)> = kept.chain(variables).copied().filter(|(_, value)| !value.is_empty()).collect();
    only(plan(all), "configuration").await
}

fn assert_only(report: &Report, status: Status, check: &str) {
    for finding in report.findings() {
        let is_bad = matches!(finding.status, Status::Warn | Status::Fail);
        assert_eq!(is_bad, finding.check.id == check, "{}", report.text());
    }
    assert!(report.findings().iter().any(|finding| finding.status == status), "{}", report.text());
    assert_eq!(report.exit_code(), if status == Status::Fail { 2 } else { 0 });
}

#[tokio::test]
async fn a_configuration_without_a_slip_passes() {
    let report = with(&[]).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert!(report.findings().iter().all(|it| matches!(it.status, Status::Pass | Status::Skip)), "{}", report.text());
}

#[tokio::test]
async fn what_is_missing_is_told_all_at_once_with_where_to_find_it() {
    let report = with(&[("PORTAL_URL", ""), ("CLIENT_SECRET", " ")]).await;
    assert_only(&report, Status::Fail, "configuration.complete");
    assert_snapshot!(told(&report, "configuration.complete"), @"
    fail: PORTAL_URL (or PORTAL_SERVER_URL) is not set
    do: It is the address of the portal's REST server, such as https://developer.example.com: the host of the portal's RouteTable or HTTPRoute.
    fail: CLIENT_SECRET is not set
    do: It is the secret of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client Secret.
    ");
}

#[tokio::test]
async fn blanks_that_are_taken_away_are_warned_of() {
    let report = with(&[("CLIENT_ID", "0oa1b2c3d4e5f6g7h8i9\n")]).await;
    assert_only(&report, Status::Warn, "configuration.blanks");
    assert_snapshot!(told(&report, "configuration.blanks"), @"
    warn: CLIENT_ID has line breaks around its value, which are not taken away by all who read it
    do: Take them out: they come with a copied line, and with `echo` in place of `echo -n` or `printf %s` before `base64`.
    ");
}

#[tokio::test]
async fn a_character_that_nobody_sees_is_told() {
    let report = with(&[("CLIENT_ID", "\u{200b}0oa1b2c3d4e5f6g7h8i9")]).await;
    assert_only(&report, Status::Fail, "configuration.blanks");
    assert_snapshot!(told(&report, "configuration.blanks"), @"
    fail: CLIENT_ID has characters that can't be seen, U+200B around its value
    do: Take them out: they come with a copied line, and with `echo` in place of `echo -n` or `printf %s` before `base64`.
    ");
    let within = with(&[("CLIENT_ID", "0oa1b2c3\u{feff}d4e5f6g7h8i9")]).await;
    assert_snapshot!(told(&within, "configuration.blanks"), @"
    fail: CLIENT_ID has a character in it that can't be seen, U+FEFF
    do: Type the value anew, or paste it as plain text.
    ");
}

#[tokio::test]
async fn quotes_around_a_value_are_told_and_the_rest_goes_on_without_them() {
    let report = with(&[("TOKEN_ENDPOINT", "\"https://acme.okta.com/oauth2/default/v1/token\"")]).await;
    assert_only(&report, Status::Fail, "configuration.quotes");
    assert_snapshot!(told(&report, "configuration.quotes"), @"
    fail: TOKEN_ENDPOINT has quotes around its value, which are taken for a part of it
    do: Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a CI job and a value that is quoted twice keep them.
    ");
}

#[tokio::test]
async fn a_quote_at_one_end_of_an_id_is_told_and_within_a_secret_is_not() {
    assert_only(&with(&[("CLIENT_ID", "'0oa1b2c3")]).await, Status::Fail, "configuration.quotes");
    assert_eq!(with(&[("CLIENT_SECRET", "'n0t-a-real_secret")]).await.exit_code(), 0);
}

#[tokio::test]
async fn a_variable_that_nobody_put_in_is_told() {
    let report = with(&[("CLIENT_ID", "$PORTAL_CLIENT_ID")]).await;
    assert_only(&report, Status::Fail, "configuration.left-over");
    assert_snapshot!(told(&report, "configuration.left-over"), @"
    fail: CLIENT_ID holds `$PORTAL_CLIENT_ID` as it is written: nobody put the variable's value in its place
    do: Backstage puts values in for `${NAME}` alone, Kubernetes for `$(NAME)`, a shell for both `$NAME` and `${NAME}` outside of single quotes. It is not set in this environment.
    ");
}

#[tokio::test]
async fn an_address_with_a_variable_goes_on_with_its_value() {
    let report =
        with(&[("TOKEN_ENDPOINT", "${ISSUER}/v1/token"), ("ISSUER", "https://acme.okta.com/oauth2/default")]).await;
    assert_only(&report, Status::Fail, "configuration.left-over");
    assert_snapshot!(told(&report, "configuration.left-over"), @"
    fail: TOKEN_ENDPOINT holds `${ISSUER}` as it is written: nobody put the variable's value in its place
    do: Backstage puts values in for `${NAME}` alone, Kubernetes for `$(NAME)`, a shell for both `$NAME` and `${NAME}` outside of single quotes. It is set in this environment.
    ");
}

#[tokio::test]
async fn a_placeholder_is_told() {
    for placeholder in ["<your-client-id>", "{{ .Values.clientId }}", "your-client-id", "changeme", "xxxxxxxx"] {
        let report = with(&[("CLIENT_ID", placeholder)]).await;
        assert_only(&report, Status::Fail, "configuration.left-over");
    }
    let report = with(&[("CLIENT_ID", "<your-client-id>")]).await;
    assert_snapshot!(told(&report, "configuration.left-over"), @"
    fail: CLIENT_ID holds a placeholder, or what is left of one
    do: Put the value itself there.
    ");
}

#[tokio::test]
async fn a_value_that_begins_with_its_own_name_is_told() {
    let report = with(&[("CLIENT_ID", "export CLIENT_ID=0oa1b2c3d4e5f6g7h8i9")]).await;
    assert_only(&report, Status::Fail, "configuration.left-over");
    assert_snapshot!(told(&report, "configuration.left-over"), @"
    fail: the value of CLIENT_ID begins with its own name
    do: Leave the name out: only what comes after it is the value.
    ");
}

#[tokio::test]
async fn a_secret_that_may_be_a_variables_name_is_warned_of_and_not_told() {
    let report = with(&[("CLIENT_SECRET", "$tr0ngPassw0rd")]).await;
    assert_only(&report, Status::Warn, "configuration.left-over");
    assert!(!report.text().contains("tr0ng"), "{}", report.text());
}

#[tokio::test]
async fn a_secret_in_the_form_of_kubernetes_is_told_and_not_shown() {
    let report = with(&[("CLIENT_SECRET", "bjB0LWEtcmVhbF9zZWNyZXQ=")]).await;
    assert_only(&report, Status::Warn, "configuration.base64");
    assert_snapshot!(told(&report, "configuration.base64"), @"
    warn: CLIENT_SECRET looks like base64: decoded it is a text of 17 visible characters
    do: If it was copied from a Kubernetes Secret, decode it: `kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d`. A Secret that is mounted or taken by `secretKeyRef` is decoded already, unless it was encoded twice.
    ");
    assert!(!report.text().contains("n0t-a") && !report.text().contains("bjB0"), "{}", report.text());
}

#[tokio::test]
async fn a_secret_with_the_line_break_of_echo_in_it_is_told() {
    let report = with(&[("CLIENT_SECRET", "bjB0LWEtcmVhbF9zZWNyZXQK")]).await;
    assert!(told(&report, "configuration.base64").contains(" with a line break after it"), "{}", report.text());
}

#[tokio::test]
async fn what_is_no_url_is_told_with_what_it_should_be() {
    let report =
        with(&[("PORTAL_URL", "developer.example.com"), ("TOKEN_ENDPOINT", "https://me:pass@acme.okta.com/t")]).await;
    assert_only(&report, Status::Fail, "configuration.urls");
    assert_snapshot!(told(&report, "configuration.urls"), @"
    fail: PORTAL_URL can't be used: it does not start with http:// or https://
    do: It is the address of the portal's REST server, such as https://developer.example.com/v1: the host of the portal's RouteTable or HTTPRoute.
    fail: TOKEN_ENDPOINT can't be used: it holds a user name or password; leave them out
    do: It is where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI, with /v1/token after it. Keycloak: https://HOST/realms/REALM/protocol/openid-connect/token.
    ");
}

#[tokio::test]
async fn a_path_of_the_portal_that_is_not_its_base_is_told() {
    let twice = with(&[("PORTAL_URL", "https://developer.example.com/v1/v1")]).await;
    assert_only(&twice, Status::Fail, "configuration.portal-path");
    assert_snapshot!(told(&twice, "configuration.portal-path"), @"
    fail: PORTAL_URL has /v1 twice: one of them was added to what had it already
    do: It is probably https://developer.example.com/v1.
    ");
    let list = with(&[("PORTAL_URL", "https://developer.example.com/v1/apis")]).await;
    assert_snapshot!(told(&list, "configuration.portal-path"), @"
    fail: PORTAL_URL is the address of one of the portal's lists, and not of its REST server
    do: Leave the end out: https://developer.example.com/v1.
    ");
    let slashes = with(&[("PORTAL_SERVER_URL", "https://developer.example.com/v1//"), ("PORTAL_URL", "")]).await;
    assert_snapshot!(told(&slashes, "configuration.portal-path"), @"
    fail: PORTAL_SERVER_URL ends in more than one slash, of which only one is taken away
    do: Leave the slashes at its end out.
    ");
}

#[tokio::test]
async fn a_missing_v1_that_nothing_adds_is_warned_of() {
    let report = with(&[("PORTAL_SERVER_URL", "https://developer.example.com"), ("PORTAL_URL", "")]).await;
    assert_only(&report, Status::Warn, "configuration.portal-path");
    assert_snapshot!(told(&report, "configuration.portal-path"), @"
    warn: PORTAL_SERVER_URL does not end in /v1, where portals have their REST API; nothing adds it
    do: It is probably https://developer.example.com/v1.
    ");
}

#[tokio::test]
async fn the_host_of_oktas_console_is_told() {
    let report = with(&[("TOKEN_ENDPOINT", "https://acme-admin.okta.com/oauth2/default/v1/token")]).await;
    assert_only(&report, Status::Fail, "configuration.okta-host");
    assert_snapshot!(told(&report, "configuration.okta-host"), @"
    fail: TOKEN_ENDPOINT names the host of Okta's admin console, acme-admin.okta.com
    do: The org's own host is acme.okta.com: leave the `-admin` out.
    ");
}

#[tokio::test]
async fn what_stands_where_the_token_endpoint_should_is_told() {
    for (written, is) in [
        ("https://acme.okta.com/oauth2/default", "/oauth2/default/v1/token"),
        ("https://acme.okta.com/oauth2/default/v1/token/", "slash"),
        ("https://acme.okta.com/oauth2/default/v1/authorize", "/oauth2/default/v1/token"),
        ("https://acme.okta.com/oauth2/default/.well-known/openid-configuration", "/oauth2/default/v1/token"),
        ("https://sso.example.com/realms/gloo", "/realms/gloo/protocol/openid-connect/token"),
        (
            "https://sso.example.com/realms/gloo/protocol/openid-connect/auth",
            "/realms/gloo/protocol/openid-connect/token",
        ),
    ] {
        let report = with(&[("TOKEN_ENDPOINT", written)]).await;
        assert_only(&report, Status::Fail, "configuration.token-path");
        assert!(told(&report, "configuration.token-path").contains(is), "{}", report.text());
    }
    let report = with(&[("TOKEN_ENDPOINT", "https://acme.okta.com/oauth2/default")]).await;
    assert_snapshot!(told(&report, "configuration.token-path"), @"
    fail: TOKEN_ENDPOINT is the issuer, and not the token endpoint
    do: It is probably https://acme.okta.com/oauth2/default/v1/token.
    ");
}

#[tokio::test]
async fn what_stands_where_the_issuer_should_is_told() {
    let endpoint = "https://sso.example.com/realms/gloo/protocol/openid-connect/token";
    let report = with(&[("TOKEN_ENDPOINT", ""), ("ISSUER_URL", endpoint)]).await;
    assert_only(&report, Status::Fail, "configuration.token-path");
    assert_snapshot!(told(&report, "configuration.token-path"), @"
    fail: ISSUER_URL is the address of one of the issuer's endpoints, and not the issuer
    do: It is probably https://sso.example.com/realms/gloo.
    ");
}

#[tokio::test]
async fn oktas_org_server_is_warned_of() {
    let report = with(&[("TOKEN_ENDPOINT", "https://acme.okta.com/oauth2/v1/token")]).await;
    assert_only(&report, Status::Warn, "configuration.token-path");
    assert_snapshot!(told(&report, "configuration.token-path"), @"
    warn: TOKEN_ENDPOINT is that of Okta's org authorization server, whose access tokens are meant for Okta's own APIs: nobody else can check their signatures, and an app gets none of them by its client secret alone
    do: Take a custom authorization server: Okta, Security > API > Authorization Servers; the one called `default` is at /oauth2/default, with its token endpoint at /oauth2/default/v1/token.
    ");
}

#[tokio::test]
async fn keycloaks_old_path_is_warned_of() {
    let report =
        with(&[("TOKEN_ENDPOINT", "https://sso.example.com/auth/realms/gloo/protocol/openid-connect/token")]).await;
    assert_only(&report, Status::Warn, "configuration.token-path");
    assert_snapshot!(told(&report, "configuration.token-path"), @"
    warn: TOKEN_ENDPOINT has /auth before /realms, as Keycloak had before version 17 and has only with `http-relative-path=/auth` since
    do: If Keycloak is a later one, it is https://sso.example.com/realms/gloo/protocol/openid-connect/token.
    ");
}

#[tokio::test]
async fn http_to_another_machine_is_warned_of_and_to_okta_it_fails() {
    let report = with(&[("PORTAL_URL", "http://developer.example.com")]).await;
    assert_only(&report, Status::Warn, "configuration.https");
    assert_snapshot!(told(&report, "configuration.https"), @"
    warn: PORTAL_URL is http, to another machine: the access token travels in plain text
    do: Write https, unless it is an address within the cluster, where nobody listens who should not.
    ");
    let okta = with(&[("TOKEN_ENDPOINT", "http://acme.okta.com/oauth2/default/v1/token")]).await;
    assert_only(&okta, Status::Fail, "configuration.https");
    let here = with(&[("PORTAL_URL", "http://localhost:31080")]).await;
    assert_eq!(told(&here, "configuration.https"), "pass: what leaves this machine goes by https\n");
}

#[tokio::test]
async fn two_variables_that_name_two_servers_are_told() {
    let report = with(&[("PORTAL_SERVER_URL", "https://portal.example.com/v1")]).await;
    assert_only(&report, Status::Fail, "configuration.agreement");
    assert_snapshot!(told(&report, "configuration.agreement"), @"
    fail: PORTAL_SERVER_URL and PORTAL_URL name two servers: https://portal.example.com/v1 and https://developer.example.com/v1. Unset one of them
    do: Unset the one that is not meant.
    ");
}

#[tokio::test]
async fn a_token_endpoint_and_an_issuer_on_two_hosts_are_warned_of() {
    let report = with(&[("ISSUER_URL", "https://sso.example.com/realms/gloo")]).await;
    assert_only(&report, Status::Warn, "configuration.agreement");
    assert_snapshot!(told(&report, "configuration.agreement"), @"
    warn: TOKEN_ENDPOINT is on acme.okta.com and ISSUER_URL on sso.example.com; tokens are asked for at the first, and the second is not used
    do: Take out the one that is not meant.
    ");
}

#[tokio::test]
async fn a_file_of_roots_that_is_not_there_is_told() {
    let report = with(&[("CA_FILE", "nowhere/ca.pem")]).await;
    assert_only(&report, Status::Fail, "configuration.roots");
    assert_snapshot!(told(&report, "configuration.roots"), @"
    fail: the CA file nowhere/ca.pem cannot be used: No such file or directory. It must hold root certificates in PEM form
    do: Have CA_FILE name a file with the authority's certificate in PEM, or take it out.
    ");
}
