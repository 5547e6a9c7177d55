/* Prints what the header says, line by line: a name and a number, or a name and a text. */
#include "pipeline_stage.h"

#include <stdio.h>

#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define AT(type, field) printf("%s.%s %zu\n", #type, #field, offsetof(type, field))
#define VALUE(name) printf("%s %u\n", #name, (unsigned)(name))
#define TEXT(name) printf("%s %s\n", #name, name)

PIPELINE_PLUGIN("acme-header", "1.2.3", "MIT",
    PIPELINE_STAGE("acme.header", "says what it says",
        PIPELINE_REQUIRES(PIPELINE_TOKENS "," PIPELINE_SENTENCES) "," PIPELINE_THREADS("one")));

static int32_t process(void *instance, void *worker, const pipeline_batch *batch) {
    (void)instance, (void)worker, (void)batch;
    return 0;
}
PIPELINE_ENTRY(NULL, NULL, NULL, NULL, process);

static void layouts(void) {
    SIZE(pipeline_str), AT(pipeline_str, ptr), AT(pipeline_str, len);
    SIZE(pipeline_span), AT(pipeline_span, start), AT(pipeline_span, end);
    SIZE(pipeline_column), AT(pipeline_column, data), AT(pipeline_column, aux), AT(pipeline_column, kind),
        AT(pipeline_column, flags);
    SIZE(pipeline_layer), AT(pipeline_layer, spans), AT(pipeline_layer, cols), AT(pipeline_layer, len),
        AT(pipeline_layer, n_cols);
    SIZE(pipeline_doc), AT(pipeline_doc, text), AT(pipeline_doc, layers), AT(pipeline_doc, n_layers),
        AT(pipeline_doc, flags);
    SIZE(pipeline_batch), AT(pipeline_batch, size), AT(pipeline_batch, n_docs), AT(pipeline_batch, doc_stride),
        AT(pipeline_batch, layer_stride), AT(pipeline_batch, col_stride), AT(pipeline_batch, stage),
        AT(pipeline_batch, docs), AT(pipeline_batch, host), AT(pipeline_batch, out);
    SIZE(pipeline_host), AT(pipeline_host, size), AT(pipeline_host, abi_minor), AT(pipeline_host, data),
        AT(pipeline_host, emit), AT(pipeline_host, doc_error), AT(pipeline_host, intern),
        AT(pipeline_host, sym_text), AT(pipeline_host, log), AT(pipeline_host, should_stop),
        AT(pipeline_host, get_extension);
    SIZE(pipeline_plugin), AT(pipeline_plugin, size), AT(pipeline_plugin, flags), AT(pipeline_plugin, create),
        AT(pipeline_plugin, destroy), AT(pipeline_plugin, worker_new), AT(pipeline_plugin, worker_free),
        AT(pipeline_plugin, process), AT(pipeline_plugin, get_extension);
    SIZE(pipeline_parallel), AT(pipeline_parallel, size), AT(pipeline_parallel, flags), AT(pipeline_parallel, for_each);
    SIZE(pipeline_errbuf), AT(pipeline_errbuf, buf), AT(pipeline_errbuf, cap), AT(pipeline_errbuf, len);
    SIZE(pipeline_decl), AT(pipeline_decl, magic), AT(pipeline_decl, size), AT(pipeline_decl, endian),
        AT(pipeline_decl, abi_major), AT(pipeline_decl, abi_minor), AT(pipeline_decl, abi_min_minor),
        AT(pipeline_decl, ptr_width), AT(pipeline_decl, panic), AT(pipeline_decl, arch), AT(pipeline_decl, os),
        AT(pipeline_decl, card_len), AT(pipeline_decl, sdk), AT(pipeline_decl, compiler), AT(pipeline_decl, id);
}

static void constants(void) {
    VALUE(PIPELINE_U8), VALUE(PIPELINE_U32), VALUE(PIPELINE_I64), VALUE(PIPELINE_F32), VALUE(PIPELINE_F64);
    VALUE(PIPELINE_SYM), VALUE(PIPELINE_REF), VALUE(PIPELINE_STRINGS), VALUE(PIPELINE_SPANS);
    VALUE(PIPELINE_ERR_STAGE), VALUE(PIPELINE_ERR_PANIC), VALUE(PIPELINE_ERR_INVALID), VALUE(PIPELINE_SKIPPED);
    VALUE(PIPELINE_NONE), VALUE(PIPELINE_DOC_ASCII), VALUE(PIPELINE_ABI_MAJOR), VALUE(PIPELINE_ABI_MINOR);
    VALUE(PIPELINE_ARCH), VALUE(PIPELINE_OS);
    TEXT(PIPELINE_LANGUAGE), TEXT(PIPELINE_TOKENS), TEXT(PIPELINE_SENTENCES), TEXT(PIPELINE_ENTITIES);
    TEXT(PIPELINE_RELATIONS);
}

static void declaration(void) {
    const pipeline_decl *head = &pipeline_plugin_decl.head;
    printf("decl.magic %d\n", memcmp(head->magic, "pipeline-stage\1\n", 16));
    printf("decl.size %d\n", head->size >= sizeof(pipeline_decl) + head->card_len);
    printf("decl.endian %u\n", head->endian);
    printf("decl.id %s\n", head->id);
    printf("decl.card %.*s\n", (int)head->card_len, pipeline_plugin_decl.text);
}

/* An older host knows less of the structure: no more than that is written. */
static void entry(void) {
    pipeline_plugin out;
    memset(&out, 0, sizeof out);
    out.size = offsetof(pipeline_plugin, process);
    pipeline_plugin_entry_v1(NULL, &out, NULL);
    printf("entry.small %d %d\n", out.size == offsetof(pipeline_plugin, process), out.process == NULL);
    out.size = sizeof out + 100;
    pipeline_plugin_entry_v1(NULL, &out, NULL);
    printf("entry.large %d %d\n", out.size == sizeof out, out.process == process);
    printf("entry.has %d\n", PIPELINE_HAS(&out, pipeline_plugin, get_extension));
}

static void option(const char *key) {
    pipeline_str value = pipeline_option(PIPELINE_STR("{ \"a\":[1,{\"b\":2}], \"c\" : \"x\\\"},:\",\"b\":-7 , \"on\":true}"), key);
    printf("option.%s %.*s\n", key, (int)value.len, value.len == 0 ? "" : (const char *)value.ptr);
}

static void helpers(void) {
    const pipeline_str options = PIPELINE_STR("{\"n\":42,\"off\":false}");
    const uint32_t ends[] = {0, 2, 2, 5};
    const pipeline_column column = {ends, "abcde", PIPELINE_STRINGS, 0};
    uint8_t room[4];
    pipeline_errbuf err = {room, sizeof room, 0};
    option("a"), option("b"), option("c"), option("on"), option("x"), option("");
    printf("option.n %d %d\n", (int)pipeline_option_integer(options, "n", 1), (int)pipeline_option_integer(options, "m", 1));
    printf("option.off %d %d\n", pipeline_option_bool(options, "off", 1), pipeline_option_bool(options, "m", 1));
    printf("string %.*s\n", (int)pipeline_string_at(&column, 2).len, (const char *)pipeline_string_at(&column, 2).ptr);
    printf("fail %d", pipeline_fail(&err, "reason") == NULL);
    printf(" %u %.*s\n", err.len, (int)err.len, (const char *)room);
}

int main(void) {
    layouts();
    constants();
    declaration();
    entry();
    helpers();
    return 0;
}
