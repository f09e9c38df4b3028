//! A length of time as people write it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Designator, Direction, SpanPrinter};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time: `90s`, `5m`, `1h`, `250ms`; with a minus it goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lapse(pub SignedDuration);

impl Lapse {
    /// This length, or none where it goes back.
    #[must_use]
    pub fn forward(self) -> Duration {
        Duration::try_from(self.0).unwrap_or(Duration::ZERO)
    }
}

impl From<SignedDuration> for Lapse {
    fn from(duration: SignedDuration) -> Self {
        Self(duration)
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printer = SpanPrinter::new().designator(Designator::Compact).direction(Direction::Sign);
        formatter.write_str(&printer.duration_to_string(&self.0))
    }
}

impl JsonSchema for Lapse {
    fn schema_name() -> Cow<'static, str> {
        "Lapse".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A length of time: `250ms`, `90s`, `5m`, `1h`; with a minus it goes back.",
            "type": "string",
        })
    }
}

impl Serialize for Lapse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Lapse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SignedDuration::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lapse_is_written_as_it_is_read() {
        for text in ["250ms", "90s", "5m", "1h", "-2h"] {
            let lapse: Lapse = serde_json::from_value(text.into()).unwrap();
            let again: Lapse = serde_json::from_value(serde_json::to_value(lapse).unwrap()).unwrap();
            assert_eq!(lapse, again, "{text}");
            assert_eq!(lapse.to_string(), text.replace("90s", "1m 30s"));
        }
    }
}
