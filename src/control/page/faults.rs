//! What goes wrong: in force, and to be put in force by a click.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Value, json};
use understudy_scenarios::{Family, Fault, Server};

use super::{Desk, MOST_ROWS, Part, rest};
use crate::play::report::count;
use crate::stage::{Active, Controls};

/// Something that can be put in force by a click: the body of a `POST /faults`.
struct Offer {
    /// What `lift` calls it, and what the journal shows.
    name: &'static str,
    title: &'static str,
    /// What a caller meets, in a sentence.
    meets: &'static str,
    fault: Value,
}

/// Something that happens once, and is then so.
struct Event {
    id: &'static str,
    title: &'static str,
    meets: &'static str,
    path: &'static str,
    body: Value,
}

/// The faults in force, and what can be clicked.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    let active = desk.controls.faults().active();
    Part(html! {
        h2 #faults-title tabindex="-1" { "What goes wrong" }
        div.tools {
            p class=(if active.is_empty() { "calm" } else { "alarm" }) { (how_many(active.len())) }
            button #lift-all type="button" data-method="DELETE" data-path="/faults" data-done="All faults are lifted" {
                "Lift all"
            }
        }
        // What is in force stands below, so that a click moves no button from under the pointer.
        ul.offers { @for offer in offers(&desk.controls) { li {
            @let is_on = active.iter().any(|active| active.fault.name() == offer.name);
            button id={ "inject-" (offer.name) } .on[is_on] type="button" data-method="POST" data-path="/faults"
                data-body=(body(offer.name, offer.fault)) data-done={ (offer.title) ": in force" } {
                b { (offer.title) } @if is_on { span.hidden { " (in force)" } }
                span { (offer.meets) }
            }
        } } }
        (in_force(&active))
        h3 { "Let happen" }
        ul.offers { @for event in events(&desk.controls) { li {
            button id={ "event-" (event.id) } type="button" data-method="POST" data-path=(event.path)
                data-body=(event.body) data-done={ (event.title) ": done" } {
                b { (event.title) } span { (event.meets) }
            }
        } } }
    })
}

fn how_many(faults: usize) -> String {
    match faults {
        0 => "Nothing does: no fault is in force.".to_owned(),
        1 => "1 fault is in force.".to_owned(),
        faults => format!("{faults} faults are in force."),
    }
}

fn in_force(active: &[Arc<Active>]) -> Markup {
    html! {
        @if !active.is_empty() {
            h3 { "In force" }
            ul.in-force { @for active in active.iter().take(MOST_ROWS) { li {
                div {
                    b { (active.fault.name()) } " " span.muted { (played(active.played())) }
                    code { (requests(&active.fault)) }
                }
                button id={ "lift-" (active.id) } type="button" data-method="DELETE" data-path={ "/faults/" (active.id) }
                    data-done={ (active.fault.name()) ": lifted" } {
                    "Lift" span.hidden { " " (active.fault.name()) }
                }
            } } }
            (rest(active.len(), "fault"))
        }
    }
}

fn played(times: u64) -> String {
    match times {
        0 => "not met yet".to_owned(),
        times => format!("met by {}", count(usize::try_from(times).unwrap_or(usize::MAX), "request")),
    }
}

/// What a fault does, on which requests, as it is written.
fn requests(fault: &Fault) -> String {
    let server = fault.server.map_or("both servers", Server::as_str);
    let method = fault.method.as_deref().map(|method| format!(" {method}")).unwrap_or_default();
    let path = fault.path.as_deref().map(|path| format!(" {path}")).unwrap_or_default();
    let does = serde_json::to_string(&fault.does).unwrap_or_default();
    format!("{server}{method}{path}: {does}")
}

fn body(name: &str, mut fault: Value) -> Value {
    fault["name"] = name.into();
    fault
}

/// The list of APIs and the documents have other paths in each family.
fn offers(controls: &Controls) -> [Offer; 9] {
    let (list, documents) = match controls.world().current().world.portal.family {
        Family::GlooMeshGateway { .. } => ("/v1/apis", "/v1/apis/*/schema"),
        Family::GlooGateway => ("/v1/api-products", "/v1/api-products/*/versions"),
    };
    [
        Offer {
            name: "portal-down",
            title: "Portal down",
            meets: "The portal answers 503, as a gateway with nothing behind it.",
            fault: json!({"server": "portal", "does": {"status": {"code": 503, "error": "envoy-no-upstream"}}}),
        },
        Offer {
            name: "list-empty",
            title: "List empty",
            meets: "The list is well formed and holds nothing.",
            fault: json!({"server": "portal", "path": list, "does": {"items": "none"}}),
        },
        Offer {
            name: "document-broken",
            title: "Documents broken",
            meets: "The documents have a mistake in their JSON.",
            fault: json!({"server": "portal", "path": documents, "does": "malformed-json"}),
        },
        Offer {
            name: "too-many-requests",
            title: "Too many requests",
            meets: "The portal answers 429, with Retry-After: 60.",
            fault: json!({
                "server": "portal",
                "does": {"status": {"code": 429, "body": "too many requests", "headers": {"Retry-After": "60"}}},
            }),
        },
        Offer {
            name: "login-page",
            title: "Login page",
            meets: "A page of HTML stands in place of the list, with status 200.",
            fault: json!({"server": "portal", "path": list, "does": "html"}),
        },
        Offer {
            name: "connection-reset",
            title: "Connection reset",
            meets: "The portal breaks each connection in place of an answer.",
            fault: json!({"server": "portal", "does": "reset"}),
        },
        Offer {
            name: "connection-refused",
            title: "Connection refused",
            meets: "Nobody listens on the portal's port.",
            fault: json!({"server": "portal", "does": "refuse"}),
        },
        Offer {
            name: "token-slow",
            title: "Token endpoint slow",
            meets: "Each token takes eight seconds longer.",
            fault: json!({"server": "idp", "method": "POST", "does": {"latency": {"by": "8s"}}}),
        },
        Offer {
            name: "token-refused",
            title: "Token refused",
            meets: "The token endpoint does not know the client.",
            fault: json!({
                "server": "idp", "method": "POST",
                "does": {"status": {"code": 401, "error": "okta-invalid-client"}},
            }),
        },
    ]
}

fn events(controls: &Controls) -> Vec<Event> {
    let rotation = controls.world().current().world.identity.issuers.first().map(|issuer| Event {
        id: "rotate-keys",
        title: "Keys rotate",
        meets: "The first issuer signs with another key from now on.",
        path: "/keys",
        body: json!({"rotate": issuer.name}),
    });
    let others = [
        Event {
            id: "revoke-tokens",
            title: "Tokens revoked",
            meets: "All tokens of before are turned away.",
            path: "/tokens",
            body: json!("revoke"),
        },
        Event {
            id: "restart-portal",
            title: "Portal restarts",
            meets: "Its connections and caches go, its world stays.",
            path: "/restarts",
            body: json!("portal"),
        },
        Event {
            id: "reset",
            title: "All as at the start",
            meets: "World, keys and clock of the start, no faults, an empty journal.",
            path: "/reset",
            body: Value::Null,
        },
    ];
    rotation.into_iter().chain(others).collect()
}
