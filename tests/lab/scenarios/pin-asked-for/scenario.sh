# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile names no PIN: aovpn asks on its terminal, without echo.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey=)

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1; }
# aovpn shows text on a terminal; the record is read afterwards.
scenario_dial() {
	local env
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" "$LAB_HOME/answer" "$TOKEN_PIN" \
		"$AOVPN_BUILD/aovpn" dial lab >"$LAB_DIR/log/terminal.log"
	local status=$?
	lab_aovpn events --json | tail -1
	return $status
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "it asked" grep -F 'PIN or password for "lab": ' \
		"$LAB_DIR/log/terminal.log"
	check_fails "the terminal shows no PIN" grep -F "$TOKEN_PIN" \
		"$LAB_DIR/log/terminal.log"
}
