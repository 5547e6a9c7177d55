//! Addresses, handles, hashtags and faces: tokens that hold marks.

use super::Kind;
use super::atoms::Class;
use super::chunk::Chunk;

/// Last labels of host names. Countries whose code is a common word are left out.
const DOMAINS: &str = " com org net edu gov mil int info biz uk de fr ca au ru jp cn eu ch nl se tv ie nz br pl fi dk il \
                       ae ir kr tw hk sg mx ar za tr gr cz hu ua io ";

/// Ends of file names.
const EXTENSIONS: &str = " doc docx xls xlsx ppt pptx pdf html htm txt exe jpg jpeg png gif zip mp3 mp4 csv xml php asp \
                          aspx jsp js url rtf wpd ";

/// The token with marks that begins at atom `i`: the atom after it, and its kind.
pub(super) fn find(chunk: &Chunk<'_, '_>, i: usize) -> Option<(usize, Kind)> {
    match chunk.class(i)? {
        Class::Mark(b'#') => tag(chunk, i, Kind::Hashtag),
        Class::Mark(b'@') => tag(chunk, i, Kind::Handle),
        Class::Mark(b'(' | b'^' | b':' | b';' | b'=') => emoticon(chunk, i),
        Class::Letters | Class::Digits | Class::Mixed if starts_run(chunk, i) => {
            url(chunk, i).or_else(|| email(chunk, i)).or_else(|| host(chunk, i))
        }
        _ => None,
    }
}

/// Whether no host or address was tried from an earlier atom and would have run up to here.
fn starts_run(chunk: &Chunk<'_, '_>, i: usize) -> bool {
    i + 1 < chunk.atoms.len() && (i == 0 || !is_local(chunk, i - 1))
}

fn tag(chunk: &Chunk<'_, '_>, i: usize, kind: Kind) -> Option<(usize, Kind)> {
    let starts = i == 0 || !chunk.is_word(i - 1) && !chunk.is(i - 1, b'&');
    (starts && chunk.class(i + 1) == Some(Class::Letters)).then_some((i + 2, kind))
}

/// Faces, when nothing but punctuation follows.
fn emoticon(chunk: &Chunk<'_, '_>, i: usize) -> Option<(usize, Kind)> {
    if i == 0 && matches!(chunk.text(0, chunk.atoms.len().min(3)), "(:" | "(;" | "^_^" | "-_-" | ">:(") {
        return Some((chunk.atoms.len().min(3), Kind::Emoticon));
    }
    if !matches!(chunk.class(i), Some(Class::Mark(b':' | b';' | b'='))) {
        return None;
    }
    let nose = usize::from(chunk.is(i + 1, b'-'));
    let mouth = i + 1 + nose;
    let is_mouth = match chunk.class(mouth)? {
        Class::Mark(b')' | b'(' | b']' | b'[' | b'/' | b'|' | b'*') => i == 0 || nose == 1,
        Class::Letters => i == 0 && matches!(chunk.text(mouth, mouth + 1), "D" | "P" | "p" | "O" | "o"),
        _ => false,
    };
    (is_mouth && !chunk.is_word(mouth + 1)).then_some((mouth + 1, Kind::Emoticon))
}

/// `scheme://…` and `www.…`, up to the end of the chunk but for trailing punctuation.
fn url(chunk: &Chunk<'_, '_>, i: usize) -> Option<(usize, Kind)> {
    let mail =
        chunk.is(i + 1, b':') && chunk.is_word(i + 2) && chunk.text(i, i + 1).eq_ignore_ascii_case("mailto");
    let scheme = chunk.is(i + 1, b':') && chunk.is(i + 2, b'/') && chunk.is(i + 3, b'/');
    let www =
        chunk.is(i + 1, b'.') && chunk.is_word(i + 2) && chunk.text(i, i + 1).eq_ignore_ascii_case("www");
    (scheme || www || mail).then(|| (trimmed_end(chunk, i + 3), Kind::Url))
}

/// The chunk's end without punctuation that belongs to the sentence; a bracket is kept if it was opened inside.
fn trimmed_end(chunk: &Chunk<'_, '_>, from: usize) -> usize {
    let count = |mark: u8| chunk.atoms[from..].iter().filter(|atom| atom.is(mark)).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let mut end = chunk.atoms.len();
    while end > from {
        let bracket = chunk.is(end - 1, b')') && closed > opened;
        if !bracket && !chunk.atoms[end - 1].sign().is_some_and(|c| ".,;:!?'\"]}>»”’…".contains(c)) {
            break;
        }
        closed -= usize::from(bracket);
        end -= 1;
    }
    end
}

/// May stand before the `@` of an address.
fn is_local(chunk: &Chunk<'_, '_>, i: usize) -> bool {
    chunk.is_word(i) || matches!(chunk.class(i), Some(Class::Mark(b'.' | b'-' | b'+' | b'%' | b'@')))
}

fn email(chunk: &Chunk<'_, '_>, i: usize) -> Option<(usize, Kind)> {
    let at = (i..chunk.atoms.len()).take_while(|&k| is_local(chunk, k)).find(|&k| chunk.is(k, b'@'))?;
    if !chunk.is_word(at + 1) {
        return None;
    }
    Some((host_end(chunk, at + 1), Kind::Email))
}

/// A host name or file name without a scheme, with its path.
fn host(chunk: &Chunk<'_, '_>, i: usize) -> Option<(usize, Kind)> {
    let end = host_end(chunk, i);
    if end < i + 3 || !chunk.is(end - 2, b'.') {
        return None;
    }
    let last = chunk.text(end - 1, end);
    let newsgroup = end >= i + 5
        && (i..end).all(|k| chunk.text(k, k + 1).bytes().all(|b| b == b'.' || b.is_ascii_lowercase()));
    if newsgroup && chunk.text(i, i + 1).len() > 2 {
        return Some((end, Kind::Url));
    }
    let known = |list: &str| last.len() <= 5 && list.contains(&format!(" {} ", last.to_ascii_lowercase()));
    let one_case =
        !last.bytes().any(|b| b.is_ascii_uppercase()) || !last.bytes().any(|b| b.is_ascii_lowercase());
    if !one_case || !known(DOMAINS) && !known(EXTENSIONS) {
        return None;
    }
    let path = chunk.is(end, b'/') && chunk.is_word(end + 1);
    Some((if path { trimmed_end(chunk, end) } else { end }, Kind::Url))
}

/// The end of the words joined by single stops and hyphens from atom `i` on.
fn host_end(chunk: &Chunk<'_, '_>, i: usize) -> usize {
    let mut end = i + 1;
    while (chunk.is(end, b'.') || chunk.is(end, b'-')) && chunk.is_word(end + 1) {
        end += 2;
    }
    end
}
