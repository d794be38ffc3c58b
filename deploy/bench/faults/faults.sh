#!/bin/bash
# faults.sh: protected guests under faults at random moments; see README.md here. Needs root.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -s "$HERE/target/classpath" ] || {
  echo "faults.sh: not built yet; run: mvn -q -pl deploy/bench/faults -am -DskipTests package" >&2
  exit 1
}
# As in deploy/lull: a worker would keep much of what it gave back.
export MALLOC_ARENA_MAX=2
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
  -cp "$HERE/target/classes:$(cat "$HERE/target/classpath")" io.lull.bench.faults.FaultsCommand "$@"
