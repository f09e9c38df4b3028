//! A command as a subject, against commands of the shell.

#![cfg(unix)]

use std::time::{Duration, Instant};

use understudy_scenarios::Scenario;

use super::*;

const ENTITY: &str = r#"{"kind": "API", "metadata": {"name": "a"}}"#;

fn surroundings(timeout: Duration) -> Surroundings {
    Surroundings {
        variables: vec![("CLIENT_ID".to_owned(), "backstage".to_owned())],
        app_config: "/somewhere/app-config.yaml".into(),
        timeout,
    }
}

fn exec(command: &str, keep: bool) -> Exec {
    exec_within(command, keep, Duration::from_secs(30))
}

fn exec_within(command: &str, keep: bool, timeout: Duration) -> Exec {
    let secrets = Secrets::of(&Scenario::find("quickstart").unwrap().world().identity.clients);
    Exec::new(command.to_owned(), keep, surroundings(timeout), secrets)
}

async fn error_of(command: &str, keep: bool) -> String {
    exec(command, keep).sync().await.unwrap().error.unwrap()
}

/// A kept command that answers each line with what `answer`, a piece of shell, prints.
fn answering(answer: &str) -> String {
    format!("while read line; do {answer}; done")
}

#[tokio::test]
async fn what_a_command_prints_is_applied() {
    let outcome = exec(&format!("echo '[{ENTITY}]'"), false).sync().await.unwrap();
    assert_eq!(outcome.mutations[0]["entities"][0]["entity"]["metadata"]["name"], "a");
    assert_eq!(outcome.error, None);
}

#[tokio::test]
async fn a_command_is_told_of_the_stage() {
    let command = r#"printf '{"error": "%s %s %s"}' $CLIENT_ID $UNDERSTUDY_APP_CONFIG ${UNDERSTUDY_KEEP:-once}"#;
    assert_eq!(error_of(command, false).await, "backstage /somewhere/app-config.yaml once");
    let kept = r#"printf '{"error": "%s"}\n' $UNDERSTUDY_KEEP"#;
    assert_eq!(error_of(&answering(kept), true).await, "1");
}

#[tokio::test]
async fn a_command_that_fails_has_applied_nothing_whatever_it_printed() {
    let command = format!("echo '[{ENTITY}]'; echo 'Error: no portal' >&2; exit 3");
    let outcome = exec(&command, false).sync().await.unwrap();
    assert_eq!(outcome, SyncOutcome::failed("the command ended with exit status 3: Error: no portal"));
}

#[tokio::test]
async fn a_command_that_prints_nothing_has_applied_nothing() {
    assert_eq!(error_of("true", false).await, "the command printed nothing");
    assert_eq!(error_of("echo; echo why >&2", false).await, "the command printed nothing: why");
}

