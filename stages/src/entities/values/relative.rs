//! Relative dates, and longer periods.

use super::calendar::Date;
use super::cursor::Cursor;
use super::number::Decimal;
use super::{Hit, Label, hit};

/// `YYYY-Qn` of a count of quarters since year 0.
fn quarter(count: i64) -> String {
    format!("{}-Q{}", count.div_euclid(4), count.rem_euclid(4) + 1)
}

/// The unit of time that is `n` units from a day, in the precision of the unit.
fn shifted(today: Date, n: i64, unit: &str) -> Option<String> {
    let months = |n: i64| today.plus_months(n);
    Some(match unit {
        "D" => today.plus_days(n).to_string(),
        "W" => {
            let (year, week) = today.plus_days(7 * n).week();
            format!("{year}-W{week:02}")
        }
        "M" => format!("{}-{:02}", months(n).year, months(n).month),
        "Q" => quarter(today.year * 4 + (today.month - 1) / 3 + n),
        "Y" => (today.year + n).to_string(),
        "E" => format!("{}X", today.year / 10 + n),
        "C" => format!("{}XX", today.year / 100 + n),
        _ => return None,
    })
}

/// The same day so many units away.
fn away(today: Date, n: i64, unit: &str) -> Option<Date> {
    Some(match unit {
        "D" => today.plus_days(n),
        "W" => today.plus_days(7 * n),
        "M" => today.plus_months(n),
        "Q" => today.plus_months(3 * n),
        "Y" => today.plus_months(12 * n),
        "E" => today.plus_months(120 * n),
        _ => return None,
    })
}

