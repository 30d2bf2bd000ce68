# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the reading of a guest's console: is there a report of the kernel in it, and which.

REPORTS='cut here \]|kernel BUG at|invalid opcode|divide error|WARNING: |BUG: |BUG kmalloc|'
REPORTS+='KASAN:|KCSAN:|UBSAN:|Oops|Kernel panic|general protection fault|'
REPORTS+='ODEBUG:|DEBUG_LOCKS_WARN|INFO: task .* blocked|rcu.*(self-)?detected .*stall|'
REPORTS+='rcu: INFO: |refcount_t: |list_(add|del) corruption|kmemleak: memory leaked|kmemleak: .*leaks \(see|'
REPORTS+='unregister_netdevice: waiting for|ref_tracker: .*(leak|still)|Unable to handle|stack-protector:|'
REPORTS+='Bad page (state|map)|Object already free|double free|soft lockup|hard LOCKUP'

# Not the modules': they have no hrtimer. The scheduler of 7.2 warns when the timer of its deadline server is queued
# already, which an emulated processor that was held up brings about.
NO_REPORTS='FAULT_INJECTION|WARNING: kernel/time/hrtimer\.c:[0-9]+ at hrtimer_forward'

# kernel_lines FILE: only what the kernel printed, without carriage returns.
kernel_lines()
{
	tr -d '\r' <"$1" | grep -aE '^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\]' || :
}

# console_report FILE: print the first report and what follows it; false when there is none.
console_report()
{
	local first

	first=$(kernel_lines "$1" | grep -anE "$REPORTS" | grep -avE "$NO_REPORTS" | head -n 1 | cut -d: -f1)
	[ -n "$first" ] || return 1
	kernel_lines "$1" | tail -n "+$((first > 3 ? first - 3 : 1))" | head -n 300
}
