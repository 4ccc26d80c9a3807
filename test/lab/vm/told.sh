#!/bin/sh
# The one service that systemd starts in the virtual machine: connects it, and then does what it is told over its second serial line.
#
# Its address (with prefix length) stands in the kernel's command line.
set -eu
for word in $(cat /proc/cmdline); do
  case $word in address=*) address=${word#address=} ;; esac
done
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
