//! Words made after tables of the frequencies of runs of one to five letters.
//!
//! A table gives the probability of a run's last letter after the others. What these probabilities lack of 1 is the
//! probability that a word ends there; how much rarer a run is with any letter before it than without tells how
//! often it begins a word.
use std::collections::HashMap;

use stages::language::train::Random;

type Run = u128;

/// A source of words.
pub(crate) struct Chain {
    starts: HashMap<Run, Vec<(char, f64)>>,
    follows: HashMap<Run, Vec<(char, f64)>>,
}

fn pack(letters: &[char]) -> Run {
    letters.iter().fold(0, |run, &c| run << 21 | Run::from(u32::from(c)))
}

impl Chain {
    /// Builds the chain from runs with the natural logarithms of their probabilities; runs in a fixed order.
    pub(crate) fn new(table: &[(Vec<char>, f64)]) -> Self {
        let given: HashMap<Run, f64> = table.iter().map(|(run, ln)| (pack(run), ln.exp())).collect();
        let joint = |run: &[char]| {
            (1..=run.len()).map(|n| given.get(&pack(&run[..n])).copied().unwrap_or(0.0)).product::<f64>()
        };
        let mut inside: HashMap<Run, f64> = HashMap::new();
        for (run, _) in table.iter().filter(|(run, _)| run.len() > 1) {
            *inside.entry(pack(&run[1..])).or_default() += joint(run);
        }
        let mut chain = Self { starts: HashMap::new(), follows: HashMap::new() };
        for (run, _) in table {
            let (&last, prefix) = run.split_last().expect("runs are not empty");
            if run.len() <= 4 {
                let start = joint(run) - inside.get(&pack(run)).copied().unwrap_or(0.0);
                // Differences of roundings are no starts.
                if start > joint(run) * 1e-6 {
                    chain.starts.entry(pack(prefix)).or_default().push((last, start));
                }
            } else {
                chain.follows.entry(pack(prefix)).or_default().push((last, given[&pack(run)]));
            }
        }
        chain
    }

    /// A word, as often as it is in text.
    pub(crate) fn word(&self, random: &mut Random) -> String {
        let mut word: Vec<char> = vec![];
        let mut mass = self.starts.get(&0).map_or(0.0, |next| next.iter().map(|n| n.1).sum());
        while word.len() < 40 {
            let next = if word.len() < 4 {
                self.starts.get(&pack(&word))
            } else {
                self.follows.get(&pack(&word[word.len() - 4..]))
            };
            let total = if word.len() < 4 { mass } else { 1.0 };
            let mut at = random.unit() * total;
            let chosen = next.into_iter().flatten().find(|(_, p)| {
                at -= p;
                at < 0.0
            });
            let Some(&(c, p)) = chosen else { break };
            word.push(c);
            mass = p;
        }
        word.into_iter().collect()
    }
}
