//! `understudy health`: whether a stage is up, for a container's health check and for scripts that wait for one.

use std::time::{Duration, Instant};

use clap::Args;
use http::StatusCode;
use understudy::provider::{HttpClient, HttpError};
use url::Url;

use super::failure::Failure;
use super::output;
use super::run::duration;
use super::stage::{CONTROL_PORT, CONTROL_PORT_VARIABLE};
use super::talk::Talk;
use super::up::http_url;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy health                                    whether `understudy up` is up on this machine
  understudy health --wait 30s                         ... or will be within 30 seconds
  understudy health http://localhost:31100/healthz     whether `understudy serve` is

Exit codes: 0 it is well, 1 it answers something else, 2 usage, 3 nobody answers.")]
pub(super) struct HealthArgs {
    /// What to ask: any URL that is answered with 200 when all is well. [default: /health of the control API on this
    /// machine, which needs no token]
    #[arg(value_name = "URL", value_parser = http_url, env = "UNDERSTUDY_HEALTH_URL")]
    url: Option<Url>,
    /// The control API's port, where no URL is given.
    #[arg(long, env = CONTROL_PORT_VARIABLE, default_value_t = CONTROL_PORT, value_name = "PORT")]
    control_port: u16,
    /// Ask over and over until all is well, for this long at most, such as 30s.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
}

/// How long one answer may take: less than what container engines give a health check.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How much may be answered, in bytes: the URL may be any.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;
/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(args: HealthArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let url = match args.url {
        Some(url) => url,
        None => http_url(&format!("http://localhost:{}/health", args.control_port)).map_err(Failure::Usage)?,
    };
    runtime.block_on(async {
        let asked = until_well(&url, args.wait.unwrap_or_default());
        match args.wait {
            Some(_) => talk.while_waiting(format!("waiting for {url}"), asked).await?,
            None => asked.await?,
        }
        output::write(b"up\n")
    })
}

/// Asks until all is well, or this long; once at least.
async fn until_well(url: &Url, patience: Duration) -> Result<(), Failure> {
    let began = Instant::now();
    let http = HttpClient::with_limits(TIME_LIMIT, SIZE_LIMIT);
    loop {
        let failure = match http.get(url.clone(), None).await {
            Ok(answer) if answer.status() == StatusCode::OK => return Ok(()),
            Ok(answer) => Failure::Refused(format!("{url} answers {}, and not 200: it is not well", answer.status())),
            Err(HttpError::Connection(error)) => {
                Failure::Unreachable(format!("{error}. Is `understudy up` running there, with its control API?"))
            }
            Err(error) => Failure::Refused(error.to_string()),
        };
        if began.elapsed() + PAUSE > patience {
            return Err(failure);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
