//! What `up` prints when it is ready.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::Style;
use serde::Serialize;
use understudy::scenarios::{Family, Secret};
use understudy::{Stage, shell};

use crate::cli::failure::Failure;
use crate::cli::scenarios::summary;

use super::Told;

/// URLs, exports and the app-config block: what a person needs next.
pub(super) fn text(stage: &Stage, told: &Told) -> String {
    let bold = Style::new().bold();
    let edition = stage.world().current();
    let family = match edition.world.portal.family {
        Family::GlooMeshGateway { .. } => "Gloo Mesh Gateway",
        Family::GlooGateway => "Gloo Gateway",
    };
    let issuers = stage.issuers();
    let width = issuers.iter().map(|issuer| issuer.name.chars().count()).chain(["control".len()]).max().unwrap_or(0);

    let mut text = format!("{bold}Up{bold:#}: {}\n\n", stage.scenario().name());
    let _ = writeln!(
        text,
        "  {:width$}  {}  ({family}, {})",
        "portal",
        stage.portal_server_url(),
        summary(stage.scenario())
    );
    for issuer in &issuers {
        let _ = writeln!(text, "  {:width$}  {}", issuer.name, issuer.issuer);
    }
    if let Some(control) = stage.control() {
        let token = control.token().expose();
        let _ = writeln!(text, "  {:width$}  {}  (Authorization: Bearer {token})", "control", control.url());
        let _ = writeln!(text, "  {:width$}  {}", "page", control.page());
    }
    let _ = writeln!(text, "\n{bold}In a shell{bold:#} (then `understudy sync --target real` syncs from here):\n");
    for (name, value) in &told.variables {
        let _ = writeln!(text, "export {name}={}", shell::word(value));
    }
    if let Some(path) = stage.ca_file() {
        text.push_str(&trust(path));
    }
    let _ = writeln!(text, "\n{bold}In app-config.local.yaml{bold:#}, for the plugin:\n");
    let _ = writeln!(text, "{}", told.app_config);
    let _ = writeln!(text, "Ctrl-C ends it.");
    text
}

/// How clients are told to trust the authority. Those of understudy and Node are among the variables above.
fn trust(path: &Path) -> String {
    let bold = Style::new().bold();
    let path = shell::word(&path.display().to_string());
    format!(
        "\n{bold}So that others trust the certificates{bold:#} (understudy and Node do by the last two above):\n\n\
         export CURL_CA_BUNDLE={path}  # curl\n\
         export SSL_CERT_FILE={path}  # Go and OpenSSL, in place of the system's roots\n\
         # Java, in place of its own roots\n\
         keytool -importcert -noprompt -alias understudy -file {path} -keystore understudy.p12 -storepass changeit\n\
         export JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=understudy.p12 -Djavax.net.ssl.trustStorePassword=changeit'\n"
    )
}

/// The same for a program: one line.
pub(in crate::cli) fn json(stage: &Stage) -> Result<String, Failure> {
    let edition = stage.world().current();
    let identity = &edition.world.identity;
    // Whom a real identity provider knows is told by itself; of its client here, all but the secret.
    let is_mock = stage.has_own_issuers();
    let clients = if is_mock { identity.clients.clone() } else { vec![stage.service_account()?] };
    let line = ReadyLine {
        portal: PortalAddress { url: stage.portal_url(), server_url: stage.portal_server_url() },
        issuers: stage
            .issuers()
            .into_iter()
            .map(|issuer| ReadyIssuer {
                name: issuer.name,
                kind: issuer.kind,
                issuer: issuer.issuer,
                token_endpoint: issuer.token_endpoint,
                jwks_uri: issuer.jwks_uri,
            })
            .collect(),
        clients: clients
            .iter()
            .map(|client| ReadyClient {
                client_id: &client.id,
                client_secret: client.secret.as_ref().filter(|_| is_mock).map(Secret::expose),
                redirect_uris: &client.redirect_uris,
            })
            .collect(),
        users: identity
            .users
            .iter()
            .filter(|_| is_mock)
            .map(|user| ReadyUser { username: &user.username, password: user.password.expose() })
            .collect(),
        scenario: stage.scenario().name(),
        ca_file: stage.ca_file(),
        control: stage.control().map(|control| ControlAddress {
            url: control.url(),
            token: control.token().expose(),
            page: control.page(),
        }),
    };
    let mut text = serde_json::to_string(&line).map_err(std::io::Error::from)?;
    text.push('\n');
    Ok(text)
}

/// The variables as `NAME=value` lines, which shells (`set -a; . FILE`) and `docker --env-file` read.
pub(super) fn env_file(variables: &[(&'static str, String)]) -> String {
    variables.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name}={}", shell::word(value));
        text
    })
}

#[derive(Serialize)]
struct ReadyLine<'a> {
    portal: PortalAddress<'a>,
    issuers: Vec<ReadyIssuer>,
    clients: Vec<ReadyClient<'a>>,
    users: Vec<ReadyUser<'a>>,
    scenario: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<ControlAddress<'a>>,
}

#[derive(Serialize)]
struct ControlAddress<'a> {
    url: &'a str,
    token: &'a str,
    page: String,
}

#[derive(Serialize)]
struct PortalAddress<'a> {
    url: &'a str,
    server_url: String,
}

#[derive(Serialize)]
struct ReadyIssuer {
    name: String,
    kind: &'static str,
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Serialize)]
struct ReadyClient<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    redirect_uris: &'a [String],
}

#[derive(Serialize)]
struct ReadyUser<'a> {
    username: &'a str,
    password: &'a str,
}
