//! What `emit` takes and what it refuses, by hand and at random.

use proptest::prelude::*;

use super::*;
use crate::manifest::StageCard;
use crate::plan::{Plan, Wanted};
use crate::plugin::host::HostSide;

/// Every kind of column on a layer of spans, references to it from a layer of rows, and a layer of disjoint spans.
const CARD: &str = r#"{"name":"test","provides":[
    {"layer":"t.spans","form":"spans","cols":[{"name":"u8","kind":"u8"},{"name":"i64","kind":"i64"},
        {"name":"sym","kind":"sym"},{"name":"str","kind":"str"},{"name":"span","kind":"span"}]},
    {"layer":"t.rows","cols":[{"name":"ref","kind":"ref","layer":"t.spans"}]},
    {"layer":"tokens","form":"spans","order":"disjoint","cols":[]}]}"#;
const TEXT: &str = "añb漢c😀 end";

struct World {
    plan: Plan,
    docs: Vec<Document>,
    host: HostSide,
    sink: Sink,
}

impl World {
    fn new() -> Self {
        let card: StageCard = serde_json::from_str(CARD).unwrap();
        let plan = Plan::new(&[Wanted { card: &card, renames: &[] }], &[], &[]).unwrap();
        let mut docs = vec![Document::new("0", TEXT), Document::new("1", "ascii")];
        docs.iter_mut().for_each(|doc| doc.prepare(&plan));
        Self { plan, docs, host: HostSide::new(Box::new(|_, _| {})), sink: Sink::default() }
    }

    /// Emits layers and says what became of each document.
    fn emit(&mut self, layers: &[(u32, u32, abi::Layer)]) -> Vec<Option<String>> {
        let job = Job { step: &self.plan.steps()[0], docs: &self.docs, active: &[0, 1] };
        self.sink.open(2, job.step);
        let mut call = Call { sink: &mut self.sink, job, symbols: &self.host.context().symbols };
        for (doc, slot, layer) in layers {
            // SAFETY: the layers are whole in memory, whatever they claim to mean.
            unsafe { emit((&raw mut call).cast(), *doc, *slot, layer) };
        }
        self.sink.check_refs(job);
        (0..2).map(|index| self.sink.error(index).map(|(_, message)| message)).collect()
    }

    fn first(&mut self, slot: u32, layer: abi::Layer) -> Option<String> {
        let mut errors = self.emit(&[(0, slot, layer)]);
        assert_eq!(errors[1], None, "a neighbour must not suffer");
        errors.remove(0)
    }
}

fn col<T>(kind: Kind, values: &[T]) -> abi::Column {
    abi::Column { data: values.as_ptr().cast(), aux: core::ptr::null(), kind: kind as u32, flags: 0 }
}

fn strs(offsets: &[u32], bytes: &[u8]) -> abi::Column {
    abi::Column { aux: bytes.as_ptr().cast(), ..col(Kind::Str, offsets) }
}

fn layer(spans: &[Span], cols: &[abi::Column], len: usize) -> abi::Layer {
    let spans = if spans.is_empty() { core::ptr::null() } else { spans.as_ptr() };
    abi::Layer { spans, cols: cols.as_ptr(), len: len as u32, n_cols: cols.len() as u32 }
}

/// A row of `t.spans` that is as it should be.
struct Row1 {
    spans: [Span; 1],
    u8s: [u8; 1],
    i64s: [i64; 1],
    syms: [u32; 1],
    offsets: [u32; 2],
    bytes: &'static [u8],
    inner: [Span; 1],
}

const GOOD: Row1 = Row1 {
    spans: [Span { start: 0, end: 3 }],
    u8s: [7],
    i64s: [-1],
    syms: [0],
    offsets: [0, 3],
    bytes: "é!".as_bytes(),
    inner: [Span::NONE],
};

impl Row1 {
    fn cols(&self) -> [abi::Column; 5] {
        [
            col(Kind::U8, &self.u8s),
            col(Kind::I64, &self.i64s),
            col(Kind::Sym, &self.syms),
            strs(&self.offsets, self.bytes),
            col(Kind::Span, &self.inner),
        ]
    }

