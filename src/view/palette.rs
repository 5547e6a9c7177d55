//! Contrast of the page's colours after WCAG 2.2, <https://www.w3.org/TR/WCAG22/#contrast-minimum>.

use std::collections::HashMap;

const PALETTE: &str = include_str!("assets/palette.css");
const HUES: [&str; 9] = ["people", "org", "place", "group", "event", "work", "time", "number", "other"];

type Theme = HashMap<String, [f64; 3]>;

/// The colours declared in the rule that `selector` begins.
fn theme(selector: &str) -> Theme {
    let rule = PALETTE.split_once(selector).unwrap().1;
    let rule = rule.split_once('}').unwrap().0;
    let declarations = rule.split(';').filter_map(|line| line.split_once(": #"));
    declarations.map(|(name, hex)| (name.trim().trim_start_matches("--").to_owned(), colour(hex))).collect()
}

fn colour(hex: &str) -> [f64; 3] {
    let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
    [part(0), part(2), part(4)]
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `share` of `b` mixed into `a`, as `color-mix` in sRGB does.
fn mix(a: [f64; 3], b: [f64; 3], share: f64) -> [f64; 3] {
    std::array::from_fn(|i| a[i] * (1.0 - share) + b[i] * share)
}

/// Pairs of foreground, background and the least contrast they need: 4.5 for text, 3 for what is no text.
fn pairs(theme: &Theme) -> Vec<(String, f64, f64)> {
    let at = |name: &str| theme[name];
    let mut pairs = Vec::new();
    let mut pair = |what: String, front, back, least| pairs.push((what, contrast(front, back), least));
    for back in ["page", "sheet", "raised", "glow"] {
        pair(format!("ink on {back}"), at("ink"), at(back), 4.5);
        pair(format!("soft on {back}"), at("soft"), at(back), 4.5);
        pair(format!("accent on {back}"), at("accent"), at(back), 4.5);
    }
    for back in ["page", "sheet"] {
        pair(format!("edge on {back}"), at("edge"), at(back), 3.0);
    }
    pair("on-accent on accent".to_owned(), at("on-accent"), at("accent"), 4.5);
    pair("sheet on ink".to_owned(), at("sheet"), at("ink"), 4.5);
    for hue in HUES {
        let (strong, tint) = (at(hue), at(&format!("{hue}-tint")));
        for back in ["page", "sheet", "raised"] {
            pair(format!("{hue} on {back}"), strong, at(back), 4.5);
        }
        pair(format!("ink on {hue}-tint"), at("ink"), tint, 4.5);
        pair(format!("{hue} on its tint"), strong, tint, 4.5);
        pair(format!("ink on lit {hue}"), at("ink"), mix(tint, strong, 0.16), 4.5);
    }
    pairs
}

#[test]
fn contrast_passes_aa_in_both_themes() {
    for selector in [":root {", "[data-theme=\"dark\"] {"] {
        let theme = theme(selector);
        assert!(theme.len() > 25, "{selector}");
        let poor: Vec<_> = pairs(&theme).into_iter().filter(|(_, found, least)| found < least).collect();
        assert!(poor.is_empty(), "{selector} {poor:.2?}");
    }
}

#[test]
fn contrast_is_computed_as_the_standard_says() {
    assert!((contrast(colour("ffffff"), colour("000000")) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("777777"), colour("ffffff")) - 4.48).abs() < 0.01);
}
