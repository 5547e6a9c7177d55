//! What a token is.

/// What a token looks like, as far as rules know. The numbers are stable.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A word or a part of one (`do`, `n't`), also with digits inside.
    Word = 0,
    /// Digits first, with their separators: `1,250.50`, `5:30`, `10/26/2000`, `10th`.
    Number = 1,
    /// Marks of punctuation: `.`, `...`, `“`.
    Punctuation = 2,
    /// Other signs: `%`, `+`, `©`.
    Symbol = 3,
    /// `$`, `€`, `£` and other signs of money.
    Currency = 4,
    /// An address on the web, a host or a file name.
    Url = 5,
    /// An e-mail address.
    Email = 6,
    /// `#topic`.
    Hashtag = 7,
    /// `@someone`.
    Handle = 8,
    /// A pictograph with all its modifiers.
    Emoji = 9,
    /// A face made of marks: `:-)`.
    Emoticon = 10,
    /// Anything else: control characters and the like.
    Other = 11,
}

impl Kind {
    /// The kind with this number.
    #[must_use]
    pub fn from_u8(number: u8) -> Option<Self> {
        use Kind::{
            Currency, Email, Emoji, Emoticon, Handle, Hashtag, Number, Other, Punctuation, Symbol, Url, Word,
        };
        let all = [
            Word,
            Number,
            Punctuation,
            Symbol,
            Currency,
            Url,
            Email,
            Hashtag,
            Handle,
            Emoji,
            Emoticon,
            Other,
        ];
        all.get(usize::from(number)).copied()
    }
}
