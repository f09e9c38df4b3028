//! A program with a snippet in it: it starts a container, says where that is reached, and ends it when it is told to.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use libtest_mimic::Failed;
use serde::Deserialize;
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// How long a program may take to be compiled, to tell where its container is, or to end: seconds, and more where the machine
/// is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a program says that its container is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stage {
    portal_url: String,
    token_endpoint: String,
}

impl Stage {
    pub(crate) fn port(&self) -> Result<u16, Failed> {
        let port = self.portal_url.rsplit(':').next().and_then(|port| port.parse().ok());
        port.ok_or_else(|| format!("the portal's URL {} has no port", self.portal_url).into())
    }

    /// Those of the bundled scenario's client.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("PORTAL_URL", self.portal_url.clone()),
            ("TOKEN_ENDPOINT", self.token_endpoint.clone()),
            ("CLIENT_ID", "backstage".to_owned()),
            ("CLIENT_SECRET", "backstage-dev-secret".to_owned()),
        ]
    }
}

pub(crate) async fn compile(compiler: &[&str], folder: &Path) -> Result<(), Failed> {
    let output = timeout(PATIENCE, command(compiler, folder).output()).await;
    let output = output.map_err(|_| format!("{compiler:?} takes longer than {PATIENCE:.0?}"))??;
    if !output.status.success() {
        return Err(format!("{compiler:?} says:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(())
}

fn command(words: &[&str], folder: &Path) -> Command {
    let (program, arguments) = words.split_first().unwrap_or((&"", &[]));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    // What removes containers after a program's death has an image of its own, which may not be there.
    command.env("TESTCONTAINERS_RYUK_DISABLED", "true");
    command
}

/// A program that runs until its standard input is closed.
pub(crate) struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What was read of its standard output.
    printed: String,
    stderr: NamedTempFile,
}

impl Program {
    pub(crate) fn start(words: &[&str], folder: &Path) -> Result<Self, Failed> {
        let stderr = NamedTempFile::new()?;
        let mut command = command(words, folder);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr.reopen()?).spawn()?;
        let stdout = BufReader::new(child.stdout.take().ok_or("the program has no standard output")?);
        Ok(Self { child, stdout, printed: String::new(), stderr })
    }

    /// Waits until it says where its container is, which is the first that it says.
    pub(crate) async fn stage(&mut self) -> Result<Stage, Failed> {
        let read = timeout(PATIENCE, self.stdout.read_line(&mut self.printed)).await;
        read.map_err(|_| format!("the program does not say for {PATIENCE:.0?} where its container is"))??;
        let stage = serde_json::from_str(&self.printed);
        stage.map_err(|_| format!("the program does not say where its container is, but {:?}", self.printed).into())
    }

    /// Closes its standard input, and waits until it has ended well.
    pub(crate) async fn end(mut self) -> Result<(), Failed> {
        drop(self.child.stdin.take());
        let ended = timeout(PATIENCE, async {
            self.stdout.read_to_string(&mut self.printed).await?;
            self.child.wait().await
        });
        let how = match ended.await {
            Ok(status) => match status? {
                status if status.success() => return Ok(()),
                status => format!("ended with {status}"),
            },
            Err(_) => format!("did not end for {PATIENCE:.0?}"),
        };
        let log = std::fs::read_to_string(self.stderr.path())?;
        Err(format!("the program {how}; it says:\n{}{log}", self.printed).into())
    }
}
