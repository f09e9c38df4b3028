//! The stage's clock: shown and moved.

use axum::extract::State;
use jiff::{RoundMode, SignedDuration, SignedDurationRound, Timestamp, Unit};
use maud::{Markup, html};
use serde_json::{Value, json};
use understudy_scenarios::{Clock, Lapse, Server};

use super::{Desk, Part};
use crate::stage::Controls;

/// The clock.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    let controls = &desk.controls;
    let (now, is_frozen) = (controls.clock().now(), controls.clock().is_frozen());
    let advance = |by: &str| json!({ "advance": by });
    Part(html! {
        h2 #clock-title tabindex="-1" { "Clock" }
        p.time {
            time #clock-now datetime=(now) data-frozen=(is_frozen) { (now.strftime("%Y-%m-%d %H:%M:%S")) } " UTC"
        }
        p { (course(controls)) }
        @for server in [Server::Portal, Server::Idp] { (skew(controls, server)) }
        div.buttons {
            (button("clock-5m", "+5 min", &advance("5m"), "The clock is 5 minutes further"))
            (button("clock-1h", "+1 h", &advance("1h"), "The clock is an hour further"))
            (button("clock-1d", "+1 day", &advance("24h"), "The clock is a day further"))
            @if is_frozen { (button("clock-course", "Run", &json!("run"), "The clock runs")) }
            @else { (button("clock-course", "Freeze", &json!("freeze"), "The clock stands still")) }
            button #clock-real type="button" data-method="POST" data-path="/clock" data-real-time data-done="The clock has the real time" {
                "Real time"
            }
        }
        form.by data-advance="/clock" {
            label for="clock-by" { "Advance by" }
            input #clock-by name="by" value="90m" size="7" autocomplete="off" spellcheck="false" aria-describedby="clock-hint";
            button #clock-advance type="submit" { "Advance" }
        }
        p #clock-hint .muted { "Such as 250ms, 90s, 5m or 1h; with a minus it goes back. Tokens age at once." }
    })
}

fn button(id: &str, name: &str, body: &Value, done: &str) -> Markup {
    html! {
        button id=(id) type="button" data-method="POST" data-path="/clock" data-body=(body) data-done=(done) { (name) }
    }
}

/// How the clock goes, in a sentence.
fn course(controls: &Controls) -> String {
    if controls.clock().is_frozen() {
        return "It stands still.".to_owned();
    }
    let ahead = ahead(controls);
    match ahead {
        SignedDuration::ZERO => "It runs with real time.".to_owned(),
        ahead if ahead.is_negative() => format!("It runs {} behind real time.", Lapse(-ahead)),
        ahead => format!("It runs {} ahead of real time.", Lapse(ahead)),
    }
}

/// How far the clock is ahead of real time, to the second.
fn ahead(controls: &Controls) -> SignedDuration {
    whole_seconds(controls.clock().now().duration_since(Clock::system().now()))
}

fn whole_seconds(time: SignedDuration) -> SignedDuration {
    time.round(SignedDurationRound::new().smallest(Unit::Second).mode(RoundMode::HalfExpand)).unwrap_or(time)
}

fn skew(controls: &Controls, server: Server) -> Markup {
    let skew = controls.skew(server);
    let who = match server {
        Server::Portal => "The portal's clock",
        Server::Idp => "The identity provider's clock",
    };
    html! {
        @if skew.is_positive() { p.told { (who) " is " (Lapse(skew)) " ahead of it." } }
        @if skew.is_negative() { p.told { (who) " is " (Lapse(-skew)) " behind it." } }
    }
}

/// What of the clock the page shows and is not told by time going by.
pub(super) fn tag(controls: &Controls) -> String {
    let frozen: Option<Timestamp> = controls.clock().is_frozen().then(|| controls.clock().now());
    let course = frozen.map_or_else(|| format!("{}s", ahead(controls).as_secs()), |now| now.to_string());
    format!("{course} {} {}", Lapse(controls.skew(Server::Portal)), Lapse(controls.skew(Server::Idp)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_ahead_is_told_to_the_second() {
        let seconds = |millis| whole_seconds(SignedDuration::from_millis(millis)).as_secs();
        assert_eq!([3_599_999, 400, -400, -1_600].map(seconds), [3_600, 0, 0, -2]);
    }
}
