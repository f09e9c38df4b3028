//! What a user, the system or the program that started it ends a command with.

use std::io;
use std::thread;

use tokio::sync::oneshot;

/// Ctrl-C, SIGTERM where there is one, and the end of standard input where that is asked for.
pub(super) struct Signals {
    stdin: Option<oneshot::Receiver<()>>,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let [terminate, interrupt] = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
        Ok(Self { stdin: None, terminate: terminate?, interrupt: interrupt? })
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { stdin: None })
    }

    /// Has the end of standard input end the command too. What comes on it before is of no account.
    pub(super) fn and_stdin(mut self) -> Self {
        let (ended, end) = oneshot::channel();
        // A thread of its own: a read may last for as long as the process does, and must hold up neither the runtime nor
        // the exit.
        thread::spawn(move || {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            let _ = ended.send(());
        });
        self.stdin = Some(end);
        self
    }

    #[cfg(unix)]
    pub(super) async fn received(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = ended(self.stdin) => {}
        }
    }

    #[cfg(not(unix))]
    pub(super) async fn received(self) {
        let interrupted = async {
            // Where there is no way to wait for Ctrl-C, the system ends the process by itself.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = interrupted => {}
            () = ended(self.stdin) => {}
        }
    }
}

/// Ends with standard input; never where nobody waits for that.
async fn ended(stdin: Option<oneshot::Receiver<()>>) {
    match stdin {
        Some(end) => drop(end.await),
        None => std::future::pending().await,
    }
}
