//! Bodies: JSON or YAML, of a bounded size.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use understudy_scenarios::read_text;

use super::refusal::Refusal;

/// The most that a body may have, in bytes.
const LARGEST: usize = 1024 * 1024;

/// The most that a scenario may have, in bytes: as much as is read of a scenario file.
const LARGEST_SCENARIO: usize = 64 * 1024 * 1024;

/// What messages call a body.
pub(super) const NAME: &str = "body";

/// A value of the scenario file's model, read from the body.
pub(super) struct Read<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned + Send + 'static> FromRequest<S> for Read<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (text, form) = text(request, LARGEST).await?;
        off_the_connection(move || read(&text, form)).await.map(Self)
    }
}

/// The text of a scenario.
pub(super) struct ScenarioText(pub(super) String);

impl<S: Sync> FromRequest<S> for ScenarioText {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        text(request, LARGEST_SCENARIO).await.map(|(text, _)| Self(text))
    }
}

/// Does `work`, which may take a while, where it holds up no connection.
pub(super) async fn off_the_connection<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let failed = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the body could not be read");
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

#[derive(Clone, Copy)]
enum Form {
    Json,
    Yaml,
}

fn read<T: DeserializeOwned + Send>(text: &str, form: Form) -> Result<T, Refusal> {
    let not_json = match form {
        Form::Json => match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => Some(error),
        },
        Form::Yaml => None,
    };
    // The YAML reader tells better than the JSON reader what is wrong with what is nearly the same.
    let value = read_text(NAME, text)?;
    not_json.map_or(Ok(value), |error| {
        let message = "this is YAML but not JSON, which `Content-Type` says that it is";
        let refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", message);
        Err(refusal.at(Some(error.line()), Some(error.column())))
    })
}

async fn text(request: Request, largest: usize) -> Result<(String, Form), Refusal> {
    let form = form(request.headers())?;
    let too_large = || {
        let message = format!("the body is larger than the {largest} bytes that are read here");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > largest) {
        return Err(too_large());
    }
    let bytes = bytes(request.into_body(), largest).await.ok_or_else(too_large)?;
    let no_text = |_| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "the body is not UTF-8 text");
    Ok((String::from_utf8(bytes).map_err(no_text)?, form))
}

async fn bytes(body: Body, largest: usize) -> Option<Vec<u8>> {
    // An error is the limit, or a caller that went away, to whom any answer is as good.
    axum::body::to_bytes(body, largest).await.ok().map(Into::into)
}

fn form(headers: &HeaderMap) -> Result<Form, Refusal> {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Form::Json),
        "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Ok(Form::Yaml),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "say with `Content-Type` what the body is: `application/json` or `application/yaml`",
        )),
    }
}
