//! The card: what a library holds, as JSON, written when the library is compiled.

use crate::layers::LayerSpec;
use crate::plugin::abi::{self, Decl};
use crate::stage::StageInfo;

/// Who made a library.
#[derive(Clone, Copy, Debug)]
pub struct PluginMeta {
    /// Its id, as a rule the name of its package.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its licence, as an SPDX expression.
    pub license: &'static str,
}

/// Text that is written in constant evaluation; it counts on where there is no room.
struct Text<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl Text<'_> {
    const fn byte(&mut self, byte: u8) -> &mut Self {
        if self.len < self.bytes.len() {
            self.bytes[self.len] = byte;
        }
        self.len += 1;
        self
    }

    const fn raw(&mut self, text: &str) -> &mut Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    /// A JSON string.
    const fn string(&mut self, text: &str) -> &mut Self {
        self.byte(b'"');
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b'"' => self.raw("\\\""),
                b'\\' => self.raw("\\\\"),
                b'\n' => self.raw("\\n"),
                byte if byte < 0x20 => self.byte(b' '),
                byte => self.byte(byte),
            };
            i += 1;
        }
        self.byte(b'"')
    }

    const fn member(&mut self, name: &str, value: &str) -> &mut Self {
        self.string(name).byte(b':').string(value)
    }

    const fn number(&mut self, number: u32) -> &mut Self {
        if number >= 10 {
            self.number(number / 10);
        }
        self.byte(b'0' + (number % 10) as u8)
    }

    const fn comma(&mut self, before: bool) {
        if before {
            self.byte(b',');
        }
    }

    const fn layer(&mut self, spec: LayerSpec) {
        self.byte(b'{').member("layer", spec.name).byte(b',');
        self.member("form", if spec.spans { "spans" } else { "rows" }).byte(b',');
        self.member("order", spec.order.name()).raw(",\"cols\":[");
        let mut i = 0;
        while i < spec.cols.len() {
            let col = spec.cols[i];
            self.comma(i > 0);
            self.byte(b'{').member("name", col.name).byte(b',').member("kind", col.kind.name());
            if !col.target.is_empty() {
                self.byte(b',').member("layer", col.target);
            }
            self.byte(b'}');
            i += 1;
        }
        self.raw("]}");
    }

    const fn layers(&mut self, key: &str, info: &StageInfo, names: &[&'static str]) {
        self.string(key).raw(":[");
        let mut i = 0;
        while i < names.len() {
            self.comma(i > 0);
            self.layer(info.spec(names[i]));
            i += 1;
        }
        self.raw("],");
    }

    const fn stage(&mut self, info: &StageInfo) {
        self.byte(b'{').member("name", info.name).byte(b',').member("about", info.about).byte(b',');
        self.layers("requires", info, info.requires);
        self.layers("optional", info, info.optional);
        self.layers("provides", info, info.provides);
        self.layers("extends", info, info.extends);
        self.layers("replaces", info, info.replaces);
        self.raw("\"config\":").raw(info.config).byte(b',');
        self.member("threads", info.threads.name()).raw(",\"preferred_batch\":");
        self.number(info.preferred_batch).byte(b'}');
    }
}

/// Writes the card as far as there is room, and returns how many bytes it takes.
const fn write(meta: &PluginMeta, stages: &[StageInfo], bytes: &mut [u8]) -> usize {
    let mut text = Text { bytes, len: 0 };
    text.byte(b'{').member("id", meta.id).byte(b',').member("version", meta.version).byte(b',');
    text.member("license", meta.license).raw(",\"stages\":[");
    let mut i = 0;
    while i < stages.len() {
        text.comma(i > 0);
        text.stage(&stages[i]);
        i += 1;
    }
    text.raw("]}");
    text.len
}

/// Bytes the card takes.
#[must_use]
pub const fn card_len(meta: &PluginMeta, stages: &[StageInfo]) -> usize {
    write(meta, stages, &mut [])
}

/// The declaration a library exports; `N` is [`card_len`].
#[must_use]
pub const fn declare<const N: usize>(meta: &PluginMeta, stages: &[StageInfo]) -> Decl<N> {
    let mut card = [b' '; N];
    write(meta, stages, &mut card);
    Decl {
        magic: abi::MAGIC,
        size: size_of::<Decl<N>>() as u32,
        endian: abi::ENDIAN,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        abi_min_minor: 0,
        ptr_width: size_of::<usize>() as u8,
        panic: if cfg!(panic = "unwind") { 1 } else { 2 },
        arch: abi::ARCH,
        os: abi::OS,
        card_len: N as u32,
        sdk: padded(concat!("pipeline-core ", env!("CARGO_PKG_VERSION"))),
        rustc: padded(env!("PIPELINE_RUSTC")),
        id: padded(meta.id),
        card,
    }
}

/// The card of stages that are linked in.
#[cfg(feature = "host")]
pub(crate) fn linked_card(meta: &PluginMeta, stage: &StageInfo) -> String {
    let stages = std::slice::from_ref(stage);
    let mut bytes = vec![b' '; card_len(meta, stages)];
    write(meta, stages, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

const fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < text.len() && i < N - 1 {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}
