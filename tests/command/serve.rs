//! `understudy serve`: what Backstage is answered, on good days and bad ones.

use std::net::TcpListener;

use reqwest::header::{ETAG, IF_NONE_MATCH};
use reqwest::{Method, Response};
use serde_json::Value;

use crate::running::Running;
use crate::{assert_command, understudy};

#[test]
fn the_ready_line_tells_where_all_is() {
    let serve = Running::serve(&[]);
    let url = serve.ready["url"].as_str().unwrap();
    assert_eq!(serve.ready["catalog_info"], format!("{url}/catalog-info.yaml"));
    assert_eq!(serve.ready["health"], format!("{url}/healthz"));
    assert_eq!(serve.ready["metrics"], format!("{url}/metrics"));
    assert_eq!(serve.ready["stage"]["scenario"], "quickstart");
}

#[test]
fn the_entities_are_those_of_a_sync() {
    let mut serve = Running::serve(&["gloo-gateway"]);
    serve.says("entities from");
    let served = get(&serve, "catalog_info");
    assert_eq!(served.status, 200);
    let url = serve.ready["stage"]["portal"]["url"].as_str().unwrap().to_owned();
    let synced = understudy().args(["sync", "gloo-gateway", "--output", "yaml"]).output().unwrap();
    let synced = String::from_utf8(synced.stdout).unwrap();
    let start = synced.find("http://localhost:").unwrap();
    let other = &synced[start..start + synced[start..].find("/v1").unwrap()];
    assert_eq!(served.body, synced.replace(other, &url));
}

#[test]
fn who_has_the_document_is_told_that_it_has_not_changed() {
    let mut serve = Running::serve(&[]);
    serve.says("entities from");
    let first = get(&serve, "catalog_info");
    let etag = first.etag.unwrap();
    let again = request(&serve, "catalog_info", |request| request.header(IF_NONE_MATCH, &etag));
    assert_eq!((again.status, &*again.body, again.etag.as_deref()), (304, "", Some(&*etag)));
    let weak = request(&serve, "catalog_info", |request| request.header(IF_NONE_MATCH, format!("\"x\", W/{etag}")));
    assert_eq!(weak.status, 304);
    let other = request(&serve, "catalog_info", |request| request.header(IF_NONE_MATCH, "\"x\""));
    assert_eq!(other.body, first.body);
}

#[test]
fn a_head_has_the_length_and_no_body() {
    let mut serve = Running::serve(&[]);
    serve.says("entities from");
    let whole = get(&serve, "catalog_info");
    assert_eq!(whole.length, Some(whole.body.len()));
    let url = serve.ready["catalog_info"].as_str().unwrap();
    let head = send(client().head(url));
    assert_eq!((head.status, &*head.body, head.length), (200, "", whole.length));
}

#[test]
fn an_empty_portal_still_has_its_group_user_and_system() {
    let mut serve = Running::serve(&["empty-portal"]);
    serve.says("3 entities from");
    let body = get(&serve, "catalog_info").body;
    let kinds: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    assert_eq!(kinds, ["Group", "User", "System"]);
}

#[test]
fn a_version_that_is_added_comes_and_one_that_is_removed_goes() {
    let mut serve = Running::serve(&[]);
    serve.says("5 entities from");
    control(&serve, "/world/changes", "{addVersions: [{product: petstore, version: {name: v2}}]}");
    assert_eq!(ending(&serve.says("entities from")), "6 entities: new api:default/petstore-v2");
    assert!(get(&serve, "catalog_info").body.contains("  name: petstore-v2\n"));
    control(&serve, "/world/changes", "{removeVersions: [petstore-v1]}");
    assert_eq!(ending(&serve.says("entities from")), "5 entities: gone api:default/petstore-v1");
    assert!(!get(&serve, "catalog_info").body.contains("  name: petstore-v1\n"));
}

