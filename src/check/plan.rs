//! What is to be looked at: where the servers are told, what else there is, and which checks are wanted.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use understudy_provider::{Clock, Config, SystemClock};
use understudy_scenarios::Scenario;
use url::Url;

use super::examination::Event;
use super::selection::Selection;
use crate::record::Redaction;

/// Gives the variables of the environment.
pub(super) type Variables = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;
/// Is told of what happens.
pub(super) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// What is to be looked at.
#[derive(Clone)]
#[non_exhaustive]
pub struct Plan {
    /// Where the portal and the identity provider are told.
    pub source: Source,
    /// A running Backstage whose catalog is to be compared.
    pub backstage: Option<Url>,
    /// A log of a Backstage.
    pub log: Option<LogSource>,
    /// What the portal is compared with.
    pub against: Option<Against>,
    /// Which checks are wanted.
    pub selection: Selection,
    /// What times are told by.
    pub clock: Arc<dyn Clock>,
    pub(super) variables: Variables,
    pub(super) observer: Option<Observer>,
}

/// Where the portal and the identity provider are told.
#[derive(Clone, Debug)]
pub enum Source {
    /// Nowhere: only a Backstage or its log is looked at.
    None,
    /// By the variables of the Gloo guide.
    Variables,
    /// By Backstage's configuration files, a later one over an earlier one.
    AppConfig(Vec<PathBuf>),
    /// By a configuration that is known to be whole, such as a stage's.
    Given(Box<Config>),
}

/// What a portal is compared with.
#[derive(Clone, Debug)]
pub struct Against {
    /// A recording, or a scenario that somebody wrote.
    pub recorded: Scenario,
    /// What is replaced on both sides before they are compared: what it was recorded with.
    pub redaction: Redaction,
}

/// Where a log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogSource {
    /// In a file.
    File(PathBuf),
    /// On standard input.
    Stdin,
}

impl Plan {
    /// All checks of what the source names, by the system's clock, and by this process's variables.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            source,
            backstage: None,
            log: None,
            against: None,
            selection: Selection::all(),
            clock: Arc::new(SystemClock),
            variables: Arc::new(|name| std::env::var(name).ok()),
            observer: None,
        }
    }

    /// Takes variables from here in place of this process's.
    #[must_use]
    pub fn variables(mut self, variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.variables = Arc::new(variables);
        self
    }

    /// Calls `observer` with all that happens, as it does.
    #[must_use]
    pub fn on_event(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Plan")
            .field("source", &self.source)
            .field("backstage", &self.backstage)
            .field("log", &self.log)
            .field("against", &self.against.as_ref().map(|against| against.recorded.name()))
            .field("selection", &self.selection)
            .finish_non_exhaustive()
    }
}
