#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches a real topic with weir-cli and with kcat | grep, in turn, and looks at it as a topic view does; prints JSON.

    tests/bench/inspect/inspect.py [--build build/release] [--records 10000000] [--rounds 3] [--version 4.1.1]
                                   [--folder DIR]

Starts its own broker on loopback and stops it. Ratios are those of the two runs of one round; rates of conditions are
per second of CPU, broker not counted. Memory is RssAnon + RssShmem. `foreign_cpu` above 5 % means that the machine was
not quiet. The heartbeat of the window is printed by tests/bench/gui.
"""
import argparse
import json
import pathlib
import shlex
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/bench/consume"))
from consume import Bench, run  # noqa: E402: the broker, the topics on it and a timed run

TOPIC, CODEC = "orders_lz4", "lz4"
TEXT = "ord-0000471"
CONDITIONS = ("amount > 990", "status = 'PAID' AND amount > 990", "order_id = 'ord-0000471100'")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--version", default="4.1.1")
    parser.add_argument("--folder", type=pathlib.Path)
    return parser.parse_args()


def timed(bench, command):
    output = bench.scratch / "inspect.out"
    result = run(command, output, bench.scratch / "inspect.err", bench.broker_pid)
    return {**result, "out": output.read_text().strip()}


def search(bench, *terms):
    return timed(bench, [str(bench.bin / "weir-cli"), "search", TOPIC, "-b", bench.bootstrap, "--count-only", *terms])


def grep(bench):
    kcat = f"kcat -C -e -q -b {bench.bootstrap} -t {TOPIC} | grep -c {shlex.quote(TEXT)}"
    return timed(bench, ["sh", "-c", kcat])


def compare_text(bench):
    grep(bench)  # fills the broker's page cache
    runs = [(grep(bench), search(bench, "--text", TEXT)) for _ in range(bench.options.rounds)]
    for theirs, ours in runs:
        if theirs["out"] != ours["out"]:
            sys.exit(f"kcat | grep counts {theirs['out']}, weir-cli {ours['out']}")
    return {
        "what": "text over the whole topic, to kcat | grep -c",
        "kcat_grep_seconds": round(statistics.median(theirs["seconds"] for theirs, _ in runs), 2),
        "search_seconds": round(statistics.median(ours["seconds"] for _, ours in runs), 2),
        "ratio": round(statistics.median(theirs["seconds"] / ours["seconds"] for theirs, ours in runs), 2),
        "matches": int(runs[0][1]["out"]),
        "peak_mib": round(max(ours["peak_mib"] for _, ours in runs), 1),
        "foreign_cpu_max": round(max(one["foreign_cpu"] for pair in runs for one in pair), 3),
        "bars": {"ratio": 1.3},
    }


def conditions(bench):
    told = []
    for condition in CONDITIONS:
        runs = [search(bench, "--where", condition) for _ in range(bench.options.rounds)]
        told.append({
            "what": condition,
            "records_per_cpu_second": round(bench.options.records / min(one["cpu_seconds"] for one in runs)),
            "records_per_second": round(bench.options.records / min(one["seconds"] for one in runs)),
            "matches": int(runs[0]["out"]),
            "peak_mib": round(max(one["peak_mib"] for one in runs), 1),
            "foreign_cpu_max": round(max(one["foreign_cpu"] for one in runs), 3),
            "bars": {"records_per_cpu_second": 1_000_000},
        })
    return told


def view(bench, folder):
    result = timed(bench, [str(bench.bin / "bench_inspect"), bench.bootstrap, TOPIC, str(folder), CONDITIONS[0]])
    return {
        "what": "a topic view with rows on disk",
        **json.loads(result["out"]),
        "peak_mib": round(result["peak_mib"], 1),
        "foreign_cpu": round(result["foreign_cpu"], 3),
        "bars": {"first_hit_ms": 200, "refilter_million_ms": 1000, "screen_p99_ms": 16, "select_p99_ms": 16,
                 "peak_mib": 1024},
    }


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="weir-inspect-") as scratch:
        bench = Bench(options, pathlib.Path(scratch))
        try:
            bench.load(CODEC)
            folder = (options.folder or pathlib.Path(scratch)) / "rows"
            print(json.dumps([compare_text(bench), *conditions(bench), view(bench, folder)], indent=1))
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
