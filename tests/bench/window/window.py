#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window engine beside others, in one run on one machine, and prints JSON.

    tests/bench/window/window.py [--build build/release] [--rounds 5] [--rows 2000000] [--only core|json|files|flink]

`core`: rows per second of the window core on columns in memory (4 aggregates, 1,000 keys, numbers and texts, one
thread) and of DuckDB on the same shape (pip install duckdb); HOP 60:1 beside TUMBLE. `json`: recorded events beside a
bare simdjson loop (bench_recorded). `files`: a script with INSERT INTO a blackhole table over a file of JSON lines by
weir-cli on one core, TUMBLE and HOP 60:1.
`flink`: the same scripts over the same file by a local Flink (parallelism 1, warmed up by one run of each) and by
weir-cli with one worker, neither held to a core, and how many times faster Weir is. Ratios are medians over rounds that
take turns.
"""
import argparse
import json
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
TABLES = """
CREATE TABLE orders (
  order_id BIGINT, customer STRING, amount DECIMAL(10, 2), created_at TIMESTAMP(3),
  WATERMARK FOR created_at AS created_at - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'json');
CREATE TABLE nowhere (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), customer STRING, n BIGINT, total DECIMAL(38, 2),
  mean DECIMAL(38, 6), top DECIMAL(10, 2)
) WITH ('connector' = 'blackhole');
"""
INSERT = """
INSERT INTO nowhere
SELECT window_start, window_end, customer, COUNT(*), SUM(amount), AVG(amount), MAX(amount)
FROM TABLE({window})
GROUP BY window_start, window_end, customer;
"""
WINDOWS = {
    "tumble": "TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '1' MINUTE)",
    "hop_60_to_1": "HOP(TABLE orders, DESCRIPTOR(created_at), INTERVAL '1' SECOND, INTERVAL '1' MINUTE)",
}
KEYS = 1000


def weir_core(build, key):
    out = subprocess.run(
        ["taskset", "-c", "0", build / "tests/bench/window/bench_window", f"--benchmark_filter=windowCore/{key}",
         "--benchmark_format=json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(out)["benchmarks"][0]["items_per_second"]


class Duck:
    """The same shape in DuckDB, on one thread: a key, a number, a time that goes back by up to half a second."""

    KEYS = {"bigint": f"1000 + (hash(i) % {KEYS})::BIGINT",
            "string": f"'customer-' || lpad((hash(i) % {KEYS})::VARCHAR, 4, '0')"}

    def __init__(self, rows, key):
        import duckdb  # only here: the other parts do without it
        self.rows = rows
        self.base = duckdb.connect()
        self.base.execute("SET threads = 1; SET preserve_insertion_order = false")
        self.base.execute(
            f"CREATE TABLE t AS SELECT {self.KEYS[key]} AS k, (hash(i + 1) % 100000)::BIGINT AS v, "
            f"i // 20 - (hash(i + 2) % 500)::BIGINT AS ts FROM range({rows}) r(i)")

    def rate(self):
        start = time.monotonic()
        self.base.execute("CREATE OR REPLACE TEMP TABLE o AS SELECT k, ts // 10000 AS w, COUNT(*), SUM(v), MIN(v), "
                          "MAX(v) FROM t GROUP BY k, w")
        return self.rows / (time.monotonic() - start)


def core(build, rounds, key):
    duck = Duck(10_000_000, key)
    duck.rate()
    rates = [(weir_core(build, key), duck.rate()) for _ in range(rounds)]
    return {
        "weir_rows_per_second": round(statistics.median(weir for weir, _ in rates)),
        "duckdb_rows_per_second": round(statistics.median(other for _, other in rates)),
        "weir_to_duckdb": round(statistics.median(weir / other for weir, other in rates), 2),
        "target": 1.0,
    }


def core_hop(build, rounds):
    """HOP 60:1 beside TUMBLE of its slide and of its size, on columns in memory, up to the columns of result rows."""
    rates = [[weir_core(build, name) for name in ("hop_60_to_1", "second", "minute")] for _ in range(rounds)]
    return {
        "hop_rows_per_second": round(statistics.median(hop for hop, _, _ in rates)),
        "hop_to_tumble_of_the_slide": round(statistics.median(hop / second for hop, second, _ in rates), 2),
        "hop_to_tumble_of_the_size": round(statistics.median(hop / minute for hop, _, minute in rates), 2),
        "target": 0.7,
    }


def write_orders(path, rows):
    """JSON lines of about 196 bytes, 4,000 events to a second of event time."""
    numbers = random.Random(1)
    states = ("PAID", "CREATED", "FAILED", "CANCELLED")
    with open(path, "w", encoding="utf-8") as out:
        for i in range(rows):
            millis = i // 4 + numbers.randrange(400)
            seconds, rest = divmod(millis, 1000)
            clock = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
            out.write(f'{{"order_id":{i},"customer":"cus-{numbers.randrange(KEYS):04}","status":"{states[i % 4]}",'
                      f'"amount":{numbers.randrange(1000)}.{numbers.randrange(100):02},"currency":"EUR",'
                      f'"created_at":"2024-03-01 {clock}","note":"deliver to the back door, ring twice, thanks"}}\n')


def weir_file(build, path, window, pinned):
    script = TABLES.format(path=path) + INSERT.format(window=WINDOWS[window])
    start = time.monotonic()
    core = ["taskset", "-c", "0"] if pinned else []
    subprocess.run([*core, build / "bin/weir-cli", "sql", "-q", "--workers", "1", "-"], input=script, text=True,
                   check=True)
    return time.monotonic() - start


def files(build, path, rows, rounds):
    seconds = [{window: weir_file(build, path, window, True) for window in WINDOWS} for _ in range(rounds)]
    result = {f"{window}_rows_per_second": round(rows / statistics.median(one[window] for one in seconds))
              for window in WINDOWS}
    result["hop_to_tumble"] = round(statistics.median(one["tumble"] / one["hop_60_to_1"] for one in seconds), 2)
    result["target"] = 0.7
    return result


class Flink:
    """A local Flink whose jobs are timed by its own clock, from their start to their end."""

    def __init__(self, folder, path):
        self.folder = folder
        self.path = path
        told = subprocess.run([ROOT / "tests/support/flink.sh", "start", "--dir", folder], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        self.rest = re.search(r"rest=(\S+)", told)[1]

    def stop(self):
        subprocess.run([ROOT / "tests/support/flink.sh", "stop", "--dir", self.folder], check=True)

    def seconds(self, window):
        script = pathlib.Path(self.folder) / "bench.sql"
        script.write_text(TABLES.format(path=self.path) + INSERT.format(window=WINDOWS[window]), encoding="utf-8")
        told = subprocess.run([ROOT / "tests/support/flink.sh", "sql", "--dir", self.folder, script], check=True,
                              text=True, stderr=subprocess.PIPE).stderr
        job_id = re.search(r"job_id=(\w+)", told)[1]
        while True:
            with urllib.request.urlopen(f"{self.rest}/jobs/{job_id}") as reply:
                job = json.load(reply)
            if job["state"] == "FINISHED":
                return job["duration"] / 1000
            if job["state"] in ("FAILED", "CANCELED"):
                raise RuntimeError(f"Flink's job {job['state']}")
            time.sleep(0.1)


def flink(build, path, rows, folder):
    local = Flink(folder, path)
    result = {"target": 10}
    try:
        for window in WINDOWS:
            local.seconds(window)  # warms up
            seconds = [(local.seconds(window), weir_file(build, path, window, False)) for _ in range(3)]
            result[f"{window}_flink_rows_per_second"] = round(rows / statistics.median(theirs for theirs, _ in seconds))
            result[f"{window}_weir_rows_per_second"] = round(rows / statistics.median(ours for _, ours in seconds))
            result[f"{window}_weir_to_flink"] = round(statistics.median(theirs / ours for theirs, ours in seconds), 1)
    finally:
        local.stop()
    return result


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--build", default="build/release", type=pathlib.Path)
    arguments.add_argument("--rounds", default=5, type=int)
    arguments.add_argument("--rows", default=2_000_000, type=int)
    arguments.add_argument("--only", choices=("core", "json", "files", "flink"))
    given = arguments.parse_args()
    build = (ROOT / given.build).resolve()
    wanted = [given.only] if given.only else ["core", "json", "files", "flink"]
    report = {}
    if "core" in wanted:
        report["core"] = {key: core(build, given.rounds, key) for key in Duck.KEYS}
        report["core"]["hop_60_to_1"] = core_hop(build, given.rounds)
    if "json" in wanted:
        report["json"] = json.loads(subprocess.run([build / "tests/bench/window/bench_recorded", str(given.rounds)],
                                                   check=True, stdout=subprocess.PIPE).stdout)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/orders.jsonl"
        if {"files", "flink"} & set(wanted):
            write_orders(path, given.rows)
        if "files" in wanted:
            report["files"] = files(build, path, given.rows, given.rounds)
        if "flink" in wanted:
            report["flink"] = flink(build, path, given.rows, f"{folder}/flink")
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
