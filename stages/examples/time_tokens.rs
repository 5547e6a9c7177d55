//! Speed of words and sentences: `time_tokens [--general] JSONL...` (records with a `text`), in MB per CPU-second.
use stages::tokenize::{Tokenizer, Words};

/// Seconds this process has been on a processor (Linux).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("a number") / 1e9
}

fn main() {
    let general = std::env::args().any(|a| a == "--general");
    for file in std::env::args().skip(1).filter(|a| a != "--general") {
        let content = std::fs::read_to_string(&file).expect("readable");
        let texts: Vec<String> = content
            .lines()
            .map(|l| {
                serde_json::from_str::<serde_json::Value>(l).expect("json")["text"]
                    .as_str()
                    .expect("text")
                    .to_owned()
            })
            .collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut out = Words::default();
        let mut best = f64::MAX;
        let mut tokens = 0;
        for _ in 0..15 {
            let begin = cpu_seconds();
            tokens = 0;
            for text in &texts {
                if general {
                    Tokenizer::new().run_general(text, "en", &mut out);
                } else {
                    Tokenizer::new().run(text, "en", &mut out);
                }
                tokens += out.tokens.len();
            }
            best = best.min(cpu_seconds() - begin);
        }
        println!(
            "{:.1} MB/s, {:.1} M tokens/s, {:.1} bytes/token  {file}",
            bytes as f64 / best / 1e6,
            tokens as f64 / best / 1e6,
            bytes as f64 / tokens as f64
        );
    }
}
