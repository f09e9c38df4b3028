//! Which scenarios and expectations fit servers that are there: those that change nothing of them.

use understudy_scenarios::file::{IdentityFile, PortalFile};
use understudy_scenarios::{ClockMove, Expect, Restart, Scenario, Server, Step, TokenChange, read_only};

use super::subject::Subject;
use crate::Target;

/// Why a scenario can't be played on this target, where it can't.
pub(super) fn unfit(scenario: &Scenario, steps: &[Step], subject: &Subject, target: &Target) -> Option<String> {
    if !target.is_portal_real() && !target.is_idp_real() {
        return None;
    }
    if let Some(reason) = steps.iter().find_map(|step| unplayable(step, target)) {
        return Some(reason);
    }
    // Those that come with the program hold a portal for mocks, and mean any.
    let is_for_any = read_only::find(scenario.name()).is_some() && scenario.folders().is_empty();
    if target.is_portal_real() && !is_for_any && scenario.file().portal != PortalFile::default() {
        return Some("it says what the portal shows, and a real one shows what it has".to_owned());
    }
    if target.is_idp_real() && scenario.file().identity != IdentityFile::default() {
        return Some("it says who the identity provider knows, and a real one knows whom it knows".to_owned());
    }
    let mut expects = steps.iter().filter_map(|step| match step {
        Step::Expect(expect) => Some(expect),
        _ => None,
    });
    let sees_none =
        expects.clone().next().is_some() && expects.all(|expect| judgeable(expect, subject, target).is_none());
    sees_none.then(|| UNSEEN.to_owned())
}

/// Why an expectation about requests is not judged.
pub(super) const UNSEEN: &str = "what a command asks of a real server can't be seen from here";

/// What can be judged of an expectation on this target; nothing where none of it can. Only what our own provider asks of a
/// real server is seen.
pub(super) fn judgeable(expect: &Expect, subject: &Subject, target: &Target) -> Option<Expect> {
    let is_seen = |server| matches!(subject, Subject::Provider) || !is_real(server, target);
    let mut judgeable = expect.clone();
    judgeable.requests.retain(|wish| is_seen(wish.server));
    (judgeable != Expect::default() || *expect == judgeable).then_some(judgeable)
}

fn is_real(server: Server, target: &Target) -> bool {
    match server {
        Server::Portal => target.is_portal_real(),
        Server::Idp => target.is_idp_real(),
    }
}

/// Why a step can't be played on this target, where it can't.
fn unplayable(step: &Step, target: &Target) -> Option<String> {
    let real = |server: Server| is_real(server, target).then_some(server);
    let of_either = || real(Server::Portal).or_else(|| real(Server::Idp));
    let (server, why) = match step {
        Step::Sync | Step::Expect(_) | Step::Lift(_) | Step::Restart(Restart::Subject) => return None,
        Step::Change(_) => (real(Server::Portal), "is left as it is"),
        Step::Fault(fault) => (fault.server.map_or_else(of_either, real), "has no faults to be played"),
        Step::Clock(ClockMove::Skew(skew)) => (real(skew.server), "has a clock of its own"),
        Step::Clock(_) => (of_either(), "has a clock of its own"),
        Step::Keys(_) => (real(Server::Idp), "keeps its keys"),
        Step::Tokens(TokenChange::Expire | TokenChange::Revoke) => {
            (real(Server::Portal), "takes the tokens that it takes")
        }
        Step::Tokens(_) => (real(Server::Idp), "gives the tokens that it gives"),
        Step::Restart(Restart::Portal) => (real(Server::Portal), "is not started anew"),
        Step::Restart(Restart::Idp) => (real(Server::Idp), "is not started anew"),
    };
    let server = match server? {
        Server::Portal => "portal",
        Server::Idp => "identity provider",
    };
    Some(format!("`{step}`: a real {server} {why}"))
}
