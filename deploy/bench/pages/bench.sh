#!/bin/bash
# bench.sh compression | costs [PAGES] [WORKLOAD...] | threads|epochs|pause [WORKLOAD...] | hashes | wire: see README.md beside it.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$HERE/../../.."
[ -s "$HERE/target/classpath" ] || {
  echo "bench.sh: not built yet; run: mvn -q -pl deploy/bench/pages -am -DskipTests package" >&2
  exit 1
}
java=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC "-Dlull.traces=${LULL_TRACES:-../shared/traces}"
  -cp "$HERE/target/classes:$(cat "$HERE/target/classpath")")
usage() { sed -n 2p "${BASH_SOURCE[0]}" >&2; exit 2; }
case "${1:-}" in
  compression | hashes | wire) [ $# -eq 1 ] || usage ;;
esac
case "${1:-}" in
  compression) exec "${java[@]}" io.lull.bench.pages.Compression ;;
  costs | threads) exec "${java[@]}" io.lull.bench.pages.PageBenchmarks "$@" ;;
  epochs) shift; exec "${java[@]}" io.lull.bench.epochs.EpochBenchmarks "$@" ;;
  pause) shift; exec "${java[@]}" io.lull.bench.pause.PauseBenchmarks "$@" ;;
  hashes) exec "${java[@]}" io.lull.bench.pages.HashBenchmarks ;;
  wire) exec "${java[@]}" io.lull.bench.wire.WireThroughput ;;
  *) usage ;;
esac
