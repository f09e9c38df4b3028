//! Starting a subject anew that is at an address of its own, by its user's command.

use std::io::{Read as _, Seek as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use url::Url;

use super::{SubjectError, exec};

/// How long the command may take, and then the subject until it answers.
const START: Duration = Duration::from_secs(120);

/// Runs the command. What it leaves running goes on: that is the subject.
///
/// # Errors
/// When there is none, or it fails.
pub(super) async fn run(command: Option<&str>) -> Result<(), SubjectError> {
    let Some(command) = command else {
        let how = "the subject can't be started anew from here: say how with --restart CMD";
        return Err(SubjectError::Protocol(how.to_owned()));
    };
    let cant = |source| SubjectError::Start { command: command.to_owned(), source };
    // Into a file: a pipe would be held by what the command leaves running.
    let mut said = tempfile::tempfile().map_err(cant)?;
    let mut shell = exec::shell(command);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone().map_err(cant)?);
    let mut child = shell.spawn().map_err(cant)?;
    let status = match tokio::time::timeout(START, child.wait()).await {
        Ok(status) => status.map_err(cant)?,
        Err(_) => {
            let _ = child.start_kill();
            return Err(SubjectError::Protocol(format!("`{command}` had not ended after {START:?}")));
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut text = Vec::new();
    let read = said.rewind().and_then(|()| said.read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let last = read.ok().and_then(|_| text.lines().rev().find(|line| !line.trim().is_empty()));
    let last = last.map(|line| format!(": {line}")).unwrap_or_default();
    Err(SubjectError::Protocol(format!("`{command}`, which is to start the subject anew, ended with {status}{last}")))
}

/// Waits a moment before the subject is asked again whether it is up.
///
/// # Errors
/// When it has had time enough since it was started.
pub(super) async fn pause(started: Instant, address: &Url) -> Result<(), SubjectError> {
    if started.elapsed() > START {
        let address = understudy_provider::ShownUrl::of(address);
        let late = format!("{address} did not answer within {START:?} after the subject was started anew");
        return Err(SubjectError::Protocol(late));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_fails_is_told_with_its_last_words() {
        insta::assert_snapshot!(
            run(Some("echo no such container >&2; exit 2")).await.unwrap_err(),
            @"`echo no such container >&2; exit 2`, which is to start the subject anew, ended with exit status: 2: no such container"
        );
    }

    #[tokio::test]
    async fn what_the_command_leaves_running_is_not_waited_for() {
        let began = Instant::now();
        run(Some("sleep 20 & true")).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}
