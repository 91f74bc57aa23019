# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile shows another certificate than at the first dial: that one's session
# must not stand in for it.
NPS_RESUME=yes

scenario_dial() { lab_dial_again other_certificate; }
other_certificate() {
	profile_write lab "Credential.Certificate=$(pki_cert user2)" \
		"Credential.PrivateKey=$(pki_key user2)"
}

scenario_check() {
	check_fails "none was offered" grep "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
	check "the record says that none was resumed" \
		test "$(record .resumed)" = false
}
