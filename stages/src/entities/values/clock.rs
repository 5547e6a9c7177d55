//! Times of day.

use super::cursor::Cursor;
use super::{Hit, Label, hit};

impl Cursor<'_> {
    /// `7 p.m.`, `10:30`, `1530 GMT`, `noon`, and from one to another.
    pub(super) fn clock(&self, i: usize) -> Option<Hit> {
        let (from, end) = self.hour(i)?;
        if let Some(next) = self.until(i, end)
            && let Some((to, end)) = self.hour(next)
        {
            return hit(Label::Time, format!("{from}/{to}"), end);
        }
        hit(Label::Time, from, end)
    }

    fn hour(&self, i: usize) -> Option<(String, usize)> {
        if let Some(role) = self.role(i, "clock").filter(|_| self.english) {
            return Some((role.value.to_owned(), i + 1));
        }
        if let Some(hour) = self.spelt(i).filter(|n| self.english && self.is(n.end, "o'clock")) {
            return self.told(hour.value.digits.try_into().ok()?, 0, hour.end + 1);
        }
        let word = self.word(i);
        if let Some(found) = self.seconds(word, i + 1) {
            return Some(found);
        }
        let (hour, minute) = word.split_once([':', '.']).unwrap_or((word, ""));
        let number = |part: &str, longest: usize| {
            let digits =
                !part.is_empty() && part.len() <= longest && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok())?
        };
        let zone = |at: usize| self.role(at, "zone").filter(|_| self.capital(at));
        if word.len() == 4 && zone(i + 1).is_some() {
            let (hour, minute) = (number(word.get(..2)?, 2)?, number(word.get(2..)?, 2)?);
            return self.told(hour, minute, i + 1);
        }
        let hour = number(hour, 2).filter(|_| matches!(minute.len(), 0 | 2))?;
        let colon = word.contains(':') && minute.len() == 2;
        let minute = if minute.is_empty() { 0 } else { number(minute, 2)? };
        if let Some(half) = self.role(i + 1, "half").filter(|_| self.english && (1..=12).contains(&hour)) {
            let hour = hour % 12 + if half.value == "pm" { 12 } else { 0 };
            return self.told(hour, minute, i + 2);
        }
        if self.english && self.is(i + 1, "o'clock") {
            return self.told(hour, minute, i + 2);
        }
        colon.then(|| self.told(hour, minute, i + 1))?
    }

    /// `04:12:30`.
    fn seconds(&self, word: &str, end: usize) -> Option<(String, usize)> {
        let (minutes, seconds) = word.rsplit_once(':').filter(|_| word.len() == 8)?;
        let (hour, minute) = minutes.split_once(':')?;
        let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() == 2);
        let (told, end) = self.told(number(hour)?, number(minute)?, end)?;
        let (minutes, zone) = told.split_at("T00:00".len());
        (number(seconds)? < 60).then(|| (format!("{minutes}:{seconds}{zone}"), end))
    }

    fn told(&self, hour: u32, minute: u32, end: usize) -> Option<(String, usize)> {
        let zone = self.role(end, "zone").filter(|_| self.capital(end));
        let (zone, end) = zone.map_or(("", end), |role| (role.value, end + 1));
        (hour < 24 && minute < 60).then(|| (format!("T{hour:02}:{minute:02}{zone}"), end))
    }

    /// The token after `to` or a dash, or after `and` where `between` stands before `i`.
    pub(super) fn until(&self, i: usize, end: usize) -> Option<usize> {
        let between = i > 0 && self.is(i - 1, "between") && self.is(end, "and");
        let to = self.is(end, "to") || self.is(end, "until") || self.is(end, "through");
        let dash = matches!(self.word(end), "-" | "–" | "—");
        ((self.english && (between || to)) || dash).then_some(end + 1)
    }
}
