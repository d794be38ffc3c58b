#!/bin/bash
# test.sh: tests the test guest: a cached build takes less than 5 s, two builds are equal, and the guest
# boots to READY under TCG with its workloads running. With root also: redis and nginx answer over the
# network. Without root that part is reported as not run. Takes less than 30 s once packages are cached.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GUEST=$HERE/../../.lull/guest
NET=$HERE/../net/net.sh
NAME=${LULL_RUN:+$LULL_RUN-}guest-test-$$
CACHED_BUILD_LIMIT_MILLIS=5000
BOOT_LIMIT_SECONDS=60
COUNTER_LINES=200
WORK=$(mktemp -d)
QEMU_PID=
ENTER=()
NETWORK=()
# shellcheck disable=SC2054 # the commas belong to the options
OPTIONS=(console=ttyS0 quiet panic=-1 g.run=redis,nginx,integrity g.web=2
  g.integrity=8:2:2000 g.counter=/dev/ttyS1 g.data=/dev/vda g.diskw=20)

say() { printf 'guest test: %s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  [ ! -s "$WORK/console" ] || { say "the end of the guest's console:" >&2; tail -n 20 "$WORK/console" >&2; }
  exit 1
}

clean_up() {
  if [ -n "$QEMU_PID" ]; then kill -KILL "$QEMU_PID" 2>/dev/null || true; wait "$QEMU_PID" 2>/dev/null || true; fi
  [ ${#ENTER[@]} = 0 ] || "$NET" down "$NAME" || true
  rm -rf "$WORK"
}

await() { # await WHAT COMMAND...: until the command succeeds, for BOOT_LIMIT_SECONDS at most
  local what=$1 end=$((SECONDS + BOOT_LIMIT_SECONDS))
  shift
  until "$@" 2>/dev/null; do
    kill -0 "$QEMU_PID" 2>/dev/null || fail "QEMU ended while waiting for $what: $(tail -n 3 "$WORK/qemu")"
    [ "$SECONDS" -lt "$end" ] || fail "no $what within $BOOT_LIMIT_SECONDS s"
    sleep 0.1
  done
}

test_cached_build() {
  local start millis
  "$HERE/build.sh" >/dev/null
  start=$(date +%s%3N)
  "$HERE/build.sh" >/dev/null
  millis=$(($(date +%s%3N) - start))
  [ "$millis" -lt "$CACHED_BUILD_LIMIT_MILLIS" ] || fail "a cached build took $millis ms"
  say "a cached build takes $millis ms"
}

test_reproducible() {
  "$HERE/check-reproducible.sh" >"$WORK/reproducible" || { cat "$WORK/reproducible" >&2; fail "two builds differ"; }
  say "two builds from the same packages are equal"
}

set_up_network() {
  if [ "$(id -u)" != 0 ]; then say "NOT RUN without root: redis and nginx over the network"; return; fi
  ENTER=(ip netns exec "lull-$NAME")
  "$NET" up "$NAME"
  OPTIONS+=(g.ip=10.9.0.2/24 g.gw=10.9.0.1)
  NETWORK=(-netdev "tap,id=n0,ifname=tap0,script=no,downscript=no"
    -device "virtio-net-pci,netdev=n0,id=net0,mac=52:54:00:00:00:02,addr=3,romfile=")
}

boot() {
  cp "$GUEST/data.ext4" "$WORK/data.ext4"
  mkfifo "$WORK/tty.in" "$WORK/tty.out" # the console's two ways; what it prints is read from its log
  "${ENTER[@]}" env "LD_PRELOAD=$GUEST/condfix.so" qemu-system-x86_64 -machine pc-i440fx-7.2 \
    -accel tcg,thread=multi -cpu qemu64 -smp 1 -m 131080K -nodefaults -no-user-config -vga none -display none \
    -no-reboot -kernel "$GUEST/vmlinux" -initrd "$GUEST/initrd.gz" -append "${OPTIONS[*]}" \
    -chardev "pipe,id=console,path=$WORK/tty,logfile=$WORK/console" -serial chardev:console -serial "file:$WORK/counter" "${NETWORK[@]}" \
    -drive "if=none,id=d0,file=$WORK/data.ext4,format=raw,cache=unsafe,werror=report,rerror=report" \
    -device virtio-blk-pci,drive=d0,id=disk0,addr=4 >"$WORK/qemu" 2>&1 &
  QEMU_PID=$!
}

# gap_free: every complete line is the next number; the end of QEMU may have cut the last line.
gap_free() {
  head -n "$(wc -l <"$WORK/counter")" "$WORK/counter" |
    awk '$0 != sprintf("C %010d", NR) { bad = 1 } END { exit bad || NR == 0 }'
}

test_boot() {
  local start
  start=$(date +%s%3N)
  boot
  await "READY line" grep -q '^READY ' "$WORK/console"
  say "READY after $(($(date +%s%3N) - start)) ms: $(grep -o 'memory=[0-9,]*' "$WORK/console") kB total, available"
  await "full pass of the integrity workload" grep -q '^CHECK thread=1' "$WORK/console"
  await "disk write" grep -q '^DISKW ' "$WORK/console"
  await "$COUNTER_LINES counter lines" sh -c "[ \$(wc -l <'$WORK/counter') -ge $COUNTER_LINES ]"
}

test_console() {
  # shellcheck disable=SC2016 # the guest's shell expands it
  echo 'echo product=$((6 * 7))' >"$WORK/tty.in"
  await "answer of the console" grep -q '^product=42' "$WORK/console"
}

test_network() {
  local expected found
  [ ${#ENTER[@]} -gt 0 ] || return 0
  found=$("${ENTER[@]}" redis-cli -h 10.9.0.2 incr lull)
  [ "$found" = 1 ] || fail "redis answered '$found' instead of 1"
  expected=$(tr -d '\r' <"$WORK/console" | sed -n 's/^MD5 big=//p')
  found=$("${ENTER[@]}" curl -sS --max-time 10 http://10.9.0.2/big | md5sum | cut -d' ' -f1)
  [ "$found" = "$expected" ] || fail "nginx served /big with MD5 $found instead of $expected"
  say "redis and nginx answer, /big has the announced MD5"
}

test_clean_end() {
  kill -TERM "$QEMU_PID"
  wait "$QEMU_PID" || fail "QEMU did not end by itself: $(tail -n 3 "$WORK/qemu")"
  QEMU_PID=
  ! grep -E 'CORRUPT|-ERROR|^NO-' "$WORK/console" || fail "the guest reported the trouble above"
  gap_free || fail "the counter's lines are no gap-free sequence"
  say "$(wc -l <"$WORK/counter") counter lines without a gap, no page corrupt"
}

trap clean_up EXIT
test_cached_build
test_reproducible
set_up_network
test_boot
test_console
test_network
test_clean_end
say "passed in $SECONDS s"
