//! `understudy health`: what a container engine and a script that waits are told.

use std::net::TcpListener;

use crate::running::Running;
use crate::{assert_command, understudy};

#[test]
fn a_stage_that_is_up_is_well() {
    let up = Running::start(&[]);
    let port = up.variable("CONTROL_URL").rsplit(':').next().unwrap().to_owned();
    assert_command!(understudy().args(["health", "--control-port", &port]), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    up

    ----- stderr -----
    ");
}

#[test]
fn the_port_comes_from_the_variable_that_up_takes_it_from() {
    let up = Running::start(&[]);
    let port = up.variable("CONTROL_URL").rsplit(':').next().unwrap().to_owned();
    assert!(understudy().arg("health").env("UNDERSTUDY_CONTROL_PORT", port).status().unwrap().success());
}

#[test]
fn any_other_answer_than_200_is_not_well() {
    let up = Running::start(&[]);
    assert_command!(understudy().args(["health", &up.variable("CONTROL_URL")]), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: http://localhost:[port]/ answers 401 Unauthorized, and not 200: it is not well
    ");
}

#[test]
fn where_nobody_answers_it_says_so() {
    let port = free_port();
    assert_command!(understudy().args(["health", "--control-port", &port]), @r"
    success: false
    exit_code: 3
    ----- stdout -----

    ----- stderr -----
    error: http://localhost:[port]/health: Connection refused. Is `understudy up` running there, with its control API?
    ");
}

#[test]
fn it_waits_for_a_stage_that_starts_later() {
    let port = free_port();
    let mut waiting = understudy().args(["health", "--wait", "60s", "--control-port", &port]).spawn().unwrap();
    let _up = Running::start(&["--control-port", &port]);
    assert!(waiting.wait().unwrap().success());
}

/// A port that nobody has.
fn free_port() -> String {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port().to_string()
}