impl Cursor<'_> {
    /// Decades, centuries, quarters, halves, seasons, fiscal years.
    pub(super) fn period(&self, i: usize) -> Option<Hit> {
        let word = self.word(i);
        if let Some(value) = self.decade(i) {
            return hit(Label::Date, value, i + 1);
        }
        if let Some(("mid" | "Mid", year)) = word.split_once('-') {
            let decade = year.strip_suffix("0s").filter(|d| d.len() == 3 && d.parse::<u32>().is_ok());
            let year = decade.map(|d| format!("{d}X")).or_else(|| (year.len() == 4).then(|| year.to_owned()));
            let year = year.filter(|y| y.bytes().all(|b| b.is_ascii_digit() || b == b'X'))?;
            return hit(Label::Date, year, i + 1);
        }
        if let Some(season) = self.role(i, "season")
            && let Some((year, end)) = self.year_after(i + 1)
        {
            return hit(Label::Date, format!("{year}-{}", season.value), end);
        }
        self.fiscal(i).or_else(|| self.ordinal_period(i))
    }

    fn decade(&self, i: usize) -> Option<String> {
        let word = self.word(i);
        if let Some(role) = self.role(i, "decade") {
            return Some(format!("{}X", role.value));
        }
        let digits = word.strip_suffix('s').map(|w| w.trim_end_matches(['\'', '’']))?;
        let digits = digits.strip_suffix('0')?;
        let short = digits.strip_prefix(['\'', '’']);
        let tens = short.unwrap_or(digits);
        tens.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
        match (short, tens.len()) {
            (_, 3) => Some(format!("{tens}X")),
            (Some(_), 1) => Some(format!("{}{tens}X", if matches!(tens, "0" | "1") { 20 } else { 19 })),
            _ => None,
        }
    }

    /// `fiscal year 2019`, `FY2019`, `FY19`.
    fn fiscal(&self, i: usize) -> Option<Hit> {
        if self.role(i, "fiscal").is_some() {
            let at = i + 1 + usize::from(self.is(i + 1, "year"));
            return hit(Label::Date, self.year(at)?.to_string(), at + 1);
        }
        let digits = self.word(i).strip_prefix("FY")?;
        let number: i64 = digits.parse().ok().or_else(|| self.year(i + 1))?;
        let end = i + 1 + usize::from(digits.is_empty());
        hit(Label::Date, (if number < 100 { 2000 + number } else { number }).to_string(), end)
    }

    /// `Q3 2019`, `2019-Q3`, `Q3`, `3Q19`.
    pub(super) fn quarters(&self, i: usize) -> Option<Hit> {
        let number = |at: usize| match self.word(at).as_bytes() {
            [b'Q', n @ b'1'..=b'4'] => Some(i64::from(n - b'0')),
            _ => None,
        };
        if let Some(n) = number(i) {
            return self.quarter_of(n, i + 1);
        }
        if let [n @ b'1'..=b'4', b'Q', digits @ ..] = self.word(i).as_bytes() {
            let n = i64::from(n - b'0');
            let year: Option<i64> = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
            return match (year, digits.len()) {
                (Some(year), 2) => hit(Label::Date, format!("{}-Q{n}", 2000 + year), i + 1),
                (Some(year), 4) => hit(Label::Date, format!("{year}-Q{n}"), i + 1),
                (None, 0) => self.quarter_of(n, i + 1),
                _ => None,
            };
        }
        let year = self.year(i)?;
        let at = self.skip_hyphen(i + 1);
        hit(Label::Date, format!("{year}-Q{}", number(at)?), at + 1)
    }

    /// A quarter of the year that follows, or the latest such quarter.
    fn quarter_of(&self, n: i64, end: usize) -> Option<Hit> {
        if let Some((year, end)) = self.year_after(end) {
            return hit(Label::Date, format!("{year}-Q{n}"), end);
        }
        let latest = self.today.map(|today| {
            let now = today.year * 4 + (today.month - 1) / 3;
            quarter(now - (now - (n - 1)).rem_euclid(4))
        });
        hit(Label::Date, latest.unwrap_or_default(), end)
    }

    /// `third quarter of 2019`, `first half of 2019`, `19th century`.
    pub(super) fn ordinal_period(&self, i: usize) -> Option<Hit> {
        let (n, end) = self.ordinal(i)?;
        let at = self.skip_hyphen(end);
        if self.is(at, "century") && n > 0 {
            return hit(Label::Date, format!("{:02}XX", n - 1), at + 1);
        }
        if self.is(at, "quarter") && (1..=4).contains(&n) {
            return self.quarter_of(n, at + 1);
        }
        let (year, end) = self.year_after(at + 1).filter(|_| self.is(at, "half"))?;
        let months = if n == 1 { "01 06" } else { "07 12" };
        let (from, to) = months.split_once(' ')?;
        hit(Label::Date, format!("{year}-{from}/{year}-{to}"), end)
    }

    /// `today`, `Monday`, `last week`, `next five years`, `this morning`.
    pub(super) fn relative(&self, i: usize) -> Option<Hit> {
        let dated = |n: i64| self.today.map_or(String::new(), |today| today.plus_days(n).to_string());
        if self.role(i, "tonight").is_some() {
            return hit(Label::Time, dated(0), i + 1);
        }
        if let Some((days, end)) = self.second_day(i) {
            return hit(Label::Date, dated(days), end);
        }
        if let Some(role) = self.role(i, "day") {
            return self.part_of(dated(role.number()), i + 1);
        }
        if let Some(role) = self.role(i, "weekday") {
            return self.part_of(self.weekday(role.number(), -1), i + 1);
        }
        let way = self.way(i)?;
        if let Some(role) = self.role(i + 1, "weekday") {
            return self.part_of(self.weekday(role.number(), way * 2), i + 2);
        }
        if self.role(i + 1, "daypart").is_some() && way < 1 {
            return hit(Label::Time, dated(way), i + 2);
        }
        self.unit_away(i, way)
    }

    /// `day before yesterday`, `day after tomorrow`.
    pub(super) fn second_day(&self, i: usize) -> Option<(i64, usize)> {
        let (way, next) = if self.is(i + 1, "before") { (-1, "yesterday") } else { (1, "tomorrow") };
        let said = self.is(i, "day") && (way < 0 || self.is(i + 1, "after")) && self.is(i + 2, next);
        said.then_some((2 * way, i + 3))
    }

    fn way(&self, i: usize) -> Option<i64> {
        let ways = [("before", -1), ("now", 0), ("after", 1)];
        ways.into_iter().find(|(name, _)| self.role(i, name).is_some()).map(|(_, way)| way)
    }

    /// A day, or a part of it where one follows.
    fn part_of(&self, value: String, end: usize) -> Option<Hit> {
        match self.role(end, "daypart") {
            Some(_) => hit(Label::Time, value, end + 1),
            None => hit(Label::Date, value, end),
        }
    }

    /// The weekday: -1 the latest, today counted; -2 the latest before today; 0 this week's; 2 the next.
    fn weekday(&self, day: i64, way: i64) -> String {
        let Some(today) = self.today else { return String::new() };
        let back = (today.weekday() - day).rem_euclid(7);
        let days = match way {
            -1 => -back,
            -2 => -(if back == 0 { 7 } else { back }),
            0 => day - today.weekday(),
            _ => 7 - back,
        };
        today.plus_days(days).to_string()
    }

    fn unit_away(&self, i: usize, way: i64) -> Option<Hit> {
        if let Some(unit) = self.role(i + 1, "time").filter(|unit| unit.value != "D") {
            let value = self.today.and_then(|today| shifted(today, way, unit.value));
            let label = if matches!(unit.value, "h" | "m" | "s") { Label::Time } else { Label::Date };
            return hit(label, value.unwrap_or_default(), i + 2);
        }
        if let Some(season) = self.role(i + 1, "season") {
            let value = self.today.map(|today| format!("{}-{}", today.year + way, season.value));
            return hit(Label::Date, value.unwrap_or_default(), i + 2);
        }
        if let Some(month) = self.month(i + 1) {
            let turn = |today: Date| match way {
                -1 => today.year - i64::from(month >= today.month),
                1 => today.year + i64::from(month <= today.month),
                _ => today.year,
            };
            let value = self.today.map(|today| format!("{}-{month:02}", turn(today)));
            return hit(Label::Date, value.unwrap_or_default(), i + 2);
        }
        let number = self.number(i + 1).filter(|n| way != 0 && n.value.places == 0 && !n.ordinal)?;
        let unit = self.role(number.end, "time")?;
        let count = i64::try_from(number.value.digits).ok().filter(|n| *n < 10_000)?;
        let value = self.today.and_then(|today| {
            let other = away(today, count * way, unit.value)?;
            Some(if way < 0 { format!("{other}/{today}") } else { format!("{today}/{other}") })
        });
        let label = if matches!(unit.value, "h" | "m" | "s") { Label::Time } else { Label::Date };
        hit(label, value.unwrap_or_default(), number.end + 1)
    }

    /// The smaller units after hours or minutes: the `15 minutes` of `2 hours 15 minutes`, with `and` or not.
    fn rest_of(&self, unit: &str, i: usize) -> Option<(String, usize)> {
        let at = i + usize::from(self.is(i, "and"));
        let count = self.number(at).filter(|n| !n.ordinal)?;
        let next = self
            .role(count.end, "time")
            .filter(|next| matches!((unit, next.value), ("h", "m") | ("m", "s")))?;
        let own = format!("{}{}", count.value, next.value.to_ascii_uppercase());
        Some(match self.rest_of(next.value, count.end + 1) {
            Some((rest, end)) => (own + &rest, end),
            None => (own, count.end + 1),
        })
    }

    /// `three weeks`, `24-hour`, `37-year-old`, `two days ago`, `a week ago`.
    pub(super) fn duration(&self, i: usize) -> Option<Hit> {
        let article = (self.is(i, "a") || self.is(i, "an")) && self.is(i + 2, "ago");
        let (count, end) = match article {
            true => (Decimal::whole(1), i + 1),
            false => self.number(i).filter(|n| !n.ordinal).map(|n| (n.value, n.end))?,
        };
        let (at, unit) = self.role_after(end, &["time"]).filter(|(_, unit)| unit.value != "Q")?;
        let short = matches!(unit.value, "h" | "m" | "s");
        let label = if short { Label::Time } else { Label::Date };
        if self.is(at + 1, "ago") {
            let back = i64::try_from(count.digits).ok().filter(|n| count.places == 0 && *n < 10_000);
            let value = self.today.zip(back).and_then(|(today, n)| shifted(today, -n, unit.value));
            return hit(label, value.unwrap_or_default(), at + 2);
        }
        let old = self.skip_hyphen(at + 1);
        let end = if self.is(old, "old") { old + 1 } else { at + 1 };
        let value = match unit.value {
            "E" => format!("P{}Y", count.shift(1)?),
            "C" => format!("P{}Y", count.shift(2)?),
            letter if short => format!("PT{count}{}", letter.to_ascii_uppercase()),
            letter => format!("P{count}{letter}"),
        };
        if short && let Some((rest, end)) = self.rest_of(unit.value, end) {
            return hit(label, value + &rest, end);
        }
        hit(label, value, end)
    }
}
