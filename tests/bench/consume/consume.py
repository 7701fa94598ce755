#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads real topics with weir-cli stats, weir-cli sql, a bare librdkafka loop and kcat, in turn, and prints JSON.

    tests/bench/consume/consume.py [--build build/release] [--records 5000000] [--rounds 5] [--version 4.1.1]
                                   [--keep DIR] [--only speed|memory]

Starts its own broker on loopback and stops it. `speed`: all four take turns over an lz4 topic; medians over the
rounds, ratios to the bare loop of the same round. `memory`: the peak of stats, sql and of a topic view whose workers
are slowed to 1 M records/s, on an lz4 topic and on one of zstd at about 8:1, with budgets of 1 GiB and 256 MiB.
Memory is RssAnon + RssShmem, sampled every 20 ms. `foreign_cpu` is the share of the machine that neither these
programs nor the broker used: above 5 % the machine was not quiet.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BARE_FLOOR = 1_500_000  # records/s of the bare loop on a quiet machine; less means that the baseline is wrong
# Weir's own settings (connectors/kafka), so that the bare loop differs from Weir in nothing but Weir.
SETTINGS = [
    "fetch.message.max.bytes=1048576",
    "fetch.max.bytes=8388608",
    "queued.min.messages=10000000",
    "queued.max.messages.kbytes=65536",
    "fetch.wait.max.ms=100",
    "fetch.error.backoff.ms=100",
]
SLOW_RATE = 1_000_000  # records/s that the slowed workers take
BUDGETS_MIB = (1024, 256)
QUERY = """
CREATE TABLE orders (
  customer STRING,
  amount DECIMAL(10, 2),
  created_at TIMESTAMP(3),
  WATERMARK FOR created_at AS created_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = '{topic}', 'properties.bootstrap.servers' = '{bootstrap}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
);
SELECT window_start, customer, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean, MAX(amount) AS top
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, customer;
"""


def ticks_of(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def machine_ticks():
    fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return sum(fields), sum(fields) - fields[3] - fields[4]


class MemoryWatch(threading.Thread):
    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak_kib, self.done = pid, 0, threading.Event()

    def run(self):
        while not self.done.wait(0.02):
            try:
                lines = pathlib.Path(f"/proc/{self.pid}/status").read_text().split("\n")
            except OSError:
                return
            used = sum(int(l.split()[1]) for l in lines if l.startswith(("RssAnon:", "RssShmem:")))
            self.peak_kib = max(self.peak_kib, used)


def run(command, stdout_path, errors_path, broker_pid):
    """One timed run: seconds, peak memory, foreign CPU share."""
    all_before, busy_before = machine_ticks()
    broker_before, start = ticks_of(broker_pid), time.monotonic()
    with open(stdout_path, "wb") as out, open(errors_path, "wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        watch = MemoryWatch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    watch.done.set()
    all_after, busy_after = machine_ticks()
    own = (usage.ru_utime + usage.ru_stime) * os.sysconf("SC_CLK_TCK") + ticks_of(broker_pid) - broker_before
    foreign = max(0.0, busy_after - busy_before - own) / max(1, all_after - all_before)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed: " + errors_path.read_text()[-2000:])
    return {"seconds": seconds, "peak_mib": watch.peak_kib / 1024, "foreign_cpu": foreign,
            "cpu_seconds": usage.ru_utime + usage.ru_stime}


def start_broker(version, directory):
    output = subprocess.run(
        [ROOT / "tests/support/kafka.sh", "start", "--version", version, "--dir", directory],
        check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in output.split() if "=" in line)["bootstrap"]


def create_topic(directory, bootstrap, name):
    subprocess.run(
        [ROOT / "tests/support/kafka.sh", "tool", directory, "org.apache.kafka.tools.TopicCommand",
         "--bootstrap-server", bootstrap, "--create", "--topic", name, "--partitions", "6"],
        check=True, capture_output=True)


class Bench:
    """One broker, the topics on it and the programs that read them."""

    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.bin = ROOT / options.build / "bin"
        self.broker = scratch / "broker"
        self.bootstrap = start_broker(options.version, self.broker)
        self.broker_pid = int((self.broker / "pid").read_text())

    def stop(self):
        subprocess.run([ROOT / "tests/support/kafka.sh", "stop", "--dir", self.broker], check=False,
                       capture_output=True)

    def load(self, codec):
        expected = self.scratch / f"expected_{codec}.jsonl"
        if expected.exists():
            return
        create_topic(self.broker, self.bootstrap, f"orders_{codec}")
        subprocess.run([self.bin / "bench_orders_load", self.bootstrap, f"orders_{codec}", str(self.options.records),
                        codec, expected], check=True)

    def bytes_on_disk(self, codec):
        folders = (self.broker / "data").glob(f"orders_{codec}-*")
        return sum(f.stat().st_size for folder in folders for f in folder.glob("*.log"))

    def command(self, name, codec, memory_mib):
        topic, memory = f"orders_{codec}", f"{memory_mib}MiB"
        if name == "bare":
            return [self.bin / "bench_bare_consume", self.bootstrap, topic, *SETTINGS]
        if name == "kcat":
            return ["kcat", "-C", "-e", "-q", "-b", self.bootstrap, "-t", topic]
        if name == "slow_view":
            return [self.bin / "bench_slow_view", self.bootstrap, topic, memory_mib, SLOW_RATE]
        if name == "stats":
            return [self.bin / "weir-cli", "stats", topic, "-b", self.bootstrap, "--json", "--memory", memory]
        script = self.scratch / "query.sql"
        script.write_text(QUERY.format(bootstrap=self.bootstrap, topic=topic))
        return [self.bin / "weir-cli", "sql", script, "--memory", memory]

    def run(self, name, codec, memory_mib):
        target = pathlib.Path("/dev/null") if name == "kcat" else self.scratch / f"{name}.out"
        command = [str(part) for part in self.command(name, codec, memory_mib)]
        result = run(command, target, self.scratch / f"{name}.err", self.broker_pid)
        self.check(name, codec, target)
        return result

    def check(self, name, codec, output):
        if name == "sql":
            check_rows(output, self.scratch / f"expected_{codec}.jsonl")
        elif name != "kcat":
            counted = json.loads(output.read_text())["records"]
            if counted != self.options.records:
                sys.exit(f"{name} counted {counted} of {self.options.records} records")


def check_rows(got_path, expected_path):
    got = sorted(got_path.read_bytes().splitlines())
    expected = sorted(expected_path.read_bytes().splitlines())
    if got != expected:
        wrong = next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))
        sys.exit(f"sql gave other rows than the independent computation: {len(got)} against {len(expected)}, {wrong}")


