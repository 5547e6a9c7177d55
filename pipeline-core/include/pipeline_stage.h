/* pipeline_stage.h: how a shared library offers stages. Interface version 1.0; C11 or C++17; no other dependency.
 *
 * This file is the specification. A library exports two symbols:
 *
 *   pipeline_plugin_decl       data: what the library is and what its stages need and give. The host reads it from the
 *                              file, without running anything; it decides whether the library is opened at all.
 *   pipeline_plugin_entry_v1   a function: hands over the functions below. Called once, after the library is opened.
 *
 * PIPELINE_PLUGIN and PIPELINE_ENTRY, at the end, write both. A whole stage:
 *
 *   #include "pipeline_stage.h"
 *   PIPELINE_PLUGIN("acme-first", "1.0.0", "MIT", PIPELINE_STAGE("acme.first", "marks the first word",
 *       PIPELINE_REQUIRES(PIPELINE_TOKENS) "," PIPELINE_EXTENDS(PIPELINE_LAYER("entities", "spans", "any",
 *           PIPELINE_COLUMN("label", "sym")))));
 *   static void *create(uint32_t stage, const pipeline_host *host, pipeline_str options, pipeline_errbuf *err) {
 *       uint32_t *label = (uint32_t *)malloc(sizeof *label);
 *       (void)stage, (void)options;
 *       if (label == NULL) return pipeline_fail(err, "out of memory");
 *       *label = host->intern(host->data, PIPELINE_STR("FIRST"));
 *       return label;
 *   }
 *   static int32_t process(void *label, void *worker, const pipeline_batch *batch) {
 *       (void)worker;
 *       for (uint32_t i = 0; i < batch->n_docs; i++) {
 *           const pipeline_layer *tokens = pipeline_layer_at(batch, pipeline_doc_at(batch, i), 0);
 *           const pipeline_column column = {label, NULL, PIPELINE_SYM, 0};
 *           const pipeline_layer first = {tokens->spans, &column, 1, 1};
 *           if (tokens->len > 0) batch->host->emit(batch->out, i, 0, &first);
 *       }
 *       return 0;
 *   }
 *   PIPELINE_ENTRY(create, free, NULL, NULL, process);
 *
 * TEXT AND OFFSETS. Texts are UTF-8, of at most UINT32_MAX - 1 bytes, and never change. A span is a pair of byte
 * offsets into the text, the end exclusive, both on character boundaries.
 *
 * LAYERS. Annotations are tables. A layer has rows, each with a span ("spans") or without ("rows"), and columns, each
 * of one kind. A stage sees the layers and columns its card names under `requires` and `optional`, in that order, and no
 * others; it fills the layers its card names under
 *   provides   makes the layer; one stage a run may. What is not emitted for a document is an empty layer.
 *   extends    appends rows; those that are there keep their numbers. The spans may be in any order. Where an appended
 *              row overlaps one of another stage the first that came counts, unless the configuration says otherwise.
 *   replaces   makes the layer anew; not emitting leaves it as it is, emitting no rows empties it. No earlier layer may
 *              refer to its rows.
 * A slot is a place in these lists: inputs are numbered through `requires` then `optional`, outputs through `provides`,
 * `extends`, `replaces`. Columns a stage does not name get the kind's value for nothing.
 *
 *   kind  value                        for nothing   meaning
 *   u8    uint8_t                      0
 *   u32   uint32_t                     UINT32_MAX
 *   i64   int64_t                      0
 *   f32   float                        0
 *   f64   double                       0
 *   sym   uint32_t                     0             a word of the run's table of symbols (see intern): labels, codes
 *   ref   uint32_t                     UINT32_MAX    a row of another layer
 *   str   uint32_t offsets[len + 1]    empty         text of its own: offsets rise from 0, into the UTF-8 bytes `aux`
 *   span  pipeline_span                both MAX      a stretch of the document's text
 *
 * Standard layers (order: what must hold between the spans of one emit; not checked for `extends`):
 *   language     rows                 lang sym (BCP 47), confidence f32, route sym (the code that stages go by)
 *   passages     spans, any           lang sym, confidence f32
 *   tokens       spans, disjoint      kind u8: 0 word, 1 number, 2 punctuation, 3 symbol, 4 currency, 5 URL, 6 e-mail,
 *                                     7 hashtag, 8 handle, 9 emoji, 10 emoticon, 11 other
 *   sentences    spans, disjoint
 *   entities     spans, any           label sym, score f32, cluster u32 (mentions of one thing share it), value str,
 *                                     ticker str
 *   relations    rows                 head ref entities, tail ref entities, label sym, score f32, trigger span
 *   syntax       rows, one a token    pos sym, head ref tokens, deprel sym
 *   triples      rows                 subject span, relation span, object span, predicate str, flags u32, score f32
 *   triple_args  rows                 triple ref triples, role sym, arg span
 *   meta         rows                 key str, value str
 * Any other layer is called vendor.name.
 *
 * THE CARD is JSON, described by example:
 *   {"id":"acme-first","version":"1.0.0","license":"MIT","stages":[{
 *     "name":"acme.first", "about":"one line",
 *     "requires":[{"layer":"tokens","form":"spans","order":"disjoint","cols":[{"name":"kind","kind":"u8"}]}],
 *     "optional":[], "provides":[], "extends":[], "replaces":[],
 *     "config":{"type":"object","properties":{}},     JSON Schema of the options; the host checks them before `create`
 *     "threads":"any", "preferred_batch":0}]}
 * Columns of kind ref also say "layer". Names of stages are vendor.name. Only name is necessary; form and order default
 * to rows and any, threads to any. preferred_batch is the most documents a call is to have; 0 leaves it to the host.
 *
 * THREADS, as the card says:
 *   any          one instance; `process` runs on many threads at once, each call with a worker of its own
 *   per-worker   an instance for each thread that works; each is used by one thread at a time
 *   one          one instance, one call at a time
 * Below, [setup] functions never overlap any other call on the same instance; [work] functions run as `threads` says;
 * [any] functions may be called from any thread. A stage must not rely on thread-locals: its next call may come on
 * another thread. A stage must not depend on what it saw in other documents: the same text gives the same output.
 *
 * OWNERSHIP. Nothing changes owner across the boundary, and neither side frees what the other made. What a function is
 * given it may read until it returns, unless its comment says more. Sizes: a structure that may grow begins with its
 * `size`; a field is there only if it ends within it (PIPELINE_HAS). Arrays the host hands over are walked with the
 * strides of the batch, by the helpers below, for newer hosts may have larger elements. Unknown flag bits and kinds are
 * to be ignored. What a stage emits has exactly the layout of this file.
 *
 * FAILURE. An error fails one document in one stage: what the stage gave for it is dropped, all else stays. Output that
 * cannot be (out of bounds, inside a character, wrong kind, broken UTF-8) is refused by `emit` and fails its document.
 * References are looked at when `process` has returned, for they may lead to rows emitted later: one to no row fails its
 * document then, though `emit` took it. C++ exceptions must not leave a function. A crash, an endless loop and a stack overflow are not
 * contained: the library runs in the host's process, with its rights. Libraries are never unloaded.
 *
 * VERSIONS. The host loads a library whose abi_major is its own and whose abi_min_minor is at most its minor. A minor
 * version adds fields at the end, kinds and flags; anything else is a new major with a new entry symbol.
 */
