//! The lines that tell how the plugin fares: its own (0.0.74), those of Backstage's scheduler about its task, and those of
//! the catalog about what it gives.

/// What the plugin's own lines hold.
pub(super) const PLUGIN: &str = "gloo-platform-portal: ";
/// The scheduler's name for the plugin's sync.
const TASK: &str = "run_gloo_platform_portal_refresh";
/// The catalog's name for the plugin.
const PROVIDER: &str = "gloo-platform-portal-backend-provider";

/// A line that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    /// The plugin has started.
    Initializing,
    /// It says more than it would without `debugLogging`.
    Debug,
    /// It has no configuration at all.
    NoConfig,
    /// A key of its configuration is not there.
    NoKey,
    /// The token request was refused, or gave something else.
    TokenRefused,
    /// The token request reached nobody.
    TokenUnreachable,
    /// The token is no JWT.
    TokenOpaque,
    /// The token has no `exp`.
    NoExp,
    /// The token counted as expired when it came.
    TokenExpired,
    /// The sync was scheduled: a first token has come.
    Scheduled,
    /// A sync found no connection or no token.
    NotInitialized,
    /// The list, a document or an entity could not be made.
    ListFailed,
    /// The portal could not get a document itself.
    SchemaFailed,
    /// A sync took longer than `syncTimeout`.
    TimedOut,
    /// The catalog refused an entity.
    Refused,
    /// Somebody else has given an entity of that name.
    Conflict,
    /// The catalog could not take an entity in.
    NotAdded,
    /// A bearer token stands in the log.
    Token,
    /// The client secret stands in the log.
    ClientSecret,
}

/// What a line tells, each with what it names.
pub(super) fn known(text: &str) -> Vec<(Line, Option<&str>)> {
    let mut found = Vec::new();
    if let Some((_, said)) = text.split_once(PLUGIN) {
        found.extend(of_plugin(said));
    }
    if text.contains(TASK) {
        let line = [
            ("Registered scheduled task: ", Line::Scheduled),
            ("Not initialized", Line::NotInitialized),
            ("timed out and was lost", Line::TimedOut),
            ("Task timed out", Line::TimedOut),
            ("The operation was aborted", Line::TimedOut),
        ];
        found.extend(line.iter().find(|(words, _)| text.contains(words)).map(|(_, line)| (*line, None)));
    } else if text.contains("Not initialized") && text.contains("GlooPlatformPortalProvider.run") {
        found.push((Line::NotInitialized, None));
    }
    found.extend(of_rejection(text));
    found.extend(of_catalog(text));
    found
}

/// What the plugin says after its name.
fn of_plugin(said: &str) -> Option<(Line, Option<&str>)> {
    const DEBUG: [&str; 12] = [
        "Making the initial access_token request",
        "Got the access_token",
        "Setting a timeout to get the next",
        "Scheduling backstage catalog sync",
        "No frequency value was set",
        "Frequency set to",
        "No timeout value was set",
        "Timeout set to",
        "Fetching API",
        "Retrying fetching APIs",
        "Performed fetch",
        "Transformed APIs",
    ];
    let begins = |words: &str| said.starts_with(words);
    Some(if begins("Initializing GlooPlatformPortalProvider") {
        (Line::Initializing, None)
    } else if begins("No backstage config found") || begins("Backstage config object not found") {
        (Line::NoConfig, None)
    } else if let Some(rest) = said.strip_prefix("No glooPlatformPortal.backend.") {
        (Line::NoKey, rest.split_whitespace().next())
    } else if begins("No `exp` property") {
        (Line::NoExp, None)
    } else if begins("access token is expired!") {
        (Line::TokenExpired, None)
    } else if begins("Could not get APIs from the portal server endpoint") {
        (Line::ListFailed, between(said, "entities (", ")"))
    } else if let Some(rest) = said.strip_prefix("Schema fetch error for ") {
        (Line::SchemaFailed, rest.split(" : ").next())
    } else if DEBUG.iter().any(|words| begins(words)) {
        (Line::Debug, None)
    } else {
        return None;
    })
}

/// Nobody catches what the plugin's first token request throws, so that Node, or Backstage for it, tells of that.
fn of_rejection(text: &str) -> Option<(Line, Option<&str>)> {
    if text.contains("Error parsing oauth response.") {
        return Some((Line::TokenRefused, Some("the answer was no JSON")));
    }
    if text.contains("No 'access_token' property was found in the oauth response body") {
        return Some((Line::TokenRefused, Some("the answer held no access_token")));
    }
    let is_rejection = ["Unhandled rejection", "unhandledRejection", "UnhandledPromiseRejection"];
    if !is_rejection.iter().any(|words| text.contains(words)) {
        return None;
    }
    if let Some(reason) = between(text, "failed, reason:", " type=").filter(|_| text.contains("request to ")) {
        let url = between(text, "request to ", " failed")?;
        // The plugin's other requests are caught.
        return url.contains("token").then(|| (Line::TokenUnreachable, Some(reason.trim())));
    }
    if text.contains("parseJwt") {
        return Some((Line::TokenOpaque, None));
    }
    if text.contains("doAccessTokenRequest") || text.contains("startTokensRequests") {
        let reason = between(text, "Unhandled rejection ", " type=").or_else(|| between(text, "\"message\":\"", "\","));
        return Some((
            Line::TokenRefused,
            reason.map(|reason| reason.trim_start_matches("Unhandled rejection ").trim()),
        ));
    }
    None
}

