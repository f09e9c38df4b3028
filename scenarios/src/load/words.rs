//! What the YAML reader reports, in the words of whoever writes a scenario: text, list, mapping, key.

pub(super) mod bare;

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::{Error, ExternalMessageSource, Location};

use super::error::{LoadError, Mistake, Spot};
use super::outline::{self, Kind, Part, Place};
use super::secrets::hides;
use super::trail::{Step, Trail};
use super::wording::{did_you_mean, listed, quoted};

/// The error that stopped the reading of `text`, the text of `file`, told with its place.
pub(super) fn explain(error: &Error, file: &str, text: &str) -> LoadError {
    // The reader takes what comes next for what such a word lacks, and stops there or anywhere after.
    if let Some(mistake) = bare::find(text) {
        return mistake.of(file, Some(text));
    }
    let (error, location) = innermost(error);
    let about = match error {
        Error::SerdeUnknownField { .. } | Error::DuplicateMappingKey { .. } | Error::NullIntoString { .. } => Part::Key,
        _ => Part::Value,
    };
    let mut scene = Scene::new(text, location, about);
    if let Error::SerdeMissingField { field, .. } = error {
        // The reader knows only where it was last; it stops at the first mapping that lacks what it needs.
        scene.value = outline::find_without(text, field, |trail| requires(trail, field)).or(scene.value);
    }
    mistake(error, &scene).of(file, Some(text))
}

/// Whether the mapping at `trail` can't do without `field`.
fn requires(trail: &Trail, field: &str) -> bool {
    let keys: Vec<&str> = trail.keys().collect();
    let fields: &[&str] = match keys[..] {
        ["identity", "issuers"] => &["face"],
        ["identity", "clients"] | ["portal", "products"] => &["id"],
        ["identity", "users"] => &["username", "password"],
        ["identity", "groups"] | ["portal", "usagePlans"] | ["portal", "products", "versions"] => &["name"],
        ["portal", "usagePlans", "rateLimit"] => &["requests", "per"],
        ["steps", ref within @ ..] => required_in_step(within),
        _ => &[],
    };
    fields.contains(&field)
}

/// What a mapping within a step can't do without; `keys` lead to it from the step.
fn required_in_step(keys: &[&str]) -> &'static [&'static str] {
    match keys {
        ["change", "editProducts" | "editVersions" | "addProducts"] => &["id"],
        ["change", "addVersions"] => &["product", "version"],
        ["change", "addVersions", "version"] | ["change", "addProducts", "versions"] | ["change", "usagePlans"] => {
            &["name"]
        }
        ["change", "usagePlans", "rateLimit"] | ["fault", "does", "rate-limit"] => &["requests", "per"],
        ["change", "grow"] => &["products", "versionsEach"],
        ["fault"] => &["does"],
        ["fault", "does", "status"] => &["code"],
        ["fault", "does", "latency"] => &["by"],
        ["fault", "does", "slow-body"] => &["bytes", "every"],
        ["fault", "does", "truncate"] => &["after"],
        ["fault", "does", "pad"] => &["bytes"],
        ["clock", "skew"] => &["server", "by"],
        ["expect", "entities"] => &["api", "has"],
        ["expect", "requests"] => &["server"],
        _ => &[],
    }
}

/// The error itself, without the wrappers that tell its place, and its place: the use of an alias, where it is in one.
fn innermost(error: &Error) -> (&Error, Location) {
    let place = error.location().unwrap_or(Location::UNKNOWN);
    match error {
        Error::WithSnippet { error, .. } => innermost(error),
        Error::AliasError { error, locations, .. } => {
            (innermost(error).0, locations.primary_location().unwrap_or(place))
        }
        _ => (error, place),
    }
}

/// What stands where the reader stopped.
struct Scene {
    spot: Spot,
    key: Option<Place>,
    value: Option<Place>,
}

