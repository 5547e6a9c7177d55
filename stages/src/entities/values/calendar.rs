//! Days of the Gregorian calendar, after the day-count algorithms of H. Hinnant ("chrono-compatible low-level date
//! algorithms").

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: i64,
    /// Day of the month, from 1.
    pub day: i64,
}

impl Date {
    /// A day from `YYYY-MM-DD`, where more may follow.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let part = |range: core::ops::Range<usize>| {
            let part = text.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let dashes = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
        dashes.then_some(())?;
        Self::new(part(0..4)?, part(5..7)?, part(8..10)?)
    }

    /// A day, if there is such a one.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let date = Self { year, month, day };
        ((1..=12).contains(&month) && (1..=31).contains(&day) && Self::of(date.count()) == date)
            .then_some(date)
    }

    /// Days since 1 January 1970.
    pub(super) fn count(self) -> i64 {
        let y = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = y.div_euclid(400);
        let of_era = y - era * 400;
        let of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day so many days after 1 January 1970.
    pub(super) fn of(count: i64) -> Self {
        let z = count + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z - era * 146_097;
        let y = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * y + y / 4 - y / 100);
        let m = (5 * of_year + 2) / 153;
        let month = if m < 10 { m + 3 } else { m - 9 };
        let year = y + era * 400 + i64::from(month <= 2);
        Self { year, month, day: of_year - (153 * m + 2) / 5 + 1 }
    }

    /// Day of the week, Monday 1 to Sunday 7.
    pub(super) fn weekday(self) -> i64 {
        (self.count() + 3).rem_euclid(7) + 1
    }

    /// The day `n` days later.
    pub(super) fn plus_days(self, n: i64) -> Self {
        Self::of(self.count() + n)
    }

    /// The same day `n` months later, or the last of that month.
    pub(super) fn plus_months(self, n: i64) -> Self {
        let months = self.year * 12 + self.month - 1 + n;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        (28..=self.day).rev().find_map(|day| Self::new(year, month, day)).unwrap_or(Self {
            year,
            month,
            day: self.day,
        })
    }

    /// Year and number of the ISO week.
    pub(super) fn week(self) -> (i64, i64) {
        let thursday = self.plus_days(4 - self.weekday());
        let first = Self { year: thursday.year, month: 1, day: 1 };
        (thursday.year, (thursday.count() - first.count()) / 7 + 1)
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
