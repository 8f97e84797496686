//! Cells of CSV files: what a spreadsheet might take for a formula is guarded.

/// A text as a cell.
pub fn cell(text: &str) -> String {
    let guard = if starts_like_a_formula(text) { "'" } else { "" };
    let needs_quotes = text.contains(['"', ',', '\n', '\r']) || text.trim() != text;
    if needs_quotes {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// Whether a spreadsheet might take a text for a formula.
pub fn starts_like_a_formula(text: &str) -> bool {
    // A guard of the source's own is guarded, too, or it would be lost on the way back.
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}
