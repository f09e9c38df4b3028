//! What to paste: what `understudy up` prints, but for the secret, which is on no page.

use std::fmt::Write as _;

use axum::extract::State;
use maud::{Markup, html};

use super::{Desk, Part};
use crate::shell;
use crate::stage::{Controls, StageError};

/// The variable that the secret is left to.
const SECRET: &str = "CLIENT_SECRET";

/// The blocks to paste.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    Part(html! {
        h2 #paste-title tabindex="-1" { "To paste" }
        @match texts(&desk.controls) {
            Ok((exports, app_config)) => {
                (block("paste-exports", "In a shell", &exports))
                (block("paste-app-config", "In app-config.local.yaml, for the plugin", &app_config))
                p.muted { (whose_secret(&desk.controls)) }
            }
            Err(why) => p.reason.failed { (why) },
        }
    })
}

fn block(id: &str, title: &str, text: &str) -> Markup {
    html! {
        div.block {
            h3 { (title) }
            button id={ "copy-" (id) } type="button" data-copy=(id) { "Copy" span.hidden { ": " (title) } }
        }
        pre id=(id) tabindex="0" role="region" aria-label=(title) { (text) }
    }
}

fn texts(controls: &Controls) -> Result<(String, String), StageError> {
    let exports = controls.variables()?.into_iter().fold(String::new(), |mut text, (name, value)| {
        let _ = match name {
            // Whoever pastes it before the secret is set is told so.
            SECRET => writeln!(text, "export {name}=\"${{{name}:?it is where understudy up was started}}\""),
            name => writeln!(text, "export {name}={}", shell::word(&value)),
        };
        text
    });
    Ok((exports, controls.app_config()?.secret_from(SECRET).to_string()))
}

fn whose_secret(controls: &Controls) -> Markup {
    html! {
        "The secret is on no page. "
        @if controls.has_own_issuers() {
            "Take " code { (SECRET) } " from the terminal in which Understudy was started, or from its "
            code { "--env-file" } "; Backstage reads it from its environment."
        } @else {
            "Give " code { (SECRET) } " the secret of your own identity provider's client; Backstage reads it from its \
             environment."
        }
    }
}
