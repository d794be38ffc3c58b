#!/bin/bash
# many.sh: many VMs on one pair of workers, one of which turns wild; see README.md here.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -s "$HERE/target/classpath" ] || {
  echo "many.sh: not built yet; run: mvn -q -pl deploy/bench/many -am -DskipTests package" >&2
  exit 1
}
# As in deploy/lull.
export MALLOC_ARENA_MAX=2
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx4g -XX:+UseParallelGC -XX:-UsePerfData \
  -Dlog4j2.configurationFile="$HERE/src/main/resources/many-log4j2.xml" \
  -cp "$HERE/target/classes:$(cat "$HERE/target/classpath")" io.lull.bench.many.ManyCommand "$@"
