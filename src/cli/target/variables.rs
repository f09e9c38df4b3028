//! The variables that name real servers: which are needed, and which are set and not used.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::env;

use understudy::provider::{Config, ConfigError};

use super::Side;
use crate::cli::failure::Failure;
use crate::cli::talk::Talk;

/// What is said of the portal.
const PORTAL: [&str; 2] = ["PORTAL_URL", "PORTAL_SERVER_URL"];
/// What is said of the identity provider.
const IDP: [&str; 5] = ["TOKEN_ENDPOINT", "ISSUER_URL", "CLIENT_ID", "CLIENT_SECRET", "SCOPE"];
/// Stands for what a mock is known by once it is up.
const MOCK: &str = "http://localhost";

/// The variables of a target of which one server at least is real.
#[derive(Clone, Copy)]
pub(super) struct Variables {
    pub(super) portal: Side,
    pub(super) idp: Side,
}

impl Variables {
    /// What they say of the real servers. Those of a mock are not looked at.
    pub(super) fn config(self) -> Result<Config, Failure> {
        let read = |name: &str| match name {
            "PORTAL_SERVER_URL" if self.portal == Side::Mock => Some(MOCK.to_owned()),
            "TOKEN_ENDPOINT" | "CLIENT_ID" | "CLIENT_SECRET" if self.idp == Side::Mock => Some(MOCK.to_owned()),
            _ if self.is_of_mock(name) => None,
            _ => env::var(name).ok(),
        };
        Config::from_vars(read).map_err(|error| match (&error, self.not_needed()) {
            (ConfigError::Missing(_), Some(not_needed)) => Failure::Usage(format!("{error}\n{not_needed}")),
            _ => Failure::usage(error),
        })
    }

    /// The issuer, where a variable tells it beside the token endpoint.
    pub(super) fn issuer(self) -> Option<String> {
        is_set("ISSUER_URL").then(|| env::var("ISSUER_URL").ok()).flatten().map(|issuer| issuer.trim().to_owned())
    }

    /// Tells which are set and not used.
    pub(super) fn tell_unused(self, talk: Talk) {
        let mock = |side, names: &[&'static str], what| {
            if side == Side::Mock {
                tell(talk, what, names.iter().copied());
            }
        };
        mock(self.portal, &PORTAL, "since the portal is a mock");
        mock(self.idp, &IDP, "since the identity provider is a mock");
        // The issuer is what a mock portal must know.
        if (self.portal, self.idp) == (Side::Real, Side::Real) && is_set("TOKEN_ENDPOINT") {
            tell(talk, "since TOKEN_ENDPOINT is set", ["ISSUER_URL"]);
        }
    }

    /// Has `read` ask for variables, and tells which are set and were never asked for.
    pub(super) fn noting<T>(self, read: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> T, talk: Talk) -> T {
        let asked = RefCell::new(BTreeSet::new());
        let answer = read(&|name| {
            asked.borrow_mut().insert(name.to_owned());
            env::var(name).ok()
        });
        let asked = asked.into_inner();
        let names = PORTAL.into_iter().chain(IDP).chain(["CA_FILE"]);
        tell(talk, "since --app-config names the servers", names.filter(|name| !asked.contains(*name)));
        answer
    }

    fn is_of_mock(self, name: &str) -> bool {
        (self.portal == Side::Mock && PORTAL.contains(&name)) || (self.idp == Side::Mock && IDP.contains(&name))
    }

    /// Which need not be set, where there are such.
    fn not_needed(self) -> Option<String> {
        let told =
            |server, names: &[&str]| Some(format!("The {server} is a mock: {} need not be set", names.join(", ")));
        match (self.portal, self.idp) {
            (Side::Mock, _) => told("portal", &PORTAL),
            (_, Side::Mock) => told("identity provider", &IDP),
            (Side::Real, Side::Real) => None,
        }
    }
}

fn tell(talk: Talk, why: &str, names: impl IntoIterator<Item = &'static str>) {
    let unused: Vec<&str> = names.into_iter().filter(|name| is_set(name)).collect();
    if !unused.is_empty() {
        talk.say(format_args!("set but unused, {why}: {}", unused.join(", ")));
    }
}

/// Whether a variable holds something; white space counts as nothing, as it does where they are read.
fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty())
}
