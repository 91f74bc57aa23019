# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# tools.sh - other programs that watch the kernel drop packets, for
# tests/bench/tracer. Each is started as its user would, and asked for what the
# tracer looks for as far as it can be asked.
#
# Wants of who sources it: WORK, a directory.

TOOLS=(bpftrace perf dropwatch tcpdrop)

# UDP ports as a little-endian machine reads them: 0xf401 is 500.
# shellcheck disable=SC2016 # variables of bpftrace
TOOL_BPFTRACE='tracepoint:skb:kfree_skb {
	$skb = (struct sk_buff *)args->skbaddr;
	$ip = (struct iphdr *)($skb->head + $skb->network_header);
	if ($ip->protocol == 17) {
		$udp = (struct udphdr *)($skb->head + $skb->transport_header);
		if ($udp->dest == 0xf401 || $udp->source == 0xf401) {
			@[args->location] = count();
		}
	}
}'

# tool_start NAME: start it and wait until it watches; sets tool_pid. Where it
# cannot, returns 1 with the reason in tool_reason.
tool_start() {
	local i
	rm -f "$WORK/$1.data"
	"_tool_$1" </dev/null >"$WORK/$1.out" 2>"$WORK/$1.err" &
	tool_pid=$!
	for ((i = 0; i < 100; i++)); do
		kill -0 "$tool_pid" 2>/dev/null || break
		if "_tool_$1_watches"; then
			sleep 0.5
			return 0
		fi
		sleep 0.1
	done
	tool_reason=$(grep -hvE 'RLIMIT_MEMLOCK|^Cleaning up' "$WORK/$1.err" \
		"$WORK/$1.out" | tail -1)
	tool_stop
	return 1
}

# tool_stop: by SIGINT, which a person would send; by force if that is ignored.
tool_stop() {
	local i
	kill -INT "$tool_pid" 2>/dev/null
	for ((i = 0; i < 30; i++)); do
		kill -0 "$tool_pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL "$tool_pid" 2>/dev/null
	wait "$tool_pid" 2>/dev/null
	tool_pid=
}

# _with_tracefs COMMAND...: in a mount namespace where tracefs is at both of the
# places where such programs look for it.
_with_tracefs() {
	# shellcheck disable=SC2016
	exec unshare --mount --propagation private sh -c '
		mount -t debugfs none /sys/kernel/debug
		mount -t tracefs none /sys/kernel/tracing
		ls /sys/kernel/debug/tracing >/dev/null
		exec "$@"' _ "$@"
}

# --- a program a tool ---------------------------------------------------------

_tool_bpftrace() { _with_tracefs bpftrace -e "$TOOL_BPFTRACE"; }
_tool_bpftrace_watches() {
	grep -qs '^prog_id:' "/proc/$tool_pid/fdinfo"/*
}

_tool_perf() {
	_with_tracefs perf record -q -a -e skb:kfree_skb -o "$WORK/perf.data"
}
_tool_perf_watches() { [ -s "$WORK/perf.data" ]; }

# Its "start" comes from standard input, which stays open.
_tool_dropwatch() {
	[ -p "$WORK/start" ] || mkfifo "$WORK/start"
	exec 4<>"$WORK/start"
	echo start >&4
	exec dropwatch -l kas <&4
}
_tool_dropwatch_watches() {
	grep -qs 'Kernel monitoring activated' "$WORK/dropwatch.out"
}

# TCP only.
_tool_tcpdrop() { _with_tracefs tcpdrop-bpfcc; }
_tool_tcpdrop_watches() { grep -qs '^TIME' "$WORK/tcpdrop.out"; }
