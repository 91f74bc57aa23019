# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The PKCS#12 file's password is not the one in the profile's PasswordFile.
PROFILE=("Credential.Certificate=$LAB_PKI/user1.p12" Credential.PrivateKey=
	Credential.Chain= "Credential.PasswordFile=$LAB_DIR/wrong.password")

scenario_setup() { echo "not it" >"$LAB_DIR/wrong.password"; }

scenario_check() {
	check "the file is named" record_says user1.p12
	check_fails "no password is shown" record_says "not it"
	check "nothing was sent" no_packet_was_sent
}
record_says() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
no_packet_was_sent() { ! lab_aovpn events --json | grep '"event_id":20222'; }
