# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the emulator's command line.
#
# Its caller sets: q (the root it lives in), dir (of the kernel), tmp (a directory for this guest: out and err are
# there), limit (seconds), mem (MB), cpu, drive, append, reboot (arrays but for append). UMX_EMULATOR_ARGS in the
# environment has more arguments, for measurements.

# emulator ARGS...: run a guest to its end; the console, its status and what the emulator says are in $tmp.
emulator()
{
	local libs
	local -a initrd=() more

	read -ra more <<<"${UMX_EMULATOR_ARGS:-}"

	[ ! -e "$dir/initrd.gz" ] || initrd=(-initrd "$dir/initrd.gz")
	libs=$(printf '%s:' "$q"/{,usr/}lib/x86_64-linux-gnu)
	TMPDIR=$tmp QEMU_MODULE_DIR=$q/usr/lib/x86_64-linux-gnu/qemu \
	exec setpriv --pdeathsig TERM timeout --foreground -k 5 "$limit" \
	"$q/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "${libs%:}" "$q/usr/bin/qemu-system-x86_64" \
		-L "$q/usr/share/qemu" -L "$q/usr/share/seabios" -L "$q/usr/lib/ipxe/qemu" \
		-nodefaults -no-user-config "${reboot[@]}" -display none -nic none -machine q35 \
		"${cpu[@]}" -m "$mem" "${drive[@]}" \
		-kernel "$dir/vmlinuz" "${initrd[@]}" -append "$append" \
		-chardev "file,id=console,path=$tmp/console,append=on" -serial chardev:console \
		-device virtio-serial-pci \
		-chardev "file,id=out,path=$tmp/out" -device virtserialport,chardev=out,name=umx.out \
		-chardev "file,id=err,path=$tmp/err" -device virtserialport,chardev=err,name=umx.err \
		-chardev "file,id=status,path=$tmp/status" -device virtserialport,chardev=status,name=umx.status \
		"${more[@]}" "$@" </dev/null >>"$tmp/qemu.log" 2>&1 5>&- 6>&-
}
