#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Nexmark's queries through weir-cli and compares every row with what SQLite makes of the same events.

    nexmark.py --cli build/dev/bin/weir-cli [--events 50000] [--only q5] [--keep FOLDER]

Queries that Flink answers with rows that it corrects later (q15 to q17) are compared by their last row of each key.
Those that need an updating Top-N or a join without bounds (q18 to q20) have to be refused in words.
"""
import argparse
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

import generator

HERE = pathlib.Path(__file__).resolve().parent
FIRST_TIME = 1_711_926_600_000  # 2024-03-31 23:10:00: the events go over midnight
PER_SECOND = 15

RANKS = {"rank1": "price < 10000", "rank2": "price >= 10000 AND price < 1000000", "rank3": "price >= 1000000"}


def counts(ranks=RANKS):
    return ", ".join(f"SUM({condition}) AS {rank}_bids" for rank, condition in ranks.items())


def distinct(column, name, ranks=RANKS):
    each = [f"COUNT(DISTINCT CASE WHEN {condition} THEN {column} END) AS {rank}_{name}"
            for rank, condition in ranks.items()]
    return ", ".join([f"COUNT(DISTINCT {column}) AS total_{name}"] + each)


# SQLite's side: times are milliseconds; functions that it lacks are Python's.
WINDOWS_OF = "FROM bid, step WHERE step.start <= dateTime AND dateTime < step.start + 10000"
HOT = f"SELECT auction, COUNT(*) AS num, step.start AS start {WINDOWS_OF} GROUP BY auction, step.start"
REFERENCE = {
    "q0": "SELECT auction, bidder, price, t(dateTime) AS dateTime, extra FROM bid",
    "q1": "SELECT auction, bidder, euros(price) AS price, t(dateTime) AS dateTime, extra FROM bid",
    "q2": "SELECT auction, price FROM bid WHERE auction % 123 = 0",
    "q5": f"WITH hot AS ({HOT}) SELECT auction, num FROM hot WHERE num = "
          "(SELECT MAX(num) FROM hot AS other WHERE other.start = hot.start)",
    "q7": "WITH highest AS (SELECT MAX(price) AS price, dateTime / 10000 * 10000 + 9999 AS closed FROM bid "
          "GROUP BY dateTime / 10000) SELECT auction, b.price, bidder, t(dateTime) AS dateTime, extra FROM bid AS b "
          "JOIN highest ON b.price = highest.price AND dateTime BETWEEN closed - 10000 AND closed",
    "q8": "SELECT DISTINCT p.id, p.name, t(p.dateTime / 10000 * 10000) AS starttime FROM person AS p "
          "JOIN auction AS a ON p.id = a.seller AND p.dateTime / 10000 = a.dateTime / 10000",
    "q11": "WITH gaps AS (SELECT bidder, dateTime, dateTime - LAG(dateTime) OVER w > 2000 AS fresh FROM bid "
           "WINDOW w AS (PARTITION BY bidder ORDER BY dateTime)), sessions AS (SELECT *, SUM(COALESCE(fresh, 1)) OVER "
           "(PARTITION BY bidder ORDER BY dateTime ROWS UNBOUNDED PRECEDING) AS session FROM gaps) "
           "SELECT bidder, COUNT(*) AS bid_count, t(MIN(dateTime)) AS window_start, t(MAX(dateTime) + 2000) AS "
           "window_end FROM sessions GROUP BY bidder, session",
    "q12": "SELECT bidder, COUNT(*) AS bid_count, t(dateTime / 10000 * 10000) AS window_start, "
           "t(dateTime / 10000 * 10000 + 10000) AS window_end FROM bid GROUP BY bidder, dateTime / 10000",
    "q14": "SELECT auction, bidder, euros(price) AS price, CASE WHEN hour(dateTime) BETWEEN 8 AND 18 THEN 'dayTime' "
           "WHEN hour(dateTime) <= 6 OR hour(dateTime) >= 20 THEN 'nightTime' ELSE 'otherTime' END AS bidTimeType, "
           "t(dateTime) AS dateTime, extra, LENGTH(extra) - LENGTH(REPLACE(extra, 'c', '')) AS c_counts FROM bid "
           "WHERE 908 * price > 1000000000 AND 908 * price < 50000000000",
    "q15": f"SELECT day(dateTime) AS day, COUNT(*) AS total_bids, {counts()}, {distinct('bidder', 'bidders')}, "
           f"{distinct('auction', 'auctions')} FROM bid GROUP BY 1",
    "q16": f"SELECT channel, day(dateTime) AS day, MAX(minute(dateTime)) AS minute, COUNT(*) AS total_bids, "
           f"{counts()}, {distinct('bidder', 'bidders', {'rank1': RANKS['rank1']})}, "
           f"{distinct('auction', 'auctions', {'rank3': RANKS['rank3']})} FROM bid GROUP BY channel, day(dateTime)",
    "q17": f"SELECT auction, day(dateTime) AS day, COUNT(*) AS total_bids, {counts()}, MIN(price) AS min_price, "
           "MAX(price) AS max_price, SUM(price) / COUNT(*) AS avg_price, SUM(price) AS sum_price FROM bid "
           "GROUP BY auction, day(dateTime)",
    "q21": "SELECT auction, bidder, price, channel, CASE LOWER(channel) WHEN 'apple' THEN '0' WHEN 'google' THEN '1' "
           "WHEN 'facebook' THEN '2' WHEN 'baidu' THEN '3' ELSE parameter(url) END AS channel_id FROM bid "
           "WHERE parameter(url) IS NOT NULL OR LOWER(channel) IN ('apple', 'google', 'facebook', 'baidu')",
    "q22": "SELECT auction, bidder, price, channel, part(url, 3) AS dir1, part(url, 4) AS dir2, part(url, 5) AS dir3 "
           "FROM bid",
}
KEYS = {"q15": ("day",), "q16": ("channel", "day"), "q17": ("auction", "day")}  # of rows that are corrected later
REFUSED = {"q18": "deduplication without a window", "q19": "Top-N without a window", "q20": "regular join"}


def moment(millis):
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=millis)


def text(millis):
    return moment(millis).strftime("%Y-%m-%d %H:%M:%S.") + f"{millis % 1000:03}"


def parameter(url):
    found = url.partition("&channel_id=")
    return found[2].split("&")[0] if found[1] else None


def event_line(kind, fields):
    named = {name: text(value) if name in ("dateTime", "expires") else value for name, value in fields.items()}
    return json.dumps({"event_type": kind, ("person", "auction", "bid")[kind]: named}) + "\n"


def database(events):
    """The events in SQLite, one table for each kind, and the starts of all ten-second windows every two seconds."""
    base = sqlite3.connect(":memory:")
    for name, function in {
        "t": text,
        "hour": lambda time: moment(time).hour,
        "day": lambda time: moment(time).strftime("%Y-%m-%d"),
        "minute": lambda time: moment(time).strftime("%H:%M"),
        "euros": lambda price: f"{908 * price // 1000}.{908 * price % 1000:03}",
        "parameter": parameter,
    }.items():
        base.create_function(name, 1, function, deterministic=True)
    base.create_function("part", 2, lambda url, index: url.split("/")[index], deterministic=True)
    for kind, table in enumerate(("person", "auction", "bid")):
        rows = [fields for one, fields in events if one == kind]
        columns = list(rows[0])
        base.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})",
                         [tuple(row.values()) for row in rows])
    times = [fields["dateTime"] for _, fields in events]
    base.execute("CREATE TABLE step (start INTEGER)")
    base.executemany("INSERT INTO step VALUES (?)",
                     [(start,) for start in range(min(times) // 2000 * 2000 - 8000, max(times) + 1, 2000)])
    base.execute("CREATE INDEX bid_time ON bid (dateTime)")
    return base


def expected_rows(base, query):
    cursor = base.execute(REFERENCE[query])
    names = [column[0] for column in cursor.description]
    return sorted(json.dumps(dict(zip(names, row))) for row in cursor)


def last_rows(rows, keys):
    """Of rows with $op, what is left in the end."""
    kept = {}
    for row in rows:
        operation = row.pop("$op", "INSERT")
        key = tuple(row[name] for name in keys)
        if operation in ("INSERT", "UPDATE_AFTER"):
            kept[key] = row
        elif operation == "DELETE":
            kept.pop(key, None)
    return list(kept.values())


def run(cli, tables, query):
    script = tables + (HERE / "queries" / f"{query}.sql").read_text()
    return subprocess.run([cli, "sql", "-q", "-"], input=script, capture_output=True, text=True, check=False)


def check(cli, tables, base, query):
    """Why the query is wrong; None if it is not."""
    outcome = run(cli, tables, query)
    if query in REFUSED:
        refused = outcome.returncode == 1 and REFUSED[query] in outcome.stderr
        return None if refused else f"was not refused as a {REFUSED[query]}: {outcome.stderr[-500:]}"
    if outcome.returncode != 0:
        return outcome.stderr[-2000:]
    rows = [json.loads(line) for line in outcome.stdout.splitlines()]
    if query in KEYS:
        rows = last_rows(rows, KEYS[query])
    actual = sorted(json.dumps(row) for row in rows)
    expected = expected_rows(base, query)
    print(f"{query}: {len(actual)} rows")
    if not expected:
        return "the reference gives no row, so nothing was compared"
    if actual == expected:
        return None
    missing = [row for row in expected if row not in set(actual)]
    extra = [row for row in actual if row not in set(expected)]
    return (f"{len(expected)} rows expected, {len(actual)} came; first missing: {missing[:1]}, "
            f"first too many: {extra[:1]}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cli", required=True)
    arguments.add_argument("--events", type=int, default=50_000)
    arguments.add_argument("--only")
    arguments.add_argument("--keep", help="folder for the events, which stay there")
    given = arguments.parse_args()
    events = [generator.event(number, FIRST_TIME, PER_SECOND) for number in range(given.events)]
    base = database(events)
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(given.keep or scratch) / "events.jsonl"
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(event_line(*one) for one in events)
        tables = (HERE / "tables.sql").read_text().replace("${events}", str(file))
        for query in [given.only] if given.only else [*REFERENCE, *REFUSED]:
            problem = check(given.cli, tables, base, query)
            if problem:
                wrong += 1
                print(f"{query}: WRONG: {problem}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