impl Scene {
    fn new(text: &str, location: Location, about: Part) -> Self {
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).max(1);
        let (line, column) = (number(location.line()), number(location.column()));
        let mut places = outline::at(text, line, column);
        let mut take = |part| places.iter().position(|place| place.part == part).map(|at| places.swap_remove(at));
        let (mut key, mut value) = (take(Part::Key), take(Part::Value));
        match (&key, &value) {
            // Some errors about a value are told at its key.
            (Some(key), None) if about == Part::Value => value = outline::find(text, &key.trail, Part::Value),
            // Nothing has no place of its own: its key stands for it.
            (None, Some(value)) if value.kind.is_nothing() => key = outline::find(text, &value.trail, Part::Key),
            _ => {}
        }
        let bytes = outline::offset(text, line, column);
        Self { spot: Spot { line, column, bytes: bytes..bytes }, key, value }
    }

    /// The way to the value that is at fault.
    fn trail(&self) -> Trail {
        self.value.as_ref().or(self.key.as_ref()).map(|place| place.trail.clone()).unwrap_or_default()
    }

    /// The value at fault, by its key.
    fn name(&self) -> String {
        named(&self.trail())
    }

    /// The value at fault, as it is, without giving a secret away.
    fn found(&self) -> String {
        let Some(Place { kind, trail, .. }) = &self.value else { return "something else".to_owned() };
        match kind {
            kind if kind.is_nothing() => "nothing".to_owned(),
            Kind::Text { .. } if hides(trail) => "text".to_owned(),
            Kind::Text { value, .. } => quoted(value),
            Kind::List => "a list".to_owned(),
            Kind::Mapping => "a mapping".to_owned(),
            Kind::Alias => "what an alias stands for".to_owned(),
        }
    }

    /// Whether what should be text is a key: a list, a mapping, or nothing at all.
    fn is_about_a_key(&self) -> bool {
        match (&self.key, &self.value) {
            (Some(key), None) => key.kind.is_nothing(),
            (Some(key), Some(value)) => key.kind.is_nothing() && value.kind == Kind::Mapping,
            (None, Some(value)) => value.trail.last_key() == Some(outline::UNNAMED),
            (None, None) => false,
        }
    }

    /// A mistake at the value.
    fn value(&self, message: String) -> Mistake {
        let key = self.value.as_ref().filter(|value| value.kind.is_nothing()).and(self.key.as_ref());
        Mistake::on(
            key.or(self.value.as_ref()).map_or_else(|| self.spot.clone(), |place| place.clone().into()),
            message,
        )
    }

    /// A mistake at the key.
    fn key(&self, message: String) -> Mistake {
        Mistake::on(self.key.as_ref().map_or_else(|| self.spot.clone(), |place| place.clone().into()), message)
    }

    fn must_be(&self, expected: &str) -> Mistake {
        let mistake = self.value(format!("{} must be {expected}, found {}", self.name(), self.found()));
        match &self.value {
            Some(value) if value.kind.is_nothing() && expected.starts_with("a list") => {
                mistake.help("an empty list is written `[]`; without the key, the default holds")
            }
            Some(value) if value.kind.is_nothing() => mistake.help("without the key, its default holds if it has one"),
            _ => mistake,
        }
    }
}

fn named(trail: &Trail) -> String {
    if trail.is_top() { "the file".to_owned() } else { format!("`{trail}`") }
}

