//! One run of a command: started by the shell, in a process group of its own, and ended with all that it started.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::log::Log;
use crate::play::subject::{SubjectError, Surroundings};

/// How long a command may take to end once it is asked to, and its last words to arrive once it has ended.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// How a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Anew for each sync.
    OneShot,
    /// Once; a line on its standard input asks for a sync. `UNDERSTUDY_KEEP=1` tells it so.
    Keep,
}

/// A running command. Dropped, it is killed, and what it started with it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    group: Group,
    log: JoinHandle<()>,
}

impl Process {
    /// Starts `command`, and hands out its standard input, where it is to be kept, and its standard output.
    pub(super) fn start(
        command: &str,
        mode: Mode,
        surroundings: &Surroundings,
        log: Log,
    ) -> Result<(Self, Option<ChildStdin>, ChildStdout), SubjectError> {
        let mut shell = shell(command);
        shell.envs(surroundings.variables.iter().map(|(name, value)| (name, value)));
        shell.env("UNDERSTUDY_APP_CONFIG", &surroundings.app_config);
        match mode {
            Mode::OneShot => shell.env_remove("UNDERSTUDY_KEEP").stdin(Stdio::null()),
            Mode::Keep => shell.env("UNDERSTUDY_KEEP", "1").stdin(Stdio::piped()),
        };
        shell.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let cant = |source| SubjectError::Start { command: command.to_owned(), source };
        let mut child = shell.spawn().map_err(cant)?;
        let group = Group::of(&child);
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            return Err(cant(std::io::Error::other("it has no standard output")));
        };
        log.begin();
        let log = tokio::spawn(log.follow(stderr));
        Ok((Self { child, group, log }, stdin, stdout))
    }

    /// Waits for the command's own end.
    pub(super) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends what the command has left behind, and waits until its log is complete.
    pub(super) async fn clear_up(&mut self) {
        self.group.kill();
        if timeout(GRACE, &mut self.log).await.is_err() {
            // Something has left the group and holds the pipe.
            self.log.abort();
        }
    }

    /// Asks the command to end, and ends it if it does not. Answers how it ended, where the system knows.
    pub(super) async fn stop(&mut self) -> Option<ExitStatus> {
        self.group.ask_to_end();
        match timeout(GRACE, self.child.wait()).await {
            Ok(status) => {
                self.clear_up().await;
                status.ok()
            }
            Err(_) => self.kill().await,
        }
    }

    /// Ends the command at once.
    pub(super) async fn kill(&mut self) -> Option<ExitStatus> {
        self.group.kill();
        let _ = self.child.start_kill();
        let status = self.child.wait().await;
        self.clear_up().await;
        status.ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.group.kill();
        self.log.abort();
    }
}

/// The shell, about to run a command in a process group of its own.
#[cfg(unix)]
pub(in crate::play::subject) fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).process_group(0);
    shell
}

/// The shell, about to run a command.
#[cfg(windows)]
pub(in crate::play::subject) fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    // The command as it stands: `cmd` has a way of its own with quotes.
    shell.arg("/C").raw_arg(command);
    shell
}

/// All processes that a command has started and that have not left it.
#[derive(Debug)]
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Group {
    fn of(child: &Child) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        Self { leader }
    }

    fn ask_to_end(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// For good: nothing is sent to a number that may be somebody else's by now.
    fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
        self.leader = None;
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(leader) = self.leader {
            // It fails where all have ended.
            let _ = rustix::process::kill_process_group(leader, signal);
        }
    }
}

/// Where there are no process groups, the command itself is ended by its handle.
#[cfg(not(unix))]
impl Group {
    fn of(_: &Child) -> Self {
        Self {}
    }

    fn ask_to_end(&self) {}

    fn kill(&mut self) {}
}
