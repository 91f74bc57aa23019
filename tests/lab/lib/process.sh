# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# process.sh - processes of a lab: started in a role's namespaces, ended by id.
#
# A role (client, gateway, nps) has a network namespace and a mount namespace
# of its own with a private /run and a layer of its own over /etc: resolv.conf
# must be a file that charon can unlink and write anew, which a bind mount is
# not. A sleeping holder process keeps the mount namespace.
#
# $LAB_DIR/pids/NAME holds "PID STARTTIME": a PID that was given to another
# process since has another start time and is left alone.

# _process_start_time PID: field 22 of /proc/PID/stat.
_process_start_time() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	stat=${stat##*) }
	# shellcheck disable=SC2086
	set -- $stat
	echo "${20}"
}

# process_note NAME PID: remember a process of this lab.
process_note() {
	echo "$2 $(_process_start_time "$2")" >"$LAB_DIR/pids/$1"
}

# process_pid NAME: its PID, if it still runs. A zombie's other threads may
# still hold sockets, so all its threads count.
process_pid() {
	local pid start
	read -r pid start 2>/dev/null <"$LAB_DIR/pids/$1" || return 1
	[ "$(_process_start_time "$pid")" = "$start" ] || return 1
	grep -qs '^State:.[^ZX]' "/proc/$pid/task"/*/status || return 1
	echo "$pid"
}

# process_stop NAME [SIGNAL]: end it; KILL after two seconds (by LAB_PATIENCE).
# Not running: 0.
process_stop() {
	local pid i
	pid=$(process_pid "$1") || { rm -f "$LAB_DIR/pids/$1"; return 0; }
	kill -"${2:-TERM}" "$pid" 2>/dev/null
	for ((i = 0; i < 100 * LAB_PATIENCE; i++)); do
		process_pid "$1" >/dev/null || break
		[ $i = $((60 * LAB_PATIENCE)) ] && kill -KILL "$pid" 2>/dev/null
		sleep 0.03
	done
	rm -f "$LAB_DIR/pids/$1"
}

# process_stop_all: end every process of this lab, the role holders too.
process_stop_all() {
	local file name pid
	[ -d "$LAB_DIR/pids" ] || return 0
	for file in "$LAB_DIR/pids"/*; do
		name=${file##*/}
		# aovpnd detaches its BPF programs when it ends in order.
		[ "$name" = aovpnd ] && process_stop aovpnd TERM
		pid=$(process_pid "$name") && kill -KILL "$pid" 2>/dev/null
	done
	for file in "$LAB_DIR/pids"/*; do
		[ -f "$file" ] && process_stop "${file##*/}" KILL
	done
	return 0
}

# wait_for SECONDS COMMAND...: until it succeeds; 1 if it never does.
wait_for() {
	local end=$((SECONDS + $1 * LAB_PATIENCE + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.03
	done
}

# role_up ROLE [PLUGIN.so]: the role's directory and mount namespace. PLUGIN.so
# is laid over strongSwan's plugin directory, the only place charon looks in.
# LAB_STRONGSWAN's files stand in for the distribution's. Nothing happens where
# the role is up already.
role_up() {
	local role=$1 dir=$LAB_DIR/$1 overlay=""
	local etc=$LAB_DIR/$1/etc
	process_pid "$role-holder" >/dev/null && return 0
	mkdir -p "$dir/run/lock" "$etc" "$dir/etc-layer"
	printf '127.0.0.1 localhost\n' >"$etc/hosts"
	printf 'hosts: files dns\npasswd: files\ngroup: files\n' \
		>"$etc/nsswitch.conf"
	dns_resolv_conf "$role" >"$etc/resolv.conf"
	if [ -n "${2:-}" ] && [ -f "$2" ]; then
		overlay=$dir/plugins
		mkdir -p "$overlay"
		cp "$2" "$overlay/"
	fi
	rm -f "$dir/holder-ready"
	# shellcheck disable=SC2016
	exec nsenter --net="$(net_path "$role")" \
		unshare --mount --propagation private bash -c '
		set -e; dir=$1 overlay=$2 tree=$3 plugins=/usr/lib/ipsec/plugins
		if [ -n "$tree" ]; then
			for path in usr/lib/ipsec usr/sbin/charon-systemd \
				usr/sbin/swanctl; do
				mount --bind "$tree/$path" "/$path"
			done
		fi
		if [ -n "$overlay" ]; then
			mount -t overlay overlay \
				-o lowerdir="$overlay:$plugins" "$plugins"
		fi
		layer=$dir/etc-layer
		mount -t tmpfs tmpfs "$layer"
		cp -r "$dir/etc" "$layer/upper"
		mkdir "$layer/work"
		mount -t overlay overlay -o "lowerdir=/etc,upperdir=$layer/upper,workdir=$layer/work" /etc
		[ -z "$tree" ] ||
			mount --bind "$tree/etc/strongswan.d" /etc/strongswan.d
		mount --bind "$dir/run" /run
		touch "$dir/holder-ready"
		exec sleep infinity' _ "$dir" "$overlay" "$LAB_STRONGSWAN" \
		</dev/null >"$LAB_DIR/log/$role-holder.log" 2>&1 &
	process_note "$role-holder" $!
	disown
	wait_for 5 test -f "$dir/holder-ready" && return 0
	echo "lab: no mount namespace for $role:" >&2
	cat "$LAB_DIR/log/$role-holder.log" >&2
	return 1
}

# role_exec ROLE COMMAND...: run in the role's namespaces.
role_exec() {
	local pid
	pid=$(process_pid "$1-holder") || return 125
	shift
	nsenter --target "$pid" --mount --net -- "$@"
}

# role_spawn ROLE NAME COMMAND...: start it in the background; output goes to
# $LAB_DIR/log/NAME.log. nsenter becomes COMMAND, so its PID is COMMAND's.
role_spawn() {
	local role=$1 name=$2 pid
	pid=$(process_pid "$role-holder") || return 125
	shift 2
	exec nsenter --target "$pid" --mount --net -- "$@" \
		</dev/null >>"$LAB_DIR/log/$name.log" 2>&1 &
	process_note "$name" $!
	disown
}

# clock_environment OFFSET: variables, NAME=value, one a line, that put a process'
# wall clock off by that many years or days, such as "+1y" or "-400d"; none where it
# is empty (clock/clock.c). "sleeps": the machine seems to have slept for as many
# seconds as client_sleeps says. "jumps": it is off by what client_clock_jumps says.
clock_environment() {
	local days=${1%[yd]}
	[ -n "$1" ] || return 0
	echo "LD_PRELOAD=$AOVPN_BUILD/lab-clock.so"
	case $1 in
	sleeps) echo "LAB_CLOCK_SLEPT=$LAB_DIR/slept" ;;
	jumps) echo "LAB_CLOCK_JUMPED=$LAB_DIR/jumped" ;;
	*)
		[[ $1 == *d ]] || days=$((days * 365))
		echo "LAB_CLOCK_OFFSET=$((days * 86400))"
		;;
	esac
}
