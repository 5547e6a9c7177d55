//! One page of scripts, styles and data.

use super::data::Collection;

/// The frame: where the parts go.
const FRAME: &str = include_str!("assets/page.html");
const STYLES: [&str; 5] = [
    include_str!("assets/palette.css"),
    include_str!("assets/frame.css"),
    include_str!("assets/list.css"),
    include_str!("assets/reader.css"),
    include_str!("assets/network.css"),
];
/// In the order they need each other.
const SCRIPTS: [&str; 13] = [
    include_str!("assets/dom.js"),
    include_str!("assets/data.js"),
    include_str!("assets/filters.js"),
    include_str!("assets/list.js"),
    include_str!("assets/marks.js"),
    include_str!("assets/lines.js"),
    include_str!("assets/facts.js"),
    include_str!("assets/reader.js"),
    include_str!("assets/force.js"),
    include_str!("assets/canvas.js"),
    include_str!("assets/statements.js"),
    include_str!("assets/network.js"),
    include_str!("assets/main.js"),
];

/// The page.
pub(super) fn assemble(title: &str, collection: &Collection) -> String {
    let data = serde_json::to_string(collection).unwrap_or_default();
    // What comes from documents is put in last: it must not be searched for places.
    let mut page = String::with_capacity(data.len() + (256 << 10));
    for (nth, part) in FRAME.split("{{").enumerate() {
        let (place, rest) = if nth == 0 { ("", part) } else { part.split_once("}}").unwrap_or_default() };
        match place {
            "title" => page.push_str(&text(title)),
            "styles" => STYLES.iter().for_each(|style| page.push_str(style)),
            "scripts" => SCRIPTS.iter().for_each(|script| page.push_str(script)),
            "data" => page.push_str(&embedded(&data)),
            _ => {}
        }
        page.push_str(rest);
    }
    page
}

/// JSON that nothing in a page can end: `<` stands in strings only, and there it may be escaped.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn text(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Merger;
    use crate::records::Record;
    use crate::view::data::Collector;

    const HOSTILE: &str =
        "</script><script>alert(1)</script> <!-- {{data}} \u{2028} \u{2029} \\u003c \u{202e}txet 🥇 & \"";

    fn page() -> String {
        let record = Record { id: HOSTILE.into(), text: Some(HOSTILE.into()), ..Record::default() };
        let mut collector = Collector::default();
        let mut merger = Merger::new(0);
        collector.add(&record, None, &mut merger).unwrap();
        assemble(HOSTILE, &collector.finish(merger))
    }

    #[test]
    fn documents_cannot_leave_the_data() {
        let page = page();
        let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
        let (data, rest) = rest.split_once("</script>").unwrap();
        let value: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(value["docs"][0]["t"], HOSTILE);
        assert_eq!(value["docs"][0]["id"], HOSTILE);
        assert!(!data.contains(['<', '\u{2028}', '\u{2029}']));
        assert!(!rest.contains("alert(1)") && !page.contains("<script>alert"));
    }

    #[test]
    fn nothing_is_fetched() {
        let page = page();
        assert!(page.contains("default-src 'none'"));
        let code: String = STYLES.concat() + &SCRIPTS.concat() + FRAME;
        for way in [
            "@import",
            "url(",
            "fetch(",
            "XMLHttpRequest",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
        ] {
            assert!(!code.contains(way), "{way}");
        }
        let links = code.matches("http").count();
        let names = code.matches("http://www.w3.org/2000/svg").count() + code.matches("http-equiv").count();
        assert_eq!(links, names, "only the name of SVG looks like an address");
    }

    #[test]
    fn every_place_of_the_frame_is_filled() {
        let places: Vec<_> = FRAME.split("{{").skip(1).map(|part| part.split_once("}}").unwrap().0).collect();
        assert_eq!(places, ["title", "styles", "title", "data", "scripts"]);
    }
}
