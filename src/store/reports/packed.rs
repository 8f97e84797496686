//! Many rows of a few small numbers in one value: a driver's row costs more than reading a hundred of these out of a value.
//!
//! Numbers are keys and days, from 0 to 2^31. A value is `string_agg` of big-endian bytes on PostgreSQL and `group_concat` of
//! digits on SQLite: what each is quickest at.

use chrono::Datelike;
use sea_orm::DbBackend;

use crate::domain::Date;

/// A number of a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'a> {
    /// A column with a key; 0 where it is null.
    Key(&'a str),
    /// A column with a day that is not null, as [`day`] reads it.
    Day(&'a str),
}

/// The aggregate of `numbers` over all rows of a group.
pub(super) fn packed(backend: DbBackend, numbers: &[Number]) -> String {
    if backend == DbBackend::Postgres {
        as_bytes(numbers)
    } else {
        as_digits(numbers)
    }
}

fn as_bytes(numbers: &[Number]) -> String {
    let number = |number: &Number| match number {
        Number::Key(column) => format!("COALESCE({column}, 0)"),
        Number::Day(column) => format!("({column} - DATE '0001-01-01' + 1)"),
    };
    // Two in one at a time: making bytes costs more than counting. A key that does not fit fails as an overflow.
    let bytes = |pair: &[Number]| match pair {
        [one, other] => format!("int8send({} * 4294967296 + {})", number(one), number(other)),
        _ => format!(
            "int4send(CAST({} AS INTEGER))",
            pair.iter().map(number).collect::<String>()
        ),
    };
    let bytes: Vec<String> = numbers.chunks(2).map(bytes).collect();
    format!("string_agg({}, ''::bytea)", bytes.join(" || "))
}

fn as_digits(numbers: &[Number]) -> String {
    let number = |number: &Number| match number {
        Number::Key(column) => format!("ifnull({column}, 0)"),
        Number::Day(column) => (*column).to_owned(),
    };
    let numbers: Vec<String> = numbers.iter().map(number).collect();
    format!("CAST(group_concat({}) AS BLOB)", numbers.join(" || ' ' || "))
}

/// Reads rows of `N` numbers; none if they are no such rows.
pub(super) fn unpacked<const N: usize>(backend: DbBackend, value: &[u8]) -> Option<Vec<[u32; N]>> {
    let numbers: Option<Vec<u32>> = if backend == DbBackend::Postgres {
        let (numbers, rest) = value.as_chunks::<4>();
        let numbers = numbers.iter().map(|bytes| u32::from_be_bytes(*bytes));
        rest.is_empty().then(|| numbers.collect())
    } else {
        value.split(|byte| matches!(byte, b' ' | b',')).map(number).collect()
    };
    let numbers = numbers?;
    let (rows, rest) = numbers.as_chunks::<N>();
    rest.is_empty().then(|| rows.to_vec())
}

/// The day of a [`Number::Day`].
pub(super) fn day(number: u32) -> Option<Date> {
    Date::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

/// A number in digits, or a day as `YYYY-MM-DD`.
fn number(text: &[u8]) -> Option<u32> {
    let digits = |text: &[u8]| {
        let digit = |number: u32, byte: &u8| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        };
        text.iter().try_fold(0, digit)
    };
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text else {
        return digits(text);
    };
    let year = i32::try_from(digits(year)?).ok()?;
    let date = Date::from_ymd_opt(year, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)?;
    u32::try_from(date.num_days_from_ce()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_are_packed() {
        let new_year: Date = "2026-01-01".parse().unwrap();
        let number = u32::try_from(new_year.num_days_from_ce()).unwrap();
        let text = b"7 2026-01-01,12 2026-01-01";
        assert_eq!(unpacked(DbBackend::Sqlite, text), Some(vec![[7, number], [12, number]]));
        let bytes: Vec<u8> = [7, number, 12, number].into_iter().flat_map(u32::to_be_bytes).collect();
        assert_eq!(
            unpacked(DbBackend::Postgres, &bytes),
            Some(vec![[7, number], [12, number]])
        );
        assert_eq!(day(number), Some(new_year));
    }

    #[test]
    fn what_is_damaged_is_no_row() {
        for text in ["7", "7 x", "7 2026-13-01", "99999999999 1", "7 8 9", "-1 2"] {
            assert_eq!(unpacked::<2>(DbBackend::Sqlite, text.as_bytes()), None, "{text}");
        }
        assert_eq!(unpacked::<2>(DbBackend::Postgres, &[0; 12]), None);
        assert_eq!(unpacked::<1>(DbBackend::Postgres, &[0; 5]), None);
    }
}
