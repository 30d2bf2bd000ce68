# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns machines that are restored from a snapshot, as a hypervisor does it: saved once, running twice, each
# copy with an identity of its own (vmgenid).
#
# What the guest prints comes out as ever; a line "umx-fork: copy N" stands before what a copy prints.

# A guest that has printed this line to the console is saved. (A command in it: echo "<4>umx-fork: now" >/dev/kmsg)
FORK_NOW='umx-fork: now'

fork_guid()
{
	printf 'd1d1d1d1-0000-4000-8000-%012d' "$1"
}

# fork_monitor COMMAND...: have the emulator do it.
fork_monitor()
{
	echo "$*" >"$tmp/monitor.in"
}

# fork_wait SECONDS PATTERN FILE: until it is there; false if the emulator has ended, or the time is over.
fork_wait()
{
	local n=0

	until grep -qaE "$2" "$3"; do
		n=$((n + 1))
		if [ $n -gt $(($1 * 5)) ] || ! kill -0 "$qemu_pid" 2>/dev/null; then
			return 1
		fi
		sleep 0.2
	done
}

# fork_saved: is the snapshot complete?
fork_saved()
{
	local n

	for ((n = 0; n < 600; n++)); do
		fork_monitor "info migrate"
		sleep 0.2
		! grep -q 'Migration status: failed' "$tmp/monitor.log" || return 1
		! grep -q 'Migration status: completed' "$tmp/monitor.log" || return 0
	done
	return 1
}

# fork_source: run the guest up to its line, and save it.
fork_source()
{
	local monitor_pid status=0

	mkfifo "$tmp/monitor.in" "$tmp/monitor.out"
	exec 7<>"$tmp/monitor.in" 8<>"$tmp/monitor.out"
	cat <"$tmp/monitor.out" >"$tmp/monitor.log" 7>&- 8>&- &
	monitor_pid=$!
	emulator -chardev "pipe,id=monitor,path=$tmp/monitor" -mon chardev=monitor \
		-device "vmgenid,guid=$(fork_guid 0)" 7>&- 8>&- &
	qemu_pid=$!
	if fork_wait "$limit" "$FORK_NOW" "$tmp/console"; then
		fork_monitor "migrate \"exec:cat >$tmp/state\""
		fork_saved || status=1
	else
		status=1
	fi
	fork_monitor "quit"
	wait "$qemu_pid" || status=$?
	qemu_pid=
	exec 7>&- 8>&-
	wait "$monitor_pid" || :
	return $status
}

# fork_run COPIES: the whole of it. Return: the first status of an emulator that is not 0.
fork_run()
{
	local copy code worst=0 status=0

	# Copies go on from the disk as it was: it is written to, and copied from.
	cp --sparse=always "$dir/image.ext4" "$tmp/disk"
	drive[1]="if=virtio,format=raw,file=$tmp/disk"
	fork_source || return
	drive[1]="if=virtio,format=raw,snapshot=on,file=$tmp/disk"
	for ((copy = 1; copy <= $1; copy++)); do
		echo "umx-fork: copy $copy" >&5
		: >"$tmp/status"
		emulator -device "vmgenid,guid=$(fork_guid "$copy")" -incoming "exec:cat $tmp/state" &
		qemu_pid=$!
		wait "$qemu_pid" || status=$?
		qemu_pid=
		[ $status = 0 ] || return $status
		read -r _ code <"$tmp/status" || return 1
		[ "$code" = 0 ] || worst=$code
	done
	echo "status $worst" >"$tmp/status"
}
