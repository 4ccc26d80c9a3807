#!/bin/sh
# The first process of a machine: builds the machine's root, waits for the network cable, starts the cluster where the machine is
# a node of one, and collects orphans for ever. To power the machine off, kill it: the kernel takes everything else along.
#
#   first-process.sh NAME ADDRESS LAYERS DISK SHARED FIRMWARE
#
# NAME      host name
# ADDRESS   its address and prefix length on eth0
# LAYERS    read-only root file systems for overlayfs, the uppermost first, separated by colons
# DISK      directory that keeps what the machine writes, in upper/; a file system in the file data.img is its database directory
# SHARED    directory that appears as /run/lab: the power switch
# FIRMWARE  seconds that pass before it boots
#
# Descriptor 3: says its process id there, then reads a line when the cable is in.
set -eu
name=$1 address=$2 layers=$3 disk=$4 shared=$5 firmware=$6

# The kernel lets go of the file system of the time before a power off a moment later: never attach it twice
mount_data() {
  tries=200
  while [ "$(losetup --associated "$disk/data.img")" ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.05
  done
  mount -o loop "$disk/data.img" "$root/var/lib/mysql"
  rm -rf "$root/var/lib/mysql/lost+found" # to the server every directory is a database
}

build_root() {
  root=$disk/root
  mkdir -p "$root" "$disk/upper" "$disk/work"
  mount -t overlay overlay -o "lowerdir=$layers,upperdir=$disk/upper,workdir=$disk/work" "$root"
  if [ -e "$disk/data.img" ]; then mount_data; fi
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  mkdir "$root/dev/pts" "$root/dev/shm" "$root/run/lab"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount --bind "$shared" "$root/run/lab"
}

enter_root() {
  cd "$root"
  mkdir -p .host
  pivot_root . .host
  cd /
  umount -l /.host
  rmdir /.host
  echo "$name" >/proc/sys/kernel/hostname
}

# Every start of a machine has an id of its own; that of the kernel is the host's
name_boot() {
  cat /proc/sys/kernel/random/uuid >/run/boot_id
  mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
}

# Those of the network belong to the machine; what else Debian has there would be the host's
set_kernel() {
  settings=/etc/sysctl.d/90-heir.conf
  if [ -e "$settings" ]; then sysctl --quiet --load="$settings"; fi
}

connect() {
  read -r plugged <&3
  sleep "$firmware"
  set_kernel
  ip link set lo up
  ip address add "$address" broadcast + dev eth0
  ip link set eth0 up
}

# /run is empty after every start; packages expect these there
prepare_run() {
  mkdir -p /run/lock
  mkdir -m 1755 /run/resource-agents
  install -d -o mysql -g mysql /run/mysqld /var/log/mysql
}

start_cluster() {
  corosync -f >/var/log/corosync/console 2>&1 &
  tries=600
  until corosync-cfgtool -s >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.05
  done
  pacemakerd >/var/log/pacemaker/console 2>&1 &
}

read -r pid rest </proc/self/stat # still the host's /proc: the process id as the host sees it
build_root
echo "$pid" >&3
enter_root
name_boot
connect
exec 3>&-
prepare_run
if [ -e /etc/corosync/corosync.conf ]; then start_cluster || echo "corosync does not start"; fi
sleep infinity &
wait
