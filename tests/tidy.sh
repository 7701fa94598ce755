#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-format and clang-tidy on the files changed since a commit (default: the one before the last), or on those named.
#   tests/tidy.sh [--base COMMIT] [FILE...]
# Needs a configured build/dev (tests/run.sh makes it) for the compile commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installers/packages.sh

base=HEAD~1
if [[ ${1:-} == --base ]]; then
  base=${2:?--base needs a commit}
  shift 2
fi
files=("$@")
if ((${#files[@]} == 0)); then
  mapfile -t files < <(git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.h')
fi
((${#files[@]})) || { say 'No source file changed.'; exit 0; }
need_packages clang-format clang-tidy
[[ -f build/dev/compile_commands.json ]] || die 'Run tests/run.sh first: build/dev has no compile commands.'
clang-format --dry-run --Werror "${files[@]}"
sources=()
for file in "${files[@]}"; do [[ $file == *.cpp ]] && sources+=("$file"); done
((${#sources[@]} == 0)) || clang-tidy -p build/dev --quiet "${sources[@]}"
