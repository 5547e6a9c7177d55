//! Values in text: dates, times, sums, shares, measures and numbers, by rules over tokens.
//!
//! The words the rules know are in `words.txt`. Values are ISO 8601 for dates, times, lengths of time and intervals
//! (`a/b`), with `2019-Q3` for quarters, `199X` for decades, `18XX` for centuries and the codes of seasons of
//! ISO 8601-2 (`2019-22` is summer). Rules of English for English; digits, signs and codes for every language.

mod amount;
mod calendar;
mod clock;
mod cursor;
mod number;
mod relative;
mod table;
pub(crate) mod ticker;
mod when;

pub use calendar::Date;

use cursor::Cursor;
use pipeline_core::Span;
use table::Table;

/// The type of a value; the number is its place in [`Label::NAMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A day or longer.
    Date,
    /// Less than a day.
    Time,
    /// A sum of money.
    Money,
    /// A share.
    Percent,
    /// A measure.
    Quantity,
    /// A place in an order.
    Ordinal,
    /// Any other number.
    Cardinal,
}

impl Label {
    /// Names of the types.
    pub const NAMES: [&'static str; 7] =
        ["DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"];
}

/// A value found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it stands.
    pub span: Span,
    /// Its type.
    pub label: Label,
    /// What it says, normalised; empty where that is not known.
    pub value: String,
}

/// What a rule found: type, value, and the token after it.
struct Hit {
    label: Label,
    value: String,
    end: usize,
}

/// A hit; for the rules.
fn hit(label: Label, value: impl Into<String>, end: usize) -> Option<Hit> {
    Some(Hit { label, value: value.into(), end })
}

/// Languages with a full stop before decimals.
const POINT: [&str; 10] = ["en", "und", "zh", "ja", "ko", "th", "he", "hi", "ga", "mt"];

/// Puts the values of a text into `out`, in text order. Relative dates are told by `today`, where given.
pub fn find(text: &str, tokens: &[Span], language: &str, today: Option<Date>, out: &mut Vec<Value>) {
    out.clear();
    let english = matches!(language, "en" | "und");
    let comma = !POINT.contains(&language);
    let cursor = Cursor { text, tokens, table: Table::get(), english, comma, today };
    let mut i = 0;
    while i < tokens.len() {
        if let Some(found) = cursor.starts(i).then(|| cursor.value(i)).flatten() {
            let end = found.end.clamp(i + 1, tokens.len());
            let span = Span::new(tokens[i].start, tokens[end - 1].end);
            out.push(Value { span, label: found.label, value: found.value });
            i = end;
        } else {
            i += 1;
        }
    }
}

impl Cursor<'_> {
    /// Whether a value can start at the token; false for most.
    fn starts(&self, i: usize) -> bool {
        let word = self.word(i).as_bytes();
        match word {
            [b'0'..=b'9' | 0xC2 | 0xE2, ..] | [b'-' | b'\''] | [b'\'', b'0'..=b'9', ..] | [.., b'$'] => true,
            [b'a' | b'A'] | [b'a' | b'A', b'n'] => {
                self.role_after(i + 1, &["scale", "dozen", "time"]).is_some()
            }
            b"day" | b"Day" => self.second_day(i).is_some(),
            [b'a'..=b'z', ..] => self.table.starts(self.word(i)) || word.starts_with(b"mid-"),
            [b'A'..=b'Z', ..] => {
                let code = word.len() == 3 && self.digit(i + 1) && self.role(i, "money").is_some();
                code || self.table.starts(self.word(i))
                    || matches!(word, [b'Q', _] | [b'F', b'Y', ..] | [b'M', b'i', b'd', b'-', ..])
            }
            _ => false,
        }
    }

    /// The value that starts at the token.
    fn value(&self, i: usize) -> Option<Hit> {
        if self.digit(i)
            && self.joined(i)
            && i > 1
            && matches!(self.word(i - 1), "-" | "–" | "#")
            && self.joined(i - 1)
        {
            return None;
        }
        if self.digit(i) {
            let moment = self.digits_moment(i);
            return moment.or_else(|| self.amount(i)).or_else(|| self.order(i));
        }
        if !self.english {
            return self.amount(i);
        }
        let role = self.table.roles(self.word(i)).first().map_or("", |role| role.name);
        match role {
            "month" | "weekday" => self.stretch(i).or_else(|| self.relative(i)),
            "day" | "before" | "after" | "now" | "tonight" => self.relative(i),
            "clock" => self.clock(i),
            "time" => self.relative(i),
            "season" | "decade" | "fiscal" => self.period(i),
            "ordinal" => self.ordinal_period(i).or_else(|| self.order(i)),
            "ones" | "tens" | "lead" => {
                let hour = self.spelt(i).filter(|n| self.is(n.end, "o'clock"));
                let moment = hour.and_then(|_| self.clock(i)).or_else(|| self.duration(i));
                let moment = moment.or_else(|| self.ordinal_period(i));
                moment.or_else(|| self.amount(i)).or_else(|| self.order(i))
            }
            _ => self.amount(i).or_else(|| self.period(i)).or_else(|| self.quarters(i)),
        }
    }
}
