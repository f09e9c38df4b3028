//! How far each view gets, and whether one gets further than the other.

use super::VIEWS;
use super::server::Server;
use crate::check::examination::Examination;
use crate::check::finding::View;

/// How far each view gets with each server.
#[derive(Default)]
pub(super) struct Views {
    reached: Vec<(String, View, bool)>,
    trusted: Vec<(String, View, bool)>,
}

impl Views {
    pub(super) fn reached(&mut self, server: &Server, view: View, is: bool) {
        self.reached.push((server.address(), view, is));
    }

    pub(super) fn trusted(&mut self, server: &Server, view: View, is: bool) {
        self.trusted.push((server.address(), view, is));
    }

    pub(super) fn tell(&self, exam: &mut Examination, servers: &[Server]) {
        const TRUST: &str = "Set NODE_EXTRA_CA_CERTS to the authority's PEM file before Node starts. If Backstage runs \
                             elsewhere, run this check there, or with the variables that it has there.";
        const PROXY: &str = "Set NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY, with a Node that knows it (22.21, 24.5 and later). \
                             If Backstage runs elsewhere, run this check there, or with the variables that it has there.";
        const OTHER_WAY: &str = "The same proxies and roots should hold for both; only then what is seen here holds for \
                                 Backstage.";
        for server in servers {
            let address = server.address();
            let of = |seen: &[(String, View, bool)], view| {
                seen.iter().find(|(of, by, _)| *of == address && *by == view).map(|(_, _, is)| *is)
            };
            let reached = [View::Machine, View::Backstage].map(|view| of(&self.reached, view).unwrap_or(false));
            let trusted = [View::Machine, View::Backstage].map(|view| of(&self.trusted, view).unwrap_or(true));
            match (reached, trusted) {
                ([true, false], _) => exam.fail(
                    &VIEWS,
                    format!("this machine reaches {address}, and Backstage's Node would not, with this environment"),
                    PROXY,
                ),
                ([false, true], _) => exam.warn(
                    &VIEWS,
                    format!("Backstage's Node would reach {address}, and this machine does not"),
                    OTHER_WAY,
                ),
                ([true, true], [true, false]) => exam.fail(
                    &VIEWS,
                    format!("this machine trusts {address}, and Backstage's Node would not, with this environment"),
                    TRUST,
                ),
                ([true, true], [false, true]) => exam.warn(
                    &VIEWS,
                    format!("Backstage's Node would trust {address}, and this machine does not"),
                    OTHER_WAY,
                ),
                ([false, false], _) => exam.skip(&VIEWS, format!("{address} is reached by neither")),
                ([true, true], [false, false]) => exam.skip(&VIEWS, format!("{address} is trusted by neither")),
                ([true, true], [true, true]) => {
                    exam.pass(&VIEWS, format!("Backstage's Node gets as far with {address} as this machine does"));
                }
            }
        }
    }
}
