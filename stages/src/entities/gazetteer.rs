//! The name lists of the English model: which file gives which list, and how its entries are cut to words.

use super::lexicon::LexiconBuilder;
use crate::tokenize::{Tokenizer, Words};

/// How a file holds names.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// One a line.
    Lines,
    /// In the named column of a table whose first line names the columns.
    Column(&'static str),
    /// So, and only from the first so many rows.
    Top(&'static str, usize),
    /// Companies: in a column, with their legal form and class of share, which are cut off.
    Companies(&'static str),
    /// Nationalities: in the second field, without a head; their plural is added.
    Nationalities,
    /// Cities with population: the large ones go to the list, the others to the next.
    Cities,
}

/// List number, file under the data root, shape.
const FILES: &[(u8, &str, Shape)] = &[
    (0, "gaz/us_census1990_female_first.tsv", Shape::Column("name")),
    (0, "gaz/us_census1990_male_first.tsv", Shape::Column("name")),
    (1, "gaz/us_census1990_all_last.tsv", Shape::Top("name", 40_000)),
    (2, "gaz/geonames_countries.tsv", Shape::Column("name")),
    (2, "gaz/country_codes_pddl.tsv", Shape::Column("UNTERM English Short")),
    (2, "gaz/country_codes_pddl.tsv", Shape::Column("UNTERM English Formal")),
    (2, "gaz/country_codes_pddl.tsv", Shape::Column("CLDR display name")),
    (3, "gaz/geonames_countries.tsv", Shape::Column("capital")),
    (4, "gaz/cities_geonames.tsv", Shape::Cities),
    (6, "gaz/geonames_us_counties.tsv", Shape::Column("name")),
    (6, "gaz/geonames_us_states.tsv", Shape::Column("name")),
    (7, "gaz/geonames_continents.tsv", Shape::Column("name")),
    (7, "gaz/dariusk_oceans.tsv", Shape::Lines),
    (7, "gaz/dariusk_rivers.tsv", Shape::Lines),
    (8, "gaz/nationalities_i18n_en.tsv", Shape::Nationalities),
    (10, "gaz/dariusk_newspapers.tsv", Shape::Lines),
    (10, "gaz/dariusk_fortune500.tsv", Shape::Lines),
    (10, "gaz/sp500_pddl.tsv", Shape::Companies("Security")),
    (11, "gaz/nasdaq_listed_pddl.tsv", Shape::Companies("Security Name")),
    (11, "gaz/nyse_other_listed_pddl.tsv", Shape::Companies("Company Name")),
    (12, "gaz/dariusk_englishHonorifics.tsv", Shape::Lines),
    (12, "gaz/dariusk_occupations.tsv", Shape::Lines),
    (14, "gaz/us_legislators_current.tsv", Shape::Column("name")),
];

/// Languages that are not called as a nationality is.
const LANGUAGES: (u8, &str) = (
    9,
    "arabic|aramaic|basque|bengali|cantonese|catalan|esperanto|farsi|gaelic|gujarati|hausa|hebrew|hindi|igbo|javanese|\
     kannada|kurdish|latin|malayalam|mandarin|marathi|pashto|persian|punjabi|quechua|sanskrit|swahili|tagalog|tamil|\
     telugu|tibetan|tigrinya|urdu|uyghur|welsh|xhosa|yiddish|yoruba|zulu|sign language",
);

/// Holidays and feasts.
const HOLIDAYS: (u8, &str) = (
    13,
    "christmas|christmas day|christmas eve|easter|easter sunday|easter monday|good friday|palm sunday|holy week|lent|\
     epiphany|pentecost|ash wednesday|advent|thanksgiving|thanksgiving day|halloween|new year|new year's day|\
     new year's eve|lunar new year|chinese new year|nowruz|ramadan|eid|eid al-fitr|eid al-adha|hajj|ashura|mawlid|\
     passover|yom kippur|rosh hashanah|hanukkah|sukkot|purim|diwali|holi|vesak|independence day|memorial day|labor day|\
     labour day|may day|veterans day|remembrance day|martin luther king day|presidents' day|columbus day|bastille day|\
     anzac day|australia day|canada day|republic day|victory day|national day|international women's day|valentine's day|\
     mother's day|father's day|mardi gras|oktoberfest|boxing day|saint patrick's day|earth day|world aids day",
);

/// Words at the end of a company's name that tell only its legal form.
const LEGAL_FORMS: [&str; 26] = [
    "Inc.",
    "Inc",
    "Corp.",
    "Corp",
    "Corporation",
    "Ltd.",
    "Ltd",
    "Limited",
    "plc",
    "PLC",
    "Co.",
    "Company",
    "S.A.",
    "N.V.",
    "AG",
    "SE",
    "LLC",
    "L.P.",
    "LP",
    "Incorporated",
    "Group",
    "Holdings",
    "Holding",
    "A/S",
    "S.p.A.",
    "AB",
];

/// What shows that a listed security is no company.
const NO_COMPANY: [&str; 6] = ["ETF", "Fund", "Notes", "Trust", "Warrant", "%"];

/// Where what follows a company's name in a list of securities begins.
const SHARES: [&str; 8] = [
    " - ",
    " Common Stock",
    " Class ",
    " American Depositary",
    " Ordinary Shares",
    " Depositary",
    " Units",
    " (The)",
];

/// Adds all lists to `builder`. `read` gives the content of a file by its path under the data root.
///
/// # Errors
/// The first that `read` has.
pub(super) fn add_english<E>(
    builder: &mut LexiconBuilder,
    read: &mut dyn FnMut(&str) -> Result<String, E>,
) -> Result<(), E> {
    let mut lists = Lists { builder, words: Words::default() };
    for &(list, path, shape) in FILES {
        lists.file(&read(path)?, list, shape);
    }
    for (list, names) in [LANGUAGES, HOLIDAYS] {
        names.split('|').for_each(|name| lists.add(name, list));
    }
    Ok(())
}

struct Lists<'a> {
    builder: &'a mut LexiconBuilder,
    words: Words,
}

impl Lists<'_> {
    fn file(&mut self, text: &str, list: u8, shape: Shape) {
        match shape {
            Shape::Lines => text.lines().for_each(|name| self.add(name, list)),
            Shape::Column(name) => column(text, name).for_each(|name| self.add(name, list)),
            Shape::Top(name, most) => column(text, name).take(most).for_each(|name| self.add(name, list)),
            Shape::Companies(name) => column(text, name).for_each(|name| self.company(name, list)),
            Shape::Nationalities => {
                for name in text.lines().filter_map(|line| line.split('\t').nth(1)) {
                    self.add(name, list);
                    self.add(&format!("{name}s"), list);
                }
            }
            Shape::Cities => text.lines().skip(1).for_each(|line| self.city(line, list)),
        }
    }

    fn add(&mut self, name: &str, list: u8) {
        let lower = name.trim().to_lowercase();
        if !lower.contains(char::is_alphabetic) {
            return;
        }
        Tokenizer::new().run(&lower, "en", &mut self.words);
        let words = self.words.tokens.iter().map(|token| &lower[token.range()]);
        let article = usize::from(lower.starts_with("the "));
        self.builder.entry(words.skip(article), list);
    }

    /// Name, country, region, population, latitude, longitude, other names separated by bars.
    fn city(&mut self, line: &str, list: u8) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, _, _, population, _, _, others] = fields[..] else { return };
        let population: u64 = population.parse().unwrap_or(0);
        self.add(name, if population > 150_000 { list } else { list + 1 });
        if population > 500_000 {
            let plain = |name: &&str| {
                name.len() > 4 && name.is_ascii() && name.starts_with(|c: char| c.is_ascii_uppercase())
            };
            others.split('|').filter(plain).for_each(|name| self.add(name, list + 1));
        }
    }

    fn company(&mut self, name: &str, list: u8) {
        if NO_COMPANY.iter().any(|mark| name.contains(mark)) {
            return;
        }
        let end = SHARES.iter().filter_map(|mark| name.find(mark)).min().unwrap_or(name.len());
        let name = name[..end].trim_end_matches([',', ' ']);
        self.add(name, list);
        let mut short = name;
        while let Some(shorter) =
            LEGAL_FORMS.iter().find_map(|form| short.strip_suffix(form)?.strip_suffix(' '))
        {
            short = shorter.trim_end_matches([',', ' ']);
        }
        if short != name && short.len() > 3 {
            self.add(short, list);
        }
    }
}