fn mistake(error: &Error, scene: &Scene) -> Mistake {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => unknown_key(field, expected, scene),
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let meant = did_you_mean(variant, expected.iter().copied());
            let message = format!("{} can't be {}{meant}", scene.name(), quoted(variant));
            scene.value(message).help(format!("what may stand there: {}", listed(expected.iter().copied())))
        }
        Error::SerdeMissingField { field, .. } => {
            scene.value(format!("{} has no `{field}`", scene.name())).help(format!("`{field}` has no default"))
        }
        Error::DuplicateMappingKey { key, .. } => {
            let holder = scene.key.as_ref().map(|key| key.trail.parent()).unwrap_or_default();
            let key = key.as_deref().map(|key| format!(" {}", quoted(key))).unwrap_or_default();
            scene.key(format!("the key{key} stands twice in {}", named(&holder)))
        }
        Error::Unexpected { expected, .. } => must_be_shaped(expected, scene),
        Error::NullIntoString { .. } | Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. } => {
            must_be_shaped("string", scene)
        }
        Error::InvalidBooleanStrict { .. } => scene.must_be("`true` or `false`"),
        Error::InvalidScalar { ty: "u16", .. } => scene.must_be("a whole number from 0 to 65535"),
        Error::InvalidScalar { ty: "u32", .. } => scene.must_be("a whole number from 0 to 4294967295"),
        Error::InvalidScalar { ty: "u64", .. } => scene.must_be("a whole number, 0 or more"),
        Error::InvalidScalar { ty: "f64", .. } => scene.must_be("a number"),
        Error::ExpectedMappingEndAfterEnumVariantValue { .. } => second_key(scene),
        Error::UnexpectedValueForUnitEnumVariant { .. } => takes_nothing(scene),
        Error::ExpectedStringKeyForExternallyTaggedEnum { .. } => scene.must_be("a word, or a mapping with one key"),
        Error::NonFiniteFloat { .. } => {
            let help = "in quotes it is text; without them it is a number that no JSON document can hold";
            scene.value(format!("{} can't be {}", scene.name(), scene.found())).help(help)
        }
        // Told at the fault, since its status is read as whatever it is.
        Error::SerdeInvalidType { expected, .. } if expected.starts_with("an HTTP status") => {
            Mistake::at(scene.trail().then("does").then("status"), format!("`status` must be {expected}"))
                .help("such as `status: 503`, or `status: {code: 503, body: down}`")
        }
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => scene.must_be(expected),
        Error::Message { msg, .. } => custom(msg, scene),
        Error::Eof { .. } => scene.value("the file ends too early".to_owned()),
        Error::MultipleDocuments { .. } => scene
            .value("a second document begins here".to_owned())
            .help("a file is read as one document, without `---`"),
        Error::UnknownAnchor { .. } => unknown_anchor(scene),
        Error::MergeValueNotMapOrSeqOfMaps { .. } => scene.must_be("a mapping or a list of mappings, to be merged"),
        Error::UnsupportedTag { tag, .. } => {
            let spot = scene.value.as_ref().and_then(|value| value.tag.clone());
            let spot = spot.map(|(line, column, bytes)| Spot { line, column, bytes });
            Mistake::on(
                spot.unwrap_or_else(|| scene.spot.clone()),
                format!("the tag {} has no meaning here", quoted(tag)),
            )
            .help("write the value without it")
        }
        Error::TaggedScalarCannotDeserializeIntoString { .. }
        | Error::InvalidBinaryBase64 { .. }
        | Error::BinaryNotUtf8 { .. } => {
            scene.value(format!("{} has a tag (`!!…`) that makes it no text", scene.name()))
        }
        Error::Budget { breach, .. } => scene.value(too_much(breach)),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. } => {
            scene.value("its aliases (`*name`) stand for more than is read".to_owned())
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            scene.value("this alias (`*name`) stands for something that it is itself a part of".to_owned())
        }
        Error::ExternalMessage { source, .. } => match &**source {
            ExternalMessageSource::Parser(error) => no_yaml(error.kind(), scene),
            _ => no_yaml(&ErrorKind::UnexpectedEof, scene),
        },
        _ => scene.value(format!("{} holds something that can't be read there: {}", scene.name(), scene.found())),
    }
}

