//! The way to the servers: names, connections, TLS and proxies, as this machine sees it and as Backstage's Node would.
//!
//! What both see alike is told once. Certificates are looked at with a handshake that takes any, and on which nothing is
//! sent; whether they are good is found out afterwards, once for each view.

mod certificate;
mod connect;
mod proxy;
mod roots;
mod server;
mod tls;
mod views;

use super::catalogue::{Check, Part};
use super::examination::{Beside, Examination};
use super::finding::{Status, View};
use proxy::{Proxies, Way};
use roots::Roots;
use server::Server;
use views::Views;

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[&PROXY, &DNS, &TCP, &TLS, &TLS_CHAIN, &TLS_HOST, &TLS_END_DATE, &NODE, &VIEWS];

static PROXY: Check = Check {
    id: "network.proxy",
    part: Part::Network,
    title: "It is known which proxy is in force, and it can be used",
    fails_when: "A proxy that the environment names is no URL, or refuses to connect to the server.",
    remedies: &[
        "HTTPS_PROXY and HTTP_PROXY name a proxy as http://HOST:PORT; NO_PROXY lists the hosts that are asked without one.",
        "Backstage's Node goes through no proxy unless NODE_USE_ENV_PROXY=1 is set (22.21, 24.5 and later).",
    ],
    needs: &[],
};

static DNS: Check = Check {
    id: "network.dns",
    part: Part::Network,
    title: "The hosts' names have addresses",
    fails_when: "A name is not known here.",
    remedies: &[
        "Check the spelling. A name of the cluster, such as one that ends in .svc, is known only within it: ask from there, \
         or forward a port with `kubectl port-forward`.",
        "A name of a company's own network needs its VPN or its DNS server.",
    ],
    needs: &[],
};

static TCP: Check = Check {
    id: "network.tcp",
    part: Part::Network,
    title: "Somebody accepts connections there",
    fails_when: "Nobody listens at the port, or something on the way drops what is sent.",
    remedies: &[
        "Refused: is the server running, and is that its port? In the cluster: `kubectl get svc -A`.",
        "No answer in time: a firewall, a security group or a missing route drops it.",
    ],
    needs: &["network.dns"],
};

static TLS: Check = Check {
    id: "network.tls",
    part: Part::Network,
    title: "TLS is agreed on",
    fails_when: "What answers there speaks no TLS, or none of a version that is still in use, 1.2 or 1.3.",
    remedies: &["Is the port its https port? Otherwise write http in the address, or mend the server's TLS settings."],
    needs: &["network.tcp"],
};

static TLS_CHAIN: Check = Check {
    id: "network.tls-chain",
    part: Part::Network,
    title: "The certificate is signed by an authority that is trusted",
    fails_when: "No authority that is trusted has signed it, or a certificate between the two is missing.",
    remedies: &[
        "A private authority, this machine: name its certificate's PEM file in CA_FILE, or add it to the system's roots.",
        "A private authority, Backstage: set NODE_EXTRA_CA_CERTS to that file before Node starts; the system's roots are \
         none of Node's.",
        "A public authority: have the server send the whole chain, its own certificate first, then those in between.",
    ],
    needs: &["network.tls"],
};

static TLS_HOST: Check = Check {
    id: "network.tls-host",
    part: Part::Network,
    title: "The certificate is for the host that is asked",
    fails_when: "The host's name is not among the certificate's.",
    remedies: &[
        "Ask by a name that the certificate has, or have one made for this name. A gateway shows another host's \
                 certificate where no listener of its own matches the name.",
    ],
    needs: &["network.tls"],
};

static TLS_END_DATE: Check = Check {
    id: "network.tls-end-date",
    part: Part::Network,
    title: "The certificates are good today, and will be for two weeks",
    fails_when: "A certificate of the chain has ended, is not good yet, or ends within 14 days.",
    remedies: &[
        "Renew it; with cert-manager: `kubectl describe certificate`. If it is not good yet, look at the clocks.",
    ],
    needs: &["network.tls"],
};

static NODE: Check = Check {
    id: "network.node",
    part: Part::Network,
    title: "Node's own settings are as they should be",
    fails_when: "NODE_EXTRA_CA_CERTS can't be used, which Node passes over with one line in its log, or \
                 NODE_TLS_REJECT_UNAUTHORIZED has it trust anybody.",
    remedies: &[
        "NODE_EXTRA_CA_CERTS names one PEM file with certificates of authorities.",
        "Unset NODE_TLS_REJECT_UNAUTHORIZED, and name the authority in NODE_EXTRA_CA_CERTS.",
    ],
    needs: &[],
};

static VIEWS: Check = Check {
    id: "network.views",
    part: Part::Network,
    title: "Backstage's Node gets as far as this machine does",
    fails_when: "With the environment of this process, Node would not get to a server, or not trust it, where this machine \
                 does; or the other way round.",
    remedies: &[
        "Trust: set NODE_EXTRA_CA_CERTS to the authority's PEM file before Node starts.",
        "Proxies: set NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY, with a Node that knows it (22.21, 24.5 and later).",
        "If Backstage runs elsewhere, run this check there, or with the variables that it has there.",
    ],
    needs: &["network.tcp"],
};

pub(super) async fn examine(exam: &mut Examination) {
    let servers = server::distinct(exam.portal.as_ref(), exam.token_endpoint.as_ref());
    let env = exam.variables();
    let (machine, node) = (Proxies::of_machine(&*env), Proxies::of_node(&*env));
    for problem in machine.problems.iter() {
        exam.fail(&PROXY, problem, "HTTPS_PROXY and HTTP_PROXY name a proxy as http://HOST:PORT.");
    }
    let roots = Roots::load(exam.asking.as_ref(), &*env);
    let mut views = Views::default();
    for server in &servers {
        let ways = [machine.way(server), node.way(server)];
        tell_ways(exam, server, &ways);
        examine_server(exam, server, &ways, &roots, &mut views).await;
    }
    roots.tell_node(exam);
    views.tell(exam, &servers);
}

/// Which way each view takes.
fn tell_ways(exam: &mut Examination, server: &Server, [machine, node]: &[Way; 2]) {
    if machine.is_as(node) {
        exam.pass(&PROXY, format!("{} is asked {machine}, by this machine and by Backstage's Node", server.address()));
        return;
    }
    for (view, way) in [(View::Machine, machine), (View::Backstage, node)] {
        let beside = Beside { view: Some(view), ..Beside::default() };
        exam.found(&PROXY, Status::Pass, format!("{} is asked {way}", server.address()), beside);
    }
}

async fn examine_server(exam: &mut Examination, server: &Server, ways: &[Way; 2], roots: &Roots, views: &mut Views) {
    let [machine, node] = ways;
    let mut stream = None;
    if machine.is_as(node) {
        stream = connect::examine(exam, server, machine, None, Status::Fail).await;
        views.reached(server, View::Machine, stream.is_some());
        views.reached(server, View::Backstage, stream.is_some());
    } else {
        let mut severity = Status::Fail;
        for (view, way) in [(View::Machine, machine), (View::Backstage, node)] {
            let connected = connect::examine(exam, server, way, Some(view), severity).await;
            views.reached(server, view, connected.is_some());
            // The difference between the two is what fails then.
            if connected.is_some() {
                severity = Status::Warn;
            }
            stream = stream.or(connected);
        }
    }
    let shown = match stream {
        Some(stream) => tls::examine(exam, server, stream).await,
        None => {
            tls::skip(exam, &format!("{}: there was no connection to look at", server.address()));
            None
        }
    };
    if let Some(shown) = shown {
        certificate::examine(exam, server, &shown, roots, views);
    }
}
