//! Dates of the calendar.

use super::calendar::Date;
use super::cursor::Cursor;
use super::{Hit, Label, hit};

/// A point or stretch of the calendar, its value, and the token after it.
struct Point {
    value: String,
    end: usize,
    /// Year alone; such a one is joined only to another.
    year: Option<i64>,
}

impl Cursor<'_> {
    /// The date or time that begins with the digits of token `i`.
    pub(super) fn digits_moment(&self, i: usize) -> Option<Hit> {
        let found = self.timestamp(i).or_else(|| self.clock(i)).or_else(|| self.slashes(i));
        if found.is_some() || !self.english {
            return found;
        }
        let found = self.quarters(i).or_else(|| self.stretch(i)).or_else(|| self.period(i));
        found.or_else(|| self.duration(i))
    }

    /// `2019-11-30T10:30:00Z` and `2019-11-30`.
    fn timestamp(&self, i: usize) -> Option<Hit> {
        let start = self.tokens[i].start as usize;
        let rest = self.text.get(start..)?;
        let date = Date::parse(rest)?;
        let tail = rest.get(10..)?;
        let time = |b: &u8| matches!(b, b'0'..=b'9' | b':' | b'.' | b'+' | b'-' | b'Z');
        let clock =
            tail.as_bytes().first() == Some(&b'T') && tail.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let length = if clock { 11 + tail.bytes().skip(1).take_while(|b| time(b)).count() } else { 10 };
        let value = rest.get(..length)?.trim_end_matches(['.', ':', '-']);
        let stop = start + value.len();
        let end = i + self.tokens[i..].iter().take_while(|token| (token.start as usize) < stop).count();
        (self.tokens[end - 1].end as usize == stop).then_some(())?;
        if clock { hit(Label::Time, value, end) } else { hit(Label::Date, date.to_string(), end) }
    }

    /// `03/14/2019`, `14.03.2019`, `2018/19`. Month first in English, unless that cannot be.
    fn slashes(&self, i: usize) -> Option<Hit> {
        let word = self.word(i);
        if !self.digit(i) || word.len() > 10 {
            return None;
        }
        let mut parts = word.split(['/', '.']);
        let mut part = || parts.next().and_then(|p| p.parse::<i64>().ok());
        let (a, b, c) = (part()?, part()?, part());
        let Some(year) = c else {
            let next = a / 100 * 100 + b;
            let pair = word.len() == 7 && word.contains('/') && next == a + 1;
            return pair.then(|| hit(Label::Date, format!("{a}/{next}"), i + 1))?;
        };
        let (month, day) = if self.english && a <= 12 && word.contains('/') { (a, b) } else { (b, a) };
        let date = Date::new(year, month, day).filter(|_| (1000..2200).contains(&year))?;
        hit(Label::Date, date.to_string(), i + 1)
    }

    /// One date, or from one to another.
    pub(super) fn stretch(&self, i: usize) -> Option<Hit> {
        let from = self.point(i)?;
        if let Some(next) = self.until(i, from.end)
            && let Some(to) = self.later(&from, next)
        {
            let first = self.in_year_of(i, &to).unwrap_or(from.value);
            return hit(Label::Date, format!("{first}/{}", to.value), to.end);
        }
        hit(Label::Date, from.value, from.end)
    }

    /// The day without year at `i`, in the last year in which it is before `to`, if that names its year.
    fn in_year_of(&self, i: usize, to: &Point) -> Option<String> {
        let year = self.year(to.end - 1)?;
        let (month, day) = match self.month(i) {
            Some(month) => (month, self.day(i + 1)?),
            None => (self.month(i + 1)?, self.day(i)?),
        };
        self.year_after(i + 2).is_none().then_some(())?;
        let date = Date::new(year, month, day)?;
        let before = Date::parse(&to.value).is_none_or(|to| date < to);
        Some(if before { date } else { Date::new(year - 1, month, day)? }.to_string())
    }

    /// The end of a range that begins with `from`.
    fn later(&self, from: &Point, i: usize) -> Option<Point> {
        let short = from.year.zip(self.integer(i)).filter(|_| self.word(i).len() == 2);
        if let Some((year, two)) = short {
            let to = year / 100 * 100 + two;
            return (to > year && self.joined(i)).then(|| Point {
                value: to.to_string(),
                end: i + 1,
                year: Some(to),
            });
        }
        let to = self.point(i)?;
        let rises = from.year.zip(to.year).is_none_or(|(a, b)| a < b);
        (from.year.is_some() == to.year.is_some() && rises).then_some(to)
    }

    fn point(&self, i: usize) -> Option<Point> {
        if let Some(day) = self.role(i, "weekday") {
            let after = i + 1 + usize::from(self.word(i + 1) == ",");
            let dated =
                self.month_first(after).or_else(|| self.day_first(after)).filter(|p| p.year.is_none());
            return dated.filter(|_| day.number() > 0);
        }
        self.month_first(i).or_else(|| self.day_first(i)).or_else(|| self.year_alone(i))
    }

    /// Month with its number; `may` and `march` only with a capital.
    pub(super) fn month(&self, i: usize) -> Option<i64> {
        self.capital(i).then(|| self.role(i, "month"))?.map(|role| role.number())
    }

    /// Day of the month, plain or as an ordinal.
    fn day(&self, i: usize) -> Option<i64> {
        let word = self.word(i);
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th");
        digits.parse().ok().filter(|day| suffix && digits.len() <= 2 && (1..=31).contains(day))
    }

    pub(super) fn year(&self, i: usize) -> Option<i64> {
        self.integer(i).filter(|year| self.word(i).len() == 4 && (1000..2200).contains(year))
    }

    /// A year at `i`, or after a comma or `of` there; with the token after it.
    pub(super) fn year_after(&self, i: usize) -> Option<(i64, usize)> {
        let at = i + usize::from(self.word(i) == "," || self.is(i, "of"));
        let at = at + usize::from(self.role(at, "fiscal").is_some());
        self.year(at).map(|year| (year, at + 1))
    }

    fn month_first(&self, i: usize) -> Option<Point> {
        let month = self.month(i)?;
        let Some(day) = self.day(i + 1).filter(|_| self.role(i + 2, "half").is_none()) else {
            return self.month_alone(i, month);
        };
        let second = self.day(i + 3).filter(|second| self.hyphen(i + 2) && *second > day);
        let end = if second.is_some() { i + 4 } else { i + 2 };
        self.dated(month, day, second, end)
    }

    fn day_first(&self, i: usize) -> Option<Point> {
        let day = self.day(i)?;
        let second = self.day(i + 2).filter(|second| self.hyphen(i + 1) && *second > day);
        let at = if second.is_some() { i + 3 } else { i + 1 };
        let at = at + usize::from(self.is(at, "of"));
        self.dated(self.month(at)?, day, second, at + 1)
    }

    /// A day with the year that follows, or with the nearest year.
    fn dated(&self, month: i64, day: i64, second: Option<i64>, end: usize) -> Option<Point> {
        let (year, end) = match self.year_after(end) {
            Some((year, end)) => (Some(year), end),
            None => (self.nearest(month, day), end),
        };
        let Some(year) = year else { return Some(Point { value: String::new(), end, year: None }) };
        let date = Date::new(year, month, day)?;
        let value = match second {
            Some(second) => format!("{date}/{}", Date::new(year, month, second)?),
            None => date.to_string(),
        };
        Some(Point { value, end, year: None })
    }

    fn month_alone(&self, i: usize, month: i64) -> Option<Point> {
        if let Some((year, end)) = self.year_after(i + 1) {
            return Some(Point { value: format!("{year}-{month:02}"), end, year: None });
        }
        let before = if i > 0 { self.word(i - 1) } else { "" };
        let sure = [
            "in", "since", "by", "until", "from", "to", "through", "during", "before", "after", "late",
            "early",
        ];
        let known = sure.iter().any(|word| before.eq_ignore_ascii_case(word));
        let full = self.word(i).len() > 4 || matches!(month, 6 | 7);
        let clear = full && !self.word(i).ends_with('.') && !matches!(month, 3..=6 | 8);
        (known || clear).then_some(())?;
        let value = self.nearest(month, 15).map_or(String::new(), |year| format!("{year}-{month:02}"));
        Some(Point { value, end: i + 1, year: None })
    }

    /// The year in which that day is nearest to today.
    fn nearest(&self, month: i64, day: i64) -> Option<i64> {
        let today = self.today?;
        let far = |year: i64| Date { year, month, day }.count().abs_diff(today.count());
        [today.year, today.year - 1, today.year + 1].into_iter().min_by_key(|year| far(*year))
    }

    /// A year by itself, unless it looks like a count.
    fn year_alone(&self, i: usize) -> Option<Point> {
        let year = self.year(i)?;
        let before = if i > 0 { self.word(i - 1) } else { "" };
        let sure = [
            "in", "since", "by", "until", "from", "to", "during", "before", "after", "late", "early",
            "between",
        ];
        let told = sure.iter().any(|word| before.eq_ignore_ascii_case(word));
        let counts =
            ["some", "about", "than", "nearly", "least", "almost", "around", "over", "most", "approximately"];
        let counted = counts.iter().any(|word| before.eq_ignore_ascii_case(word));
        let measure = ["unit", "time", "money", "percent", "scale", "square", "cubic", "degree"];
        let measured =
            self.role_after(i + 1, &measure).is_some() || self.is(i + 1, "people") || self.word(i + 1) == "%";
        let likely = (told && year >= 1400) || (1800..2100).contains(&year);
        (likely && !counted && !measured).then(|| Point {
            value: year.to_string(),
            end: i + 1,
            year: Some(year),
        })
    }
}
