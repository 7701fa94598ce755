#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what tests need, builds, runs them by ctest.
#   tests/run.sh [--preset dev|release|asan|tsan] [ctest options: -R NAME, -L LABEL, …]
# Without Java, Maven or Kafka's artifacts the server tests skip with a reason; with WEIR_REQUIRE_SERVERS=1 they fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installers/packages.sh

preset=dev
options=()
target=all
while (($#)); do
  case $1 in
    --preset)
      (($# > 1)) || die '--preset needs a name: dev, release, asan or tsan'
      preset=$2
      shift
      ;;
    *) options+=("$1") ;;
  esac
  shift
done
# The sanitizer run of CI looks at the code that meets hostile bytes: it builds that and nothing more.
[[ " ${options[*]-} " == *" -L hostile "* ]] && target=hostile_tests

java_version() { java -version 2>&1 | sed -nE '1s/.*"([0-9]+)[".].*/\1/p'; }

need_java() {
  local version
  if command -v java >/dev/null; then version=$(java_version); fi
  if [[ -z ${version:-} || $version -lt 17 ]]; then need_packages "${java_packages[@]}"; fi
  command -v mvn >/dev/null || need_packages "${maven_packages[@]}"
}

fetch_servers() {
  local version
  for version in 3.9.1 4.1.1; do
    if ! tests/support/kafka.sh resolve --version "$version" >/dev/null; then
      [[ -z ${WEIR_REQUIRE_SERVERS:-} ]] || die "Kafka $version cannot be fetched, and WEIR_REQUIRE_SERVERS is set."
      say "Kafka $version cannot be fetched: its tests will skip."
    fi
  done
}

check_debian
need_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
if [[ $target == all ]]; then
  need_java
  fetch_servers
fi
configure "$preset"
progress cmake --build --preset "$preset" --target "$target"
exec ctest --preset "$preset" --parallel "$(nproc)" ${options[@]+"${options[@]}"}
