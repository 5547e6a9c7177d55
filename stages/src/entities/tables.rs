//! Made-up sports pages and agency reports: what tables of results and datelines look like, of which articles hold few.
//!
//! Names are put together from the name lists. All else is dice: what is to be learnt is the manner.

use pipeline_core::Span;

use super::train::Corpus;
use crate::gold::{GoldDoc, GoldEntity};
use crate::learn::random::Random;

/// Number of documents.
const DOCS: usize = 240;
/// How much they count.
const WEIGHT: f32 = 0.25;

const SPORTS: [&str; 8] =
    ["SOCCER", "TENNIS", "GOLF", "CYCLING", "ATHLETICS", "HANDBALL", "RUGBY UNION", "BASKETBALL"];
const BEFORE: [&str; 7] = ["Sporting", "Real", "Dynamo", "Racing", "Athletic", "Lokomotiv", "Union"];
const AFTER: [&str; 10] =
    ["Rovers", "United", "City", "Athletic", "Town", "Wanderers", "Albion", "Tigers", "Eagles", "Rangers"];
const TRADES: [&str; 12] = [
    "Energy",
    "Silicon",
    "Steel",
    "Motors",
    "Airways",
    "Semiconductor",
    "Grid",
    "Foods",
    "Shipping",
    "Mining",
    "Telecom",
    "Holdings",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Names to draw from.
struct Lists {
    first: Vec<String>,
    last: Vec<String>,
    cities: Vec<String>,
    countries: Vec<String>,
    peoples: Vec<String>,
}

/// A document in the making.
struct Sheet<'a> {
    doc: GoldDoc,
    lists: &'a Lists,
    random: Random,
}

/// The corpus. `read` gives the content of a file by its path under the data root.
///
/// # Errors
/// The first that `read` has.
pub(super) fn corpus<E>(read: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Corpus, E> {
    let lists = Lists {
        first: proper(&column(&read("gaz/us_census1990_male_first.tsv")?, "name", 400)),
        last: proper(&column(&read("gaz/us_census1990_all_last.tsv")?, "name", 6000)),
        cities: column(&read("gaz/cities_geonames.tsv")?, "name", 6000),
        countries: column(&read("gaz/geonames_countries.tsv")?, "name", 250),
        peoples: read("gaz/nationalities_i18n_en.tsv")?
            .lines()
            .filter_map(|line| line.split('\t').nth(1).map(str::to_owned))
            .filter(|name| name.bytes().all(|b| b.is_ascii_alphabetic()))
            .collect(),
    };
    let docs = (0..DOCS).map(|number| Sheet::new(number, &lists).write(number));
    Ok(Corpus { docs: docs.collect(), weight: WEIGHT, ..Corpus::default() })
}

/// Entries of one or two words in ASCII letters, of the first so many rows.
fn column(table: &str, name: &str, rows: usize) -> Vec<String> {
    let mut lines = table.lines();
    let at = lines.next().and_then(|head| head.split('\t').position(|title| title == name)).unwrap_or(0);
    let fields = lines.take(rows).filter_map(|line| line.split('\t').nth(at));
    let plain = |name: &&str| {
        name.len() > 2
            && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ')
            && name.split(' ').count() < 3
    };
    fields.filter(plain).map(str::to_owned).collect()
}

/// `SMITH` as `Smith`.
fn proper(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("{}{}", &name[..1], name[1..].to_ascii_lowercase())).collect()
}

impl<'a> Sheet<'a> {
    fn new(number: usize, lists: &'a Lists) -> Self {
        let doc = GoldDoc { entities: Some(Vec::new()), ..GoldDoc::default() };
        Self { doc, lists, random: Random::new(number as u64 + 1) }
    }

    fn write(mut self, number: usize) -> GoldDoc {
        match number % 6 {
            0 => self.results(Self::club, "Results of matches on"),
            1 => self.results(Self::country, "Results of internationals on"),
            2 => self.standings(),
            3 => self.games(),
            4 => self.ranking(),
            _ => self.report(),
        }
        self.doc
    }

    fn say(&mut self, text: &str) -> &mut Self {
        self.doc.text.push_str(text);
        self
    }

