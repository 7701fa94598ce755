#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on files over 600 lines, functions over 60 lines, more than five parameters, lines over 120 columns, and on
files without a licence line. A small lexer of braces finds function bodies: good enough for this project's style, and
of a second; .clang-tidy holds the same limits for those who run it.
"""
import pathlib
import re
import sys

FILE_LINES = 600
FUNCTION_LINES = 60
PARAMETERS = 5
COLUMNS = 120
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
NOT_FUNCTIONS = {"if", "for", "while", "switch", "catch", "return", "sizeof", "decltype", "alignas", "requires"}
BLANKED = re.compile(
    r'R"(?P<d>[^(\s]*)\((?:.|\n)*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\''
    r"|//[^\n]*|/\*(?:.|\n)*?\*/|^[ \t]*#(?:[^\n\\]|\\\n|\\.)*",
    re.M,
)


def blank(text):
    """Comments, strings and preprocessor lines become spaces, so that only code has braces. Line numbers stay."""
    return BLANKED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def parameter_count(arguments):
    depth, count = 0, 1 if arguments.strip() not in ("", "void") else 0
    for char in arguments:
        if char in "(<[{":
            depth += 1
        elif char in ")>]}":
            depth -= 1
        elif char == "," and depth == 0:
            count += 1
    return count


HEAD = re.compile(r"([~\w:]+|operator\s*\S+?)\s*\(")


def function_head(statement):
    """Name and parameter text if the text before an opening brace is a function's head."""
    found = HEAD.search(statement)
    if not found:
        return None
    name = found.group(1)
    if name.split("::")[-1] in NOT_FUNCTIONS or statement.lstrip().startswith(("namespace", "enum", "return")):
        return None
    if "=" in statement[: found.start()].replace("==", "") and "operator" not in statement[: found.end()]:
        return None
    depth = 0
    for i in range(found.end() - 1, len(statement)):
        depth += {"(": 1, ")": -1}.get(statement[i], 0)
        if depth == 0:
            return name, statement[found.end() : i]
    return None


def functions(text):
    """(name, first line, last line, parameters) of every function body that is not inside another one."""
    code = blank(text)
    found, scopes, start, line = [], [], 0, 1
    for i, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == ";":
            start = i + 1
        elif char == "{":
            inner = any(scope is not None for scope in scopes)
            head = None if inner else function_head(code[start:i])
            first = line - code[start:i].lstrip().count("\n")
            scopes.append((head[0], first, head[1]) if head else None)
            start = i + 1
        elif char == "}" and scopes:
            scope = scopes.pop()
            if scope:
                found.append((scope[0], scope[1], line, parameter_count(scope[2])))
            start = i + 1
    return found


def check_file(path, text):
    lines = text.split("\n")
    faults = []
    if LICENCE not in "\n".join(lines[:3]):
        faults.append(f"{path}:1: no licence line")
    if len(lines) - 1 > FILE_LINES:
        faults.append(f"{path}:1: {len(lines) - 1} lines, at most {FILE_LINES}")
    faults += [f"{path}:{n}: {len(l)} columns, at most {COLUMNS}" for n, l in enumerate(lines, 1) if len(l) > COLUMNS]
    if path.endswith((".h", ".cpp")):
        for name, first, last, parameters in functions(text):
            if last - first + 1 > FUNCTION_LINES:
                faults.append(f"{path}:{first}: {name} has {last - first + 1} lines, at most {FUNCTION_LINES}")
            if parameters > PARAMETERS:
                faults.append(f"{path}:{first}: {name} has {parameters} parameters, at most {PARAMETERS}")
    return faults


def self_test():
    """The test must be able to fail."""
    long_body = "int f(int a)\n{\n" + "    g();\n" * 70 + "}\n"
    assert functions(long_body) == [("f", 1, 73, 1)], functions(long_body)
    many = "namespace weir {\nvoid A::b(int a, std::map<int, int> b, int c, int d, int e, int f) const\n{\n}\n}\n"
    assert functions(many)[0][3] == 6, functions(many)
    assert functions("struct A\n{\n    int f() const { return 1; }\n};\n") == [("f", 3, 3, 0)]
    assert len(check_file("x.cpp", "x" * 130)) == 2


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    self_test()
    faults = []
    for top in ("connectors", "widgets", "app", "tests", "installers"):
        for file in sorted((root / top).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix in (".h", ".cpp", ".py", ".sh", ".c") and not path.startswith("tests/data/"):
                faults += check_file(path, file.read_text(encoding="utf-8"))
    print("\n".join(faults) if faults else "all files and functions are within their limits")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
