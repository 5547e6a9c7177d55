//! Whether gold names begin and end at token boundaries: `name_boundaries JSONL...` (NewsGraph records).
use stages::tokenize::{Tokenizer, Words};

fn main() {
    for file in std::env::args().skip(1) {
        let content = std::fs::read_to_string(&file).expect("readable");
        let (mut all, mut right, mut sentence_cuts) = (0, 0, 0);
        let mut out = Words::default();
        for line in content.lines() {
            let record: serde_json::Value = serde_json::from_str(line).expect("json");
            let text = record["text"].as_str().expect("text");
            let bytes: Vec<u32> =
                text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
            Tokenizer::new().run(text, "en", &mut out);
            for entity in record["entities"].as_array().expect("list") {
                let at = |key: &str| bytes[entity[key].as_u64().expect("number") as usize];
                let (start, end) = (at("start"), at("end"));
                let fits = out.tokens.binary_search_by_key(&start, |t| t.start).is_ok()
                    && out.tokens.binary_search_by_key(&end, |t| t.end).is_ok();
                all += 1;
                right += u32::from(fits);
                if out
                    .sentences
                    .iter()
                    .any(|s| s.start < end && start < s.end && (s.end < end || s.start > start))
                {
                    sentence_cuts += 1;
                    println!("cut  {:?}", &text[start as usize..end as usize]);
                }
                if !fits {
                    let near: Vec<_> = out
                        .tokens
                        .iter()
                        .filter(|t| t.start <= end && t.end >= start)
                        .map(|t| &text[t.range()])
                        .collect();
                    println!("{:?} in {near:?}", &text[start as usize..end as usize]);
                }
            }
        }
        println!(
            "{right}/{all} = {:.3} %, cut by a sentence end {sentence_cuts}  {file}",
            100.0 * f64::from(right) / f64::from(all)
        );
    }
}
