/* The stage `{{stage}}`: marks words that begin with a capital. */
#include "pipeline_stage.h"

PIPELINE_PLUGIN("{{folder}}", "0.1.0", "MIT", PIPELINE_STAGE("{{stage}}", "marks words that begin with a capital",
    PIPELINE_REQUIRES(PIPELINE_TOKENS) "," PIPELINE_EXTENDS(PIPELINE_LAYER("entities", "spans", "any",
        PIPELINE_COLUMN("label", "sym") "," PIPELINE_COLUMN("score", "f32"))) ","
    PIPELINE_CONFIG("{\"type\":\"object\",\"properties\":{\"min_len\":{\"type\":\"integer\",\"minimum\":1,\"default\":3}}}")));

/* An instance: the label, and the shortest word that is marked. */
typedef struct stage {
    uint32_t label;
    int64_t min_len;
} stage;

static void *create(uint32_t number, const pipeline_host *host, pipeline_str options, pipeline_errbuf *err) {
    stage *self = (stage *)malloc(sizeof *self);
    (void)number;
    if (self == NULL) return pipeline_fail(err, "there is no memory left");
    self->label = host->intern(host->data, PIPELINE_STR("CAP"));
    self->min_len = pipeline_option_integer(options, "min_len", 3);
    return self;
}

/* Marks the words of one document; 0 if there is no memory. */
static int mark(const stage *self, const pipeline_batch *batch, uint32_t index) {
    const pipeline_doc *doc = pipeline_doc_at(batch, index);
    const pipeline_layer *tokens = pipeline_layer_at(batch, doc, 0);
    pipeline_span *spans = (pipeline_span *)malloc((size_t)tokens->len * sizeof *spans + 1);
    uint32_t *labels = (uint32_t *)malloc((size_t)tokens->len * sizeof *labels + 1);
    float *scores = (float *)malloc((size_t)tokens->len * sizeof *scores + 1);
    const pipeline_column columns[2] = {{labels, NULL, PIPELINE_SYM, 0}, {scores, NULL, PIPELINE_F32, 0}};
    pipeline_layer entities = {spans, columns, 0, 2};
    const int there = spans != NULL && labels != NULL && scores != NULL;
    for (uint32_t i = 0; there && i < tokens->len; i++) {
        const pipeline_span token = tokens->spans[i];
        const uint8_t first = doc->text.ptr[token.start];
        if (first < 'A' || first > 'Z' || token.end - token.start < self->min_len) continue;
        spans[entities.len] = token;
        scores[entities.len] = 1;
        labels[entities.len++] = self->label;
    }
    if (there && entities.len > 0) batch->host->emit(batch->out, index, 0, &entities);
    free(spans);
    free(labels);
    free(scores);
    return there;
}

static int32_t process(void *instance, void *worker, const pipeline_batch *batch) {
    (void)worker;
    for (uint32_t i = 0; i < batch->n_docs; i++)
        if (!mark((const stage *)instance, batch, i))
            batch->host->doc_error(batch->out, i, PIPELINE_ERR_STAGE, PIPELINE_STR("there is no memory left"));
    return 0;
}

PIPELINE_ENTRY(create, free, NULL, NULL, process);
