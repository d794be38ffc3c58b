#!/bin/bash
# fuzz.sh: sends hostile input to everything of Lull that reads what others wrote; see README.md here.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -s "$HERE/target/classpath" ] || {
  echo "fuzz.sh: not built yet; run: mvn -q -pl deploy/bench/fuzz -am -DskipTests package" >&2
  exit 1
}
# The memory is part of what is tested: what passes it ends in an OutOfMemoryError, which is a violation.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:MaxDirectMemorySize=512m -XX:+UseParallelGC -XX:-UsePerfData \
  -Dlog4j2.configurationFile="$HERE/src/main/resources/fuzz-log4j2.xml" \
  -cp "$HERE/target/classes:$(cat "$HERE/target/classpath")" io.lull.bench.fuzz.FuzzCommand "$@"
