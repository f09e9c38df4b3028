//! Property tests over what a token endpoint may answer: it is a token or an error, and no message shows a token or a secret.

use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::AccessToken;
use super::answer::TokenAnswer;
use super::error::{is_token, no_token};
use crate::http::Answer;
use crate::quote::ShownUrl;

/// What no message may show.
const TOKEN: &str = "marker-token-of-nobody";
const SECRET: &str = "marker-secret-of-nobody";

fn answer(status: u16, body: Vec<u8>) -> Answer {
    let mut answer = Answer::new(body);
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
    answer
}

/// Reads an answer as a grant does; the text of the error where it is none.
fn read(answer: &Answer) -> Result<Option<AccessToken>, String> {
    if !is_token(answer) {
        let url = ShownUrl::of(&Url::parse("http://localhost/token").unwrap());
        return Err(no_token(&url, answer, SECRET).to_string());
    }
    let Ok(token) = serde_json::from_slice::<TokenAnswer>(answer.body()) else { return Ok(None) };
    let _ = (token.is_bearer(), token.life());
    Ok(AccessToken::new(token.into_secret(), None).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_answered_is_a_token_or_an_error(status in 200..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&answer(status, body));
    }

    #[test]
    fn a_token_with_something_put_in_or_cut_out_is_never_told(
        status in prop::sample::select(vec![200, 400, 401, 500]), expires_in in any::<f64>(), refuses in any::<bool>(),
        at in any::<prop::sample::Index>(), cut in 0..4_usize, put in "[\\[\\]{}:,\"\\\\a-c0-9. ]{0,3}",
    ) {
        let value = if refuses {
            json!({"error": "invalid_client", "error_description": format!("not {SECRET}")})
        } else {
            json!({"token_type": "Bearer", "expires_in": expires_in, "access_token": TOKEN})
        };
        let mut body = value.to_string();
        let at = at.index(body.len() + 1);
        let until = (at + cut).min(body.len());
        let hit = |marker: &str| body.find(marker).is_some_and(|start| at < start + marker.len() && until > start || at > start && at < start + marker.len());
        // A secret that is cut to pieces is none that anybody knows; a name that is cut tells of none.
        let is_cut = hit(TOKEN) || hit(SECRET) || hit("access_token");
        body.replace_range(at..until, &put);
        if let Err(error) = read(&answer(status, body.into_bytes())) {
            prop_assert!(is_cut || !error.contains(TOKEN) && !error.contains(SECRET), "{}", error);
        }
    }

    #[test]
    fn whatever_a_token_is_it_can_be_sent_or_is_refused(text in any::<String>()) {
        if let Ok(token) = AccessToken::new(text, None) {
            let header = http::HeaderValue::try_from(format!("Bearer {}", token.expose()));
            prop_assert!(header.is_ok());
        }
    }
}
