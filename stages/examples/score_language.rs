//! Accuracy per bucket of length, of this detector and of `whatlang` alone:
//! `score_language [--only CODE,CODE…] TSV...` (lines `iso639-3<TAB>text`).
use stages::language::Detector;
use stages::language::codes::bcp47;
use stages::score_text::{BUCKETS, Languages};

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    let only = args.next_if(|arg| arg == "--only").and_then(|_| args.next());
    let wanted = |code: &str| only.as_ref().is_none_or(|only| only.split(',').any(|o| o == code));
    let detector = Detector::new();
    let (mut ours, mut whatlang) = (Languages::default(), Languages::default());
    let (mut sure, mut right) = (0f64, 0f64);
    for file in args {
        for line in std::fs::read_to_string(&file).expect("readable").lines() {
            let Some((code, text)) = line.split_once('\t').filter(|(code, _)| wanted(code)) else { continue };
            let found = detector.detect(text);
            sure += f64::from(found.confidence);
            right += f64::from(u8::from(found.code == bcp47(code)));
            ours.add(text, bcp47(code), found.code);
            let other = whatlang::detect(text).map_or("und", |info| bcp47(info.lang().code()));
            whatlang.add(text, bcp47(code), other);
        }
    }
    println!("characters  {}", BUCKETS.join(" / "));
    for (name, scores) in [("this", ours), ("whatlang", whatlang)] {
        println!("{name:10}  {}", scores.accuracies().map(|a| format!("{:.1}", 100.0 * a)).join(" / "));
    }
    println!("mean confidence over accuracy: {:.3}", sure / right);
}
