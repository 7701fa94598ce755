#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks real Flinks whether they take each query of tests/data/sql/queries.txt and of tests/engine/nexmark, and writes
tests/data/sql/verdicts.tsv.

    verdicts.py [--versions 1.20.3 2.1.1] [--only NAME]

Starts each Flink by tests/support/flink.sh, with its SQL Gateway, and stops it. Every query has a session of its own:
the tables and what stands before the last statement are executed, the last statement is EXPLAINed (one that defines
something is executed). Takes minutes, so its answers are data for the tests; run it when queries.txt changes.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
QUERIES = ROOT / "tests/data/sql/queries.txt"
NEXMARK = ROOT / "tests/engine/nexmark"
VERDICTS = ROOT / "tests/data/sql/verdicts.tsv"
UNDER_WAY = ("INITIALIZED", "PENDING", "RUNNING")
TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|`[^`]*`|;|.", re.S)
EXPLAINED = re.compile(r"\s*(SELECT|WITH|INSERT|VALUES|\()", re.I)


class Refused(Exception):
    """What the gateway said against a statement, in one line."""


class Gateway:
    def __init__(self, base):
        self.base = base

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            lines = [line for text in json.load(error).get("errors", []) for line in text.splitlines()]
            causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
            raise Refused(" ".join((causes or lines or [str(error)])[-1].split())) from None

    def run(self, session, statement):
        handle = self.call("POST", f"/v2/sessions/{session}/statements", {"statement": statement})["operationHandle"]
        operation = f"/v2/sessions/{session}/operations/{handle}"
        while self.call("GET", f"{operation}/status")["status"] in UNDER_WAY:
            time.sleep(0.005)
        self.call("GET", f"{operation}/result/0?rowFormat=JSON")  # where an error is told
        self.call("DELETE", f"{operation}/close")

    def verdict(self, tables, query):
        session = self.call("POST", "/v2/sessions", {"properties": {}})["sessionHandle"]
        try:
            for statement in tables:
                self.run(session, statement)
            *before, last = statements(query)
            for statement in before:
                self.run(session, statement)
            self.run(session, "EXPLAIN " + last if EXPLAINED.match(last) else last)
            return "accepted"
        except Refused as refused:
            return "refused: " + str(refused)[:160]
        finally:
            self.call("DELETE", f"/v2/sessions/{session}")


def statements(script):
    """The statements of a script without comments; hints stay."""
    found, current = [], ""
    for part in TOKEN.findall(script) + [";"]:
        if part == ";":
            if current.strip():
                found.append(current.strip())
            current = ""
        elif part.startswith("/*+") or not part.startswith(("--", "/*")):
            current += part
    return found


def all_queries():
    """(tables, name, text) of every query."""
    tables, queries = blocks()
    found = [(tables, name, text) for name, text in queries]
    tables = statements((NEXMARK / "tables.sql").read_text(encoding="utf-8").replace("${events}", "/tmp/events"))
    files = sorted((NEXMARK / "queries").glob("q*.sql"), key=lambda file: int(file.stem[1:]))
    return found + [(tables, f"nexmark {file.stem}", file.read_text(encoding="utf-8")) for file in files]


def blocks():
    """The tables of queries.txt, and (name, text) of its queries."""
    tables, queries = "", []
    for block in re.split(r"^=== ", QUERIES.read_text(encoding="utf-8"), flags=re.M)[1:]:
        head, _, text = block.partition("\n")
        if head.strip() == "tables":
            tables = text
        else:
            queries.append((head.split("|")[2].strip(), text))
    return statements(tables), queries


def ask(version, queries):
    support = ROOT / "tests/support/flink.sh"
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run([support, "start", "--version", version, "--dir", folder], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        try:
            gateway = Gateway(re.search(r"gateway=(\S+)", told)[1])
            return [gateway.verdict(tables, text) for tables, _, text in queries]
        finally:
            subprocess.run([support, "stop", "--dir", folder], check=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--versions", nargs="+", default=["1.20.3", "2.1.1"])
    arguments.add_argument("--only", help="print the verdicts of one query and write nothing")
    given = arguments.parse_args()
    queries = [one for one in all_queries() if given.only in (None, one[1])]
    columns = [ask(version, queries) for version in given.versions]
    lines = ["\t".join(["# query", *given.versions])]
    lines += ["\t".join([name, *verdicts]) for (_, name, _), verdicts in zip(queries, zip(*columns))]
    if given.only:
        print("\n".join(lines))
    else:
        VERDICTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
