//! JSON for people.

/// JSON text with a member a line, in the order and with the digits that it has; other text as it is.
pub(super) fn legible(text: &str) -> String {
    if serde_json::from_str::<&serde_json::value::RawValue>(text).is_err() {
        return text.to_owned();
    }
    let mut laid_out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let (mut is_in_text, mut is_escaped) = (false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_in_text {
            laid_out.push(character);
            is_in_text = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            continue;
        }
        match character {
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                laid_out.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    laid_out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut laid_out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut laid_out, depth);
                laid_out.push(character);
            }
            ',' => {
                laid_out.push(character);
                new_line(&mut laid_out, depth);
            }
            ':' => laid_out.push_str(": "),
            _ => {
                is_in_text = character == '"';
                laid_out.push(character);
            }
        }
    }
    laid_out
}

/// Deeper than a reader can follow, lines begin no farther to the right, so that no text makes one that is far longer.
fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth.min(40)));
}

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn order_digits_and_texts_stay_as_they_are() {
        let text = r#"{"b":1.10,"a":[ ],"c":["x, {y}","\"[\\"],"d":{"e":null}}"#;
        let laid_out = "{\n  \"b\": 1.10,\n  \"a\": [],\n  \"c\": [\n    \"x, {y}\",\n    \"\\\"[\\\\\"\n  ],\n  \"d\": {\n    \"e\": null\n  }\n}";
        assert_eq!(legible(text), laid_out);
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        assert_eq!(legible("openapi: 3.0.3\n"), "openapi: 3.0.3\n");
    }
}
