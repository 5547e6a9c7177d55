#!/usr/bin/env python3
"""Whether pandas, Polars and DuckDB read what the program writes, and what the recipes promise.

    python3 tests/readers.py target/debug/pipeline

Says so and ends with status 77 where one of them is not installed.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = "+text,tokens,sentences,passages"
STRUCTS = ["passages", "entities", "relations", "skipped", "errors"]
PAIRS = ["tokens", "sentences"]


def missing():
    """Names of the packages that are not there."""
    names = ["pandas", "pyarrow", "polars", "duckdb"]
    return [name for name in names if importlib.util.find_spec(name) is None]


def run(program, *arguments):
    done = subprocess.run([program, "run", *arguments, "--quiet"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def plain(value):
    """Lists, dicts and numbers, whatever a library calls them; scores rounded as in JSON records."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return round(value, 4) if isinstance(value, float) else value


def expected(record):
    """A JSON record as a row has it."""
    row = dict(record)
    row.setdefault("skipped", [])
    for layer in PAIRS:
        row[layer] = [{"start": start, "end": end} for start, end in row[layer]]
    row["relations"] = [
        {**relation, "trigger": relation["trigger"] and dict(zip(("start", "end"), relation["trigger"]))}
        for relation in row.get("relations") or []
    ]
    return plain(row)


def same(name, rows, records):
    assert len(rows) == len(records), f"{name}: {len(rows)} rows for {len(records)} records"
    for row, record in zip(rows, records):
        row, record = plain(row), expected(record)
        for key in row.keys() | record.keys():
            assert row.get(key) == record.get(key), f"{name}: {key} of {record['id']}: {row.get(key)} for {record.get(key)}"
    print(f"{name}: {len(rows)} rows are those of the JSON records")


def parquet(folder, records):
    import duckdb
    import pandas
    import polars

    file = str(folder / "out.parquet")
    same("pandas", pandas.read_parquet(file).to_dict("records"), records)
    same("Polars", polars.read_parquet(file).to_dicts(), records)
    rows = duckdb.sql(f"SELECT * FROM '{file}'")
    same("DuckDB", [dict(zip(rows.columns, row)) for row in rows.fetchall()], records)
    metadata = dict(duckdb.sql(f"SELECT key::VARCHAR, value::VARCHAR FROM parquet_kv_metadata('{file}')").fetchall())
    assert metadata["pipeline.offsets"] == "chars", metadata


def lines(folder, records):
    import duckdb
    import pandas
    import polars

    ids = [record["id"] for record in records]
    for ending in ["jsonl", "jsonl.gz", "jsonl.zst"]:
        file = str(folder / f"out.{ending}")
        found = duckdb.sql(f"SELECT id FROM read_json('{file}', format = 'newline_delimited')").fetchall()
        assert [row[0] for row in found] == ids, ending
        if ending != "jsonl.zst" or importlib.util.find_spec("zstandard"):
            assert pandas.read_json(file, lines=True)["id"].tolist() == ids, ending
        assert polars.read_ndjson(file, infer_schema_length=None)["id"].to_list() == ids, ending
    print("JSON Lines, gzip, Zstandard: all records")


def recipes(program, folder):
    """Runs every block of the recipes, one after the other."""
    shutil.copytree(ROOT / "examples" / "news", folder / "examples" / "news")
    os.chdir(folder)
    os.environ["PATH"] = f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    names = {}
    text = (ROOT / "docs" / "recipes.md").read_text()
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```$", text, re.M | re.S)
    for language, block in blocks:
        if language == "sh":
            # A million documents are a thousand here.
            subprocess.run(["sh", "-e", "-c", block.replace("1000000", "1000")], check=True, capture_output=True)
        else:
            exec(block, names)  # noqa: S102
    print(f"recipes: {len(blocks)} blocks ran")


def main():
    if missing():
        print(f"SKIPPED: not installed: {', '.join(missing())}; nothing was read", file=sys.stderr)
        return 77
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for ending in ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]:
            run(program, "examples/news", "--layers", LAYERS, "-o", str(folder / f"out.{ending}"))
        records = [json.loads(line) for line in open(folder / "out.jsonl")]
        parquet(folder, records)
        lines(folder, records)
        recipes(program, folder)
        os.chdir(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
