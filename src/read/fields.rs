//! What a piece of input says of a document.

/// The fields of a document, as they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The text.
    pub text: Option<String>,
    /// Its name; the place it stands at where there is none.
    pub id: Option<String>,
    /// Its title, for those who name the field.
    pub title: Option<String>,
    /// Its date, likewise.
    pub date: Option<String>,
    /// The other fields, as a JSON object, where they are kept.
    pub meta: Option<String>,
}