#[test]
fn the_document_stays_while_the_portal_is_down_and_the_trouble_is_told_once() {
    let mut serve = Running::serve(&[]);
    serve.says("5 entities from");
    let before = get(&serve, "catalog_info");
    control(&serve, "/faults", "{server: portal, does: refuse}");
    serve.says("error: ");
    serve.says("The last good sync was at ");
    let during = get(&serve, "catalog_info");
    assert_eq!((during.status, &during.body, &during.etag), (200, &before.body, &before.etag));
    let health: Value = serde_json::from_str(&get(&serve, "health").body).unwrap();
    assert_eq!((&health["status"], &health["entities"]), (&"stale".into(), &5.into()));
    assert_eq!(get(&serve, "health").status, 200);
    assert!(get(&serve, "metrics").body.contains("\nunderstudy_last_sync_good 0\n"));
    call(&serve, Method::DELETE, "/faults", "");
    // Each way in which it fails is told once: while the port closes, there may be two.
    let again = serve.says("entities from");
    assert!(again.ends_with(" again"), "{again}");
}

#[test]
fn a_portal_that_is_down_at_the_start_is_waited_for() {
    let up = Running::start(&[]);
    control(&up, "/faults", "{server: portal, does: refuse}");
    let mut command = understudy();
    command.envs(up.variables());
    let mut serve = Running::serve_with(command, &["--target", "real"]);
    serve.says("Nothing has been synced yet");
    let early = get(&serve, "catalog_info");
    assert_eq!(early.status, 503);
    assert!(early.body.starts_with("nothing has been synced yet: "), "{}", early.body);
    assert_eq!(early.retry_after.as_deref(), Some("1"));
    assert_eq!(get(&serve, "health").status, 503);
    call(&up, Method::DELETE, "/faults", "");
    serve.says("5 entities from");
    assert_eq!(get(&serve, "catalog_info").status, 200);
}

#[test]
fn no_answer_waits_for_a_portal_that_hangs() {
    let up = Running::start(&[]);
    control(&up, "/faults", "{server: portal, does: {latency: {by: 1h}}}");
    let mut command = understudy();
    command.envs(up.variables());
    let serve = Running::serve_with(command, &["--target", "real"]);
    let asked = std::time::Instant::now();
    let answer = get(&serve, "catalog_info");
    assert!(asked.elapsed() < std::time::Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, "nothing has been synced yet: the first sync is under way\n");
}

#[test]
fn a_start_while_the_portal_is_down_gives_what_the_state_file_holds() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let up = Running::start(&[]);
    let start = || {
        let mut command = understudy();
        command.envs(up.variables());
        Running::serve_with(command, &["--target", "real", "--state", state.to_str().unwrap()])
    };
    let mut serve = start();
    serve.says("5 entities from");
    let before = get(&serve, "catalog_info").body;
    drop(serve);
    control(&up, "/faults", "{server: portal, does: refuse}");
    let mut serve = start();
    serve.says("5 entities from before");
    assert_eq!(get(&serve, "catalog_info").body, before);
}

#[test]
fn a_portal_of_which_a_part_was_never_read_gives_no_document_without_it() {
    let up = Running::start(&["gloo-gateway"]);
    control(&up, "/faults", "{server: portal, path: /v1/api-products/*/versions, does: {status: 500}}");
    let mut command = understudy();
    command.envs(up.variables());
    let mut serve = Running::serve_with(command, &["--target", "real"]);
    serve.says("a part of the portal could not be read yet");
    let answer = get(&serve, "catalog_info");
    assert_eq!(answer.status, 503);
    assert!(answer.body.starts_with("what was synced can't be shown: a part of the portal"), "{}", answer.body);
}

#[test]
fn a_change_of_the_scenario_file_comes_with_the_next_sync() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    std::fs::write(&path, "portal: {products: [{id: petstore, versions: [{name: v1}]}]}").unwrap();
    let mut serve = Running::serve(&[path.to_str().unwrap()]);
    serve.says("4 entities from");
    std::fs::write(&path, "portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}]}").unwrap();
    serve.says("new api:default/petstore-v2");
}

