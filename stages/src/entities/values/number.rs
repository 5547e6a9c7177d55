//! Numbers in digits and words.

use core::fmt;

use super::cursor::Cursor;

/// A decimal number, exact: `digits / 10^places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) digits: i128,
    pub(super) places: u32,
}

impl Decimal {
    pub(super) fn whole(n: i64) -> Self {
        Self { digits: n.into(), places: 0 }
    }

    /// Times a power of ten.
    pub(super) fn shift(self, power: u32) -> Option<Self> {
        let spare = power.min(self.places);
        let digits = self.digits.checked_mul(10_i128.checked_pow(power - spare)?)?;
        Some(Self { digits, places: self.places - spare })
    }

    /// The power of ten that makes `base` this number, if there is one.
    pub(super) fn power_of(self, base: Self) -> Option<u32> {
        (0..=15).find(|power| base.shift(*power) == Some(self))
    }

    pub(super) fn less(self, other: Self) -> bool {
        let scaled = |n: Self, to: u32| n.digits.saturating_mul(10_i128.saturating_pow(to));
        scaled(self, other.places) < scaled(other, self.places)
    }

    /// From digits with marks: `1,250.50`; where `comma` is the decimal mark `1.250,50`.
    pub(super) fn parse(text: &str, comma: bool) -> Option<Self> {
        let (group, mark) = if comma { (b'.', b',') } else { (b',', b'.') };
        let (mut digits, mut places, mut seen) = (0_i128, 0, false);
        let (mut grouped, mut run) = (false, 0);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    digits = digits.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                    places += u32::from(seen);
                    run += 1;
                }
                _ if byte == mark && !seen && (!grouped || run == 3) => (seen, run) = (true, 0),
                _ if byte == group && !seen && (if grouped { run == 3 } else { run <= 3 }) => {
                    (grouped, run) = (true, 0);
                }
                _ => return None,
            }
        }
        (run > 0 && (seen || !grouped || run == 3)).then_some(Self { digits, places })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut digits, mut places) = (self.digits, self.places);
        while places > 0 && digits % 10 == 0 {
            (digits, places) = (digits / 10, places - 1);
        }
        let unit = 10_i128.saturating_pow(places);
        let sign = if digits < 0 { "-" } else { "" };
        write!(f, "{sign}{}", digits.abs() / unit)?;
        if places == 0 {
            return Ok(());
        }
        write!(f, ".{:0width$}", digits.abs() % unit, width = places as usize)
    }
}

/// A number and where it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) value: Decimal,
    /// Token after it.
    pub(super) end: usize,
    /// Whether it is written with digits alone.
    pub(super) plain: bool,
    /// Whether it is an ordinal: `twenty-fifth`.
    pub(super) ordinal: bool,
}

impl Cursor<'_> {
    /// The number at token `i`.
    pub(super) fn number(&self, i: usize) -> Option<Number> {
        if self.digit(i) { self.digits(i) } else { self.spelt(i) }
    }

    /// `1,200`, `1.2 million`, `30-million`.
    fn digits(&self, i: usize) -> Option<Number> {
        let value = Decimal::parse(self.word(i), self.comma)?;
        let mut number = Number { value, end: i + 1, plain: true, ordinal: false };
        while self.english
            && let Some((at, role)) = self.role_after(number.end, &["scale", "dozen"])
        {
            number.value = match role.name {
                "dozen" => Decimal { digits: number.value.digits.checked_mul(12)?, ..number.value },
                _ => number.value.shift(role.number() as u32)?,
            };
            (number.end, number.plain) = (at + 1, false);
        }
        Some(number)
    }

    /// The place of a word with one of the roles at `i`, or after a hyphen there.
    pub(super) fn role_after(&self, i: usize, names: &[&str]) -> Option<(usize, super::table::Role)> {
        let at = if self.hyphen(i) { i + 1 } else { i };
        let roles = self.table.roles(self.word(at));
        let named = |name: &&str| roles.iter().find(|role| role.name == *name);
        names.iter().find_map(named).map(|&role| (at, role))
    }

    /// `two hundred and six`, `half a million`, `a dozen`, `twenty-fifth`.
    pub(super) fn spelt(&self, i: usize) -> Option<Number> {
        if !self.english {
            return None;
        }
        let (mut at, half) = if self.is(i, "half") { (self.skip_hyphen(i + 1), true) } else { (i, false) };
        let article = self.is(at, "a");
        at += usize::from(article);
        let (mut total, mut part, mut seen) = (0_i64, i64::from(article || half), false);
        let mut tail = 100;
        let mut ordinal = false;
        while !ordinal {
            let next = match self.is(at, "and") && seen && tail == 100 && (part >= 100 || total > 0) {
                true => at + 1,
                false if seen => self.skip_hyphen(at),
                false => at,
            };
            if let Some(role) = self.role(next, "ones").filter(|r| !article && !half && r.number() < tail) {
                part += role.number();
                tail = 1;
            } else if let Some(role) = self.role(next, "tens").filter(|_| !article && !half && tail == 100) {
                part += role.number();
                tail = 10;
            } else if let Some(role) = self.role(next, "scale").filter(|_| seen || article || half) {
                let power = 10_i64.pow(role.number() as u32);
                if power == 100 {
                    part = part.checked_mul(100)?;
                } else {
                    total = total.checked_add(part.max(1).checked_mul(power)?)?;
                    part = 0;
                }
                tail = 100;
            } else if let Some(role) = self.role(next, "dozen").filter(|_| seen || article || half) {
                part = part.max(1).checked_mul(role.number())?;
            } else if let Some(role) = self.role(next, "ordinal").filter(|r| seen && r.number() < tail) {
                part += role.number();
                ordinal = true;
            } else {
                break;
            }
            (at, seen) = (next + 1, true);
        }
        let value = Decimal::whole(total.checked_add(part)?);
        let value = if half { Decimal { digits: value.digits * 5, places: 1 } } else { value };
        seen.then_some(Number { value, end: at, plain: false, ordinal })
    }
}
