# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A user without rights, whom the profile names, dials and hangs up by the system
# bus, also with a password for the key; another one may neither, and does not
# see where to.
PROFILE=(Connection.AllowedUsers=daemon)
LAB_NOT_STOCK="aovpnd dials"

scenario_requires() { ! bus_missing; }
scenario_setup() { bus_up && second_profile; }

# Its key has a password.
second_profile() {
	local key=$LAB_DIR/client/locked.key
	openssl pkcs8 -topk8 -in "$(pki_key user1)" -out "$key" \
		-v2 aes256 -passout pass:sesame &&
		profile_write locked Connection.AllowedUsers=daemon \
			"Credential.PrivateKey=$key"
}

scenario_dial() {
	wait_for 4 bus_ctl status org.aovpn
	user_aovpn daemon dial lab --json
}

scenario_check() {
	check_fails "another user does not hang it up" \
		user_aovpn nobody hangup lab
	check "nor see the server" test "$(user_aovpn nobody status --json |
		grep -c 'vpn.contoso.test\|evidence\|thumbprint')" = 0
	check "but that it is up" sees nobody .connections[0].state connected
	check "who dialled sees the server" sees daemon \
		.connections[0].last_record.server vpn.contoso.test
	check "a packet crosses the tunnel" tunnel_works
	check "the user hangs up" user_aovpn daemon hangup lab
	check "the user dials with a password" dials_locked
	check "each stage was shown" shown 'reach|eap-tls|configure' 3
	check "and the end" grep -q '^connected to vpn.contoso.test' \
		"$LAB_DIR/locked.out"
	check "the user hangs that up, too" user_aovpn daemon hangup locked
}
# user_aovpn USER ARG...: aovpn as that user, who reaches the system bus only.
user_aovpn() {
	local user=$1 env
	shift
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" setpriv --reuid "$user" \
		--regid "$(id -g "$user")" --init-groups "$AOVPN_BUILD/aovpn" "$@"
}
sees() { [ "$(user_aovpn "$1" status --json | jq -r "$2")" = "$3" ]; }
dials_locked() {
	user_aovpn daemon dial locked --password-fd 5 5<<<sesame \
		>"$LAB_DIR/locked.out"
}
shown() {
	[ "$(grep -cE "^ *[0-9.]+ s +($1)" "$LAB_DIR/locked.out")" -ge "$2" ]
}
