//! What a bearer token looks like in a text: nobody keeps the tokens themselves to look for them.

/// Where the first thing in `text` is that has a token's shape: a JWT, or a long random word after `Bearer`.
pub(crate) fn token(text: &str) -> Option<(usize, usize)> {
    let jwt = text.match_indices("eyJ").find_map(|(start, _)| Some((start, start + jwt(&text[start..])?)));
    let bearer = text.match_indices("Bearer ").find_map(|(at, word)| {
        let start = at + word.len();
        Some((start, start + random(&text[start..])?))
    });
    jwt.into_iter().chain(bearer).min()
}

/// How long the JWT is that `text` begins with: header, payload, signature, and two more where it is encrypted.
fn jwt(text: &str) -> Option<usize> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let length = text.bytes().take_while(|byte| word(*byte)).count();
    let mut parts = text[..length].split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    (header.len() >= 10 && payload.len() >= 4 && !signature.is_empty()).then_some(length)
}

/// How long the random word is that `text` begins with: long, of capital and small letters and digits.
fn random(text: &str) -> Option<usize> {
    const SHORTEST_TOKEN: usize = 20;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let length = text.bytes().take_while(|byte| word(*byte)).count();
    let has = |kind: fn(&u8) -> bool| text.as_bytes()[..length].iter().any(kind);
    let is_random = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    (length >= SHORTEST_TOKEN && is_random).then_some(length)
}