    fn name(&mut self, name: &str, label: &str) -> &mut Self {
        let start = self.doc.text.len() as u32;
        self.say(name);
        let span = Span::new(start, self.doc.text.len() as u32);
        self.doc.entities.get_or_insert_default().push(GoldEntity { span, label: label.to_owned() });
        self
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.random.below(from.len())].clone()
    }

    fn number(&mut self, below: usize) -> String {
        self.random.below(below).to_string()
    }

    fn city(&mut self) -> String {
        self.pick(&self.lists.cities)
    }

    fn club(&mut self) -> (String, &'static str) {
        let city = self.city();
        let name = match self.random.below(4) {
            0 => city,
            1 => format!("{} {city}", self.pick(&BEFORE)),
            _ => format!("{city} {}", self.pick(&AFTER)),
        };
        (name, "ORG")
    }

    fn country(&mut self) -> (String, &'static str) {
        (self.pick(&self.lists.countries), "GPE")
    }

    fn person(&mut self) -> String {
        let (first, last) = (self.pick(&self.lists.first), self.pick(&self.lists.last));
        if self.random.below(4) == 0 { format!("{}. {last}", &first[..1]) } else { format!("{first} {last}") }
    }

    /// Headline in capitals, place and day.
    fn head(&mut self, what: &str) {
        let (sport, people) = (self.pick(&SPORTS), self.pick(&self.lists.peoples).to_ascii_uppercase());
        self.say(sport).say(" - ").name(&people, "NORP").say(what).say("\n\n");
        self.place();
        let day = format!(
            " {}-{:02}-{:02}\n\n",
            1990 + self.random.below(30),
            1 + self.random.below(12),
            1 + self.random.below(28)
        );
        self.say(&day);
    }

    fn place(&mut self) {
        let city = self.city().to_ascii_uppercase();
        self.name(&city, "GPE");
    }

    fn lines(&mut self, least: usize, mut line: impl FnMut(&mut Self, usize)) {
        for number in 0..least + self.random.below(6) {
            line(self, number);
            self.say("\n");
        }
    }

    fn results(&mut self, team: fn(&mut Self) -> (String, &'static str), title: &str) {
        self.head(" LEAGUE RESULTS");
        let day = self.pick(&DAYS);
        self.say(title).say(" ").say(day).say(":\n\n");
        self.lines(5, |sheet, _| {
            for end in [" ", ""] {
                let ((name, label), goals) = (team(sheet), sheet.number(6));
                sheet.name(&name, label).say(" ").say(&goals).say(end);
            }
        });
    }

    fn standings(&mut self) {
        self.head(" LEAGUE STANDINGS");
        self.say("Standings (games, wins, draws, defeats, goals, points):\n\n");
        self.lines(6, |sheet, _| {
            let (name, label) = sheet.club();
            sheet.name(&name, label);
            for _ in 0..7 {
                let number = sheet.number(40);
                sheet.say(" ").say(&number);
            }
        });
    }

    fn games(&mut self) {
        self.head(" OPEN RESULTS");
        self.say("Second round, singles:\n\n");
        self.lines(5, |sheet, _| {
            for end in [" beat ", ""] {
                let (name, country) = (sheet.person(), sheet.country().0);
                sheet.name(&name, "PERSON").say(" (").name(&country, "GPE").say(")").say(end);
            }
            let games = format!(" 6-{} 6-{}", sheet.random.below(5), sheet.random.below(5));
            sheet.say(&games);
        });
    }

    fn ranking(&mut self) {
        self.head(" CHAMPIONSHIP RESULTS");
        self.say("Leading placings:\n\n");
        self.lines(6, |sheet, number| {
            let rank = format!("{}. ", number + 1);
            let (name, country) = (sheet.person(), sheet.country().0);
            let time = format!(
                ") {}:{:02}.{}",
                1 + sheet.random.below(5),
                sheet.random.below(60),
                sheet.random.below(10)
            );
            sheet.say(&rank).name(&name, "PERSON").say(" (").name(&country, "GPE").say(&time);
        });
    }

    fn company(&mut self) -> (String, String) {
        let word = self.pick(&self.lists.last);
        (format!("{word} {}", self.pick(&TRADES)), word)
    }

    /// Companies with their short names, after a dateline.
    fn report(&mut self) {
        let ((name, short), (other, other_short), person) = (self.company(), self.company(), self.person());
        let day = self.pick(&DAYS);
        self.place();
        self.say(" - ")
            .name(&name, "ORG")
            .say(" said on ")
            .say(day)
            .say(" it would buy ")
            .name(&other, "ORG");
        self.say(" for an undisclosed sum.\n\nThe deal is the largest in the history of ")
            .name(&short, "ORG");
        self.say(", whose shares fell. ").name(&person, "PERSON").say(", the chief executive of ");
        self.name(&other_short, "ORG").say(", is to join the board of ").name(&short, "ORG").say(".\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_mark_teams_and_players_but_no_scores() {
        let read = |path: &str| -> Result<String, String> {
            Ok(match path {
                "gaz/cities_geonames.tsv" => "name\tcc\nBergen\tNO\nNew Haven\tUS\nÅlesund\tNO\n",
                "gaz/geonames_countries.tsv" => "id\tname\n1\tNorway\n",
                "gaz/nationalities_i18n_en.tsv" => "NO\tNorwegian\n",
                _ => "name\trank\nKELLER\t1\n",
            }
            .to_owned())
        };
        let corpus = corpus(&mut { read }).expect("lists");
        let mut seen = std::collections::BTreeSet::new();
        for doc in &corpus.docs {
            for name in doc.entities.iter().flatten() {
                let text = &doc.text[name.span.range()];
                assert!(!text.contains(|c: char| c.is_ascii_digit() || c == '-'), "{text}");
                seen.insert((text.to_owned(), name.label.as_str()));
            }
        }
        for (name, label) in
            [("Bergen Rovers", "ORG"), ("Norway", "GPE"), ("Keller Keller", "PERSON"), ("Keller", "ORG")]
        {
            assert!(seen.contains(&(name.to_owned(), label)), "{name}");
        }
        assert!(seen.iter().all(|(name, _)| !name.contains('Å')));
    }
}
