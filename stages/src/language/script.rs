//! Scripts: many of them decide the language alone.

/// A script, as far as it matters for telling languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Script {
    /// Not a letter.
    None = 0,
    /// Latin letters, also with marks.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Arabic letters, also of Persian and Urdu.
    Arabic,
    /// Hindi, Marathi, Nepali.
    Devanagari,
    /// Hebrew letters, also of Yiddish.
    Hebrew,
    /// Chinese characters, also in Japanese.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Korean.
    Hangul,
    /// Greek.
    Greek,
    /// Armenian.
    Armenian,
    /// Georgian.
    Georgian,
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Khmer.
    Khmer,
    /// Burmese.
    Myanmar,
    /// Tibetan.
    Tibetan,
    /// Amharic and its relatives.
    Ethiopic,
    /// Bengali.
    Bengali,
    /// Punjabi.
    Gurmukhi,
    /// Gujarati.
    Gujarati,
    /// Odia.
    Odia,
    /// Tamil.
    Tamil,
    /// Telugu.
    Telugu,
    /// Kannada.
    Kannada,
    /// Malayalam.
    Malayalam,
    /// Sinhala.
    Sinhala,
    /// Dhivehi.
    Thaana,
    /// A letter of another script.
    Other,
}

/// Number of scripts.
pub const COUNT: usize = Script::Other as usize + 1;

impl Script {
    /// All scripts, in the order of their numbers.
    pub const ALL: [Self; COUNT] = {
        use Script::*;
        [
            None, Latin, Cyrillic, Arabic, Devanagari, Hebrew, Han, Kana, Hangul, Greek, Armenian, Georgian,
            Thai, Lao, Khmer, Myanmar, Tibetan, Ethiopic, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu,
            Kannada, Malayalam, Sinhala, Thaana, Other,
        ]
    };

    /// The script of a character.
    #[must_use]
    pub fn of(c: char) -> Self {
        use Script::*;
        match u32::from(c) {
            0x41..=0x5a | 0x61..=0x7a => Latin,
            0..=0xa9 | 0xd7 | 0xf7 => None,
            0xaa..=0x24f | 0x250..=0x2af | 0x1e00..=0x1eff | 0xff21..=0xff3a | 0xff41..=0xff5a
                if c.is_alphabetic() =>
            {
                Latin
            }
            0x370..=0x3ff | 0x1f00..=0x1fff if c.is_alphabetic() => Greek,
            0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Cyrillic,
            0x531..=0x587 => Armenian,
            0x5d0..=0x5f2 | 0xfb1d..=0xfb4f => Hebrew,
            0x620..=0x64a
            | 0x66e..=0x6d3
            | 0x6d5..=0x6ff
            | 0x750..=0x77f
            | 0x8a0..=0x8ff
            | 0xfb50..=0xfdff
            | 0xfe70..=0xfefc => Arabic,
            0x780..=0x7bf => Thaana,
            0x900..=0x963 | 0x970..=0x97f => Devanagari,
            0x980..=0x9ff => Bengali,
            0xa00..=0xa7f => Gurmukhi,
            0xa80..=0xaff => Gujarati,
            0xb00..=0xb7f => Odia,
            0xb80..=0xbff => Tamil,
            0xc00..=0xc7f => Telugu,
            0xc80..=0xcff => Kannada,
            0xd00..=0xd7f => Malayalam,
            0xd80..=0xdff => Sinhala,
            0xe01..=0xe3a | 0xe40..=0xe4e => Thai,
            0xe80..=0xeff => Lao,
            0xf00..=0xfff => Tibetan,
            0x1000..=0x109f | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f => Myanmar,
            0x10a0..=0x10ff | 0x1c90..=0x1cbf | 0x2d00..=0x2d2f => Georgian,
            0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => Hangul,
            0x1200..=0x139f | 0x2d80..=0x2ddf => Ethiopic,
            0x1780..=0x17ff => Khmer,
            0x3041..=0x30ff | 0x31f0..=0x31ff | 0xff66..=0xff9d => Kana,
            0x3005..=0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => Han,
            _ if c.is_alphabetic() => Other,
            _ => None,
        }
    }

    /// The language that is nearly always meant by the script, if there is one.
    #[must_use]
    pub fn language(self) -> Option<&'static str> {
        use Script::*;
        Some(match self {
            Han => "zh",
            Kana => "ja",
            Hangul => "ko",
            Greek => "el",
            Armenian => "hy",
            Georgian => "ka",
            Thai => "th",
            Lao => "lo",
            Khmer => "km",
            Myanmar => "my",
            Tibetan => "bo",
            Ethiopic => "am",
            Bengali => "bn",
            Gurmukhi => "pa",
            Gujarati => "gu",
            Odia => "or",
            Tamil => "ta",
            Telugu => "te",
            Kannada => "kn",
            Malayalam => "ml",
            Sinhala => "si",
            Thaana => "dv",
            None | Latin | Cyrillic | Arabic | Devanagari | Hebrew | Other => return Option::None,
        })
    }
}