/// The fields of a column, by its name in the first line; nothing if there is no such column.
fn column<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let mut lines = text.lines();
    let at = lines.next().and_then(|head| head.split('\t').position(|field| field == name));
    lines.filter_map(move |line| line.split('\t').nth(at?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::lexicon::{PREFIX, extend};
    use crate::learn::hash;

    #[test]
    fn entries_are_found_by_their_words() {
        let mut builder = LexiconBuilder::default();
        let mut lists = Lists { builder: &mut builder, words: Words::default() };
        lists.file("name\tx\nAcme Widgets, Inc. Common Stock\ty\nBond Fund\tz", 3, Shape::Companies("name"));
        lists.file("The Daily Echo", 5, Shape::Lines);
        let lexicon = builder.build();
        let find = |words: &str| {
            lexicon.lists(words.split(' ').fold(0, |sum, word| extend(sum, hash::bytes(word.as_bytes()))))
        };
        assert_eq!(find("acme widgets") & !PREFIX, 1 << 3);
        assert_eq!(find("acme"), PREFIX);
        assert_eq!(find("bond fund"), 0);
        assert_eq!(find("daily echo"), 1 << 5);
    }

    #[test]
    fn a_missing_column_gives_nothing() {
        assert_eq!(column("a\tb\n1\t2", "b").collect::<Vec<_>>(), ["2"]);
        assert_eq!(column("a\tb\n1\t2", "c").count(), 0);
    }
}
