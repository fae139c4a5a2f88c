#!/bin/sh
# camera.sh PORT PREFIX COUNT: an ONVIF camera of mosquitto_pub; it sees COUNT people, every second.
port=$1 prefix=$2 count=$3
say() { mosquitto_pub -p "$port" -q 1 "$@"; }
say -r -t "$prefix/connection" -m '{"connected":true}'
echo ready
while sleep 1; do
  say -t "$prefix/onvif-ej/RuleEngine/CountAggregation/OccupancyCounter/&1/1/Occupancy" -m \
    "{\"UtcTime\":\"$(date -u +%Y-%m-%dT%H:%M:%S.000Z)\",\"Source\":{\"VideoSource\":\"1\",\"AnalyticsConfiguration\":\"1\",\"Rule\":\"Occupancy\"},\"Data\":{\"Count\":\"$count\"}}" \
    || exit
done
