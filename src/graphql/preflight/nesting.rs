//! How deep the brackets of a document go, seen without a parser.

/// The deepest that `{`, `[` and `(` stand inside one another, outside strings and comments.
pub(super) fn deepest_bracket(document: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = document.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
                after
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                after
            }
            b'#' => after_comment(after),
            b'"' => match after.strip_prefix(b"\"\"") {
                Some(block) => after_block_string(block),
                None => after_string(after),
            },
            _ => after,
        };
    }
    deepest
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(text.len());
    &text[end..]
}

/// A string ends at its quote or, broken, at the end of its line: the parser then refuses the document anyway.
fn after_string(mut text: &[u8]) -> &[u8] {
    while let Some((&byte, after)) = text.split_first() {
        match byte {
            b'\\' => text = after.get(1..).unwrap_or_default(),
            b'"' => return after,
            b'\n' | b'\r' => return text,
            _ => text = after,
        }
    }
    text
}

fn after_block_string(mut text: &[u8]) -> &[u8] {
    while !text.is_empty() {
        if let Some(after) = text.strip_prefix(b"\\\"\"\"") {
            text = after;
        } else if let Some(after) = text.strip_prefix(b"\"\"\"") {
            return after;
        } else {
            text = &text[1..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::deepest_bracket;

    #[test]
    fn brackets_count_where_the_parser_sees_them() {
        for (document, deepest) in [
            ("", 0),
            ("{ a { b(c: [1]) } }", 4),
            ("}}}{", 1),
            (r#"{ a(b: "{{{{") }"#, 2),
            (r#"{ a(b: "\"{{{{") }"#, 2),
            (r#"{ a(b: """{{ \""" {{ " {{""") }"#, 2),
            ("{ # {{{{\n a }", 1),
            (r#"{ a(b: "") { c } }"#, 2),
            ("\"unclosed {\n{[", 2),
            ("\"\\", 0),
        ] {
            assert_eq!(deepest_bracket(document), deepest, "{document}");
        }
    }
}
