//! What `up` and `serve` ask about the stage that they start.

use std::env;
use std::net::IpAddr;

use clap::Args;
use understudy::scenarios::Secret;
use understudy::{Scenario, Stage, StageBuilder};

use super::failure::Failure;
use super::signals::Signals;
use super::talk::Talk;
use super::target::ScenarioArg;

#[derive(Args)]
pub(super) struct StageArgs {
    /// The portal's port; 0 takes any free one.
    #[arg(long, default_value_t = 31080, value_name = "PORT", env = "UNDERSTUDY_PORTAL_PORT")]
    portal_port: u16,
    /// The identity provider's port; 0 takes any free one.
    #[arg(long, default_value_t = 31090, value_name = "PORT", env = "UNDERSTUDY_IDP_PORT")]
    idp_port: u16,
    /// The control API's port; 0 takes any free one. By default 31070, or any free one where both other ports are 0.
    #[arg(long, value_name = "PORT", env = CONTROL_PORT_VARIABLE)]
    control_port: Option<u16>,
    /// Leave the control API out.
    #[arg(long, conflicts_with = "control_port")]
    no_control: bool,
    /// Listen on this address in place of 127.0.0.1 and ::1. Others may then reach the mocks, whose secrets are no
    /// secrets, and the control API, whose token is one.
    #[arg(long, value_name = "ADDRESS", env = "UNDERSTUDY_BIND")]
    pub(super) bind: Option<IpAddr>,
    /// The name by which others know this machine, such as host.docker.internal; the ports stay.
    #[arg(long, value_name = "NAME", value_parser = host, env = "UNDERSTUDY_PUBLIC_HOST")]
    pub(super) public_host: Option<String>,
    /// What everything random is drawn with: the same seed gives the same stage.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    seed: u64,
    /// End when standard input ends too. A program that starts this one and holds the pipe leaves nothing behind, however
    /// it ends itself.
    #[arg(long)]
    end_with_stdin: bool,
}

impl StageArgs {
    /// What ends the command that plays `scenario`.
    pub(super) fn signals(&self, scenario: &ScenarioArg) -> Result<Signals, Failure> {
        let signals = Signals::new()?;
        match self.end_with_stdin {
            true if scenario.is_stdin() => {
                Err(Failure::usage("standard input can't both hold the scenario and stay open: give it as a file"))
            }
            true => Ok(signals.and_stdin()),
            false => Ok(signals),
        }
    }

    /// A stage as it is asked for.
    pub(super) fn builder(&self, scenario: Scenario) -> Result<StageBuilder, Failure> {
        let mut builder =
            Stage::builder(scenario).portal_port(self.portal_port).idp_port(self.idp_port).seed(self.seed);
        if let Some(address) = self.bind {
            builder = builder.bind(address);
        }
        if let Some(name) = &self.public_host {
            builder = builder.public_host(name);
        }
        if !self.no_control {
            let any = self.portal_port == 0 && self.idp_port == 0;
            builder = builder.control_port(self.control_port.unwrap_or(if any { 0 } else { CONTROL_PORT }));
            if let Some(token) = control_token()? {
                builder = builder.control_token(token);
            }
        }
        Ok(builder)
    }

    /// Says so where others may reach what is served.
    pub(super) fn warn_of_others(&self, talk: Talk) {
        if let Some(address) = self.bind.filter(|address| !address.is_loopback()) {
            talk.say(format_args!(
                "Listening on {address}: whoever reaches this machine can get tokens here and read the portal."
            ));
        }
    }
}

/// A host as URLs have it, by name or by address.
fn host(text: &str) -> Result<String, String> {
    let wanted = "a host is a name or an address by itself, such as host.docker.internal, 10.0.0.2 or [::1]";
    url::Host::parse(text).map(|host| host.to_string()).map_err(|_| wanted.to_owned())
}

/// The control API's port where nobody says.
pub(super) const CONTROL_PORT: u16 = 31070;

/// The variable that says otherwise, to `up` and to who asks after it.
pub(super) const CONTROL_PORT_VARIABLE: &str = "UNDERSTUDY_CONTROL_PORT";

/// The variable that gives the control API its token, so that a compose file can name one for all that use it.
const CONTROL_TOKEN: &str = "UNDERSTUDY_CONTROL_TOKEN";

fn control_token() -> Result<Option<Secret>, Failure> {
    let Some(token) = env::var_os(CONTROL_TOKEN) else { return Ok(None) };
    // What a header can carry as it is, without blanks.
    match token.into_string() {
        Ok(token) if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(token.into())),
        _ => Err(Failure::Usage(format!(
            "{CONTROL_TOKEN} is no token: letters, digits and signs of ASCII, without blanks; without the variable a \
             random one is made"
        ))),
    }
}