fn unknown_key(field: &str, expected: &[&'static str], scene: &Scene) -> Mistake {
    let holder = scene.key.as_ref().map(|key| key.trail.parent()).unwrap_or_default();
    let holder_name = if holder.is_top() { String::new() } else { format!(" in `{holder}`") };
    let meant = did_you_mean(field, expected.iter().copied());
    let mistake = scene
        .key(format!("unknown key {}{holder_name}{meant}", quoted(field)))
        .help(format!("what may stand there: {}", listed(expected.iter().copied())));
    match field {
        "openapi" | "swagger" if holder.is_top() => mistake.help(
            "this looks like an OpenAPI document: name the folder that it is in, or name it in a scenario as `spec: ./…`",
        ),
        "apiVersion" | "kind" if holder.is_top() => {
            mistake.help("this looks like a Kubernetes manifest: those are not read yet")
        }
        _ => mistake,
    }
}

/// What is one thing or another can't be both.
fn second_key(scene: &Scene) -> Mistake {
    let trail = scene.trail();
    let holder = trail.parent();
    let message =
        format!("{} is one thing, and {} is a second", named(&holder), quoted(trail.last_key().unwrap_or_default()));
    let mistake = Mistake::at_key(trail, message);
    match holder.steps() {
        [Step::Key(key), Step::Item(_)] if key == "steps" => mistake.help("a second step begins with a `-` of its own"),
        _ => mistake.help("write one of them"),
    }
}

/// A word that stands for itself has nothing beside it.
fn takes_nothing(scene: &Scene) -> Mistake {
    let trail = scene.trail();
    let word = trail.last_key().unwrap_or_default();
    scene
        .value(format!("{} takes nothing, found {}", scene.name(), scene.found()))
        .help(format!("write `{word}` by itself"))
}

/// What the reader expected, by its own name for it.
fn must_be_shaped(expected: &str, scene: &Scene) -> Mistake {
    match expected {
        "sequence start" | "seq" => scene.must_be("a list"),
        "mapping start" | "map" => scene.must_be("a mapping (`key: value`)"),
        _ if scene.is_about_a_key() => scene.key("a key must be text".to_owned()).help("in quotes anything is text"),
        _ => scene.must_be("text"),
    }
}

/// What a type of the model said itself.
fn custom(message: &str, scene: &Scene) -> Mistake {
    match scene.trail().last_key() {
        Some("createdAt" | "updatedAt") => scene.must_be("a time such as `2026-01-31T12:00:00Z`"),
        Some("set") => scene.must_be("a time such as `2026-01-31T12:00:00Z`"),
        Some(
            "accessTokenLifetime"
            | "advance"
            | "by"
            | "to"
            | "every"
            | "timeToLive"
            | "from"
            | "until"
            | "notBefore"
            | "lifetime",
        ) => scene.must_be("a duration such as `1h`, `5m` or `90s`"),
        Some("probability") => scene.must_be("a number from 0 (never) to 1 (always)"),
        _ => scene.value(format!("{} can't be read: {message}", scene.name())),
    }
}

fn unknown_anchor(scene: &Scene) -> Mistake {
    scene
        .value("this alias (`*name`) stands for nothing: nothing before it is marked `&name`".to_owned())
        .help("text that begins with `*` goes in quotes")
}

fn too_much(breach: &BudgetBreach) -> String {
    match breach {
        BudgetBreach::Depth { .. } => format!("it is nested deeper than {} lists and mappings", super::text::MAX_DEPTH),
        BudgetBreach::Documents { .. } => "it holds more than one document".to_owned(),
        BudgetBreach::ScalarBytes { .. } | BudgetBreach::RecordedAnchorBytes { .. } => {
            "it holds more text than is read, all that its aliases (`*name`) stand for included".to_owned()
        }
        _ => "it holds more keys, values and aliases (`*name`) than are read".to_owned(),
    }
}

/// What keeps the text from being YAML at all.
fn no_yaml(kind: &ErrorKind, scene: &Scene) -> Mistake {
    use ErrorKind as K;
    let (message, help) = match kind {
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabAtBlockScalarStart => {
            ("a tab can't indent a line", "indent with spaces")
        }
        K::TabInPlainScalar => ("the line after this is indented with a tab", "indent with spaces"),
        K::UnclosedQuotedScalar => ("this quote is not closed", "close it with the same quote"),
        K::DocumentIndicatorInQuotedScalar => ("`---` or `...` stands within a quote", "close the quote before it"),
        K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping => ("this bracket is not closed", "close `[` with `]` and `{` with `}`"),
        K::MismatchedFlowCollectionEnd { .. } | K::MisplacedFlowCollectionEnd => {
            ("this bracket does not close the one before it", "close `[` with `]` and `{` with `}`")
        }
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => {
            ("a `,` or a closing bracket is missing before this", "separate what is in brackets by commas")
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => (
            "something stands right after a closed quote",
            "a quote within quotes is written `\\\"`, or `''` within `'`",
        ),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => (
            "this is no character that can be written with a `\\`",
            "a backslash itself is `\\\\`, or goes in single quotes",
        ),
        K::MappingValueNotAllowed | K::MappingKeyNotAllowed | K::InvalidColonPlacement => {
            ("a key with `:` can't stand here", "text that holds `: ` goes in quotes; a key begins on its own line")
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            ("this is no key: its `:` is missing, or it goes over more than one line", "write `key: value`")
        }
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry | K::InvalidIndentation => (
            "this line is indented neither like those before it nor like what holds them",
            "line it up with its neighbours",
        ),
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection | K::InvalidBlockEntryWhitespace => {
            ("a list item (`- `) can't stand here", "put it on its own line, indented like the items before it")
        }
        K::UnexpectedCharacter { .. } | K::BomInsideDocument => {
            ("this character can't begin a value, or be in a text at all", "put the text in quotes")
        }
        K::UnknownAnchor => return unknown_anchor(scene),
        K::RecursionLimitExceeded => {
            ("it is nested too deeply", "name a document by its path: `spec: ./petstore.yaml`")
        }
        _ => ("this is no YAML", "put text with special characters in quotes, and line up what belongs together"),
    };
    Mistake::on(scene.spot.clone(), message).help(help)
}
