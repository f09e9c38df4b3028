//! What all written reports have in common: how a text, a length of time and a request are put.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use crate::Exchange;

/// The text with nothing in it that XML forbids or a reader can't see: control characters stand as their pictures, `␛`.
///
/// Characters that XML 1.0 allows: <https://www.w3.org/TR/xml/#charsets>.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| picture(character).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|character| picture(character).unwrap_or(character)).collect())
}

/// What stands for a character that can't be written as it is.
fn picture(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// A length of time for people: `0.4 ms`, `12 ms`, `1.25 s`, `2 min 5 s`.
pub(super) fn lapse(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    match milliseconds {
        ..9.95 => format!("{milliseconds:.1} ms"),
        9.95..999.5 => format!("{milliseconds:.0} ms"),
        999.5..59_995.0 => format!("{:.2} s", milliseconds / 1e3),
        _ => {
            let seconds = duration.as_secs_f64().round() as u64;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

/// `1 request`, `5,002 requests`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number with its thousands set apart: `5,002`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What came of a request, in a word: its status, or that there was none.
pub(super) fn status(exchange: &Exchange) -> String {
    exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string())
}

/// A request in a line, its time in UTC: `12:00:03.250 portal GET /v1/apis 200 2 products 3 ms`.
pub(super) fn request_line(exchange: &Exchange) -> String {
    let Exchange { at, server, method, path, note, elapsed, .. } = exchange;
    let mut line = format!("{} {server} {method} {path}", at.strftime("%H:%M:%S%.3f"));
    if let Some(caller) = &note.caller {
        let _ = write!(line, " by {caller}");
    }
    let _ = write!(line, " {}", status(exchange));
    let refusal = note.refusal.as_ref().map(|refusal| &*refusal.0);
    if let Some(words) = refusal.or(note.outcome.as_deref()) {
        let _ = write!(line, " {words}");
    }
    let _ = write!(line, " {}", lapse(*elapsed));
    for fault in &exchange.faults {
        let _ = write!(line, " fault:{fault}");
    }
    // A path may hold line breaks only if its caller sent what no client sends; a line stays one all the same.
    line.replace(['\n', '\r'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_stand_as_their_pictures() {
        assert_eq!(printable("a\u{1b}[2J\0\tb\n\u{7f}\u{85}\u{ffff}"), "a␛[2J␀\tb\n␡\u{fffd}\u{fffd}");
        assert!(matches!(printable("Übersicht → 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 5_002, 1_234_567].map(grouped), ["0", "999", "1,000", "5,002", "1,234,567"]);
    }

    #[test]
    fn a_length_of_time_has_as_many_digits_as_matter() {
        let lapses = [400, 12_300, 999_400, 999_900, 1_250_000, 125_000_000].map(|us| lapse(Duration::from_micros(us)));
        assert_eq!(lapses, ["0.4 ms", "12 ms", "999 ms", "1.00 s", "1.25 s", "2 min 5 s"]);
    }
}