    fn refused(&self) -> Option<String> {
        World::new().first(0, layer(&self.spans, &self.cols(), 1))
    }
}

#[test]
fn a_good_layer_is_taken() {
    assert_eq!(GOOD.refused(), None);
    assert_eq!(World::new().first(0, layer(&[], &GOOD.cols(), 0)), None);
}

#[test]
fn each_way_to_be_wrong_is_told() {
    let span = |start, end| [Span { start, end }];
    let cases = [
        (Row1 { spans: span(0, 99), ..GOOD }, "out of bounds"),
        (Row1 { spans: span(3, 1), ..GOOD }, "out of bounds"),
        (Row1 { spans: span(u32::MAX, u32::MAX), ..GOOD }, "out of bounds"),
        (Row1 { spans: span(0, 2), ..GOOD }, "cuts a character"),
        (Row1 { inner: span(0, 2), ..GOOD }, "cuts a character"),
        (Row1 { inner: span(2, 99), ..GOOD }, "out of bounds"),
        (Row1 { syms: [1], ..GOOD }, "symbol 1 was never given out"),
        (Row1 { offsets: [1, 3], ..GOOD }, "do not rise from 0"),
        (Row1 { offsets: [0, 1], ..GOOD }, "not UTF-8"),
        (Row1 { bytes: &[0xff, 0xfe, 0x80], ..GOOD }, "not UTF-8"),
    ];
    for (row, words) in cases {
        let error = row.refused().unwrap_or_else(|| panic!("taken, where {words:?} was due"));
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn forms_kinds_and_slots_must_be_those_of_the_card() {
    let (good, mut world) = (GOOD, World::new());
    let cols = good.cols();
    let mut refused = |slot, layer, words: &str| {
        let errors = world.emit(&[(0, slot, layer)]);
        let error = errors[0].clone().unwrap_or_else(|| panic!("taken, where {words:?} was due"));
        assert!(error.contains(words), "{error}");
    };
    refused(0, layer(&good.spans, &cols[..4], 1), "5 columns are declared, found 4");
    refused(0, layer(&[], &cols, 1), "declared with spans, found none");
    refused(1, layer(&good.spans, &[col(Kind::Ref, &[u32::MAX])], 1), "declared with rows, found spans");
    refused(7, layer(&good.spans, &cols, 1), "slot 7, the stage declares 3");
    for (index, kind) in [(0, 2), (1, 5), (2, 2), (3, 6), (4, 99)] {
        let mut wrong = cols;
        wrong[index].kind = kind;
        refused(0, layer(&good.spans, &wrong, 1), &format!("column {index} is declared as"));
    }
    let mut wrong = cols;
    wrong[1].data = wrong[1].data.wrapping_byte_add(1);
    refused(0, layer(&good.spans, &wrong, 1), "not aligned");
    wrong[1].data = core::ptr::null();
    refused(0, layer(&good.spans, &wrong, 1), "null");
    let mut wrong = cols;
    wrong[3].aux = core::ptr::null();
    refused(0, layer(&good.spans, &wrong, 1), "no bytes");
    let wrong = abi::Layer { cols: core::ptr::null(), ..layer(&good.spans, &cols, 1) };
    refused(0, wrong, "columns are null");
    let wrong =
        abi::Layer { spans: good.spans.as_ptr().wrapping_byte_add(2), ..layer(&good.spans, &cols, 1) };
    refused(0, wrong, "not aligned");
    refused(2, layer(&[Span::new(4, 8), Span::new(0, 1)], &[], 2), "disjoint");
    refused(2, layer(&[Span::new(0, 4), Span::new(3, 8)], &[], 2), "disjoint");
}

#[test]
fn a_slot_is_filled_once_and_documents_are_those_of_the_batch() {
    let (good, mut world) = (GOOD, World::new());
    let cols = good.cols();
    let whole = layer(&good.spans, &cols, 1);
    let errors = world.emit(&[(0, 0, whole), (0, 0, whole)]);
    assert!(errors[0].as_ref().unwrap().contains("filled twice") && errors[1].is_none());
    // Nobody in particular can be blamed.
    let errors = world.emit(&[(2, 0, whole)]);
    assert!(errors.iter().all(|error| error.as_ref().unwrap().contains("document 2, the batch has 2")));
}

#[test]
fn references_may_come_before_what_they_lead_to_and_must_lead_somewhere() {
    let (good, mut world) = (GOOD, World::new());
    let cols = good.cols();
    let rows = |refs: &'static [u32]| {
        let cols: &'static [abi::Column] = Box::leak(Box::new([col(Kind::Ref, refs)]));
        layer(&[], cols, refs.len())
    };
    let spans = layer(&good.spans, &cols, 1);
    assert_eq!(world.emit(&[(0, 1, rows(&[0, u32::MAX])), (0, 0, spans)]), [None, None]);
    let errors = world.emit(&[(0, 1, rows(&[0, 1])), (0, 0, spans)]);
    assert!(errors[0].as_ref().unwrap().contains("row 1 of a layer of 1 rows"), "{errors:?}");
    let errors = world.emit(&[(0, 1, rows(&[0])), (1, 0, spans)]);
    assert!(errors[0].as_ref().unwrap().contains("row 0 of a layer of 0 rows"), "{errors:?}");
}

/// Rows at random: as a rule fit to be taken, with now and then something that is not.
fn rows() -> impl Strategy<Value = Vec<(Span, u32, String, u32, Span)>> {
    let position = prop_oneof![9 => 0..=TEXT.len() as u32, 1 => any::<u32>()];
    let span = (position.clone(), position).prop_map(|(start, end)| Span { start, end });
    let inner = prop_oneof![Just(Span::NONE), span.clone()];
    prop::collection::vec((span, 0..2u32, ".{0,3}", 0..9u32, inner), 0..6)
}

fn fits(span: Span) -> bool {
    let (start, end) = (span.start as usize, span.end as usize);
    TEXT.get(start..end).is_some()
}

proptest! {
    /// What is taken is what was given; what is refused has something that cannot be, by another way of seeing it.
    #[test]
    fn random_layers_are_taken_whole_or_refused_with_reason(rows in rows()) {
        let spans: Vec<_> = rows.iter().map(|row| row.0).collect();
        let syms: Vec<_> = rows.iter().map(|row| row.1).collect();
        let text: String = rows.iter().map(|row| row.2.as_str()).collect();
        let mut offsets = vec![0];
        rows.iter().for_each(|row| offsets.push(offsets[offsets.len() - 1] + row.2.len() as u32));
        let refs: Vec<_> = rows.iter().map(|row| row.3).collect();
        let inner: Vec<_> = rows.iter().map(|row| row.4).collect();
        let (u8s, i64s) = (vec![1u8; rows.len()], vec![-5i64; rows.len()]);
        let cols = [col(Kind::U8, &u8s), col(Kind::I64, &i64s), col(Kind::Sym, &syms),
            strs(&offsets, text.as_bytes()), col(Kind::Span, &inner)];
        let ref_cols = [col(Kind::Ref, &refs)];
        let mut world = World::new();
        let errors = world.emit(&[(0, 0, layer(&spans, &cols, rows.len())), (0, 1, layer(&[], &ref_cols, rows.len()))]);
        prop_assert_eq!(&errors[1], &None);
        let good = spans.iter().all(|span| fits(*span))
            && inner.iter().all(|span| *span == Span::NONE || fits(*span))
            && syms.iter().all(|sym| *sym == 0)
            && refs.iter().all(|row| (*row as usize) < rows.len());
        prop_assert_eq!(errors[0].is_none(), good, "{:?}", errors[0]);
        if good {
            let table = world.sink.table(0, 0).unwrap();
            prop_assert_eq!((&table.spans, table.len), (&spans, rows.len()));
            let words: Vec<_> = (0..rows.len()).map(|row| table.cols[3].str(row)).collect();
            prop_assert_eq!(words, rows.iter().map(|row| row.2.as_str()).collect::<Vec<_>>());
        }
    }
}
