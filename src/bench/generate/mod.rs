//! News that never happened: documents to measure on where the user gives none.
//!
//! Sentences are templates with places for names, offices, sums and dates, some of them long, some plain; a document
//! keeps to a few people and organisations, as articles do. Lengths follow those of news: a few hundred characters to
//! some thousands. Everything comes from one random sequence, so that a seed means the same documents everywhere.

mod words;

use std::io::{self, Write};

use stages::learn::random::Random;
use words::{FILLERS, OPENINGS, SENTENCES};

/// One of the words, each as likely as the others.
fn pick<'a>(random: &mut Random, words: &[&'a str]) -> &'a str {
    words[random.below(words.len())]
}

/// Who and what an article is about.
struct Cast {
    people: Vec<(String, &'static str)>,
    organisations: Vec<String>,
    places: Vec<&'static str>,
}

impl Cast {
    fn new(random: &mut Random) -> Self {
        let person = |random: &mut Random| {
            let family = pick(random, &words::FAMILY_NAMES);
            (format!("{} {family}", pick(random, &words::GIVEN_NAMES)), family)
        };
        let organisation = |random: &mut Random| {
            format!("{} {}", pick(random, &words::COMPANY_HEADS), pick(random, &words::COMPANY_TAILS))
        };
        Self {
            people: (0..2 + random.below(3)).map(|_| person(random)).collect(),
            organisations: (0..2 + random.below(3)).map(|_| organisation(random)).collect(),
            places: (0..2 + random.below(3)).map(|_| pick(random, &words::PLACES)).collect(),
        }
    }
}

/// Writes JSON Lines with about so many bytes of text, at least one document.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(seed: u64, bytes: u64, out: &mut impl Write) -> io::Result<()> {
    let mut random = Random::new(seed);
    let (mut written, mut number) = (0, 0);
    while written < bytes || number == 0 {
        number += 1;
        let text = document(&mut random);
        written += text.len() as u64;
        let line = serde_json::json!({ "id": format!("generated-{number}"), "text": text });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// An article.
fn document(random: &mut Random) -> String {
    let cast = Cast::new(random);
    // Most are short; a sum of two draws of which one is often small gives the long tail of news.
    let sentences = 3 + random.below(10) + if random.below(4) == 0 { random.below(30) } else { 0 };
    let mut text = String::new();
    for number in 0..sentences {
        if number > 0 {
            text.push_str(if number % 3 == 0 { "\n\n" } else { " " });
        }
        let template = match random.below(3) {
            _ if number == 0 => pick(random, &OPENINGS),
            0 => pick(random, &FILLERS),
            _ => pick(random, &SENTENCES),
        };
        fill(template, &cast, number == 0, random, &mut text);
    }
    text
}

/// A template with its places filled; `{p}` is a person by the whole name, `{f}` by the family name.
fn fill(template: &str, cast: &Cast, first: bool, random: &mut Random, text: &mut String) {
    // Two places of a sentence are about different people and organisations, where there are as many.
    let mut next = [random.below(8), random.below(8), random.below(8)];
    let mut turn = |kind: usize, count: usize| {
        next[kind] += 1;
        next[kind] % count
    };
    for (nth, part) in template.split('{').enumerate() {
        let (place, rest) = if nth == 0 { ("", part) } else { part.split_once('}').unwrap_or(("", part)) };
        match place {
            "" => {}
            "f" if !first => text.push_str(cast.people[turn(0, cast.people.len())].1),
            "p" | "f" => text.push_str(&cast.people[turn(0, cast.people.len())].0),
            "o" => text.push_str(&cast.organisations[turn(1, cast.organisations.len())]),
            "c" => text.push_str(cast.places[turn(2, cast.places.len())]),
            "n" => text.push_str(&(2 + random.below(97)).to_string()),
            "y" => text.push_str(&(1985 + random.below(41)).to_string()),
            other => text.push_str(pick(random, words::list(other))),
        }
        text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(seed: u64, bytes: u64) -> String {
        let mut out = Vec::new();
        write(seed, bytes, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_seed_means_the_same_documents() {
        assert_eq!(generated(1, 20_000), generated(1, 20_000));
        assert_ne!(generated(1, 20_000), generated(2, 20_000));
        assert!(generated(1, 40_000).starts_with(&generated(1, 20_000)));
        assert_eq!(generated(1, 0).lines().count(), 1);
    }

    #[test]
    fn documents_are_as_long_as_news_and_every_place_is_filled() {
        let all = generated(3, 400_000);
        let texts: Vec<String> = all
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
            })
            .collect();
        assert!(
            texts.iter().all(|text| !text.contains(['{', '}']) && text.len() > 150 && text.len() < 12_000)
        );
        let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
        assert!((800..2500).contains(&mean), "{mean}");
    }

    #[test]
    fn every_template_names_places_that_exist() {
        let mut random = Random::new(5);
        let cast = Cast::new(&mut random);
        for template in OPENINGS.iter().chain(&SENTENCES).chain(&FILLERS) {
            let mut text = String::new();
            fill(template, &cast, false, &mut random, &mut text);
            assert!(text.ends_with(['.', '”']), "{text}");
        }
    }
}
