#!/bin/bash
# net.sh up|down NAME: the test network of one protected VM, in a network namespace of its own.
#
# up makes the namespace lull-NAME: bridge br0 (10.9.0.1/24) with the TAP devices tap0 (primary) and
# tap1 (standby), single queue, with virtio headers; no IPv6. What is already there stays as it is.
# down removes all of it. Both can be repeated. Needs root.
# Run QEMU and clients by: ip netns exec lull-NAME ...
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
ADDRESS=10.9.0.1/24
# Fixed, because a bridge otherwise takes the least address of its ports and changes it when one goes.
BRIDGE_MAC=52:54:00:09:00:01
TAPS=(tap0 tap1)

die() { printf 'net: %s\n' "$*" >&2; exit 1; }
usage() { echo "usage: net.sh up|down NAME (letters, digits and dashes, 32 at most)" >&2; exit 2; }

exists() { # exists: the namespace
  ip netns list | awk -v name="$NAMESPACE" '$1 == name { found = 1 } END { exit !found }'
}

has_link() { ip -n "$NAMESPACE" link show dev "$1" >/dev/null 2>&1; }

require() {
  command -v ip >/dev/null || die "the command ip is missing; run deploy/setup.sh"
  [ "$(id -u)" = 0 ] || die "root is needed for a network namespace; run: sudo $0 $1 $2"
  [ "$1" = down ] || [ -c /dev/net/tun ] || die "/dev/net/tun is missing; load it by: modprobe tun"
}

# Router solicitations and neighbour discovery of IPv6 would dirty the guest and count as output.
disable_ipv6() {
  # shellcheck disable=SC2016 # the inner shell expands it
  ip netns exec "$NAMESPACE" sh -c '
    [ -d /proc/sys/net/ipv6 ] || exit 0
    for scope in all default; do echo 1 >/proc/sys/net/ipv6/conf/$scope/disable_ipv6 || exit 1; done' ||
    die "can't disable IPv6 in $NAMESPACE; is /proc/sys read-only?"
}

up() {
  local tap
  exists || ip netns add "$NAMESPACE" || die "can't add the namespace $NAMESPACE (above: why); CAP_SYS_ADMIN is needed"
  disable_ipv6
  ip -n "$NAMESPACE" link set lo up
  has_link br0 ||
    ip -n "$NAMESPACE" link add br0 address "$BRIDGE_MAC" type bridge forward_delay 0 stp_state 0 mcast_snooping 0 ||
    die "can't add a bridge; does the kernel have the module bridge?"
  ip -n "$NAMESPACE" addr replace "$ADDRESS" dev br0
  ip -n "$NAMESPACE" link set br0 up
  for tap in "${TAPS[@]}"; do
    has_link "$tap" || ip -n "$NAMESPACE" tuntap add dev "$tap" mode tap vnet_hdr || die "can't add $tap"
    ip -n "$NAMESPACE" link set "$tap" master br0 up
  done
}

down() {
  local tap users
  exists || return 0
  users=$(ip netns pids "$NAMESPACE" | xargs)
  # A namespace lives on while a process is in it; the devices go now in any case.
  for tap in "${TAPS[@]}" br0; do
    ! has_link "$tap" || ip -n "$NAMESPACE" link del "$tap"
  done
  ip netns del "$NAMESPACE"
  [ -z "$users" ] || echo "net: $NAMESPACE is removed, but these processes were still in it: $users" >&2
}

[ $# = 2 ] || usage
[[ $2 =~ ^[A-Za-z0-9-]{1,32}$ ]] || usage
NAMESPACE=lull-$2
case $1 in
  up | down) require "$1" "$2"; "$1" ;;
  *) usage ;;
esac
