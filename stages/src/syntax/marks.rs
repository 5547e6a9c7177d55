//! Where punctuation hangs: by rule, once the words have their heads.
//!
//! The guidelines of Universal Dependencies leave little open: a mark hangs as high as it can without crossing an arc,
//! on the lower of the words that come into question to its left and to its right; the marks of a pair hang on the
//! head of what they enclose. A parser that decides from left to right often can not know either yet. Training tells
//! whether a treebank keeps to this.

/// Steps up a tree at most: a bound on the time that freak sentences take.
const MOST_STEPS: usize = 1000;

/// What a form is as punctuation: pairs are told by the form that closes them.
fn closing(form: &str) -> Option<&str> {
    let pairs =
        [("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"), ("``", "''")];
    let quotes = [("\"", "\""), ("'", "'")];
    pairs.into_iter().chain(quotes).find(|(open, _)| *open == form).map(|(_, close)| close)
}

/// Memory of one sentence, reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Whether a word is a mark that nothing hangs on.
    marks: Vec<bool>,
    /// First and last word, marks aside, of what hangs on a word.
    first: Vec<u32>,
    last: Vec<u32>,
    /// Dependents that were not yet counted.
    open: Vec<u32>,
    leaves: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    begun: Vec<u32>,
}

impl Marks {
    /// Gives marks new heads. Words are numbered from 1, the root comes after the last; `is_mark` tells which words
    /// the parser takes for punctuation.
    pub(crate) fn attach<'f>(
        &mut self,
        heads: &mut [u32],
        form: impl Fn(usize) -> &'f str,
        is_mark: impl Fn(usize) -> bool,
    ) {
        let count = heads.len() - 2;
        self.measure(heads, is_mark);
        if !self.marks.contains(&true) {
            return;
        }
        let found: Vec<(usize, u32)> = (1..=count)
            .filter(|&at| self.marks[at])
            .filter_map(|at| Some((at, self.head(heads, at as u32)?)))
            .collect();
        found.into_iter().for_each(|(at, head)| heads[at] = head);
        self.find_pairs(count, form);
        for &(open, close) in &self.pairs {
            let inside = |word: u32| open < word && word < close;
            let within =
                (open + 1..close).find(|&at| !self.marks[at as usize] && !inside(heads[at as usize]));
            if let Some(top) = within {
                (heads[open as usize], heads[close as usize]) = (top, top);
            }
        }
    }

    /// Which words are marks, and how far reaches what hangs on the others: from the leaves up.
    fn measure(&mut self, heads: &[u32], is_mark: impl Fn(usize) -> bool) {
        let (count, root) = (heads.len() - 2, heads.len() as u32 - 1);
        self.open.clear();
        self.open.resize(heads.len(), 0);
        heads[1..=count].iter().for_each(|&head| self.open[head as usize] += 1);
        self.marks.clear();
        self.marks.extend(
            (0..heads.len()).map(|at| (1..=count).contains(&at) && self.open[at] == 0 && is_mark(at)),
        );
        for ends in [&mut self.first, &mut self.last] {
            ends.clear();
            ends.extend(0..=root);
        }
        self.leaves.clear();
        self.leaves.extend((1..root).filter(|&at| self.open[at as usize] == 0));
        while let Some(word) = self.leaves.pop() {
            let (at, head) = (word as usize, heads[word as usize]);
            if head == root {
                continue;
            }
            let up = head as usize;
            if !self.marks[at] {
                self.first[up] = self.first[up].min(self.first[at]);
                self.last[up] = self.last[up].max(self.last[at]);
            }
            self.open[up] -= 1;
            if self.open[up] == 0 {
                self.leaves.push(head);
            }
        }
    }

    /// The word a mark hangs on.
    fn head(&self, heads: &[u32], mark: u32) -> Option<u32> {
        let root = heads.len() as u32 - 1;
        let word = |at: &u32| !self.marks[*at as usize];
        let mut left = (1..mark).rev().find(word);
        let mut right = (mark + 1..root).find(word);
        for _ in 0..MOST_STEPS {
            let up = left.filter(|&at| self.last[at as usize] < mark).map(|at| heads[at as usize]);
            let Some(up) = up.filter(|&up| up < mark) else { break };
            left = Some(up);
        }
        for _ in 0..MOST_STEPS {
            let up = right.filter(|&at| self.first[at as usize] > mark).map(|at| heads[at as usize]);
            let Some(up) = up.filter(|&up| up > mark && up != root) else { break };
            right = Some(up);
        }
        match (left, right) {
            (Some(left), Some(right)) if below(heads, left, right) => Some(left),
            (left, right) => right.or(left),
        }
    }

    fn find_pairs<'f>(&mut self, count: usize, form: impl Fn(usize) -> &'f str) {
        self.pairs.clear();
        self.begun.clear();
        for at in (1..=count).filter(|&at| self.marks[at]) {
            let begun = self.begun.iter().rposition(|&open| closing(form(open as usize)) == Some(form(at)));
            if let Some(number) = begun {
                self.pairs.push((self.begun[number], at as u32));
                self.begun.truncate(number);
            } else if closing(form(at)).is_some() {
                self.begun.push(at as u32);
            }
        }
    }
}

/// Whether one word hangs on the other, by way of others or at once.
fn below(heads: &[u32], word: u32, other: u32) -> bool {
    let root = heads.len() as u32 - 1;
    let mut up = heads[word as usize];
    for _ in 0..MOST_STEPS {
        if up == other || up == root {
            break;
        }
        up = heads[up as usize];
    }
    up == other
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Heads after the rule, for words with the heads of those that are no marks; marks begin on the root word.
    fn attached(sentence: &str, heads: &[u32]) -> Vec<u32> {
        let forms: Vec<&str> = sentence.split(' ').collect();
        let mut all = vec![0];
        all.extend(heads);
        all.push(0);
        let is_mark = |at: usize| !forms[at - 1].chars().any(char::is_alphanumeric);
        Marks::default().attach(&mut all, |at| forms[at - 1], is_mark);
        all[1..=forms.len()].to_vec()
    }

    #[test]
    fn a_final_mark_hangs_on_the_root_word_and_a_comma_on_what_follows_it() {
        assert_eq!(attached("Anna sings .", &[2, 4, 1]), [2, 4, 2]);
        // apples , pears and plums .
        assert_eq!(attached("apples , pears and plums .", &[7, 1, 1, 5, 1, 1]), [7, 3, 1, 5, 1, 1]);
        // When it rained , we left : the comma hangs on the clause before.
        assert_eq!(attached("When it rained , we left", &[3, 3, 6, 6, 6, 7]), [3, 3, 6, 3, 6, 7]);
    }

    #[test]
    fn pairs_hang_on_the_head_of_what_they_enclose() {
        assert_eq!(attached("the firm ( of Anna ) left", &[2, 7, 7, 5, 2, 7, 8]), [2, 7, 5, 5, 2, 5, 8]);
        assert_eq!(attached("she said \" no \" twice", &[2, 7, 2, 2, 2, 2]), [2, 7, 4, 2, 4, 2]);
        assert_eq!(attached("( ( ( )", &[4, 4, 4, 5]), [4, 4, 4, 5], "marks alone stay as they are");
    }
}
