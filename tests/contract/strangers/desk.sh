#!/bin/sh
# desk.sh PORT SITE: a duty desk of mosquitto_sub and mosquitto_pub; whatever comes up is seen.
port=$1
base=cs/1/$2/ctl/desk-1
seq=1
say() { mosquitto_pub -p "$port" -q 1 "$@"; }
state() {
  say -r -t "$base/state/seen" -m "{\"v\":1,\"t\":0,\"seq\":$seq,\"boot\":\"sh\",\"q\":\"good\",\"val\":\"$1\",\"src\":\"sensor\"}"
  seq=$((seq + 1))
}
(
  beat=100000
  while sleep 1; do
    beat=$((beat + 1))
    say -t "$base/hb" -m "{\"t\":0,\"seq\":$beat,\"boot\":\"sh\"}" || exit
  done
) &
trap 'kill $!' EXIT TERM
say -r -t "$base/status" -m '{"s":"ready","t":0,"seq":0,"boot":"sh","fw":"1"}'
state ""
echo ready
mosquitto_sub -p "$port" -q 1 -t "$base/cmd/alarm" | while read -r order; do
  id=$(printf %s "$order" | sed 's/.*"id":"\([^"]*\)".*/\1/')
  text=$(printf %s "$order" | sed 's/.*"val":"\([^"]*\)".*/\1/')
  say -t "$base/ack" -m "{\"id\":\"$id\",\"r\":\"ok\",\"val\":\"$text\",\"t\":0,\"seq\":$seq,\"boot\":\"sh\"}"
  seq=$((seq + 1))
  state "$text"
done