def measure_speed(bench):
    bench.load("lz4")
    runs = {}
    for _ in range(bench.options.rounds):
        for name in ("bare", "stats", "sql", "kcat"):
            runs.setdefault(name, []).append(bench.run(name, "lz4", BUDGETS_MIB[0]))
    return report_speed(bench.options, runs)


def report_speed(options, runs):
    rate = {name: [options.records / r["seconds"] for r in results] for name, results in runs.items()}
    result = {}
    for name, results in runs.items():
        result[name] = {
            "records_per_second_median": round(statistics.median(rate[name])),
            "records_per_second_best": round(max(rate[name])),
            "peak_mib": round(max(r["peak_mib"] for r in results), 1),
            "cpu_seconds_median": round(statistics.median(r["cpu_seconds"] for r in results), 2),
            "foreign_cpu_max": round(max(r["foreign_cpu"] for r in results), 3),
        }
    for name in ("stats", "sql", "kcat"):
        ratios = [mine / bare for mine, bare in zip(rate[name], rate["bare"])]
        result[f"{name}_to_bare"] = round(statistics.median(ratios), 3)
    result["stats_to_kcat"] = round(statistics.median(a / b for a, b in zip(rate["stats"], rate["kcat"])), 3)
    if result["bare"]["records_per_second_best"] < BARE_FLOOR:
        result["warning"] = f"the baseline is wrong: the bare loop read less than {BARE_FLOOR} records/s at its best"
    return result


def measure_memory(bench):
    results = []
    for codec in ("lz4", "zstd"):
        bench.load(codec)
        for budget in BUDGETS_MIB:
            for name in ("stats", "sql", "slow_view"):
                one = bench.run(name, codec, budget)
                results.append({"program": name, "codec": codec, "disk_mib": bench.bytes_on_disk(codec) >> 20,
                                "budget_mib": budget, "peak_mib": round(one["peak_mib"], 1),
                                "within": one["peak_mib"] <= budget, "seconds": round(one["seconds"], 2)})
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--records", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--version", default="4.1.1")
    parser.add_argument("--keep", help="folder for broker and topics, kept and used again")
    parser.add_argument("--only", choices=("speed", "memory"))
    options = parser.parse_args()
    scratch = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="weir-bench-"))
    scratch.mkdir(parents=True, exist_ok=True)
    bench = Bench(options, scratch)
    result = {"records": options.records, "rounds": options.rounds}
    try:
        if options.only != "memory":
            result["speed"] = measure_speed(bench)
        if options.only != "speed":
            result["memory"] = measure_memory(bench)
        print(json.dumps(result, indent=2))
    finally:
        bench.stop()
        if not options.keep:
            subprocess.run(["rm", "-rf", str(scratch)], check=False)


if __name__ == "__main__":
    main()