/// What the catalog says of entities.
fn of_catalog(text: &str) -> Option<(Line, Option<&str>)> {
    if text.contains("detected conflicting entityRef") && text.contains(PROVIDER) {
        return Some((Line::Conflict, between(text, "conflicting entityRef ", " and now also")));
    }
    if text.contains("Failed to add '") && text.contains(PROVIDER) {
        return Some((Line::NotAdded, between(text, "Failed to add '", "'")));
    }
    for (before, after) in [("Policy check failed for ", ";"), ("Processing of ", " failed")] {
        if let Some(entity) = between(text, before, after).filter(|entity| is_api(entity)) {
            return Some((Line::Refused, Some(entity.trim_end_matches(','))));
        }
    }
    None
}

/// Whether a reference is an API's; the plugin's other entities are always the same, and sound.
fn is_api(reference: &str) -> bool {
    reference.get(..4).is_some_and(|kind| kind.eq_ignore_ascii_case("api:"))
}

/// What stands between two texts; up to the end of the line where the second is not there.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after).map_or(rest, |(inside, _)| inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_the_plugin_is_known_with_what_it_names() {
        for (text, line, name) in [
            ("… info gloo-platform-portal: Initializing GlooPlatformPortalProvider. ", Line::Initializing, None),
            (
                "gloo-platform-portal: No glooPlatformPortal.backend.clientId found in app-config.local.yaml",
                Line::NoKey,
                Some("clientId"),
            ),
            ("gloo-platform-portal: No `exp` property found in the access_token JWT.", Line::NoExp, None),
            (
                "gloo-platform-portal: Could not get APIs from the portal server endpoint or their schemas or transform them \
                 into entities (http://p/v1/apis). Error: {}",
                Line::ListFailed,
                Some("http://p/v1/apis"),
            ),
            ("gloo-platform-portal: Schema fetch error for a-v1 : \"gone\"", Line::SchemaFailed, Some("a-v1")),
            ("gloo-platform-portal: Got the access_token.", Line::Debug, None),
        ] {
            assert_eq!(known(text), [(line, name)], "{text}");
        }
    }

    #[test]
    fn what_nobody_caught_is_told_apart() {
        for (text, line, name) in [
            (
                r#"rootLogger error Unhandled rejection The client secret supplied for a confidential client is invalid. type="unhandledRejection" stack="Error: …\n    at doAccessTokenRequest (/app/index.cjs.js:115:11)""#,
                Line::TokenRefused,
                Some("The client secret supplied for a confidential client is invalid."),
            ),
            (
                r#"rootLogger error Unhandled rejection request to http://idp:1/oauth2/v1/token failed, reason: connect ECONNREFUSED ::1:1 type="unhandledRejection""#,
                Line::TokenUnreachable,
                Some("connect ECONNREFUSED ::1:1"),
            ),
            (
                r#"rootLogger error Unhandled rejection Cannot read properties of undefined (reading 'replace') stack="TypeError\n    at parseJwt (""#,
                Line::TokenOpaque,
                None,
            ),
        ] {
            assert_eq!(known(text), [(line, name)], "{text}");
        }
        assert_eq!(known("rootLogger error Unhandled rejection something of another plugin"), []);
    }

    #[test]
    fn what_scheduler_and_catalog_say_is_known() {
        for (text, line, name) in [
            (
                r#"info Registered scheduled task: run_gloo_platform_portal_refresh, {"version":2}"#,
                Line::Scheduled,
                None,
            ),
            (
                r#"error Not initialized type="taskManager" task="run_gloo_platform_portal_refresh""#,
                Line::NotInitialized,
                None,
            ),
            (
                "warn Source gloo-platform-portal-backend-provider detected conflicting entityRef api:default/a already \
                 referenced by url:https://x and now also gloo-platform-portal-provider",
                Line::Conflict,
                Some("api:default/a already referenced by url:https://x"),
            ),
            (
                "warn Processing of api:default/a- failed Policy check failed for api:default/a-; caused by TypeError",
                Line::Refused,
                Some("api:default/a-"),
            ),
        ] {
            assert_eq!(known(text), [(line, name)], "{text}");
        }
        assert_eq!(known("warn Processing of component:default/a failed"), []);
    }
}