#ifndef PIPELINE_STAGE_H
#define PIPELINE_STAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIPELINE_ABI_MAJOR 1
#define PIPELINE_ABI_MINOR 0

#ifdef __cplusplus
#define PIPELINE_EXTERN extern "C"
#define PIPELINE_ASSERT(condition, message) static_assert(condition, message)
extern "C" {
#else
#define PIPELINE_EXTERN extern
#define PIPELINE_ASSERT(condition, message) _Static_assert(condition, message)
#endif

/* Kinds of columns. */
enum {
    PIPELINE_U8 = 1,
    PIPELINE_U32 = 2,
    PIPELINE_I64 = 3,
    PIPELINE_F32 = 4,
    PIPELINE_F64 = 5,
    PIPELINE_SYM = 6,
    PIPELINE_REF = 7,
    PIPELINE_STRINGS = 8,
    PIPELINE_SPANS = 9
};

/* "No row", "no cluster", and both ends of "no span". */
#define PIPELINE_NONE UINT32_MAX

/* Codes for doc_error; others count as PIPELINE_ERR_STAGE. */
enum {
    PIPELINE_ERR_STAGE = 1,   /* the stage could not work on the document */
    PIPELINE_ERR_PANIC = 2,   /* it failed in a way it did not foresee */
    PIPELINE_ERR_INVALID = 3, /* it found its own output wrong */
    PIPELINE_SKIPPED = 7      /* no error: nothing to do for this document; the message is one word that says why */
};

/* Levels for log. */
enum { PIPELINE_ERROR = 1, PIPELINE_WARN = 2, PIPELINE_INFO = 3, PIPELINE_DEBUG = 4, PIPELINE_TRACE = 5 };

/* pipeline_doc.flags: the whole text is ASCII. */
#define PIPELINE_DOC_ASCII 1u

/* UTF-8, not terminated by a NUL. ptr may be anything where len is 0. */
typedef struct pipeline_str {
    const uint8_t *ptr;
    size_t len;
} pipeline_str;

typedef struct pipeline_span {
    uint32_t start;
    uint32_t end;
} pipeline_span;

/* A column: as many values as its layer has rows. Aligned for its kind. */
typedef struct pipeline_column {
    const void *data; /* the values; of strings the len + 1 offsets */
    const void *aux;  /* of strings the bytes, else NULL */
    uint32_t kind;    /* of the values; 0 where an optional layer lacks the column */
    uint32_t flags;   /* 0 */
} pipeline_column;

/* A layer of one document. */
typedef struct pipeline_layer {
    const pipeline_span *spans;  /* len spans; NULL for rows without, or without rows */
    const pipeline_column *cols; /* as the card names them */
    uint32_t len;                /* rows */
    uint32_t n_cols;             /* columns; 0 where an optional layer is not there */
} pipeline_layer;

/* A document as one stage sees it. */
typedef struct pipeline_doc {
    pipeline_str text;
    const pipeline_layer *layers; /* the input slots */
    uint32_t n_layers;
    uint32_t flags; /* PIPELINE_DOC_ASCII */
} pipeline_doc;

/* What the host offers. Stays valid, as a structure and what it leads to, while an instance made with it exists.
 * `data` is for the functions that take it; `out` is the batch's. */
typedef struct pipeline_host {
    uint32_t size;
    uint32_t abi_minor; /* the host's */
    void *data;
    /* [work, on the thread and during the call of `process`] Gives a layer of document `doc` of the batch to output
     * slot `slot`, once a slot and document. The host checks it and copies it before returning; columns are those of
     * the card, all, in its order. 0 taken; negative refused: the document has failed, others have not. */
    int32_t (*emit)(void *out, uint32_t doc, uint32_t slot, const pipeline_layer *layer);
    /* [work, on the thread and during the call of `process`] Fails a document, or skips it; what was emitted for it is
     * dropped. Of several errors of a document the first counts. */
    void (*doc_error)(void *out, uint32_t doc, int32_t code, pipeline_str message);
    /* [any] The number of a word in the run's table of symbols. Equal words have equal numbers; numbers mean nothing
     * beyond the run, and nothing may depend on their order. To be called in `create`: during `process` it costs a
     * lock, and after 65536 new words a run it answers 0. 0 is the empty word. */
    uint32_t (*intern)(void *data, pipeline_str word);
    /* [any] The word of a number, empty where there is none; valid as long as the host is. */
    pipeline_str (*sym_text)(void *data, uint32_t sym);
    /* [any] A line for the log. */
    void (*log)(void *data, uint32_t level, pipeline_str message);
    /* [any] Not 0 when the run is being stopped: what takes long per document may return early. */
    uint8_t (*should_stop)(void *data);
    /* [any] Functions beyond this structure, by an id that ends in a revision, "vendor.name/1"; NULL where unknown.
     * A revision never changes. Valid as long as the host is. */
    const void *(*get_extension)(void *data, pipeline_str id);
} pipeline_host;

/* The documents of one call. Everything it leads to is valid until `process` returns. */
typedef struct pipeline_batch {
    uint32_t size;
    uint32_t n_docs;
    uint32_t doc_stride;   /* bytes from one pipeline_doc to the next */
    uint32_t layer_stride; /* from one pipeline_layer to the next */
    uint32_t col_stride;   /* from one pipeline_column to the next */
    uint32_t stage;        /* number of the stage in the card */
    const pipeline_doc *docs;
    const pipeline_host *host;
    void *out; /* for emit and doc_error */
} pipeline_batch;

/* Memory of the host that `create` and the entry function write a reason into, UTF-8, at most `cap` bytes. May be NULL.
 * Valid during the call. */
typedef struct pipeline_errbuf {
    uint8_t *buf;
    uint32_t cap;
    uint32_t len; /* bytes written */
} pipeline_errbuf;

/* Extension "pipeline.parallel/1" of the host: a loop on its threads, for stages that split up one document. A library
 * should start no threads of its own: the host has one for each core already. */
typedef struct pipeline_parallel {
    uint32_t size;
    uint32_t flags; /* 0 */
    /* [work] Calls body(context, index) for every index below `count`, on any threads and in any order, and returns when
     * all have returned. One after the other on the same thread where the thread is not the host's, and in stages that
     * take one call at a time. */
    void (*for_each)(uint32_t count, void *context, void (*body)(void *context, uint32_t index));
} pipeline_parallel;

/* What a library offers; valid for the life of the process. */
typedef struct pipeline_plugin {
    uint32_t size;  /* in: bytes of the host's structure; out: how many of them were filled */
    uint32_t flags; /* 0 */
    /* [setup] Makes an instance of stage number `stage` of the card. `options` is a JSON object that fits the card's
     * schema; copy what must outlive the call. Here files are loaded and words interned. NULL: it cannot work, and the
     * reason, with the cure, is in `err`. Instances may be made on several threads at once. */
    void *(*create)(uint32_t stage, const pipeline_host *host, pipeline_str options, pipeline_errbuf *err);
    /* [setup] Ends an instance; its workers have been freed. Once an instance. */
    void (*destroy)(void *instance);
    /* [work] Scratch memory for one thread at a time; NULL in the table, or as a result: none. */
    void *(*worker_new)(void *instance);
    /* [work] Frees a worker that no call uses: at the end, or earlier where a very long text may have made it large. Once a
     * worker; never for NULL. */
    void (*worker_free)(void *worker);
    /* [work] Works on the documents of `batch`. `worker` is this call's alone, and came from worker_new of this
     * instance or is NULL. 0: done, whatever happened to single documents; negative: all documents of the batch fail. */
    int32_t (*process)(void *instance, void *worker, const pipeline_batch *batch);
    /* [any] Functions beyond this structure, as of the host; NULL in the table: none. */
    const void *(*get_extension)(pipeline_str id);
} pipeline_plugin;

/* [setup] The entry function. `out` comes zeroed, with `size` set; the library fills at most as much and lowers `size`
 * to what it filled. `host` may be used during the call only. 0, or negative with the reason in `err`. */
typedef int32_t pipeline_entry(const pipeline_host *host, pipeline_plugin *out, pipeline_errbuf *err);

/* The declaration: this, then card_len bytes of JSON. Texts are padded with NULs. */
typedef struct pipeline_decl {
    char magic[16];         /* "pipeline-stage", 1, '\n' */
    uint32_t size;          /* of the whole, at least 152 + card_len */
    uint32_t endian;        /* 0x01020304 */
    uint16_t abi_major;     /* 1 */
    uint16_t abi_minor;     /* what the library was built against; for information */
    uint16_t abi_min_minor; /* what it cannot do without */
    uint8_t ptr_width;      /* bytes of a pointer */
    uint8_t panic;          /* 0; Rust: 1 unwinds, 2 aborts */
    uint16_t arch;          /* ELF machine number: 62 x86-64, 183 AArch64, 3 x86, 40 Arm, 243 RISC-V 64 */
    uint16_t os;            /* 1 Linux, 2 macOS, 3 Windows, 4 FreeBSD */
    uint32_t card_len;
    char sdk[24];      /* what wrote the declaration */
    char compiler[24]; /* what compiled it */
    char id[64];       /* as in the card */
} pipeline_decl;

#define PIPELINE_LAYOUT(type, field, on64, on32) \
    PIPELINE_ASSERT(offsetof(type, field) == (sizeof(void *) == 8 ? on64 : on32), #type "." #field " is misplaced")
#define PIPELINE_SIZE(type, on64, on32) \
    PIPELINE_ASSERT(sizeof(type) == (sizeof(void *) == 8 ? on64 : on32), "size of " #type)
PIPELINE_SIZE(pipeline_str, 16, 8);
PIPELINE_SIZE(pipeline_span, 8, 8);
PIPELINE_SIZE(pipeline_column, 24, 16);
PIPELINE_SIZE(pipeline_layer, 24, 16);
PIPELINE_SIZE(pipeline_doc, 32, 20);
PIPELINE_SIZE(pipeline_host, 72, 40);
PIPELINE_SIZE(pipeline_batch, 48, 36);
PIPELINE_SIZE(pipeline_errbuf, 16, 12);
PIPELINE_SIZE(pipeline_parallel, 16, 12);
PIPELINE_SIZE(pipeline_plugin, 56, 32);
PIPELINE_SIZE(pipeline_decl, 152, 152);
PIPELINE_LAYOUT(pipeline_column, kind, 16, 8);
PIPELINE_LAYOUT(pipeline_layer, len, 16, 8);
PIPELINE_LAYOUT(pipeline_doc, layers, 16, 8);
PIPELINE_LAYOUT(pipeline_doc, flags, 28, 16);
PIPELINE_LAYOUT(pipeline_host, data, 8, 8);
PIPELINE_LAYOUT(pipeline_host, emit, 16, 12);
PIPELINE_LAYOUT(pipeline_host, get_extension, 64, 36);
PIPELINE_LAYOUT(pipeline_batch, stage, 20, 20);
PIPELINE_LAYOUT(pipeline_batch, docs, 24, 24);
PIPELINE_LAYOUT(pipeline_batch, out, 40, 32);
PIPELINE_LAYOUT(pipeline_errbuf, len, 12, 8);
PIPELINE_LAYOUT(pipeline_plugin, create, 8, 8);
PIPELINE_LAYOUT(pipeline_plugin, process, 40, 24);
PIPELINE_LAYOUT(pipeline_plugin, get_extension, 48, 28);
PIPELINE_LAYOUT(pipeline_decl, abi_major, 24, 24);
PIPELINE_LAYOUT(pipeline_decl, card_len, 36, 36);
PIPELINE_LAYOUT(pipeline_decl, id, 88, 88);

/* ---- Helpers ---- */

/* Whether a structure that begins with its size has this field. */
#define PIPELINE_HAS(pointer, type, field) ((pointer)->size >= offsetof(type, field) + sizeof((pointer)->field))

static inline pipeline_str pipeline_str_of(const void *bytes, size_t len) {
    pipeline_str text;
    text.ptr = (const uint8_t *)bytes;
    text.len = len;
    return text;
}

/* A string literal as pipeline_str. */
#define PIPELINE_STR(literal) pipeline_str_of("" literal, sizeof(literal) - 1)

/* Document `index` of a batch, index < n_docs. */
static inline const pipeline_doc *pipeline_doc_at(const pipeline_batch *batch, uint32_t index) {
    return (const pipeline_doc *)(const void *)((const char *)batch->docs + (size_t)index * batch->doc_stride);
}

/* The layer of input slot `slot`, slot < n_layers. */
static inline const pipeline_layer *pipeline_layer_at(
    const pipeline_batch *batch, const pipeline_doc *doc, uint32_t slot) {
    return (const pipeline_layer *)(const void *)((const char *)doc->layers + (size_t)slot * batch->layer_stride);
}

/* Column `index` of a layer; NULL where it is not there or not of this kind. */
static inline const pipeline_column *pipeline_column_at(
    const pipeline_batch *batch, const pipeline_layer *layer, uint32_t index, uint32_t kind) {
    const pipeline_column *column;
    if (index >= layer->n_cols) return NULL;
    column = (const pipeline_column *)(const void *)((const char *)layer->cols + (size_t)index * batch->col_stride);
    return column->kind == kind ? column : NULL;
}

/* The text of row `row` of a column of strings. */
static inline pipeline_str pipeline_string_at(const pipeline_column *column, uint32_t row) {
    const uint32_t *ends = (const uint32_t *)column->data;
    return pipeline_str_of((const uint8_t *)column->aux + ends[row], ends[row + 1] - ends[row]);
}

/* Notes why `create` fails, and is what it then returns: return pipeline_fail(err, "..."). */
static inline void *pipeline_fail(pipeline_errbuf *err, const char *reason) {
    size_t len = strlen(reason);
    if (err != NULL) {
        err->len = len < err->cap ? (uint32_t)len : err->cap;
        memcpy(err->buf, reason, err->len);
    }
    return NULL;
}

/* Where the JSON value that begins at `from` ends. */
static inline size_t pipeline_value_end(pipeline_str json, size_t from) {
    size_t i = from;
    int depth = 0, quoted = 0;
    for (; i < json.len; i++) {
        uint8_t c = json.ptr[i];
        if (quoted && c == '\\') i++;
        else if (c == '"') quoted = !quoted;
        else if (quoted) continue;
        else if (c == '{' || c == '[') depth++;
        else if (depth == 0 && (c == ',' || c == ':' || c == '}' || c == ']')) break;
        else if (c == '}' || c == ']') depth--;
    }
    while (i > from && strchr(" \t\r\n", json.ptr[i - 1]) != NULL) i--;
    return i;
}

/* The JSON value of an option, as it stands there; len 0 where it is not given. */
static inline pipeline_str pipeline_option(pipeline_str options, const char *key) {
    size_t n = strlen(key), i = 1;
    while (i < options.len) {
        size_t name, end;
        while (i < options.len && strchr(" \t\r\n,}", options.ptr[i]) != NULL) i++;
        name = i + 1;
        end = pipeline_value_end(options, i);
        for (i = end; i < options.len && strchr(" \t\r\n:", options.ptr[i]) != NULL;) i++;
        if (end == name + n + 1 && memcmp(options.ptr + name, key, n) == 0)
            return pipeline_str_of(options.ptr + i, pipeline_value_end(options, i) - i);
        i = pipeline_value_end(options, i);
    }
    return pipeline_str_of(NULL, 0);
}

/* A true or false among the options. */
static inline int pipeline_option_bool(pipeline_str options, const char *key, int otherwise) {
    pipeline_str value = pipeline_option(options, key);
    return value.len == 0 ? otherwise : value.ptr[0] == 't';
}

/* A whole number among the options. */
static inline int64_t pipeline_option_integer(pipeline_str options, const char *key, int64_t otherwise) {
    pipeline_str value = pipeline_option(options, key);
    char digits[24] = {0};
    if (value.len == 0 || value.len >= sizeof digits) return otherwise;
    memcpy(digits, value.ptr, value.len);
    return strtoll(digits, NULL, 10);
}

#ifdef __cplusplus
}
#endif

/* ---- Declaration and entry ---- */

/* Parts of a card, as string literals; parts are joined by ",". */
#define PIPELINE_COLUMN(name, kind) "{\"name\":\"" name "\",\"kind\":\"" kind "\"}"
#define PIPELINE_REFERENCE(name, layer) "{\"name\":\"" name "\",\"kind\":\"ref\",\"layer\":\"" layer "\"}"
#define PIPELINE_LAYER(name, form, order, columns) \
    "{\"layer\":\"" name "\",\"form\":\"" form "\",\"order\":\"" order "\",\"cols\":[" columns "]}"
#define PIPELINE_REQUIRES(layers) "\"requires\":[" layers "]"
#define PIPELINE_OPTIONAL(layers) "\"optional\":[" layers "]"
#define PIPELINE_PROVIDES(layers) "\"provides\":[" layers "]"
#define PIPELINE_EXTENDS(layers) "\"extends\":[" layers "]"
#define PIPELINE_REPLACES(layers) "\"replaces\":[" layers "]"
#define PIPELINE_CONFIG(schema) "\"config\":" schema
#define PIPELINE_THREADS(class_name) "\"threads\":\"" class_name "\""
#define PIPELINE_STAGE(name, about, parts) "{\"name\":\"" name "\",\"about\":\"" about "\"," parts "}"

/* Standard layers with all their columns. */
#define PIPELINE_LANGUAGE PIPELINE_LAYER("language", "rows", "any", \
    PIPELINE_COLUMN("lang", "sym") "," PIPELINE_COLUMN("confidence", "f32") "," PIPELINE_COLUMN("route", "sym"))
#define PIPELINE_TOKENS PIPELINE_LAYER("tokens", "spans", "disjoint", PIPELINE_COLUMN("kind", "u8"))
#define PIPELINE_SENTENCES PIPELINE_LAYER("sentences", "spans", "disjoint", "")
#define PIPELINE_ENTITIES PIPELINE_LAYER("entities", "spans", "any", \
    PIPELINE_COLUMN("label", "sym") "," PIPELINE_COLUMN("score", "f32") "," PIPELINE_COLUMN("cluster", "u32") "," \
    PIPELINE_COLUMN("value", "str") "," PIPELINE_COLUMN("ticker", "str"))
