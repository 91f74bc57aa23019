# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# FreeRADIUS as NPS: TLS 1.2 and 1.3, RSA and EC keys on either side.
NPS_KIND=freeradius

scenario_dial() {
	series_dial <<-END
		1.2 nps user1
		1.2 nps-ec user1
		1.2 nps user1-ec
		1.2 nps-ec user1-ec
		1.2 nps-ec384 user1-ec384
		1.3 nps user1
		1.3 nps-ec user1
		1.3 nps user1-ec
		1.3 nps-ec user1-ec
		1.3 nps-ec384 user1-ec384
	END
}

scenario_check() {
	series_check 10
	check "TLS 1.2 had the extended master secret and renegotiation_info" \
		series_every "extended master secret: yes, renegotiation_info: yes"
}
