//! The records that `run` writes, read back: for `view` and `graph`.

mod args;
mod places;
mod record;
mod stream;
mod texts;

pub use args::Annotated;
pub use places::Places;
pub use record::{Mention, Pair, Record, Relation, Triple, Unit};
pub use texts::Texts;

use std::collections::VecDeque;
use std::path::PathBuf;

/// Records of all files, in order, with their texts where these can be had.
pub struct Records {
    files: VecDeque<PathBuf>,
    open: Option<stream::Lines>,
    texts: Option<Texts>,
    left: u64,
    read: u64,
}

impl Records {
    /// Opens what `args` name.
    ///
    /// # Errors
    /// In words for the user: a source that does not exist, or holds nothing that is read.
    pub fn open(args: &Annotated) -> Result<Self, String> {
        let texts = match args.source.is_empty() {
            true => None,
            false => Some(Texts::open(&args.source, &args.text_field, &args.id_field)?),
        };
        let left = args.limit.unwrap_or(u64::MAX);
        Ok(Self { files: args.outputs.clone().into(), open: None, texts, left, read: 0 })
    }

    /// The next record; `None` after the last.
    ///
    /// # Errors
    /// In words for the user: a file that cannot be read or holds other things than records; a document that
    /// `--source` lacks; no record at all.
    #[allow(
        clippy::should_implement_trait,
        reason = "an iterator cannot end with an error and be asked again"
    )]
    pub fn next(&mut self) -> Result<Option<Record>, String> {
        if self.left == 0 {
            return Ok(None);
        }
        loop {
            if let Some(lines) = &mut self.open
                && let Some(mut record) = lines.next()?
            {
                if let Some(texts) = &mut self.texts
                    && record.text.is_none()
                {
                    record.text = Some(texts.of(&record.id)?);
                }
                self.left -= 1;
                self.read += 1;
                return Ok(Some(record));
            }
            let finished = self.open.take();
            let Some(path) = self.files.pop_front() else {
                let name = finished.map(|lines| lines.name().to_owned()).unwrap_or_default();
                return match self.read {
                    0 => Err(format!("{name} holds no records: {}", stream::CURE)),
                    _ => Ok(None),
                };
            };
            self.open = Some(stream::Lines::open(&path)?);
        }
    }
}
