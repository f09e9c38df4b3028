//! What differs between two texts, line by line, and how a difference is shown.

use maud::{Markup, html};

/// More lines than that are not compared one by one: the time taken grows with the product of both.
const COMPARED: usize = 1_000;

/// A line of a difference: ` ` for one that both have, `-` for one that went, `+` for one that came.
pub(super) type Line<'a> = (char, &'a str);

/// The shortest way from `before` to `after` in lines that go and lines that come.
pub(super) fn lines<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = before.iter().zip(&after).take_while(|(b, a)| b == a).count();
    let (b, a) = (&before[head..], &after[head..]);
    let tail = b.iter().rev().zip(a.iter().rev()).take_while(|(b, a)| b == a).count();
    let (b, a) = (&b[..b.len() - tail], &a[..a.len() - tail]);

    let mut lines: Vec<Line<'a>> = before[..head].iter().map(|line| (' ', *line)).collect();
    if b.len().max(a.len()) > COMPARED {
        lines.extend(b.iter().map(|line| ('-', *line)));
        lines.extend(a.iter().map(|line| ('+', *line)));
    } else {
        push_compared(&mut lines, b, a);
    }
    lines.extend(before[before.len() - tail..].iter().map(|line| (' ', *line)));
    lines
}

/// By the longest common subsequence.
fn push_compared<'a>(lines: &mut Vec<Line<'a>>, before: &[&'a str], after: &[&'a str]) {
    // longest[b][a]: how many lines the rests from `b` and `a` have in common.
    let mut longest = vec![vec![0_u16; after.len() + 1]; before.len() + 1];
    for b in (0..before.len()).rev() {
        for a in (0..after.len()).rev() {
            longest[b][a] = if before[b] == after[a] {
                longest[b + 1][a + 1] + 1
            } else {
                longest[b + 1][a].max(longest[b][a + 1])
            };
        }
    }
    let (mut b, mut a) = (0, 0);
    while b < before.len() || a < after.len() {
        if b < before.len() && a < after.len() && before[b] == after[a] {
            lines.push((' ', before[b]));
            (b, a) = (b + 1, a + 1);
        } else if a == after.len() || (b < before.len() && longest[b + 1][a] >= longest[b][a + 1]) {
            lines.push(('-', before[b]));
            b += 1;
        } else {
            lines.push(('+', after[a]));
            a += 1;
        }
    }
}

/// A difference to look at. The signs stay, so that colour is not needed.
pub(super) fn shown(lines: &[Line<'_>]) -> Markup {
    html! {
        pre.difference {
            @for (sign, line) in lines { (coloured(*sign, &format!("{sign} {line}"))) "\n" }
        }
    }
}

/// What a step found: a sentence, or several lines in which those that begin with `-` or `+` are a difference.
pub(super) fn finding(text: &str) -> Markup {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    html! {
        p.finding { (first) }
        @if !rest.is_empty() {
            pre.difference {
                @for line in rest.lines() { (coloured(line.chars().next().unwrap_or(' '), line)) "\n" }
            }
        }
    }
}

fn coloured(sign: char, line: &str) -> Markup {
    html! {
        @match sign {
            '-' => { span.went { (line) } }
            '+' => { span.came { (line) } }
            _ => { (line) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(before: &str, after: &str) -> String {
        lines(before, after).iter().map(|(sign, line)| format!("{sign}{line}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_shortest_difference_is_found() {
        assert_eq!(joined("a\nb\nc\nd", "a\nc\nx\nd"), " a -b  c +x  d");
        assert_eq!(joined("", "a"), "+a");
        assert_eq!(joined("a\nb", "a\nb"), " a  b");
        assert_eq!(joined("a", ""), "-a");
    }

    #[test]
    fn what_is_too_long_to_compare_goes_and_comes() {
        let long = |with: char| (0..2 * COMPARED).map(|n| format!("{with}{n}\n")).collect::<String>();
        assert_eq!(lines(&long('a'), &long('b')).len(), 4 * COMPARED);
    }
}
