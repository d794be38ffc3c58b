#!/bin/bash
# bench.sh step | simulator: JMH of policy/; nanoseconds and bytes of a sample, or observations a second of the simulator.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
case "${1:-}" in
  step) main=io.lull.policy.bench.PolicyStepBenchmark ;;
  simulator) main=io.lull.policy.sim.SimulatorBenchmark ;;
  *) sed -n 2p "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
path=$PWD/policy/target/bench-classpath
mvn -q -B -pl policy test-compile dependency:build-classpath -Dmdep.outputFile="$path" -Dmdep.includeScope=test
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseParallelGC \
  -cp "policy/target/classes:policy/target/test-classes:$(cat "$path")" "$main"
