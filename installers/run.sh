#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The newcomer's one command: installs what is missing, builds Weir, opens the live demo. Further words go to weir.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installers/packages.sh

check_debian
need_packages "${build_packages[@]}" "${run_packages[@]}"
configure release -DWEIR_BUILD_TESTS=OFF
progress cmake --build --preset release --target weir weir-cli

weir=build/release/bin/weir
if (($# > 0)); then
  exec "$weir" "$@"
elif [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  exec "$weir" --demo
fi
say 'There is no display here: drawing the demo window to weir-demo.png after 20 seconds of traffic …'
# Qt's own warnings are of no use here: the offscreen platform tells what it lacks.
export QT_QPA_PLATFORM=offscreen QT_LOGGING_RULES='default.warning=false'
exec "$weir" --demo --screenshot weir-demo.png --after 20
