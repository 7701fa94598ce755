#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every #include and fails on an arrow that the house does not allow.

Folders are the rooms, includes the arrows. ALLOWED says for each room which others it may open; the longest matching
room counts. External headers are checked too: who may include Qt, librdkafka and the other libraries.
"""
import pathlib
import re
import sys

ENGINE = "app/engine/"
ALLOWED = {
    "connectors/record": [],
    "connectors/kafka": ["connectors/record"],
    "connectors/files": ["connectors/record"],
    "connectors/capture": ["connectors/record"],
    "connectors/export": ["connectors/record"],
    "connectors/rows": ["connectors/record", "connectors/capture"],
    "widgets/style": [],
    "widgets/plots": ["widgets/style"],
    "widgets/tables": ["widgets/style"],
    "widgets/inspector": ["widgets/style"],
    "widgets/editor": ["widgets/style"],
    "widgets/dashboard": ["widgets/style", "widgets/plots"],
    ENGINE + "event": ["connectors/record"],
    ENGINE + "decode": [ENGINE + "event", "connectors/record"],
    ENGINE + "aggregate": [ENGINE + "event", "connectors/record"],
    ENGINE + "sql": [ENGINE + "event", ENGINE + "aggregate", "connectors/record"],
    ENGINE + "window": [ENGINE + "sql", ENGINE + "aggregate", ENGINE + "event", "connectors/record"],
    ENGINE + "series": [ENGINE + "event", "connectors/record"],
    ENGINE + "metrics": [ENGINE + "series", ENGINE + "event", "connectors/record"],
    ENGINE + "search": [ENGINE + "sql", ENGINE + "decode", ENGINE + "event", "connectors/record"],
    ENGINE + "profile": [ENGINE + "aggregate", ENGINE + "decode", ENGINE + "event", "connectors/record"],
    ENGINE + "expert": [ENGINE + "aggregate", ENGINE + "decode", ENGINE + "event", "connectors/record"],
    ENGINE + "pipeline": [ENGINE, "connectors/record"],
    "app/session": [ENGINE, "connectors"],
    "app/demo": ["app/session", ENGINE, "connectors"],
    "app/workspace": ["app/session", ENGINE, "connectors"],
    "app/models": ["app/workspace", "app/session", ENGINE, "connectors", "widgets"],
    "app/panels": ["app/models", "app/workspace", "app/session", "app/demo", ENGINE, "connectors", "widgets"],
    "app/cli": ["app/session", "app/demo", "app/workspace", ENGINE, "connectors"],
    "app": ["app", "connectors", "widgets"],
}
QT = re.compile(r"^(Q[A-Z]\w*|Qt\w+/.*|Qsci/.*|qcustomplot\.h|QCustomPlot.*)$")
# External header -> the only rooms whose files may include it.
RESERVED = {
    re.compile(r"^librdkafka/"): ["connectors/kafka"],
    re.compile(r"^simdjson\.h$"): [ENGINE + "decode", ENGINE + "sql"],
    re.compile(r"^qcustomplot\.h$"): ["widgets/plots"],
    re.compile(r"^Qsci/"): ["widgets/editor"],
    re.compile(r"^CLI/"): ["app/cli"],
    re.compile(r"^sqlite3\.h$"): ["connectors/export"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


def inside(path, room):
    return path == room or path.startswith(room.rstrip("/") + "/")


def room_of(path):
    rooms = [room for room in ALLOWED if inside(path, room)]
    return max(rooms, key=len) if rooms else None


def check_own(path, room, header, root):
    if not (root / header).is_file():
        return f"includes \"{header}\", which is no file of the project (includes are written from the root)"
    folder = str(pathlib.PurePosixPath(header).parent)
    if inside(folder, room) and (room != "app" or folder == "app"):
        return None
    if any(inside(folder, allowed) for allowed in ALLOWED[room]):
        return None
    return f"{room} may not use {folder}: \"{header}\""


def check_foreign(path, room, header):
    for pattern, rooms in RESERVED.items():
        if pattern.match(header) and room not in rooms:
            return f"<{header}> belongs to {', '.join(rooms)}"
    if QT.match(header) and (room.startswith(ENGINE) or room in ("app/session", "app/demo", "app/cli")):
        return f"{room} is free of Qt: <{header}>"
    if QT.match(header) and room.startswith("connectors/") and path.endswith(".h"):
        return f"public headers of connectors are standard C++: <{header}>"
    return None


def violations(root):
    found = []
    for top in ("connectors", "widgets", "app"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp") or not file.is_file():
                continue
            path = file.relative_to(root).as_posix()
            room = room_of(path)
            if room is None:
                found.append(f"{path}: lies in no room that this test knows")
                continue
            for own, foreign in INCLUDE.findall(file.read_text(encoding="utf-8")):
                fault = check_own(path, room, own, root) if own else check_foreign(path, room, foreign)
                if fault:
                    found.append(f"{path}: {fault}")
    return found


def self_test(root):
    """The test must be able to fail."""
    assert check_own("connectors/kafka/x.cpp", "connectors/kafka", "app/engine/event/column.h", root)
    assert check_own("widgets/plots/x.cpp", "widgets/plots", "connectors/record/record.h", root)
    assert check_own(ENGINE + "sql/x.cpp", ENGINE + "sql", ENGINE + "pipeline/query_run.h", root)
    assert not check_own(ENGINE + "sql/x.cpp", ENGINE + "sql", ENGINE + "event/column.h", root)
    assert check_foreign(ENGINE + "event/x.h", ENGINE + "event", "QString")
    assert check_foreign("app/cli/x.cpp", "app/cli", "librdkafka/rdkafka.h")


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    self_test(root)
    found = violations(root)
    print("\n".join(found) if found else "every include follows an allowed arrow")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
