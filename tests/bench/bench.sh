# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bench.sh - what the parts of "make bench" share: samples, skips, a lab.
#
# Wants of who sources it: PART, the part's name, and HERE, this directory. Sets
# WORK, a directory of its own, SAMPLES, a file in it of JSON lines, and
# BENCH_RESULTS, where the part's lines go in the end.

# shellcheck disable=SC2034 # lib.sh reads it
LAB_ID=bench$$
# shellcheck source=/dev/null
. "$HERE/../lab/lib.sh"

export AOVPN_LOADER=$AOVPN_BUILD/aovpn-loader PYTHONDONTWRITEBYTECODE=1
BENCH_PROGRAM=$AOVPN_BUILD/tests/tracer_bench
BENCH_PAIRS=${BENCH_PAIRS:-40}
BENCH_RESULTS=${BENCH_RESULTS:-$AOVPN_BUILD/bench/$PART.json}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/aovpn-bench.XXXXXX") || exit 1
SAMPLES=$WORK/samples
mkdir -p "$(dirname "$BENCH_RESULTS")"

die() {
	echo "bench: $*" >&2
	exit 1
}

# skipped PART REASON...: said now, and once more below the table.
skipped() {
	local part=$1
	shift
	echo "SKIPPED $part: $*" >&2
	jq -cn --arg part "$part" --arg reason "$*" \
		'{table: "skipped", part: $part, reason: $reason}' >>"$SAMPLES"
}

# load_now: note how busy the machine is, at the begin and the end of a part.
load_now() {
	local load
	read -r load _ </proc/loadavg
	echo "{\"table\":\"load\",\"load\":$load}" >>"$SAMPLES"
}

# bench_begin: what every part does first; a part's own "finish" runs at its end.
bench_begin() {
	local missing
	missing=$(lab_missing) || die "this machine lacks ${missing//$'\n'/, }"
	[ "$BENCH_PAIRS" -ge 6 ] || die "BENCH_PAIRS must be 6 or more"
	trap bench_end EXIT
	trap 'exit 130' INT TERM HUP
	load_now
}

bench_end() {
	! declare -F finish >/dev/null || finish
	if [ -n "${LAB_KEEP:-}" ]; then lab_close; else lab_discard; fi
	rm -rf "$WORK"
}

# lab_or_die: open and start the lab with the settings as they are.
lab_or_die() {
	if ! { lab_open && lab_start; }; then die "the lab is not up"; fi
}

# client_run COMMAND...: in the client's namespaces, with what points the
# programs at the lab.
client_run() {
	local env
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" "$@"
}

# --- a process, by /proc ------------------------------------------------------

# cpu_ns PID: the processor time of it, its threads that have ended included, and
# of its children that run. The clock of a process is CPUCLOCK_SCHED of its PID
# (linux/posix-timers.h).
cpu_ns() {
	# shellcheck disable=SC2046 # words
	/usr/bin/python3 -c 'import sys, time
print(sum(time.clock_gettime_ns(~int(pid) << 3 | 2) for pid in sys.argv[1:]))' \
		"$1" $(pgrep -P "$1")
}

# switches PID: voluntary context switches of all threads: how often it woke.
switches() {
	awk '/^voluntary/ { sum += $2 } END { print sum }' \
		"/proc/$1/task"/*/status
}

# pss PID, rss PID: KiB, without the tracer's ring buffer. One page of BPF memory
# is not the ring.
pss() { smaps Pss "$1"; }
rss() { smaps Rss "$1"; }
smaps() {
	awk -v field="$1:" '/^[0-9a-f]+-[0-9a-f]+ / { bpf = /bpf-map/ }
	     /^Size:/ { ring = bpf && $2 > 4 }
	     $1 == field && !ring { sum += $2 }
	     END { print sum }' "/proc/$2/smaps"
}

# idle_sample WHAT SECONDS PID: what it does in that time, as a sample.
idle_sample() {
	local cpu woken
	cpu=$(cpu_ns "$3") woken=$(switches "$3")
	sleep "$2"
	printf '{"table":"idle","when":"%s","seconds":%d,"cpu_ms":%s,"wakeups":%d}\n' \
		"$1" "$2" "$(awk "BEGIN { print ($(cpu_ns "$3") - $cpu) / 1e6 }")" \
		$(($(switches "$3") - woken)) >>"$SAMPLES"
}
