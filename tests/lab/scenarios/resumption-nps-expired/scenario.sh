# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate of NPS expires between two dials. Resuming would not show it;
# the client looks at what it keeps, and the handshake in full says why not.
NPS_RESUME=yes

scenario_inject() {
	pki_short_lived nps 6 && NPS_CERT=nps-short && nps_restart
}
scenario_dial() { lab_dial_again wait_for 10 nps_has_expired; }
nps_has_expired() { ! openssl x509 -in "$(pki_cert nps-short)" -checkend 0; }

scenario_check() {
	check_fails "none was offered" grep "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
	check "the log says why" grep -q \
		"TLS session dropped: certificate has expired" \
		"$LAB_DIR/log/charon-client.log"
}
