//! The pieces of JSON, written into a buffer that is used again.

/// Appends a JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[copied..at]);
        escape(out, byte);
        copied = at + 1;
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}

/// Appends a whole number.
pub(super) fn number(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a score: at least one and at most four decimals, rounded; `null` where it is no number.
pub(super) fn score(out: &mut Vec<u8>, value: f32) {
    if !value.is_finite() || value.abs() > 1e9 {
        out.extend_from_slice(b"null");
        return;
    }
    let scaled = (f64::from(value) * 1e4).round() as i64;
    if scaled < 0 {
        out.push(b'-');
    }
    let scaled = scaled.unsigned_abs();
    number(out, scaled / 10_000);
    out.push(b'.');
    let mut rest = scaled % 10_000;
    let mut unit = 1000;
    loop {
        out.push(b'0' + (rest / unit) as u8);
        rest %= unit;
        unit /= 10;
        if rest == 0 {
            break;
        }
    }
}

/// Appends `,` unless `first`, which it clears.
pub(super) fn comma(out: &mut Vec<u8>, first: &mut bool) {
    if !std::mem::take(first) {
        out.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn scores_are_short() {
        let cases = [
            (0.97, "0.97"),
            (1.0, "1.0"),
            (0.0, "0.0"),
            (0.123_46, "0.1235"),
            (-0.5, "-0.5"),
            (0.05, "0.05"),
        ];
        for (value, expected) in cases {
            assert_eq!(written(|out| score(out, value)), expected);
        }
        assert_eq!(written(|out| score(out, f32::NAN)), "null");
    }

    proptest! {
        #[test]
        fn strings_come_back(text in any::<String>()) {
            let json = written(|out| string(out, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn numbers_come_back(value in any::<u64>()) {
            prop_assert_eq!(written(|out| number(out, value)), value.to_string());
        }
    }
}
