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
struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    const fn byte(mut self, byte: u8) -> Self {
        if self.len < N {
            self.bytes[self.len] = byte;
        }
        self.len += 1;
        self
    }

    const fn raw(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    /// A JSON string.
    const fn string(mut self, text: &str) -> Self {
        self = self.byte(b'"');
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = match bytes[i] {
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

    const fn member(self, name: &str, value: &str) -> Self {
        self.string(name).byte(b':').string(value)
    }

    const fn number(self, number: u32) -> Self {
        let rest = if number >= 10 { self.number(number / 10) } else { self };
        rest.byte(b'0' + (number % 10) as u8)
    }

    const fn layer(mut self, spec: LayerSpec) -> Self {
        self = self.byte(b'{').member("layer", spec.name).byte(b',');
        self = self.member("form", if spec.spans { "spans" } else { "rows" }).byte(b',');
        self = self.member("order", spec.order.name()).raw(",\"cols\":[");
        let mut i = 0;
        while i < spec.cols.len() {
            let col = spec.cols[i];
            self = if i > 0 { self.byte(b',') } else { self };
            self = self.byte(b'{').member("name", col.name).byte(b',').member("kind", col.kind.name());
            self = if col.target.is_empty() { self } else { self.byte(b',').member("layer", col.target) };
            self = self.byte(b'}');
            i += 1;
        }
        self.raw("]}")
    }

    const fn layers(mut self, key: &str, info: &StageInfo, names: &[&'static str]) -> Self {
        self = self.string(key).raw(":[");
        let mut i = 0;
        while i < names.len() {
            self = if i > 0 { self.byte(b',') } else { self };
            self = self.layer(info.spec(names[i]));
            i += 1;
        }
        self.raw("],")
    }

    const fn stage(self, info: &StageInfo) -> Self {
        self.byte(b'{')
            .member("name", info.name)
            .byte(b',')
            .member("about", info.about)
            .byte(b',')
            .layers("requires", info, info.requires)
            .layers("optional", info, info.optional)
            .layers("provides", info, info.provides)
            .layers("extends", info, info.extends)
            .layers("replaces", info, info.replaces)
            .raw("\"config\":")
            .raw(info.config)
            .byte(b',')
            .member("threads", info.threads.name())
            .raw(",\"preferred_batch\":")
            .number(info.preferred_batch)
            .byte(b'}')
    }
}

const fn write<const N: usize>(meta: &PluginMeta, stages: &[StageInfo]) -> Text<N> {
    let mut text = Text { bytes: [b' '; N], len: 0 };
    text = text.byte(b'{').member("id", meta.id).byte(b',').member("version", meta.version).byte(b',');
    text = text.member("license", meta.license).raw(",\"stages\":[");
    let mut i = 0;
    while i < stages.len() {
        text = if i > 0 { text.byte(b',') } else { text };
        text = text.stage(&stages[i]);
        i += 1;
    }
    text.raw("]}")
}

/// Bytes the card takes.
#[must_use]
pub const fn card_len(meta: &PluginMeta, stages: &[StageInfo]) -> usize {
    write::<0>(meta, stages).len
}

/// The declaration a library exports; `N` is [`card_len`].
#[must_use]
pub const fn declare<const N: usize>(meta: &PluginMeta, stages: &[StageInfo]) -> Decl<N> {
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
        card: write::<N>(meta, stages).bytes,
    }
}

/// The card of stages that are linked in.
#[cfg(feature = "host")]
pub(crate) fn linked_card(meta: &PluginMeta, stage: &StageInfo) -> String {
    const ROOM: usize = 1 << 16;
    let text = write::<ROOM>(meta, std::slice::from_ref(stage));
    String::from_utf8_lossy(&text.bytes[..text.len.min(ROOM)]).into_owned()
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
