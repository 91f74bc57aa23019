# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate is missing: nobody but a person can help, so the connection is
# not dialled again and status says what it waits for. The file comes, and it
# connects by itself.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_setup() {
	mkdir -p "$LAB_DIR/client/late"
	PROFILE+=("Credential.Certificate=$LAB_DIR/client/late/user.pem"
		"Credential.PrivateKey=$LAB_DIR/client/late/user.key")
}

scenario_dial() {
	wait_for 8 kept_is '.waits_for and .next_dial == null'
	kept_outcome >"$LAB_DIR/log/first-outcome"
	kept_dials >"$LAB_DIR/log/dials-at-first"
	sleep 2 # time in which it would be dialled
	kept_dials >"$LAB_DIR/log/dials-before"
	cp "$(pki_key user1)" "$LAB_DIR/client/late/user.key"
	cp "$(pki_cert user1)" "$LAB_DIR/client/late/user.new"
	mv "$LAB_DIR/client/late/user.new" "$LAB_DIR/client/late/user.pem"
	kept_connects 8
}

scenario_check() {
	check "the first dial missed the certificate" \
		jq -e '.cause == "client-cert-missing"' "$LAB_DIR/log/first-outcome"
	check "nothing was dialled meanwhile" \
		cmp "$LAB_DIR/log/dials-at-first" "$LAB_DIR/log/dials-before"
	check "a packet crosses the tunnel" tunnel_works
}
