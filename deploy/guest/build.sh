#!/bin/bash
# build.sh [-o OUT] [-c CACHE]: builds the test guest from Debian packages, as any user.
#
# OUT (default .lull/guest) gets vmlinux, initrd.gz (the root file system), data.ext4 (an empty data
# disk), condfix.so (preload for QEMU under TCG) and nettools.gz (see README.md); SHA256SUMS lists their digests.
# CACHE (default .lull/cache/guest) keeps the packages; delete it to take newer ones.
#
# No root, no chroot, no debootstrap: apt-get download, dpkg-deb -x, the packaged loader's own --list
# to find shared libraries, cpio, mke2fs -d. The same packages and compiler give the same bytes in any
# folder and for any user: file times, owners, order and identifiers are all fixed.
# When nothing changed since the last build and the files are intact, it says so and stops.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
# shellcheck source=deploy/debian.sh
. "$HERE/../debian.sh"
OUT=$ROOT/.lull/guest
CACHE=$ROOT/.lull/cache/guest

EPOCH_SECONDS=1700000000 # the time of every file in the images
DATA_MIB=16
DATA_UUID=11111111-2222-3333-4444-555555555555
# shellcheck disable=SC2054 # the comma belongs to the option
CFLAGS=(-std=gnu11 -O2 -Wall -Wextra -Werror -s -Wl,--build-id=none "-ffile-prefix-map=$HERE=.")
SOURCES=(build.sh packages.list init etc/nginx.conf etc/redis.conf etc/passwd etc/group
  guestload.h guestload.c integrity.c condfix.c)
RESULTS=(vmlinux initrd.gz data.ext4 condfix.so nettools.gz)
PROGRAMS=(usr/bin/redis-server usr/sbin/nginx)
# In an archive of its own, so that guests without a need for them don't grow.
NET_PROGRAMS=(bin/ip sbin/tc)
NET_MODULES=(ifb sch_ingress sch_plug sch_prio act_mirred cls_matchall)
# Loaded by init, in this order.
MODULES=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk
  failover net_failover virtio_net)

say() { printf 'guest: %s\n' "$*"; }
die() { printf 'guest: %s\n' "$*" >&2; exit 1; }

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      -o) OUT=${2:?-o needs a folder}; shift 2 ;;
      -c) CACHE=${2:?-c needs a folder}; shift 2 ;;
      *) echo "usage: build.sh [-o OUT] [-c CACHE]" >&2; exit 2 ;;
    esac
  done
  mkdir -p "$OUT" "$CACHE/debs"
  OUT=$(readlink -f "$OUT")
  CACHE=$(readlink -f "$CACHE")
}

require_tools() {
  local tool
  for tool in apt-get dpkg-deb cpio gzip mke2fs gcc flock sha256sum; do
    command -v "$tool" >/dev/null || die "$tool is missing; run deploy/setup.sh"
  done
}

packages() { sed 's/#.*//' "$HERE/packages.list" | xargs -n1; }

deb_of() { # deb_of PACKAGE: its file in the cache, or nothing
  local files
  files=$(compgen -G "$CACHE/debs/${1}_*.deb" | sort -V) || return 0
  tail -n1 <<<"$files"
}

# kernel_package: the package that the meta package depends on, such as linux-image-6.1.0-49-cloud-amd64.
kernel_package() {
  local meta
  meta=$(deb_of linux-image-cloud-amd64)
  [ -z "$meta" ] || dpkg-deb -f "$meta" Depends | sed -nE 's/^.*(linux-image-[0-9][^ ,]*).*$/\1/p'
}

# fingerprint: digest of all that the results follow from: sources, packages, compiler, file system maker.
fingerprint() {
  {
    (cd "$HERE" && sha256sum "${SOURCES[@]}")
    find "$CACHE/debs" -name '*.deb' -printf '%f\n' | sort
    gcc -v 2>&1 | tail -n1
    sha256sum <"$(gcc -print-file-name=libc.a)"
    mke2fs -V 2>&1
  } | sha256sum | cut -d' ' -f1
}

up_to_date() {
  [ -f "$OUT/inputs" ] && [ "$(<"$OUT/inputs")" = "$(fingerprint)" ] &&
    (cd "$OUT" && sha256sum --status -c SHA256SUMS 2>/dev/null)
}

