#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a real topic into a capture and into nothing, and into a topic view with rows on disk and in memory, in turn;
prints JSON.

    tests/bench/log/log.py [--build build/release] [--records 5000000] [--rounds 5] [--version 4.1.1] [--folder DIR]

Starts its own broker on loopback and stops it. The capture is made in a scratch folder, or in DIR. Ratios are those of
the two runs of one round; `foreign_cpu` above 5 % means that the machine was not quiet. Reader, broker and writer share
the cores, so the file system's own work counts: a DIR in memory is like a fast disk only when its pages are large
(tmpfs mounted with huge=within_size); page by page the kernel takes as long as all else that the log costs.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/bench/consume"))
from consume import Bench, run  # noqa: E402: the broker, the topics on it and a timed run

TOPIC, CODEC = "orders_lz4", "lz4"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--records", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--version", default="4.1.1")
    parser.add_argument("--folder", type=pathlib.Path)
    return parser.parse_args()


def drain(bench, how, folder):
    command = [str(bench.bin / "bench_drain"), bench.bootstrap, TOPIC, how, str(folder)]
    output = bench.scratch / "drain.out"
    result = run(command, output, bench.scratch / "drain.err", bench.broker_pid)
    told = json.loads(output.read_text())
    if told["records"] != bench.options.records:
        sys.exit(f"bench_drain counted {told['records']} of {bench.options.records} records")
    shutil.rmtree(folder, ignore_errors=True)
    return {**told, **result}


def compare(bench, folder, without, into, what):
    drain(bench, without, folder)  # fills the broker's page cache
    runs = [(drain(bench, without, folder), drain(bench, into, folder)) for _ in range(bench.options.rounds)]
    rate = [[bench.options.records / pair[i]["seconds"] for pair in runs] for i in (0, 1)]
    return {
        "what": what,
        f"{without}_records_per_second": round(statistics.median(rate[0])),
        f"{into}_records_per_second": round(statistics.median(rate[1])),
        "ratio": round(statistics.median(a["seconds"] / b["seconds"] for a, b in runs), 3),
        "peak_mib": round(max(b["peak_mib"] for _, b in runs), 1),
        "foreign_cpu_max": round(max(r["foreign_cpu"] for pair in runs for r in pair), 3),
        "bars": {"ratio": 0.8},
        "looking": {key: [a.get(key), b[key]] for a, b in runs[-1:]
                    for key in ("rows", "dropped", "screen_ms", "screen_p99_ms", "late_screens") if key in b},
    }


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="weir-log-") as scratch:
        bench = Bench(options, pathlib.Path(scratch))
        try:
            bench.load(CODEC)
            folder = (options.folder or pathlib.Path(scratch)) / "log"
            print(json.dumps([
                compare(bench, folder, "nothing", "capture", "reading a topic into a capture, to reading it"),
                compare(bench, folder, "memory", "view", "a topic view with rows on disk, to one in memory"),
            ], indent=1))
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
