#!/bin/bash
# run.sh [lull demo options]: the whole of Lull on this machine, from nothing.
#
# Installs what is missing, builds the test guest and the project, then protects a real guest that serves
# redis and nginx under load, shows live what happens, kills the primary, and lets the backup carry on.
# Needs root (packages, network namespace, TAP). Everything goes to .lull/ in this checkout.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

say() { printf 'run: %s\n' "$*"; }

modules() { # folders of the modules that lull runs from, as the last build's class path has them
  tr ':' '\n' <"$1" | sed -n "s|^$ROOT/\(.*\)/target/[^/]*\.jar\$|\1|p"
  echo deploy/local
}

is_built() { # whether nothing has changed since the last build; a file that was removed changes its folder
  local built=deploy/local/target/classpath sources module
  [ -s "$built" ] || return 1
  sources=(pom.xml)
  for module in $(modules "$built"); do
    [ -d "$module/src/main" ] || return 1
    sources+=("$module/pom.xml" "$module/src/main")
  done
  [ ${#sources[@]} -gt 3 ] && [ -z "$(find "${sources[@]}" -newer "$built" -print -quit)" ]
}

[ "$(id -u)" = 0 ] || {
  echo "run: root is needed for a network namespace; run: sudo $0 $*" >&2
  exit 1
}
deploy/setup.sh
deploy/guest/build.sh
if is_built; then
  say "the build is up to date"
else
  say "building (the first time downloads some 250 MB of libraries)"
  mvn -B -q -DskipTests -Dspotless.check.skip=true package
  touch deploy/local/target/classpath
fi
exec deploy/lull demo "$@"