fetch() { # fetch PACKAGE...: downloads those that the cache lacks
  local package missing=() fresh=$CACHE/debs.new
  for package in "$@"; do [ -n "$(deb_of "$package")" ] || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ -z "${APT+x}" ]; then
    say "refreshing the list of Debian packages"
    debian_apt "$CACHE/apt" || die "no packages can be had (see above)"
  fi
  say "downloading ${#missing[@]} packages"
  rm -rf "$fresh"
  mkdir "$fresh"
  (cd "$fresh" && "${APT[@]}" download "${missing[@]}") >"$CACHE/apt.log" 2>&1 ||
    { cat "$CACHE/apt.log" >&2; die "can't download: ${missing[*]}; if the archive has moved on, delete $CACHE and try again"; }
  mv "$fresh"/*.deb "$CACHE/debs/"
  rmdir "$fresh"
}

fetch_all() {
  local all
  mapfile -t all < <(packages)
  fetch "${all[@]}"
  fetch "$(kernel_package)"
}

# unpack: all packages into one stage folder, named for the set of packages. Sets STAGE, KERNEL, and LOADER, which
# runs the stage's programs (or with --list names their libraries) with the stage's own libraries.
unpack() {
  local all package names kernel
  kernel=$(kernel_package)
  mapfile -t all < <(packages)
  names=$(for package in "${all[@]}" "$kernel"; do basename "$(deb_of "$package")"; done)
  STAGE=$CACHE/stage-$(sha256sum <<<"$names" | cut -c1-16)
  KERNEL=${kernel#linux-image-}
  LOADER=("$STAGE/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path
    "$STAGE/lib/x86_64-linux-gnu:$STAGE/usr/lib/x86_64-linux-gnu")
  [ ! -d "$STAGE" ] || return 0
  say "unpacking $(wc -l <<<"$names") packages"
  rm -rf "$CACHE"/stage-*
  mkdir "$STAGE.new"
  for package in "${all[@]}"; do dpkg-deb -x "$(deb_of "$package")" "$STAGE.new"; done
  # Of the kernel's package only the image and the driver folders that hold our modules.
  dpkg-deb --fsys-tarfile "$(deb_of "$kernel")" |
    tar -x -C "$STAGE.new" --wildcards './boot/vmlinuz-*' './lib/modules/*/kernel/drivers/*' './lib/modules/*/kernel/net/core/*' \
      './lib/modules/*/kernel/net/sched/*'
  mv "$STAGE.new" "$STAGE"
}

field() { # field FILE OFFSET BYTES: a little-endian unsigned number of the file
  od -An -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# make_vmlinux FILE: takes the uncompressed kernel out of the bzImage, where the x86 boot protocol says it
# lies, because QEMU enters an uncompressed kernel (PVH) without the slow decompression under TCG.
make_vmlinux() {
  local image=$STAGE/boot/vmlinuz-$KERNEL sectors offset length
  sectors=$(field "$image" $((0x1f1)) 1)
  offset=$(($(field "$image" $((0x248)) 4) + (sectors + 1) * 512))
  length=$(field "$image" $((0x24c)) 4)
  [ "$(field "$image" "$offset" 4)" = $((0x184c2102)) ] || die "the kernel in $image is not compressed by lz4"
  # The payload ends with the kernel's size, 4 bytes that are no part of the compressed stream.
  dd if="$image" of="$1.lz4" iflag=skip_bytes,count_bytes,fullblock skip="$offset" count=$((length - 4)) bs=1M status=none
  "${LOADER[@]}" "$STAGE/usr/bin/lz4" -dcq "$1.lz4" >"$1" || die "can't decompress the kernel in $image"
  rm "$1.lz4"
  [ "$(head -c4 "$1" | tail -c3)" = ELF ] || die "the kernel in $image is no ELF file"
}

copy_program() { # copy_program PATH PROGRAM LIBRARIES: with the shared libraries that it needs
  local libraries library
  cp -L "$STAGE/$1" "$2"
  libraries=$("${LOADER[@]}" --list "$STAGE/$1" | sed -nE 's/^.* => ([^ ]+|not found).*$/\1/p')
  while IFS= read -r library; do
    case $library in
      "$STAGE"/*) cp -L "$library" "$3/" ;;
      *) die "$1 needs a library that no package in packages.list holds ('$library')" ;;
    esac
  done <<<"$libraries"
}

copy_modules() { # copy_modules FOLDER MODULE...
  local folder=$1 module file
  shift
  for module in "$@"; do
    file=$(find "$STAGE/lib/modules/$KERNEL" -name "$module.ko")
    [ -n "$file" ] || die "kernel $KERNEL has no module $module"
    cp "$file" "$folder/"
  done
}

make_net_tools() { # make_net_tools FOLDER ROOT: what ROOT of make_root lacks
  local program library
  mkdir -p "$1"/net/{lib,mods}
  for program in "${NET_PROGRAMS[@]}"; do copy_program "$program" "$1/net/${program##*/}" "$1/net/lib"; done
  for library in "$2"/lib/x86_64-linux-gnu/* "$2"/lib64/*; do rm -f "$1/net/lib/${library##*/}"; done
  copy_modules "$1/net/mods" "${NET_MODULES[@]}"
}

