//! Sums, shares, measures, and plain numbers.

use super::cursor::Cursor;
use super::number::{Decimal, Number};
use super::{Hit, Label, hit};

/// Signs of money with their ISO 4217 codes.
const SIGNS: [(&str, &str); 23] = [
    ("$", "USD"),
    ("US$", "USD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("NT$", "TWD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("₪", "ILS"),
    ("฿", "THB"),
    ("₦", "NGN"),
    ("₫", "VND"),
];

/// One number, or from one to another.
struct Range {
    from: Decimal,
    to: Option<Decimal>,
    end: usize,
    /// Joined by a hyphen: with nothing after it, it may be a score.
    hyphen: bool,
}

impl Range {
    fn show(&self, map: impl Fn(Decimal) -> Option<Decimal>) -> Option<String> {
        let from = map(self.from)?;
        Some(match self.to {
            Some(to) => format!("{from}/{}", map(to)?),
            None => from.to_string(),
        })
    }
}

impl Cursor<'_> {
    /// The amount at token `i`.
    pub(super) fn amount(&self, i: usize) -> Option<Hit> {
        if let Some((code, at)) = self.currency(i) {
            return self.sum(code, at);
        }
        if let Some(half) = self.english.then(|| self.half_percent(i)).flatten() {
            return Some(half);
        }
        let minus = (matches!(self.word(i), "-" | "−") && self.joined(i + 1) && !self.joined(i))
            || (self.english && self.role(i, "minus").is_some());
        let at = i + usize::from(minus);
        let mut range = self.range(at)?;
        if minus {
            range.from.digits = -range.from.digits;
        }
        let measured = self.percent(&range).or_else(|| self.money(&range)).or_else(|| self.quantity(&range));
        if measured.is_some() {
            return measured;
        }
        if let Some(fraction) = self.fraction(i) {
            return Some(fraction);
        }
        // `3-2` is a score, `3-way` is no number; `7.2-magnitude` and `10,000-15,000` are.
        let counts = range.from.places > 0 || !range.from.less(Decimal::whole(1000));
        (counts || !range.hyphen && !self.hyphen(range.end)).then_some(())?;
        (!self.pronoun(i)).then_some(())?;
        hit(Label::Cardinal, range.show(Some)?, range.end)
    }

    /// `No one`, `each one`, `one another`.
    fn pronoun(&self, i: usize) -> bool {
        let before = ["no", "the", "this", "that", "each", "every", "any", "which", "another", "some"];
        let held = i > 0 && before.iter().any(|word| self.is(i - 1, word));
        self.is(i, "one") && (held || self.is(i + 1, "another"))
    }

    fn range(&self, i: usize) -> Option<Range> {
        let number = self.number(i).filter(|n| !n.ordinal)?;
        let Number { value, end, plain, .. } = number;
        let hyphen = self.hyphen(end);
        let other = (plain && (hyphen || (self.english && self.is(end, "to")))).then_some(end + 1);
        let other = other.filter(|at| self.digit(*at)).and_then(|at| self.number(at));
        let single = Range { from: value, to: None, end, hyphen: hyphen && other.is_some() };
        let Some(other) = other else { return Some(single) };
        // in `5-7 million` the scale counts for both
        let base = Decimal::parse(self.word(end + 1), self.comma);
        let Some(power) = base.and_then(|base| other.value.power_of(base)) else { return Some(single) };
        let Some(from) = value.shift(power).filter(|from| from.less(other.value)) else {
            return Some(single);
        };
        Some(Range { from, to: Some(other.value), end: other.end, hyphen })
    }

    /// A sign or code of money before a number, and where the number is.
    fn currency(&self, i: usize) -> Option<(&'static str, usize)> {
        let word = self.word(i);
        if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| *sign == word) {
            return self.digit(i + 1).then_some((code, i + 1));
        }
        let rupees = self.role(i, "before-money").filter(|_| self.english && self.capital(i));
        if let Some(role) = rupees {
            let at = i + 1 + usize::from(self.word(i + 1) == ".");
            return self.digit(at).then_some((role.value, at));
        }
        let role = self.role(i, "money").filter(|role| role.value == word && self.digit(i + 1))?;
        Some((role.value, i + 1))
    }

    /// A sum after its sign.
    fn sum(&self, code: &str, i: usize) -> Option<Hit> {
        let Some(mut range) = self.range(i) else { return hit(Label::Money, "", i + 1) };
        // `from $3 to $4` are two sums
        let two = i > 1 && self.is(i - 2, "from");
        let to = self.hyphen(range.end) || (self.english && !two && self.is(range.end, "to"));
        if range.to.is_none() && to {
            let signed = SIGNS.iter().any(|(sign, _)| *sign == self.word(range.end + 1));
            let at = range.end + 1 + usize::from(signed);
            let other = self.digit(at) && (signed || self.hyphen(range.end));
            let same = other.then(|| self.range(at)).flatten();
            if let Some(other) = same.filter(|other| range.from.less(other.from)) {
                // in `$5 to $7 million` the scale counts for both
                let power =
                    Decimal::parse(self.word(at), self.comma).and_then(|base| other.from.power_of(base));
                let own = self.number(i).is_some_and(|n| !n.plain);
                let from = range.from.shift(if own { 0 } else { power.unwrap_or(0) });
                let from = from.filter(|from| from.less(other.from)).unwrap_or(range.from);
                range = Range { from, to: Some(other.from), ..other };
            }
        }
        let short = self.role(range.end, "short").filter(|_| self.joined(range.end));
        let power = short.map_or(0, |role| role.number() as u32);
        let end = range.end + usize::from(short.is_some());
        hit(Label::Money, format!("{code} {}", range.show(|n| n.shift(power))?), end)
    }

    fn percent(&self, range: &Range) -> Option<Hit> {
        let at = self.skip_hyphen(range.end);
        let end = match self.word(at) {
            "%" => return self.percents(range, at + 1),
            _ if !self.english => return None,
            _ if self.role(at, "percent").is_some() => at + 1,
            _ if self.is(at, "basis") && (self.is(at + 1, "points") || self.is(at + 1, "point")) => {
                let hundredth = |n: Decimal| Some(Decimal { places: n.places + 2, ..n });
                return hit(Label::Percent, format!("{} %", range.show(hundredth)?), at + 2);
            }
            _ if self.is(at, "per") && self.is(at + 1, "cent") => at + 2,
            _ if self.is(at, "percentage") && (self.is(at + 1, "points") || self.is(at + 1, "point")) => {
                at + 2
            }
            _ => return None,
        };
        let points = self.is(end, "point") || self.is(end, "points");
        hit(Label::Percent, format!("{} %", range.show(Some)?), end + usize::from(points && self.english))
    }

    /// `5%`, `5% to 7%`.
    fn percents(&self, range: &Range, end: usize) -> Option<Hit> {
        let next = (self.hyphen(end) || (self.english && self.is(end, "to"))) && range.to.is_none();
        let other = next.then(|| self.number(end + 1)).flatten();
        let other = other.filter(|n| n.plain && range.from.less(n.value) && self.word(n.end) == "%");
        match other {
            Some(other) => hit(Label::Percent, format!("{}/{} %", range.from, other.value), other.end + 1),
            None => hit(Label::Percent, format!("{} %", range.show(Some)?), end),
        }
    }

    /// `half a percent`, `half a percentage point`.
    fn half_percent(&self, i: usize) -> Option<Hit> {
        let named = self.is(i, "half") && self.is(i + 1, "a");
        let points = self.is(i + 2, "percentage") && self.is(i + 3, "point");
        let end = i + 3 + usize::from(points);
        (named && (points || self.role(i + 2, "percent").is_some()))
            .then(|| hit(Label::Percent, "0.5 %", end))?
    }

    /// Money named after the number.
    fn money(&self, range: &Range) -> Option<Hit> {
        let at = self.skip_hyphen(range.end);
        let sign = SIGNS.iter().find(|(sign, _)| *sign == self.word(at)).filter(|_| !self.digit(at + 1));
        let code = self.role(at, "money").filter(|role| self.names_money(at, role.value, range));
        if let Some(code) = sign.map(|(_, code)| *code).or(code.map(|role| role.value)) {
            return hit(Label::Money, format!("{code} {}", range.show(Some)?), at + 1);
        }
        self.english.then_some(())?;
        if let Some(cents) = self.role(at, "cents") {
            let value = range.show(|n| Some(Decimal { places: n.places + 2, ..n }))?;
            return hit(Label::Money, format!("{} {value}", cents.value), at + 1);
        }
        let skip = usize::from(self.is(at, "New") || self.is(at, "Hong"));
        let nation = self.role(at + skip, "nation")?;
        let unit = self.role(at + skip + 1, "money")?;
        let code = match (nation.value, unit.value) {
            ("XX", code) | ("US", code) => code.to_owned(),
            ("CH", "CHF") => "CHF".to_owned(),
            (nation, code) => format!("{nation}{}", code.get(2..)?),
        };
        hit(Label::Money, format!("{code} {}", range.show(Some)?), at + skip + 2)
    }

    /// Whether the word at `i` means this currency: codes in capitals; `won` and `real` are other words too.
    fn names_money(&self, i: usize, code: &str, range: &Range) -> bool {
        let word = self.word(i);
        let is_code = word.eq_ignore_ascii_case(code);
        let doubtful = self.is(i, "won") || self.is(i, "real");
        if word == code || is_code || !self.english {
            return word == code;
        }
        let small = range.from.less(Decimal::whole(1000));
        let other = (doubtful && small) || (code == "GBP" && self.weighs(i));
        !other
    }

    /// Whether the pounds at `i` are of weight: `300 pounds of rice`, `a 30-pound dog`, `weighs 30 pounds`.
    fn weighs(&self, i: usize) -> bool {
        let money =
            ["debt", "aid", "investment", "funding", "damage", "damages", "savings", "taxpayers", "public"];
        let of = self.is(i + 1, "of") && !money.iter().any(|word| self.is(i + 2, word));
        let verbs = ["weigh", "weighs", "weighed", "weighing", "gained", "lost", "shed"];
        let verb = verbs.iter().any(|verb| i > 1 && self.is(i - 2, verb));
        of || verb || (self.is(i, "pound") && i > 1 && self.hyphen(i - 1))
    }

    fn quantity(&self, range: &Range) -> Option<Hit> {
        let at = self.skip_hyphen(range.end);
        let (unit, end) = self.unit(at)?;
        hit(Label::Quantity, format!("{} {unit}", range.show(Some)?), end)
    }

    /// A unit with its symbol and the token after it.
    fn unit(&self, at: usize) -> Option<(String, usize)> {
        if self.word(at).starts_with('°') || (self.english && self.role(at, "degree").is_some()) {
            let at = at + usize::from(!self.word(at).starts_with("°C") && !self.word(at).starts_with("°F"));
            let scale = self.role(at, "celsius").map(|role| role.value);
            let scale = scale.or(match self.word(at) {
                "°C" => Some("°C"),
                "°F" => Some("°F"),
                _ => None,
            });
            return Some(scale.map_or(("°".to_owned(), at), |scale| (scale.to_owned(), at + 1)));
        }
        if self.english
            && self.is(at, "light")
            && self.hyphen(at + 1)
            && self.word(at + 2).starts_with("year")
        {
            return Some(("ly".to_owned(), at + 3));
        }
        let power = self.role(at, "square").map(|_| "²").or(self.role(at, "cubic").map(|_| "³"));
        if let Some(power) = power.filter(|_| self.english) {
            let at = at + 1 + usize::from(self.word(at + 1) == ".");
            return Some((format!("{}{power}", self.role(at, "unit")?.value), at + 1));
        }
        let unit = self.role(at, "unit")?.value;
        match (self.word(at + 1), self.word(at + 2)) {
            ("²" | "³", _) if self.joined(at + 1) => Some((format!("{unit}{}", self.word(at + 1)), at + 2)),
            ("/", "h" | "s") => Some((format!("{unit}/{}", self.word(at + 2)), at + 3)),
            _ => Some((unit.to_owned(), at + 1)),
        }
    }

    /// `two-thirds`.
    fn fraction(&self, i: usize) -> Option<Hit> {
        let above = self.number(i).filter(|n| self.english && !n.plain && !n.ordinal)?;
        let (at, below) = self.role_after(above.end, &["part"])?;
        hit(Label::Cardinal, format!("{}/{}", above.value, below.value), at + 1)
    }

    /// An ordinal and the token after it.
    pub(super) fn ordinal(&self, i: usize) -> Option<(i64, usize)> {
        if let Some(role) = self.role(i, "ordinal") {
            return Some((role.number(), i + 1));
        }
        if self.digit(i) {
            let word = self.word(i);
            let digits = word.get(..word.len().checked_sub(2)?)?;
            let suffix = matches!(word.get(digits.len()..)?, "st" | "nd" | "rd" | "th");
            let value = Decimal::parse(digits, self.comma).filter(|n| suffix && n.places == 0)?;
            return Some((value.digits.try_into().ok()?, i + 1));
        }
        let number = self.number(i).filter(|n| n.ordinal)?;
        Some((number.value.digits.try_into().ok()?, number.end))
    }

    /// A place in an order.
    pub(super) fn order(&self, i: usize) -> Option<Hit> {
        self.english.then_some(())?;
        let (n, end) = self.ordinal(i)?;
        let next = self.word(end).as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
        let moment =
            self.is(i, "second") && i > 0 && (self.is(i - 1, "per") || (self.is(i - 1, "a") && !next));
        // `I second that`
        let verb = i > 0 && ["I", "we", "they", "you"].iter().any(|word| self.is(i - 1, word));
        let moment = moment || (self.is(i, "second") && verb);
        (!moment).then(|| hit(Label::Ordinal, n.to_string(), end))?
    }
}
