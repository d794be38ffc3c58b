#!/bin/bash
# topics.sh BOOTSTRAP_SERVERS: creates Lull's topics that are missing, with Kafka's own tool, inside its image. As
# io.lull.schemas.topic.Topics has them; TopicsTest compares.
set -euo pipefail
topic() { # topic NAME PARTITIONS CONFIG...
  local name=$1 partitions=$2 setting settings=()
  shift 2
  for setting in "$@"; do settings+=(--config "$setting"); done
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$BOOTSTRAP" --create --if-not-exists \
    --topic "$name" --partitions "$partitions" --replication-factor 1 "${settings[@]}"
}
BOOTSTRAP=$1
topic lull.telemetry.v1 4 cleanup.policy=delete compression.type=uncompressed max.message.bytes=1114112 message.timestamp.type=LogAppendTime retention.ms=21600000
topic lull.epochs.v1 4 cleanup.policy=delete compression.type=uncompressed max.message.bytes=1114112 message.timestamp.type=LogAppendTime retention.ms=604800000
topic lull.commands.v1 4 cleanup.policy=[compact,delete] max.message.bytes=1114112 message.timestamp.type=LogAppendTime min.compaction.lag.ms=600000 retention.ms=86400000
topic lull.decisions.v1 4 cleanup.policy=delete max.message.bytes=1114112 message.timestamp.type=LogAppendTime retention.ms=2592000000
topic lull.intents.v1 1 cleanup.policy=compact compression.type=uncompressed max.message.bytes=1114112 message.timestamp.type=LogAppendTime
topic lull.metrics.v1 4 cleanup.policy=delete max.message.bytes=1114112 message.timestamp.type=LogAppendTime retention.ms=21600000
topic lull.events.v1 4 cleanup.policy=delete max.message.bytes=1114112 message.timestamp.type=LogAppendTime retention.ms=2592000000
topic lull.fence.v1 1 cleanup.policy=compact delete.retention.ms=3600000 max.message.bytes=1114112 message.timestamp.type=LogAppendTime segment.ms=3600000 unclean.leader.election.enable=false
topic lull.rejected.v1 1 cleanup.policy=delete max.message.bytes=1179648 message.timestamp.type=LogAppendTime retention.ms=604800000