make_root() { # make_root ROOT
  local applet program
  mkdir -p "$1"/{bin,sbin,dev,proc,sys,tmp,run,etc,root,data,var/log/nginx,var/lib/nginx,usr/bin,usr/sbin,lib/x86_64-linux-gnu,lib64,mods,srv}
  cp "$STAGE/bin/busybox" "$1/bin/busybox"
  for applet in $("$STAGE/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
  done
  cp -L "$STAGE/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$1/lib64/"
  # redis-server is one program with redis-check-rdb of redis-tools; the link is in its package.
  for program in "${PROGRAMS[@]}"; do copy_program "$program" "$1/$program" "$1/lib/x86_64-linux-gnu"; done
  copy_modules "$1/mods" "${MODULES[@]}"
  cp "$HERE"/etc/* "$1/etc/"
  printf 'passwd: files\ngroup: files\nhosts: files\n' >"$1/etc/nsswitch.conf"
  printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
  (cd "$HERE" && gcc "${CFLAGS[@]}" -static -pthread -o "$1/bin/guestload" guestload.c integrity.c)
  install -m 755 "$HERE/init" "$1/init"
}

pack() { # pack ROOT FILE: a compressed cpio archive that depends on names, modes and contents alone
  find "$1" -type f ! -perm /111 -exec chmod 644 {} + -o -type f -exec chmod 755 {} +
  find "$1" -exec touch -h -d "@$EPOCH_SECONDS" {} +
  (cd "$1" && find . -mindepth 1 -printf '%P\0' | sort -z |
    cpio -0 -o -H newc -R 0:0 --reproducible --quiet) | gzip -1n >"$2"
}

make_data_disk() { # make_data_disk FILE
  truncate -s "${DATA_MIB}M" "$1"
  E2FSPROGS_FAKE_TIME=$EPOCH_SECONDS mke2fs -q -F -t ext4 -b 4096 -m 0 -J size=4 -O '^metadata_csum,^64bit' \
    -U "$DATA_UUID" -E "hash_seed=$DATA_UUID,root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0" "$1"
}

build() {
  local new=$OUT/.new result
  rm -rf "$new" "$OUT/inputs"
  mkdir -p "$new"
  say "making the kernel, the root file system, the data disk and the preload"
  make_vmlinux "$new/vmlinux"
  make_root "$new/root"
  pack "$new/root" "$new/initrd.gz"
  make_net_tools "$new/net" "$new/root"
  pack "$new/net" "$new/nettools.gz"
  make_data_disk "$new/data.ext4"
  (cd "$HERE" && gcc "${CFLAGS[@]}" -shared -fPIC -o "$new/condfix.so" condfix.c -ldl)
  # By renaming, so that a QEMU that still runs from the old files keeps them.
  for result in "${RESULTS[@]}"; do mv "$new/$result" "$OUT/$result"; done
  rm -rf "$new"
  (cd "$OUT" && sha256sum "${RESULTS[@]}" >SHA256SUMS)
  fingerprint >"$OUT/inputs"
}

main() {
  parse "$@"
  require_tools
  exec 9>"$CACHE/lock"
  flock 9
  if up_to_date; then say "up to date: $OUT"; return; fi
  fetch_all
  unpack
  build
  say "built in $SECONDS s: $OUT"
}

main "$@"
