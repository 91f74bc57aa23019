# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS lacks the extended master secret (RFC 7627): in TLS 1.2 no session of it is
# kept.
NPS_KIND=alert
NPS_RESUME=yes
NPS_TLS_MAX=1.2
NPS_EMS=no

scenario_dial() { lab_dial_again true; }

scenario_check() {
	check "the record says that none was resumed" \
		test "$(record .resumed)" = false
	check_fails "none was offered" grep "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
}
