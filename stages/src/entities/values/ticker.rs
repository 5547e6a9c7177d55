//! What a share is called on an exchange, behind the name of its company.

/// Exchanges as news writes them.
const EXCHANGES: [&str; 18] = [
    "NYSE", "NASDAQ", "Nasdaq", "AMEX", "OTC", "OTCMKTS", "TSX", "TSXV", "LSE", "AIM", "ASX", "HKEX", "SEHK",
    "TSE", "TYO", "ETR", "BSE", "NSE",
];

/// The ticker in brackets right behind the byte `end`: `(NYSE: IBM)` gives `NYSE:IBM`, `(MU.O)` and `<MU.O>` give
/// `MU.O`.
pub(crate) fn behind(text: &str, end: usize) -> Option<String> {
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let inside = rest.strip_prefix(['(', '<'])?;
    let length = inside.bytes().take(24).position(|b| matches!(b, b')' | b'>' | b';' | b','))?;
    let inside = inside.get(..length)?;
    if let Some((exchange, share)) = inside.split_once(':') {
        let share = share.trim();
        let known = EXCHANGES.contains(&exchange.trim()) && is_share(share, 7);
        return known.then(|| format!("{}:{share}", exchange.trim()));
    }
    let (share, exchange) = inside.rsplit_once('.')?;
    let letters = (1..=2).contains(&exchange.len()) && exchange.bytes().all(|b| b.is_ascii_uppercase());
    // `(U.S)` and the like are no tickers
    (letters && is_share(share, 6) && share.len() > 1).then(|| inside.to_owned())
}

fn is_share(share: &str, longest: usize) -> bool {
    let shape = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.';
    (1..=longest).contains(&share.len()) && share.bytes().all(shape)
}
