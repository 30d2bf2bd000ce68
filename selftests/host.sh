# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the tests that need no guest of their own, or one that is like no other: unit tests, the guest runner,
# the configuration over a reboot, umx-dns and umx-resolved under systemd, a snapshot restored twice, style, sparse.
#
# Each prints what selftests/guest prints, for results.awk.

# on_host: run them all, one after the other.
on_host()
{
	local log=$results/host.log status=0

	say "unit tests, guest runner, reboot, style, sparse"
	root_make bookworm-build
	: >"$log.tally"
	{
		locked root-bookworm-build host_units
		host_program vm/check "$SRC/selftests/vm/check"
		# The userland of this kernel has systemd.
		host_program persist/boots "$SRC/selftests/vm/run" --kernel 7.2 --systemd --timeout 300 -- \
			/umx/selftests/persist/boots.sh
		host_program persist/dns "$SRC/selftests/vm/run" --kernel 7.2 --systemd --timeout 300 -- \
			/umx/selftests/persist/dns.sh
		host_program persist/bis "$SRC/selftests/vm/run" --kernel 7.2 --systemd --timeout 300 -- \
			/umx/selftests/persist/bis.sh
		host_program persist/restored "$SRC/selftests/persist/restored"
		host_program style host_point "the rules of the house are kept" "$SRC/selftests/style"
		host_program vm/sparse host_point "sparse and W=1 have no complaint" "$SRC/selftests/vm/sparse"
	} 2>&1 | tee "$log" |
		awk -f "$SRC/selftests/results.awk" -v kernel=host -v tally="$log.tally" -v strict="$strict" || status=$?
	cat "$log.tally" >>"$results/tally"
	[ "$status" = 0 ] || echo "host host.sh 0 1 0" >>"$results/tally"
}

# host_program NAME COMMAND...: run COMMAND as the test program NAME.
host_program()
{
	local name=$1 status=0 start=$EPOCHREALTIME

	shift
	echo "@begin $name"
	"$@" || status=$?
	echo "@end $name $status $(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')"
}

# host_point TEXT COMMAND...: a program that is a single point.
host_point()
{
	local text=$1

	shift
	if "$@"; then
		echo "ok 1 $text"
	else
		echo "not ok 1 $text"
		return 1
	fi
}

# The unit tests of the pure code and of the tools, in the root that builds.
host_units()
{
	export_to bookworm-build /umx/src/unit "${MODULE_SOURCES[@]}" tools selftests
	in_root bookworm-build bash -uc '
		cd /umx/src/unit
		export CMOCKA_MESSAGE_OUTPUT=TAP
		program()
		{
			local name=$1 status=0

			shift
			echo "@begin $name"
			timeout 300 "$@" 2>&1 || status=$?
			echo "@end $name $status 0"
		}
		if make -s -j"$(nproc)" -C selftests/unit all; then
			for t in $(make -s --no-print-directory -C selftests/unit list); do
				program "unit/${t##*/}" "selftests/unit/$t"
			done
		else
			program unit/build false
		fi
		for m in $(grep -l "^check:" tools/*/Makefile); do
			program "${m%/Makefile}" make -s -C "${m%/Makefile}" check
		done
	'
}
