/* The stage `example.contacts`: marks e-mail addresses, web addresses and telephone numbers as entities. */
#include "find.h"
#include "pipeline_stage.h"

PIPELINE_PLUGIN("example-contacts", "0.1.0", "MIT OR Apache-2.0",
    PIPELINE_STAGE("example.contacts", "e-mail addresses, web addresses and telephone numbers",
        PIPELINE_EXTENDS(PIPELINE_LAYER("entities", "spans", "any",
            PIPELINE_COLUMN("label", "sym") "," PIPELINE_COLUMN("score", "f32"))) ","
        PIPELINE_CONFIG("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
            "\"emails\":{\"type\":\"boolean\",\"default\":true,\"description\":\"mark e-mail addresses as EMAIL\"},"
            "\"urls\":{\"type\":\"boolean\",\"default\":true,\"description\":\"mark web addresses as URL\"},"
            "\"phones\":{\"type\":\"boolean\",\"default\":true,\"description\":\"mark telephone numbers as PHONE\"}}}")));

/* An instance: which kinds are wanted, and their labels as symbols. */
typedef struct contacts {
    int wanted[CONTACT_KINDS];
    uint32_t labels[CONTACT_KINDS];
} contacts;

/* Scratch of one thread: the rows of the document at hand. */
typedef struct rows {
    pipeline_span *spans;
    uint32_t *labels;
    float *scores;
    uint32_t len, cap;
} rows;

static void *create(uint32_t stage, const pipeline_host *host, pipeline_str options, pipeline_errbuf *err) {
    contacts *self = (contacts *)malloc(sizeof *self);
    (void)stage;
    if (self == NULL) return pipeline_fail(err, "there is no memory left");
    self->wanted[CONTACT_EMAIL] = pipeline_option_bool(options, "emails", 1);
    self->wanted[CONTACT_URL] = pipeline_option_bool(options, "urls", 1);
    self->wanted[CONTACT_PHONE] = pipeline_option_bool(options, "phones", 1);
    self->labels[CONTACT_EMAIL] = host->intern(host->data, PIPELINE_STR("EMAIL"));
    self->labels[CONTACT_URL] = host->intern(host->data, PIPELINE_STR("URL"));
    self->labels[CONTACT_PHONE] = host->intern(host->data, PIPELINE_STR("PHONE"));
    return self;
}

static void *worker_new(void *instance) {
    (void)instance;
    return calloc(1, sizeof(rows));
}

static void worker_free(void *worker) {
    rows *out = (rows *)worker;
    free(out->spans);
    free(out->labels);
    free(out->scores);
    free(out);
}

/* Room for one row more; 0 if there is none. */
static int reserve(rows *out) {
    const uint32_t cap = out->cap == 0 ? 16 : out->cap * 2;
    void *spans, *labels, *scores;
    if (out->len < out->cap) return 1;
    if ((spans = realloc(out->spans, cap * sizeof *out->spans)) != NULL) out->spans = (pipeline_span *)spans;
    if ((labels = realloc(out->labels, cap * sizeof *out->labels)) != NULL) out->labels = (uint32_t *)labels;
    if ((scores = realloc(out->scores, cap * sizeof *out->scores)) != NULL) out->scores = (float *)scores;
    if (spans == NULL || labels == NULL || scores == NULL) return 0;
    out->cap = cap;
    return 1;
}

/* Finds the rows of a text; 0 if there is no memory for them. */
static int collect(const contacts *self, pipeline_str text, rows *out) {
    contact found;
    out->len = 0;
    for (size_t from = 0; contact_next(text.ptr, text.len, from, &found); from = found.end) {
        if (!self->wanted[found.kind]) continue;
        if (!reserve(out)) return 0;
        out->spans[out->len].start = (uint32_t)found.start;
        out->spans[out->len].end = (uint32_t)found.end;
        out->labels[out->len] = self->labels[found.kind];
        out->scores[out->len] = found.kind == CONTACT_PHONE ? 0.9f : 0.99f;
        out->len++;
    }
    return 1;
}

static int32_t process(void *instance, void *worker, const pipeline_batch *batch) {
    rows *out = (rows *)worker;
    if (out == NULL) return -1;
    for (uint32_t i = 0; i < batch->n_docs; i++) {
        if (!collect((const contacts *)instance, pipeline_doc_at(batch, i)->text, out)) {
            batch->host->doc_error(batch->out, i, PIPELINE_ERR_STAGE, PIPELINE_STR("there is no memory left"));
        } else if (out->len > 0) {
            const pipeline_column columns[] = {{out->labels, NULL, PIPELINE_SYM, 0},
                                               {out->scores, NULL, PIPELINE_F32, 0}};
            const pipeline_layer entities = {out->spans, columns, out->len, 2};
            batch->host->emit(batch->out, i, 0, &entities);
        }
    }
    return 0;
}

PIPELINE_ENTRY(create, free, worker_new, worker_free, process);