#[tokio::test]
async fn what_a_command_prints_and_nobody_can_read_is_quoted_without_secrets() {
    insta::assert_snapshot!(
        error_of("echo 'using backstage-dev-secret'", false).await,
        @r#"what the command printed holds something that is no entity, for it has no `kind`: the 1st of the list: "using …""#
    );
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_ended_with_all_that_it_started() {
    let began = Instant::now();
    // The shell's child holds the pipes: were it not ended, reading would go on for as long.
    let mut exec = exec_within("sleep 600 & sleep 600", false, Duration::from_millis(100));
    assert_eq!(exec.sync().await.unwrap().error.unwrap(), "the command had not ended after 100ms");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn what_a_command_leaves_behind_does_not_keep_it_from_having_ended() {
    let began = Instant::now();
    let outcome = exec(&format!("echo '[{ENTITY}]'; sleep 600 &"), false).sync().await.unwrap();
    assert_eq!(outcome.mutations.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_kept_command_is_one_process_until_a_restart() {
    let command = answering(r#"n=$((n + 1)); printf '{"error": "sync %s of %s"}\n' $n $$"#);
    let mut exec = exec(&command, true);
    let mut told = Vec::new();
    for restart in [false, false, true] {
        if restart {
            exec.restart().await.unwrap();
        }
        let error = exec.sync().await.unwrap().error.unwrap();
        told.push(error.split_once(" of ").map(|(sync, process)| (sync.to_owned(), process.to_owned())).unwrap());
    }
    let [(first, a), (second, b), (third, c)] = told.try_into().unwrap();
    assert_eq!([first, second, third], ["sync 1", "sync 2", "sync 1"]);
    assert!(a == b && b != c);
}

#[tokio::test]
async fn a_kept_command_that_has_ended_is_told_with_its_status_until_a_restart() {
    let mut exec = exec("read line; echo 'TypeError: x' >&2; exit 4", true);
    let ended = "the command ended with exit status 4: TypeError: x";
    assert_eq!(exec.sync().await.unwrap(), SyncOutcome::failed(ended));
    assert_eq!(exec.sync().await.unwrap(), SyncOutcome::failed(format!("{ended}, and was not started anew")));
    exec.restart().await.unwrap();
    assert_eq!(exec.sync().await.unwrap(), SyncOutcome::failed(ended));
}

#[tokio::test]
async fn an_answer_that_comes_too_late_counts_with_the_next_sync() {
    // It answers the first sync only once it is asked for the second.
    let delta = |name: &str| format!(r#"{{"mutation": {{"type": "delta", "added": ["{name}"], "removed": []}}}}"#);
    let command = format!("read a; read b; echo '{}'; echo '{}'; read c", delta("first"), delta("second"));
    let mut exec = exec_within(&command, true, Duration::from_millis(300));
    let late = exec.sync().await.unwrap();
    assert_eq!(late, SyncOutcome::failed("the command had not answered `sync` after 300ms"));
    exec.surroundings.timeout = Duration::from_secs(30);
    let added: Vec<_> =
        exec.sync().await.unwrap().mutations.iter().map(|mutation| mutation["added"][0].to_string()).collect();
    assert_eq!(added, [r#""first""#, r#""second""#]);
}

#[tokio::test]
async fn a_line_that_is_no_answer_is_an_error_that_quotes_it() {
    let error = exec(&answering("echo Listening with backstage-dev-secret"), true).sync().await.unwrap_err();
    insta::assert_snapshot!(
        error,
        @r#"what the command printed is no line of JSON; a line is {"mutation": …}, {"mutations": […]} or {"error": "…"}; it printed: "Listening with …""#
    );
}

#[tokio::test]
async fn a_command_that_will_not_end_is_ended() {
    let began = Instant::now();
    let mut exec = exec(&format!("trap '' TERM; {}", answering(r#"echo '{"error": "up"}'"#)), true);
    exec.sync().await.unwrap();
    exec.restart().await.unwrap();
    assert_eq!(exec.sync().await.unwrap().error.unwrap(), "up");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_dropped_subject_leaves_nothing_behind() {
    let mut exec = exec(&answering(r#"sleep 600 & printf '{"error": "%s"}\n' $!"#), true);
    let child = exec.sync().await.unwrap().error.unwrap();
    drop(exec);
    // Dropped, it has been sent a signal that can't be refused; how soon it is gone is the system's.
    let is_there = || std::path::Path::new(&format!("/proc/{child}/cmdline")).exists();
    while is_there() && std::fs::read(format!("/proc/{child}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn secrets_in_the_log_and_in_entities_are_named_and_not_shown() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
    let command =
        format!(r#"echo 'with backstage-dev-secret' >&2; echo '[{{"kind": "API", "metadata": {{"name": "{jwt}"}}}}]'"#);
    let mut exec = exec(&command, false);
    exec.sync().await.unwrap();
    assert_eq!(exec.log(), "with …\n");
    assert_eq!(exec.leaks(), ["the client secret of backstage", "the bearer token"]);
}

#[tokio::test]
async fn a_token_in_a_definition_is_the_portals_own_example() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
    let command = format!(r#"echo '[{{"kind": "API", "spec": {{"definition": "{jwt}"}}}}]'"#);
    let mut exec = exec(&command, false);
    exec.sync().await.unwrap();
    assert!(exec.leaks().is_empty());
}
