//! Numbers as people write them.

use crate::domain::Language;

/// A number with its thousands apart, as in `12,000`, `12.000` or `12 000`.
#[must_use]
pub fn number(language: Language, number: i64) -> String {
    let apart = match language {
        Language::En => ',',
        Language::De => '.',
        // A narrow no-break space.
        _ => '\u{202f}',
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(apart);
        }
        text.push(digit);
    }
    text
}

/// What stands before the fraction of a number.
#[must_use]
pub fn decimal_point(language: Language) -> &'static str {
    match language {
        Language::En => ".",
        _ => ",",
    }
}

#[cfg(test)]
mod tests {
    use super::number;
    use crate::domain::Language;

    #[test]
    fn thousands_stand_apart() {
        for (value, written) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-1_234_567, "-1,234,567"),
        ] {
            assert_eq!(number(Language::En, value), written);
        }
        assert_eq!(number(Language::De, 12_000), "12.000");
        assert_eq!(number(Language::Fr, 12_000), "12\u{202f}000");
    }
}
