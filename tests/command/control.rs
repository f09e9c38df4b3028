//! `understudy up` and the control API.

use serde_json::Value;

use crate::running::Running;
use crate::{assert_command, understudy};

#[test]
fn who_reads_the_ready_line_can_move_the_stage() {
    let up = Running::start(&[]);
    let (url, token) = (up.variable("CONTROL_URL"), up.variable("CONTROL_TOKEN"));
    let request = |method: reqwest::Method, path: &str, body: &str| {
        let request = client().request(method, format!("{url}{path}")).bearer_auth(&token);
        send(request.header("content-type", "application/yaml").body(body.to_owned()))
    };
    let injected = request(reqwest::Method::POST, "/faults", "{server: portal, path: /v1/apis, does: {status: 503}}");
    assert_eq!(injected["id"], 1);
    let changed = request(reqwest::Method::POST, "/world/changes", "{removeProducts: [petstore]}");
    assert_eq!(changed["generation"], 1);
    request(reqwest::Method::DELETE, "/faults", "");
    let sync =
        understudy().args(["sync", "--target", "real", "--output", "json"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success());
    assert!(!String::from_utf8(sync.stdout).unwrap().contains("petstore"));
    let verdict = "{requests: [{server: portal, path: /v1/apis, atLeast: 1, atMost: 1}]}";
    assert_eq!(request(reqwest::Method::POST, "/verify", verdict)["passed"], true);
}

#[test]
fn a_token_from_the_environment_is_the_token() {
    let mut command = understudy();
    command.env("UNDERSTUDY_CONTROL_TOKEN", "compose-file-token");
    let up = Running::start_with(command, &[]);
    assert_eq!(up.variable("CONTROL_TOKEN"), "compose-file-token");
    let world = client().get(format!("{}/world", up.variable("CONTROL_URL"))).bearer_auth("compose-file-token");
    assert_eq!(send(world)["scenario"], "quickstart");
}

#[test]
fn a_token_that_no_header_can_carry_is_refused() {
    let with = |token: &str| {
        let mut command = understudy();
        command.args(["up", "--portal-port", "0", "--idp-port", "0"]).env("UNDERSTUDY_CONTROL_TOKEN", token);
        command
    };
    assert_command!(with("two words"), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    target: mock, scenario quickstart
    error: UNDERSTUDY_CONTROL_TOKEN is no token: letters, digits and signs of ASCII, without blanks; without the variable a random one is made
    ");
    for token in ["", "tökén"] {
        assert_eq!(with(token).output().unwrap().status.code(), Some(2), "{token}");
    }
}

#[test]
fn the_control_api_can_be_left_out() {
    let up = Running::start(&["--no-control"]);
    assert_eq!(up.ready.get("control"), None);
}

#[test]
fn a_taken_control_port_is_named() {
    let up = Running::start(&[]);
    let url = up.variable("CONTROL_URL");
    let port = url.rsplit(':').next().unwrap();
    let output =
        understudy().args(["up", "--portal-port", "0", "--idp-port", "0", "--control-port", port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("the control API can't listen on port {port}")), "{said}");
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The JSON that is answered.
fn send(request: reqwest::RequestBuilder) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { request.send().await.unwrap().json().await.unwrap() })
}
