//! The run's table of symbols.

use std::collections::HashMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Sym;

/// Symbols that stages may add while documents are worked on; open vocabularies belong in `str` columns.
const NEW_WHILE_RUNNING: u32 = 65_536;

/// Words with numbers: labels, language codes. Numbers depend on the order of asking, so nothing may depend on them.
#[derive(Debug)]
pub struct Interner {
    inner: RwLock<Inner>,
    limit: AtomicU32,
}

#[derive(Debug)]
struct Inner {
    numbers: HashMap<&'static str, u32>,
    words: Vec<&'static str>,
}

impl Default for Interner {
    fn default() -> Self {
        let inner = Inner { numbers: HashMap::from([("", 0)]), words: vec![""] };
        Self { inner: RwLock::new(inner), limit: AtomicU32::new(u32::MAX) }
    }
}

impl Interner {
    /// The number of a word; the empty word's where the table is full.
    pub fn intern(&self, word: &str) -> Sym {
        self.find(word).unwrap_or_else(|| self.add(word))
    }

    /// The number of a word that is there already.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<Sym> {
        self.read().numbers.get(word).map(|number| Sym(*number))
    }

    fn add(&self, word: &str) -> Sym {
        let mut inner = self.inner.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(number) = inner.numbers.get(word) {
            return Sym(*number);
        }
        let number = inner.words.len() as u32;
        if number >= self.limit.load(Ordering::Relaxed) {
            return Sym::EMPTY;
        }
        // Symbols are few and handed out over the boundary for the length of the run: they are never freed.
        let word: &'static str = Box::leak(word.into());
        inner.words.push(word);
        inner.numbers.insert(word, number);
        Sym(number)
    }

    /// The word of a number; empty for one that was never given out.
    #[must_use]
    pub fn text(&self, sym: Sym) -> &'static str {
        self.read().words.get(sym.0 as usize).copied().unwrap_or("")
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.read().words.len() as u32
    }

    /// Whether there is none but the empty word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 1
    }

    /// From now on only so many more are taken.
    pub(crate) fn cap(&self) {
        self.limit.store(self.len().saturating_add(NEW_WHILE_RUNNING), Ordering::Relaxed);
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_have_equal_numbers_and_the_cap_holds() {
        let table = Interner::default();
        let a = table.intern("PERSON");
        assert_eq!((table.intern("PERSON"), table.text(a), table.intern("")), (a, "PERSON", Sym::EMPTY));
        table.cap();
        (0..NEW_WHILE_RUNNING).for_each(|i| assert_ne!(table.intern(&i.to_string()), Sym::EMPTY));
        assert_eq!(table.intern("one more"), Sym::EMPTY);
        assert_eq!(table.intern("PERSON"), a);
    }
}
