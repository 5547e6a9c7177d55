//! The table of words the rules go by, as a small open-addressed hash.

use std::sync::OnceLock;

/// What a word can be to a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// `ones`, `month`, `unit` and so on, as in the table.
    pub(super) name: &'static str,
    /// What the table says of it.
    pub(super) value: &'static str,
}

impl Role {
    /// The value as a number; 0 where it is none.
    pub(super) fn number(&self) -> i64 {
        self.value.parse().unwrap_or(0)
    }
}

/// Roles of words a value can begin with.
const STARTERS: [&str; 17] = [
    "ones",
    "tens",
    "lead",
    "ordinal",
    "month",
    "weekday",
    "season",
    "decade",
    "day",
    "before",
    "after",
    "now",
    "tonight",
    "clock",
    "fiscal",
    "before-money",
    "minus",
];

const SLOTS: usize = 2048;
/// Longest word of the table in bytes.
const LONGEST: usize = 13;

/// Words with their roles.
pub(super) struct Table {
    slots: Vec<u16>,
    words: Vec<(&'static str, Vec<Role>)>,
    /// By first letter and length, a bit for each last letter that words of letters have.
    lasts: [[u32; LONGEST + 1]; 26],
    /// The same for the words that a value can begin with.
    starters: [[u32; LONGEST + 1]; 26],
}

fn hash(word: &[u8]) -> usize {
    let step = |h: u32, b: &u8| (h ^ u32::from(*b)).wrapping_mul(0x0100_0193);
    let h = word.iter().fold(0x811c_9dc5, step);
    ((h ^ (h >> 15)) as usize) % SLOTS
}

impl Table {
    /// The table, read when first asked for.
    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(include_str!("words.txt")))
    }

    fn read(text: &'static str) -> Self {
        let none = [[0; LONGEST + 1]; 26];
        let mut table = Self { slots: vec![0; SLOTS], words: Vec::new(), lasts: none, starters: none };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let role = Role { name: fields.next().unwrap_or(""), value: fields.next().unwrap_or("") };
            fields.for_each(|word| table.add(word, role));
        }
        table
    }

    fn add(&mut self, word: &'static str, role: Role) {
        if let Some(((first, length), bit)) = ends(word) {
            self.lasts[first][length] |= bit;
            self.starters[first][length] |= if STARTERS.contains(&role.name) { bit } else { 0 };
        }
        let slot = self.slot(word.as_bytes());
        if self.slots[slot] == 0 {
            self.words.push((word, Vec::new()));
            self.slots[slot] = self.words.len() as u16;
        }
        self.words[usize::from(self.slots[slot]) - 1].1.push(role);
    }

    fn slot(&self, word: &[u8]) -> usize {
        let mut slot = hash(word);
        while self.slots[slot] != 0 && self.words[usize::from(self.slots[slot]) - 1].0.as_bytes() != word {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// Whether a value can begin with a word of letters; false for most, at once.
    pub(super) fn starts(&self, word: &str) -> bool {
        let likely = ends(word).is_some_and(|((first, length), bit)| self.starters[first][length] & bit != 0);
        likely && self.roles(word).iter().any(|role| STARTERS.contains(&role.name))
    }

    /// The roles of a word, whatever its case; none for most, at once.
    pub(super) fn roles(&self, word: &str) -> &[Role] {
        if ends(word).is_some_and(|((first, length), bit)| self.lasts[first][length] & bit == 0) {
            return &[];
        }
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else { return &[] };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        match self.slots[self.slot(lower)] {
            0 => &[],
            place => &self.words[usize::from(place) - 1].1,
        }
    }
}

/// First letter, length and last letter (a bit) of a word that begins with a letter and is not too long.
#[inline]
fn ends(word: &str) -> Option<((usize, usize), u32)> {
    let letter = |byte: u8| byte.to_ascii_lowercase().wrapping_sub(b'a');
    let (first, last) = (letter(*word.as_bytes().first()?), letter(*word.as_bytes().last()?));
    (word.len() <= LONGEST && first < 26).then(|| ((usize::from(first), word.len()), 1 << last.min(31)))
}