#define PIPELINE_RELATIONS PIPELINE_LAYER("relations", "rows", "any", \
    PIPELINE_REFERENCE("head", "entities") "," PIPELINE_REFERENCE("tail", "entities") "," \
    PIPELINE_COLUMN("label", "sym") "," PIPELINE_COLUMN("score", "f32") "," PIPELINE_COLUMN("trigger", "span"))

#if defined(_WIN32)
#define PIPELINE_EXPORT __declspec(dllexport)
#else
#define PIPELINE_EXPORT __attribute__((visibility("default")))
#endif

#define PIPELINE_TEXT_(token) #token
#define PIPELINE_TEXT(token) PIPELINE_TEXT_(token)
#if defined(__clang__)
#define PIPELINE_COMPILER "clang " PIPELINE_TEXT(__clang_major__) "." PIPELINE_TEXT(__clang_minor__)
#elif defined(__GNUC__)
#define PIPELINE_COMPILER "gcc " PIPELINE_TEXT(__GNUC__) "." PIPELINE_TEXT(__GNUC_MINOR__)
#elif defined(_MSC_VER)
#define PIPELINE_COMPILER "msvc " PIPELINE_TEXT(_MSC_VER)
#else
#define PIPELINE_COMPILER "C"
#endif

#if defined(__x86_64__) || defined(_M_X64)
#define PIPELINE_ARCH 62
#elif defined(__aarch64__) || defined(_M_ARM64)
#define PIPELINE_ARCH 183
#elif defined(__i386__) || defined(_M_IX86)
#define PIPELINE_ARCH 3
#elif defined(__arm__)
#define PIPELINE_ARCH 40
#elif defined(__riscv) && __riscv_xlen == 64
#define PIPELINE_ARCH 243
#else
#define PIPELINE_ARCH 0
#endif

