# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The password of a PKCS#12 file is brought by --password-fd. Neither it nor the
# key is in an argument or in the environment of any process while the dial goes
# on, nor afterwards in a log, a record, a recording or a cache.
LAB_NOT_STOCK="aovpnd dials"
PROFILE=("Credential.Certificate=$LAB_DIR/secret.p12" Credential.PrivateKey=
	Credential.Chain=)

# A password that no other lab on this machine has.
scenario_setup() {
	openssl rand -hex 16 >"$LAB_DIR/secret" &&
		openssl pkcs12 -export -passout "file:$LAB_DIR/secret" \
			-in "$(pki_cert user1)" -inkey "$(pki_key user1)" \
			-certfile "$(pki_cert issuing)" -out "$LAB_DIR/secret.p12"
}
secret() { cat "$LAB_DIR/secret"; }

# A line out of the middle of the key in PEM, as anybody might have logged it.
key_line() { sed -n 5p "$(pki_key user1)"; }

# processes_show TEXT: does one of /proc show it? (A pattern from a file: this
# process, too, has arguments.)
processes_show() {
	cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null |
		grep -aqFf "$LAB_DIR/secret"
}

# Until the dial has ended; counts how often it looked, and how often it saw.
look() {
	local looks=0 seen=0
	while [ ! -e "$LAB_DIR/dialled" ]; do
		looks=$((looks + 1))
		processes_show && seen=$((seen + 1))
	done
	echo "$looks $seen" >"$LAB_DIR/looks"
}

scenario_dial() {
	local status looking
	router_lossy 5
	look &
	looking=$!
	lab_aovpn dial lab --json --password-fd 3 3<"$LAB_DIR/secret"
	status=$?
	touch "$LAB_DIR/dialled"
	wait "$looking"
	return $status
}

scenario_check() {
	local looks seen
	read -r looks seen <"$LAB_DIR/looks"
	check "processes were looked at during the dial" test "$looks" -gt 1
	check "no argument and no environment has the password" test "$seen" = 0
	check "a look sees what is there" sees_one
	check_fails "the password is in no log and no file" \
		grep -raqF "$(secret)" "${places[@]}"
	check_fails "nor is the key" grep -raqF "$(key_line)" "${places[@]}"
	check "a packet crosses the tunnel" tunnel_works
}
places=("$LAB_DIR/log" "$LAB_DIR/client/state" "$LAB_DIR/client/aovpn"
	"$LAB_DIR/client/cache")
sees_one() {
	local other
	SHOWN=$(secret) sleep 5 &
	other=$!
	sleep 0.1
	processes_show
	local status=$?
	kill "$other"
	return $status
}
