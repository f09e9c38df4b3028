//! What was found by one check.

use std::fmt;
use std::time::Duration;

use understudy_provider::FailureKind;

use super::catalogue::Check;

/// What was found by one check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// Which check.
    pub check: &'static Check,
    /// How it ended.
    pub status: Status,
    /// From where it was looked, for what is looked at twice.
    pub view: Option<View>,
    /// What was asked, such as `GET https://…`, without what is secret.
    pub asked: Option<String>,
    /// What came, and what that means; one sentence or more, without a full stop at the end.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// What kind of failure it is; none but for what failed.
    pub kind: Option<FailureKind>,
    /// How long it took, in real time.
    pub elapsed: Duration,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// It is well.
    Pass,
    /// It is not as it should be, and nothing fails by it.
    Warn,
    /// Something fails by it.
    Fail,
    /// It was not made, and the message says why.
    Skip,
}

impl Status {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// From where the network is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// As this process sees it: the system's roots and those of `CA_FILE`, the proxies of the environment.
    Machine,
    /// As the Node of a Backstage with this environment would see it: Mozilla's roots and those of
    /// `NODE_EXTRA_CA_CERTS`, and no proxy without `NODE_USE_ENV_PROXY`.
    Backstage,
}

impl View {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Backstage => "backstage",
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Machine => "this machine",
            Self::Backstage => "Backstage's Node",
        })
    }
}
