#!/bin/bash
# bench.sh: runs the job's benchmark from a built checkout; see README.md here.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -s "$HERE/target/classpath" ] || {
  echo "bench.sh: not built yet; run: mvn -q -pl deploy/bench/job -am -DskipTests package" >&2
  exit 1
}
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseParallelGC -XX:-UsePerfData \
  -cp "$HERE/target/classes:$(cat "$HERE/target/classpath")" io.lull.bench.job.BenchCommand "$@"
