//! The page at `/`: what is up, for whoever looks with a browser.
//!
//! A browser sends no token when it opens an address, so what it gets at `/` is a **shell** that holds nothing of the
//! stage. Its script takes the token from behind the `#` of the address, which no browser sends to a server, keeps it in
//! the tab's session storage, and fetches the **parts** with it, each a piece of HTML that is made here. A **pulse** tells
//! it which parts are no longer what they were. What a button does is a request of the API that anybody could send.
//!
//! No secret and no token is on the page, and what the world says is text there, never markup.

mod catalog;
mod clock;
mod faults;
mod legible;
mod paste;
mod pulse;
mod shell;
mod stage;
mod undisturbed;
mod world;

use std::time::Instant;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use maud::Markup;

use super::index;
use crate::play::report::printable;
use crate::stage::Controls;
use undisturbed::Undisturbed;

/// What the shell needs: no part of it holds anything of the stage, and none needs the token.
const ASSETS: [Asset; 3] = [
    Asset {
        path: "/page/style.css",
        form: "text/css; charset=utf-8",
        text: concat!(include_str!("../palette.css"), include_str!("page/style.css")),
    },
    Asset { path: "/page/script.js", form: "text/javascript; charset=utf-8", text: include_str!("page/script.js") },
    Asset { path: "/page/icon.svg", form: "image/svg+xml", text: include_str!("page/icon.svg") },
];

/// The most rows that a table of the page has: of more, their number is told.
const MOST_ROWS: usize = 250;

/// A file of the page.
#[derive(Clone, Copy)]
struct Asset {
    path: &'static str,
    form: &'static str,
    text: &'static str,
}

/// What the parts are made of.
#[derive(Clone)]
struct Desk {
    controls: Controls,
    /// Since when the stage is up, in real time.
    opened: Instant,
    catalog: Undisturbed,
}

/// The page's own routes.
pub(super) fn router<S: Clone + Send + Sync + 'static>(controls: Controls) -> Router<S> {
    let desk = Desk { controls, opened: Instant::now(), catalog: Undisturbed::default() };
    let parts = Router::new()
        .route("/page/parts/stage", get(stage::part))
        .route("/page/parts/world", get(world::part))
        .route("/page/parts/catalog", get(catalog::part))
        .route("/page/parts/faults", get(faults::part))
        .route("/page/parts/clock", get(clock::part))
        .route("/page/parts/paste", get(paste::part))
        .route("/page/definitions/{name}", get(catalog::definition))
        .route("/page/pulse", get(pulse::pulse))
        .with_state(desk);
    ASSETS
        .into_iter()
        .fold(parts, |router, asset| router.route(asset.path, get(move || async move { text(asset.form, asset.text) })))
}

/// Answers the shell to a browser, and the index to a program.
pub(super) async fn or_index(headers: HeaderMap) -> Response {
    if is_wanted(&headers) {
        return Part(shell::shell()).into_response();
    }
    index::index().await.into_response()
}

/// Whether it is a browser that asks, which wants HTML; what programs send wants anything.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let wants_html =
        |value: &HeaderValue| value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("text/html"));
    headers.get_all(ACCEPT).iter().any(wants_html)
}

/// Whether this is the path of a file that the shell needs.
pub(super) fn is_asset(path: &str) -> bool {
    ASSETS.iter().any(|asset| asset.path == path)
}

/// A piece of HTML that is answered. Whatever a text held, no control character is in it.
struct Part(Markup);

impl IntoResponse for Part {
    fn into_response(self) -> Response {
        text("text/html; charset=utf-8", printable(&self.0.into_string()).into_owned())
    }
}

fn text(form: &'static str, text: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(form))], text).into_response()
}

/// A line below a table of which only the first rows are shown; nothing where all are.
fn rest(number: usize, thing: &str) -> Markup {
    maud::html! {
        @if let Some(more) = number.checked_sub(MOST_ROWS).filter(|more| *more > 0) {
            p.muted { "… and " (crate::play::report::count(more, thing)) " more." }
        }
    }
}
