# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The PIN of the profile is wrong: it is tried once, and not again at the next
# dial, until the file changes.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 && token_pin_file 0000; }

scenario_check() {
	check "the first try is one" said "tried once"
	check_fails "a second dial fails too" lab_dial
	check "the token was not asked again" last_said "not tried again"
	check_fails "no PIN is shown" grep -rqw 0000 "$LAB_DIR/log/aovpnd.log" \
		"$LAB_DIR/client/state"
	token_pin_file
	check "the right PIN connects" lab_dial
}
said() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
last_said() { lab_aovpn events --json | tail -1 | grep -F "$1"; }