#if defined(__linux__)
#define PIPELINE_OS 1
#elif defined(__APPLE__)
#define PIPELINE_OS 2
#elif defined(_WIN32)
#define PIPELINE_OS 3
#elif defined(__FreeBSD__)
#define PIPELINE_OS 4
#else
#define PIPELINE_OS 0
#endif

/* The declaration, from an id of at most 63 bytes and a card. Once a library. */
#define PIPELINE_DECLARE(id, card)                                                                       \
    typedef struct pipeline_decl_with_card {                                                             \
        pipeline_decl head;                                                                              \
        char text[sizeof(card)];                                                                         \
    } pipeline_decl_with_card;                                                                           \
    PIPELINE_EXTERN PIPELINE_EXPORT const pipeline_decl_with_card pipeline_plugin_decl;                  \
    const pipeline_decl_with_card pipeline_plugin_decl = {                                               \
        {{'p', 'i', 'p', 'e', 'l', 'i', 'n', 'e', '-', 's', 't', 'a', 'g', 'e', 1, '\n'},                \
         (uint32_t)sizeof(pipeline_decl_with_card), 0x01020304u, PIPELINE_ABI_MAJOR, PIPELINE_ABI_MINOR, \
         0, (uint8_t)sizeof(void *), 0, PIPELINE_ARCH, PIPELINE_OS, (uint32_t)sizeof(card) - 1,          \
         "pipeline_stage.h " PIPELINE_TEXT(PIPELINE_ABI_MAJOR) "." PIPELINE_TEXT(PIPELINE_ABI_MINOR),    \
         PIPELINE_COMPILER, id},                                                                         \
        card}

