#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Takes the README's pictures into resources/screenshots: the demo's dashboard, and a topic of a real Kafka cluster.
# Runs under Xvfb at 1600x1000 and 96 dpi with the fonts of installers/packages.sh, so that pictures repeat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installers/packages.sh

need_packages "${run_packages[@]}" xvfb
build=${WEIR_BUILD:-build/release}
[[ -x $build/bin/weir ]] || die "$build/bin/weir is not built. Run installers/run.sh first."
out=resources/screenshots
mkdir -p "$out"
scratch=$(mktemp -d)
broker=''

leave() {
  if [[ -n $broker ]]; then tests/support/kafka.sh stop --dir "$scratch/broker" >/dev/null 2>&1 || true; fi
  rm -rf "$scratch"
}
trap leave EXIT

picture() { # FILE ARGS...: one window, one picture
  local file=$1
  shift
  xvfb-run -a -s '-screen 0 1600x1000x24 -dpi 96' "$build/bin/weir" --config "$scratch/config" --theme dark \
    --screenshot "$file" "$@" >"$scratch/weir.log" 2>&1 || { cat "$scratch/weir.log" >&2; die "No picture $file"; }
}

picture "$out/demo-dashboard.png" --demo --after 75

broker=$(tests/support/kafka.sh start --version 4.1.1 --dir "$scratch/broker" | sed -n 's/^bootstrap=//p')
tests/support/kafka.sh tool "$scratch/broker" org.apache.kafka.tools.TopicCommand --bootstrap-server "$broker" \
  --create --topic orders --partitions 6 >/dev/null
"$build/bin/bench_orders_load" "$broker" orders 400000 lz4 "$scratch/expected.jsonl"
picture "$out/real-cluster-topic.png" --connect "$broker" --open orders --after 8
say "Pictures are in $out"