#[test]
fn whatever_else_is_asked_is_not_there_and_no_host_is_repeated() {
    let serve = Running::serve(&[]);
    let url = serve.ready["url"].as_str().unwrap();
    let unknown = send(client().get(format!("{url}/catalog-info.yml")).header("host", "evil.example"));
    assert_eq!(unknown.status, 404);
    insta::assert_snapshot!(unknown.body, @"there is nothing here; there are /catalog-info.yaml, /healthz and /metrics");
    assert_eq!(send(client().post(format!("{url}/catalog-info.yaml"))).status, 405);
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = understudy().args(["serve", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap().replace(&port, "[port]"), @"error: port [port] is taken, perhaps by another `understudy serve`; end that, or choose another port with --port (0 takes any free one)");
}

#[test]
fn a_port_that_is_none_is_a_usage_error() {
    assert_command!(understudy().args(["serve", "--port", "65536"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value '65536' for '--port <PORT>': 65536 is not in 0..=65535

    For more information, try '--help'.
    ");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_it() {
    for signal in ["INT", "TERM"] {
        let mut serve = Running::serve(&[]);
        let url = serve.ready["url"].as_str().unwrap().replace("http://localhost", "127.0.0.1");
        let _open = std::net::TcpStream::connect(url).unwrap();
        assert_eq!(serve.signal(signal).code(), Some(0), "{signal}");
    }
}

#[test]
fn text_tells_a_person_what_to_paste() {
    let text = crate::running::printed(&["serve", "--port", "0", "--portal-port", "0", "--idp-port", "0"]);
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]"), (r"[0-9a-f]{32}", "[token]")] }, {
        insta::assert_snapshot!(text, @r"
        Serving the catalog at http://localhost:[port]/catalog-info.yaml

          health   http://localhost:[port]/healthz
          metrics  http://localhost:[port]/metrics
          portal   http://localhost:[port]/v1
          control  http://localhost:[port]  (Authorization: Bearer [token])
          page     http://localhost:[port]/#token=[token]

        In app-config.local.yaml, for a Backstage without any plugin:

        backend:
          reading:
            allow:
              - host: 'localhost:[port]'
        catalog:
          # How often Backstage asks: without it, every 100 to 150 seconds.
          processingInterval: { seconds: 10 }
          locations:
            - type: url
              target: http://localhost:[port]/catalog-info.yaml
              rules:
                - allow: [API, Group, User, System]

        Ctrl-C ends it.
        ");
    });
}

/// A line about entities without the address that they come from.
fn ending(line: &str) -> String {
    let (count, rest) = line.split_once(" from ").unwrap();
    format!("{count}{}", &rest[rest.find(": ").unwrap()..])
}

struct Answer {
    status: u16,
    etag: Option<String>,
    retry_after: Option<String>,
    length: Option<usize>,
    body: String,
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn get(serve: &Running, what: &str) -> Answer {
    request(serve, what, |request| request)
}

fn request(serve: &Running, what: &str, with: impl Fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder) -> Answer {
    send(with(client().get(serve.ready[what].as_str().unwrap())))
}

fn control(running: &Running, path: &str, body: &str) {
    call(running, Method::POST, path, body);
}

/// Asks the control API, which must do it.
fn call(running: &Running, method: Method, path: &str, body: &str) {
    let (url, token) = (running.variable("CONTROL_URL"), running.variable("CONTROL_TOKEN"));
    let request = client().request(method, format!("{url}{path}")).bearer_auth(token);
    let answer = send(request.header("content-type", "application/yaml").body(body.to_owned()));
    assert!(answer.status < 300, "{}", answer.body);
}

fn send(request: reqwest::RequestBuilder) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response: Response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Answer {
            status: response.status().as_u16(),
            etag: header(ETAG.as_str()),
            retry_after: header("retry-after"),
            length: header("content-length").map(|length| length.parse().unwrap()),
            body: response.text().await.unwrap(),
        }
    })
}
