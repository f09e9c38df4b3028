//! A line a request: `12:00:03 idp POST /oauth2/default/v1/token backstage 200 3ms`.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use serde::Serialize;
use understudy::{Exchange, Server};

/// The line for a person, in local time.
pub(super) fn text(exchange: &Exchange) -> String {
    let time = exchange.at.to_zoned(TimeZone::system());
    let status = exchange.status.as_u16();
    let style = match status {
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
    let _ = write!(line, " {style}{status}{style:#}");
    let refusal = exchange.note.refusal.as_ref().map(|refusal| &*refusal.0);
    if let Some(words) = refusal.or(outcome) {
        line.push(' ');
        push_visible(&mut line, words);
    }
    let _ = write!(line, " {}ms", exchange.elapsed.as_millis());
    line
}

/// The same as one JSON object.
pub(super) fn json(exchange: &Exchange) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        at: jiff::Timestamp,
        server: &'static str,
        method: &'a str,
        path: &'a str,
        status: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        route: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        caller: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        refusal: Option<&'a str>,
        elapsed_ms: f64,
    }
    let note = &exchange.note;
    let line = Line {
        at: exchange.at,
        server: exchange.server.as_str(),
        method: exchange.method.as_str(),
        path: &exchange.path,
        status: exchange.status.as_u16(),
        route: note.route,
        caller: note.caller.as_deref(),
        outcome: note.outcome.as_deref(),
        refusal: note.refusal.as_ref().map(|refusal| &*refusal.0),
        elapsed_ms: exchange.elapsed.as_secs_f64() * 1e3,
    };
    serde_json::to_string(&line).expect("a line of texts and numbers is JSON")
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
            at: "2026-01-01T12:00:03Z".parse().unwrap(),
            server,
            method: http::Method::GET,
            path: path.to_owned(),
            status: http::StatusCode::from_u16(status).unwrap(),
            note,
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
