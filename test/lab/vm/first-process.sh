#!/bin/sh
# The first process of the virtual machine: connects it, and then does what it is told over its second serial line.
#
# name, address (with prefix length) come from the kernel's command line.
set -eu
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var/log
echo "$name" >/proc/sys/kernel/hostname
modprobe virtio_net
modprobe ip_vs
tries=100
until nic=$(ls /sys/class/net | grep -vx lo); do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || exit 1
  sleep 0.1
done
ip link set "$nic" name eth0
ip link set lo up
ip address add "$address" broadcast + dev eth0
ip link set eth0 up
exec </dev/ttyS1 >/dev/ttyS1 2>&1
stty raw -echo
echo ready # what came before was lost
exec sh
