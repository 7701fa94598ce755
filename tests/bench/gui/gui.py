#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts Weir's window as a user does and walks through it, and prints JSON.

    tests/bench/gui/gui.py [--build build/release] [--rounds 5] [--only start|demo|walk] [--records 1000000] [--mib 60]

Runs under Xvfb. `start`: from starting the process to its first painted frame, with an empty folder of documents.
`demo`: from starting `weir --demo` to the first plotted point, and the heartbeat of its first 20 s. `walk`: a real
broker with a busy topic and 60 MB values, which is killed and comes back; the heartbeat of every part. Times are this
script's own, when it reads the line that Weir prints. `foreign_cpu` is the share of the machine that none of this
used: above 5 % the machine was not quiet (in the walk its broker and the display server count as others).
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCREEN = "-screen 0 1600x1000x24 -dpi 96"


def machine_ticks():
    fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return sum(fields), sum(fields) - fields[3] - fields[4]


class Quiet:
    """The share of the machine that others used, once the measured processes are waited for."""

    def __enter__(self):
        self.all, self.busy = machine_ticks()
        self.own = self.own_ticks()
        return self

    def __exit__(self, *_):
        total, busy = machine_ticks()
        foreign = busy - self.busy - (self.own_ticks() - self.own)
        self.foreign = max(0.0, foreign) / max(1, total - self.all)

    @staticmethod
    def own_ticks():
        times = os.times()
        return (times.user + times.system + times.children_user + times.children_system) * os.sysconf("SC_CLK_TCK")


def run_weir(weir, arguments, until):
    """Starts Weir and waits for the line that begins with `until`; its lines with their times in ms, and all output."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        process = subprocess.Popen([weir, "--config", folder, "--print-marks", "--print-heartbeat", *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        marks, lines = {}, []
        for line in process.stdout:
            marks.setdefault(line.split(" after ")[0].strip(), (time.monotonic() - start) * 1000)
            lines.append(line.strip())
            if line.startswith(until) and "--screenshot" not in arguments:
                process.terminate()
        process.wait()
    return marks, lines


def spread(values):
    return {"median": round(statistics.median(values)), "max": round(max(values)), "all": [round(v) for v in values]}


def start(weir, rounds):
    times = []
    for _ in range(rounds):
        marks, _ = run_weir(weir, [], "first frame painted")
        times.append(marks["first frame painted"])
    return {"first_frame_ms": spread(times), "target_ms": 500}


def demo(weir, rounds):
    frames, points, heartbeats = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            picture = ["--screenshot", f"{folder}/demo.png", "--after", "20"]
            marks, lines = run_weir(weir, ["--demo", *picture], "heartbeat")
            frames.append(marks["first frame painted"])
            points.append(marks["first point plotted"])
            heartbeats.append(next(line for line in lines if line.startswith("heartbeat")))
    gaps = [float(re.search(r"largest gap ([\d.]+) ms", line).group(1)) for line in heartbeats]
    return {"first_frame_ms": spread(frames), "first_point_ms": spread(points), "target_ms": 3000,
            "largest_gap_ms": spread(gaps), "heartbeats": heartbeats}


def walk(program, records, mib):
    output = subprocess.run([program, str(records), str(mib)], capture_output=True, text=True)
    if output.returncode != 0:
        sys.exit(f"the walk failed: {output.stderr[-2000:]}")
    return [json.loads(line) for line in output.stdout.splitlines() if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["start", "demo", "walk"])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--mib", type=int, default=60)
    options = parser.parse_args()
    if "DISPLAY" not in os.environ:
        os.execvp("xvfb-run", ["xvfb-run", "-a", "-s", SCREEN, sys.executable, *sys.argv])
    binaries = ROOT / options.build / "bin"
    parts = {"start": lambda: start(binaries / "weir", options.rounds),
             "demo": lambda: demo(binaries / "weir", min(options.rounds, 3)),
             "walk": lambda: walk(binaries / "bench_gui_walk", options.records, options.mib)}
    report = {"cpus": os.cpu_count()}
    for name, part in parts.items():
        if options.only in (None, name):
            with Quiet() as quiet:
                report[name] = part()
            report[name + "_foreign_cpu"] = round(quiet.foreign, 3)
    print(json.dumps(report, indent=2))


main()
