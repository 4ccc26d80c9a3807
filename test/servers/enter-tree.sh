#!/bin/sh
# Becomes a program of another root file system, which stays as it is: /dev and /proc are those of the host, /tmp is its own,
# all else is read-only.
#
#   enter-tree.sh TREE PROGRAM [ARGUMENT...]
set -eu
exec unshare --mount -- sh -euc '
  tree=$1
  shift
  mount --bind "$tree" /mnt
  mount -o remount,bind,ro /mnt
  mount --rbind /dev /mnt/dev
  mount --bind /proc /mnt/proc
  mount -t tmpfs -o mode=1777 tmpfs /mnt/tmp
  exec chroot /mnt "$@"
' sh "$@"
