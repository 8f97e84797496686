use expect_test::{Expect, expect};

use super::{Column, Encoding, Reading, read};

fn check(bytes: &[u8], reading: &Reading, expected: &Expect) {
    let text = match read(bytes, reading) {
        Ok(table) => {
            let rows = table.rows.iter().map(|row| {
                let fields = [&row.name, &row.title, &row.manager_external_id];
                let fields: Vec<String> = fields.iter().map(|field| format!("{field:?}")).collect();
                let codes: String = row.issues.iter().map(|issue| format!(" {}", issue.message)).collect();
                format!("{} {:?} {}{codes}\n", row.line, row.external_id, fields.join(" "))
            });
            let issues = table.issues.iter().map(|issue| format!("{} {:?}\n", issue.code, issue.value));
            issues.chain(rows).collect::<String>()
        }
        Err(issues) => issues.iter().map(|issue| format!("{:?} {}: {}\n", issue.line, issue.code, issue.message)).collect(),
    };
    expected.assert_eq(&text);
}

fn plain(text: &str, expected: &Expect) {
    check(text.as_bytes(), &Reading::default(), expected);
}

#[test]
fn absent_columns_are_absent_and_cells_are_given() {
    plain("external_id,name\nE1,Ann\n", &expect![[r#"
        2 "E1" Given("Ann") Absent Absent
    "#]]);
}

#[test]
fn headers_are_known_by_many_names() {
    plain(" Full Name ,EMPLOYEE-ID,Supervisor ID,job title\nAnn,E1,E2,Head", &expect![[r#"
        2 "E1" Given("Ann") Given("Head") Given("E2")
    "#]]);
}

#[test]
fn columns_nobody_asked_for_are_dropped() {
    plain("id,Salary,,name\nE1,100000,,Ann", &expect![[r#"
        UNKNOWN_COLUMN Some("Salary")
        2 "E1" Given("Ann") Absent Absent
    "#]]);
}

#[test]
fn headers_can_be_mapped() {
    let columns = vec![("Amt".to_owned(), Column::Title), ("who".to_owned(), Column::ExternalId)];
    let reading = Reading { columns, ..Reading::default() };
    check(b"WHO,amt\nE1,Head", &reading, &expect![[r#"
        2 "E1" Absent Given("Head") Absent
    "#]]);
    check(b"WHO,title\nE1,Head", &reading, &expect![[r#"
        Some(1) MISSING_COLUMN: there is no column Amt; the file has: WHO, title
    "#]]);
}

#[test]
fn headers_that_cannot_be_used_are_named() {
    plain("name,title\nAnn,Head", &expect![[r#"
        Some(1) MISSING_COLUMN: there is no column external_id; the file has: name, title
    "#]]);
    plain("id,name,Display Name,external_id\n", &expect![[r#"
        Some(1) DUPLICATE_COLUMN: two columns mean name; one of them has to go
        Some(1) DUPLICATE_COLUMN: two columns mean external_id; one of them has to go
    "#]]);
}

#[test]
fn empty_files_are_not_files_without_rows() {
    plain("", &expect![[r#"
        None EMPTY_FILE: the file is empty; not even a header is there
    "#]]);
    plain("\u{feff}\r\n", &expect![[r#"
        None EMPTY_FILE: the file is empty; not even a header is there
    "#]]);
    plain("id,name", &expect![[""]]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let text = "id,name,title\nE1,\"Ann\nBo\",a\n\n,,\nE2,\"say \"\"hi\"\"\",5\" disk\n";
    plain(text, &expect![[r#"
        2 "E1" Given("Ann\nBo") Given("a") Absent
        6 "E2" Given("say \"hi\"") Given("5\" disk") Absent
    "#]]);
    plain(&text.replace('\n', "\r\n"), &expect![[r#"
        2 "E1" Given("Ann\nBo") Given("a") Absent
        6 "E2" Given("say \"hi\"") Given("5\" disk") Absent
    "#]]);
    plain(&text.replace('\n', "\r"), &expect![[r#"
        2 "E1" Given("Ann\nBo") Given("a") Absent
        6 "E2" Given("say \"hi\"") Given("5\" disk") Absent
    "#]]);
}

#[test]
fn cells_never_slip_into_other_columns() {
    plain("id,name,title\nE1,Ann\nE2,Bo,Head,x\nE3,Cy,Aide", &expect![[r#"
        2 "E1" Absent Absent Absent the row has 2 cells, the header 3
        3 "E2" Absent Absent Absent the row has 4 cells, the header 3
        4 "E3" Given("Cy") Given("Aide") Absent
    "#]]);
}

#[test]
fn quotes_must_match() {
    plain("id,name\nE1,\"Ann\nE2,Bo\n", &expect![[r#"
        Some(2) CSV_SYNTAX: a quote is opened and never closed
    "#]]);
    plain("id,name\nE1,Ann\nE2,\"Bo\"x\n", &expect![[r#"
        Some(3) CSV_SYNTAX: text follows a closing quote; write a quote within quotes twice
    "#]]);
}

#[test]
fn the_delimiter_is_found_outside_quotes() {
    plain("id;\"name\";\"a,b,c,d\"\nE1;Ann, the first;x", &expect![[r#"
        UNKNOWN_COLUMN Some("a,b,c,d")
        2 "E1" Given("Ann, the first") Absent Absent
    "#]]);
    plain("id\tname\nE1\tAnn", &expect![[r#"
        2 "E1" Given("Ann") Absent Absent
    "#]]);
    let reading = Reading { delimiter: Some(','), ..Reading::default() };
    check(b"id,name;title;x\nE1,Ann", &reading, &expect![[r#"
        UNKNOWN_COLUMN Some("name;title;x")
        2 "E1" Absent Absent Absent
    "#]]);
}

#[test]
fn encodings_are_never_guessed() {
    let windows = b"id,name\r\nE1,Ann\r\nE2,Jos\xe9 \x96";
    check(windows, &Reading::default(), &expect![[r#"
        Some(3) NOT_UTF8: the file is not UTF-8 at byte 23, on line 3; if it was written on Windows, use --encoding windows-1252
    "#]]);
    check(windows, &Reading { encoding: Encoding::Windows1252, ..Reading::default() }, &expect![[r#"
        2 "E1" Given("Ann") Absent Absent
        3 "E2" Given("José –") Absent Absent
    "#]]);
    let utf16 = Reading { encoding: Encoding::Utf16, ..Reading::default() };
    let little: Vec<u8> = "\u{feff}id,name\nE1,Zoë".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}id,name\nE1,Zoë".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&little, &Reading::default(), &expect![[r#"
        None NOT_UTF8: the file is not UTF-8: UTF-16 was detected; use --encoding utf-16
    "#]]);
    check(&little[2..], &Reading::default(), &expect![[r#"
        None NOT_UTF8: the file is not UTF-8: UTF-16 was detected; use --encoding utf-16
    "#]]);
    check(&little, &utf16, &expect![[r#"
        2 "E1" Given("Zoë") Absent Absent
    "#]]);
    check(&big, &utf16, &expect![[r#"
        2 "E1" Given("Zoë") Absent Absent
    "#]]);
    check(&little[..little.len() - 1], &utf16, &expect![[r#"
        None NOT_UTF8: the file is not UTF-16
    "#]]);
}
