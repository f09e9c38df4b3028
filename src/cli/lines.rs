//! A line a request: `12:00:03 idp POST /oauth2/default/v1/token backstage 200 3ms`.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use understudy::{Exchange, Server};

/// The line for a person, in local time.
pub(super) fn text(exchange: &Exchange) -> String {
    let time = exchange.at.to_zoned(TimeZone::system());
    let style = match exchange.status.map_or(599, |status| status.as_u16()) {
        ..300 => Style::new().fg_color(Some(AnsiColor::Green.into())),
        300..400 => Style::new(),
        400.. => Style::new().fg_color(Some(AnsiColor::Red.into())),
    };
    let mut line = format!("{} {} {} ", time.strftime("%H:%M:%S"), exchange.server, exchange.method);
    push_visible(&mut line, &exchange.path);
    // At the identity provider, who asks is the point; at the portal, where all come as the service account, what they get.
    let (caller, outcome) = match exchange.server {
        Server::Idp => (exchange.note.caller.as_deref(), None),
        Server::Portal => (None, exchange.note.outcome.as_deref()),
    };
    if let Some(caller) = caller {
        line.push(' ');
        push_visible(&mut line, caller);
    }
    match exchange.status {
        Some(status) => drop(write!(line, " {style}{}{style:#}", status.as_u16())),
        None => drop(write!(line, " {style}no answer{style:#}")),
    }
    let refusal = exchange.note.refusal.as_ref().map(|refusal| &*refusal.0);
    if let Some(words) = refusal.or(outcome) {
        line.push(' ');
        push_visible(&mut line, words);
    }
    let _ = write!(line, " {}ms", exchange.elapsed.as_millis());
    for fault in &exchange.faults {
        line.push_str(" fault:");
        push_visible(&mut line, fault);
    }
    line
}

/// The same as one JSON object.
pub(super) fn json(exchange: &Exchange) -> String {
    serde_json::to_string(exchange).expect("a line of texts and numbers is JSON")
}

/// Appends what a caller sent, with nothing in it that a terminal would obey.
fn push_visible(line: &mut String, text: &str) {
    line.extend(text.chars().map(|character| if character.is_control() { '\u{FFFD}' } else { character }));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use understudy::scenarios::Note;

    use super::*;

    fn exchange(server: Server, path: &str, status: u16, note: Note) -> Exchange {
        Exchange {
            number: 1,
            at: "2026-01-01T12:00:03Z".parse().unwrap(),
            server,
            method: http::Method::GET,
            path: path.to_owned(),
            status: http::StatusCode::from_u16(status).ok(),
            note,
            faults: Vec::new(),
            elapsed: Duration::from_micros(3200),
        }
    }

    fn plain(exchange: &Exchange) -> String {
        let line = anstream::adapter::strip_str(&text(exchange)).to_string();
        line.split_once(' ').unwrap().1.to_owned()
    }

    #[test]
    fn a_line_tells_who_asked_the_identity_provider() {
        let note = Note::default().caller("backstage").outcome("scope portal");
        let exchange = exchange(Server::Idp, "/oauth2/default/v1/token", 200, note);
        assert_eq!(plain(&exchange), "idp GET /oauth2/default/v1/token backstage 200 3ms");
    }

    #[test]
    fn a_line_tells_what_the_portal_answered() {
        let exchange = exchange(Server::Portal, "/v1/apis", 200, Note::default().caller("x").outcome("2 products"));
        assert_eq!(plain(&exchange), "portal GET /v1/apis 200 2 products 3ms");
    }

    #[test]
    fn a_refusal_says_why() {
        let exchange = exchange(Server::Portal, "/v1/apis", 401, Note::default().refused("token expired 12 s ago"));
        assert_eq!(plain(&exchange), "portal GET /v1/apis 401 token expired 12 s ago 3ms");
    }

    #[test]
    fn what_a_caller_sent_cannot_steer_the_terminal() {
        let exchange = exchange(Server::Idp, "/", 401, Note::default().caller("a\u{1b}[2Jb"));
        assert!(!plain(&exchange).contains('\u{1b}'));
    }
}
