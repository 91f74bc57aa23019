# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# strongSwan's own EAP-TLS server (libtls): TLS 1.2, RSA and EC keys on either
# side, without the extended master secret (RFC 7627) and without
# renegotiation_info (RFC 5746). TLS 1.3: interop-strongswan-tls13.
NPS_KIND=strongswan

scenario_dial() {
	series_dial <<-END
		1.2 nps user1
		1.2 nps-ec user1
		1.2 nps user1-ec
		1.2 nps-ec user1-ec
		1.2 nps-ec384 user1-ec384
	END
}

scenario_check() {
	series_check 5
	check "TLS 1.2 had neither extended master secret nor renegotiation_info" \
		series_every "extended master secret: no, renegotiation_info: no"
}
