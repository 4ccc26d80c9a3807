#!/bin/sh
# Makes the first file system of the virtual machine's kernel, ROOT/boot/early: the modules for its disk, and what mounts that.
# ROOT has busybox-static, cpio, kmod and one kernel.
#
#   early-root.sh ROOT
set -eu
root=$1 early=$1/early
kernel=$(basename "$root"/lib/modules/*)
mkdir -p "$early/modules" "$early/dev" "$early/root"
cp "$root/bin/busybox" "$early/"
number=10 # insmod takes no module before those that it needs
for module in virtio_pci virtio_blk; do chroot "$root" modprobe -S "$kernel" --show-depends "$module"; done |
  sed -n 's/^insmod //p' | while read -r file; do
  [ -e "$early"/modules/*-"${file##*/}" ] || cp "$root$file" "$early/modules/$number-${file##*/}"
  number=$((number + 1))
done
cat >"$early/init" <<'INIT'
#!/busybox sh
set -e
/busybox mount -t devtmpfs dev /dev
for module in /modules/*; do /busybox insmod "$module"; done
/busybox mount -t ext4 /dev/vda /root
/busybox mount -o move /dev /root/dev
exec /busybox switch_root /root /sbin/init
INIT
chmod 755 "$early/init"
chroot "$root" sh -ec 'cd /early; find . | cpio --quiet --create --format=newc >/boot/early'
rm -r "$early"
