//! How messages quote what a file says, and the right word for one that is nearly right.

/// The word of `words` that `word` is most likely to stand for, if any is near enough: what differs only in case,
/// `-` or `_`, or in a third of its letters.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let plain = plain(word);
    words
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&plain, &self::plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.chars().count() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// No more of a word is compared than any right word has letters: the time taken grows with the product of both.
const COMPARED: usize = 64;

fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).take(COMPARED).flat_map(char::to_lowercase).collect()
}

/// What a file says, in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// What a file says, on one line, not without end, and so that the quotes around it end where it does.
pub(crate) fn shortened(text: &str) -> String {
    /// Enough to recognise it by.
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).map(plain_in_quotes).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

fn plain_in_quotes(c: char) -> char {
    match c {
        '`' => '\'',
        c if c.is_control() => ' ',
        c => c,
    }
}

/// `: did you mean …?`, or nothing.
pub(crate) fn did_you_mean<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    nearest(word, words).map(|word| format!(": did you mean {}?", quoted(word))).unwrap_or_default()
}

/// The words in quotes, as a list to choose from.
pub(crate) fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    /// More than that would hide the message.
    const SHOWN: usize = 20;
    let mut words = words.into_iter();
    let mut list: Vec<String> = words.by_ref().take(SHOWN).map(quoted).collect();
    let more = words.count();
    if more > 0 {
        list.push(format!("and {more} more"));
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_the_right_one() {
        let words = ["products", "usagePlans", "family"];
        assert_eq!(nearest("produts", words), Some("products"));
        assert_eq!(nearest("usage_plans", words), Some("usagePlans"));
        assert_eq!(nearest("FAMILY", words), Some("family"));
        assert_eq!(nearest("openapi", words), None);
    }

    #[test]
    fn a_long_list_is_cut() {
        let names: Vec<String> = (0..25).map(|n| n.to_string()).collect();
        assert!(listed(names.iter().map(String::as_str)).ends_with("`19`, and 5 more"));
    }
}