/* The same with the card put together: `stages` is one PIPELINE_STAGE, or several joined by ",". */
#define PIPELINE_PLUGIN(id, version, license, stages)                                          \
    PIPELINE_DECLARE(id, "{\"id\":\"" id "\",\"version\":\"" version "\",\"license\":\"" license \
                         "\",\"stages\":[" stages "]}")

/* The entry function, from the functions of pipeline_plugin; worker_new and worker_free may be NULL. Once a library. */
#define PIPELINE_ENTRY(create, destroy, worker_new, worker_free, process)                                    \
    PIPELINE_EXTERN PIPELINE_EXPORT int32_t pipeline_plugin_entry_v1(                                        \
        const pipeline_host *host, pipeline_plugin *out, pipeline_errbuf *err);                              \
    int32_t pipeline_plugin_entry_v1(const pipeline_host *host, pipeline_plugin *out, pipeline_errbuf *err) { \
        const pipeline_plugin all = {                                                                        \
            (uint32_t)sizeof(pipeline_plugin), 0, create, destroy, worker_new, worker_free, process, NULL};   \
        const uint32_t size = out->size < all.size ? out->size : all.size;                                    \
        (void)host, (void)err;                                                                               \
        memcpy(out, &all, size);                                                                             \
        out->size = size;                                                                                    \
        return 0;                                                                                            \
    }                                                                                                        \
    PIPELINE_ASSERT(PIPELINE_ABI_MAJOR == 1, "this entry function is of major version 1")

#endif
