"""Reads what `pipeline graph` writes with the programs it is written for, and counts.

    python3 tests/graph/formats.py PIPELINE [RECORDS]

networkx reads the GraphML, rdflib the N-Triples, and the standard library the CSV after the rules of neo4j-admin.
What is not installed is said to be skipped.
"""

import collections
import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

NEWS = Path(__file__).parent.parent / "browser" / "news.jsonl"
BASE = "urn:pipeline:"
checks = 0


def same(found, wanted, what):
    global checks
    checks += 1
    assert found == wanted, f"{what}: {found!r}, not {wanted!r}"


class Truth:
    """The counts, from the records themselves."""

    def __init__(self, file):
        self.records = [json.loads(line) for line in Path(file).open(encoding="utf-8")]
        self.facts = []
        for record in self.records:
            words = lambda span: record["text"][span[0]:span[1]] if span else None
            for relation in record["relations"] or []:
                head, tail = (record["entities"][relation[end]] for end in ("head", "tail"))
                self.facts.append((record, relation["label"], head, tail, words(relation["trigger"])))
        self.by_label = collections.Counter(label for _, label, *_ in self.facts)

    def agree(self, find, edges, what):
        """Every relation is found as an edge between things of these names, with its document, day and trigger."""
        same(sum(edge["count"] for edge in edges), len(self.facts), f"{what}: relations")
        by_label = collections.Counter()
        for edge in edges:
            by_label[edge["label"]] += edge["count"]
        same(by_label, self.by_label, f"{what}: relations by type")
        for record, label, head, tail, trigger in self.facts:
            day = record.get("meta", {}).get("date")
            hits = [edge for edge in find(label) if self.fits(edge, head, tail) and record["id"] in edge["evidence"]]
            assert hits, f"{what}: no edge {head['text']} {label} {tail['text']} of {record['id']}"
            edge = hits[0]
            assert day is None or edge["first"] <= day <= edge["last"], f"{what}: {day} of {edge}"
            assert trigger is None or " ".join(trigger.split()) in edge["triggers"], f"{what}: {trigger} in {edge}"
            same(edge["documents"], len(edge["evidence"]), f"{what}: documents")

    @staticmethod
    def fits(edge, head, tail):
        names = lambda node: {node["name"], *node["aliases"]}
        is_it = lambda node, end: " ".join(end["text"].split()) in names(node) and node["type"] == end["label"]
        one_way = is_it(edge["head"], head) and is_it(edge["tail"], tail)
        return one_way or (is_it(edge["head"], tail) and is_it(edge["tail"], head))


def finder(edges):
    return lambda label: [edge for edge in edges if edge["label"] == label]


def graphml(file, truth):
    try:
        import networkx
    except ImportError:
        return skipped("networkx", "GraphML")
    graph = networkx.read_graphml(file, force_multigraph=True)
    nodes = {
        id: {"name": data["label"], "type": data["type"], "aliases": json.loads(data.get("aliases", "[]"))}
        for id, data in graph.nodes(data=True)
    }
    edges = []
    for head, tail, data in graph.edges(data=True):
        same(data["weight"], data["count"], "weight for Gephi")
        lists = {name: json.loads(data.get(name, "[]")) for name in ("evidence", "triggers")}
        edges.append({**data, **lists, "head": nodes[head], "tail": nodes[tail]})
    truth.agree(finder(edges), edges, "GraphML")
    mentioned = sum(data["mentions"] for _, data in graph.nodes(data=True))
    every = {(node["name"], node["type"]) for node in nodes.values()}
    same(len(every), len(nodes), "nodes of one name and type")
    return len(nodes), len(edges), mentioned


def ntriples(file, truth):
    try:
        import rdflib
        from rdflib.namespace import RDF, RDFS, SKOS
    except ImportError:
        return skipped("rdflib", "N-Triples")
    graph = rdflib.Graph().parse(file, format="nt")
    term = lambda name: rdflib.URIRef(f"{BASE}term/{name}")
    last = lambda iri: str(iri).rsplit("/", 1)[1]

    def node(iri):
        aliases = [str(alias) for alias in graph.objects(iri, SKOS.altLabel)]
        kind = last(graph.value(iri, RDF.type))
        return {"name": str(graph.value(iri, RDFS.label)), "type": kind, "aliases": aliases, "iri": iri}

    edges = []
    for iri in graph.subjects(RDF.type, term("Edge")):
        value = lambda name: graph.value(iri, term(name))
        strings = lambda name: [str(one) for one in graph.objects(iri, term(name))]
        day = lambda name: str(value(name)) if value(name) is not None else None
        assert (value("head"), value("relation"), value("tail")) in graph, "the edge as a triple"
        edges.append({
            "label": last(value("relation")), "count": value("count").toPython(), "documents": value("documents").toPython(),
            "head": node(value("head")), "tail": node(value("tail")), "evidence": strings("evidence"),
            "triggers": strings("trigger"), "first": day("first"), "last": day("last"),
        })
    truth.agree(finder(edges), edges, "N-Triples")
    things = set(graph.subjects(RDFS.label))
    mentioned = sum(graph.value(thing, term("mentions")).toPython() for thing in things)
    return len(things), len(edges), mentioned


def neo4j(nodes_file, edges_file, truth):
    """The header's types, unique ids, and ends that exist: what the importer insists on."""
    convert = {"long": int, "double": float, "string[]": lambda text: text.split(";") if text else [], "date": str, "": str}

    def rows(file):
        with open(file, encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            header = [field.partition(":") for field in next(reader)]
            for row in reader:
                same(len(row), len(header), "fields of a row")
                yield {name or f":{kind}": convert.get(kind, str)(text) if text or kind == "string[]" else None
                       for (name, _, kind), text in zip(header, row)}

    nodes = {}
    for row in rows(nodes_file):
        assert row["id"] not in nodes, f"two nodes {row['id']}"
        for day in (row["first"], row["last"]):
            assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        nodes[row["id"]] = {**row, "type": row[":LABEL"]}
    edges = [
        {**row, "label": row[":TYPE"], "head": nodes[row[":START_ID"]], "tail": nodes[row[":END_ID"]]}
        for row in rows(edges_file)
    ]
    truth.agree(finder(edges), edges, "CSV")
    return len(nodes), len(edges), sum(node["mentions"] for node in nodes.values())


def skipped(package, what):
    print(f"SKIPPED: {what} was not read, since {package} is not installed", file=sys.stderr)


def main():
    program = sys.argv[1]
    records = Path(sys.argv[2]) if len(sys.argv) > 2 else NEWS
    truth = Truth(records)
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: f"{folder}/{name}"
        for name in ("who.graphml", "who.csv", "who.nt", "again.graphml"):
            subprocess.run([program, "graph", records, "-o", path(name), "--quiet", "--evidence", "100000"], check=True)
        same(Path(path("again.graphml")).read_bytes(), Path(path("who.graphml")).read_bytes(), "the same bytes again")
        found = [
            graphml(path("who.graphml"), truth), ntriples(path("who.nt"), truth),
            neo4j(path("who.nodes.csv"), path("who.edges.csv"), truth),
        ]
    found = [counts for counts in found if counts]
    same(len(set(found)), 1, f"all formats hold the same: {found}")
    nodes, edges, mentions = found[0]
    print(f"{len(truth.records)} records, {len(truth.facts)} relations: {nodes} names with {mentions} mentions, {edges} edges in {len(found)} formats")
    print(f"formats of graph: {checks} checks passed")


if __name__ == "__main__":
    main()
