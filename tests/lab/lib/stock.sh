# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# stock.sh - the same client by strongSwan's own means: swanctl and eap-tls.
#
# Used to check the lab without aovpn, and to prove that a connection that is
# not ours still works in a charon that has our plugin loaded.

# stock_client_up [NAME]: load a connection NAME (stock) of CLIENT_CERT into the
# client's charon. aovpnd is not needed.
stock_client_up() {
	local name=${1:-stock}
	local swanctl=$LAB_DIR/client/swanctl chain=${CLIENT_CHAIN:-$LAB_ISSUING}
	cp "$(pki_cert "$CLIENT_CERT")" "$swanctl/x509/user.pem"
	cp "$(_stock_key)" "$swanctl/private/user.key"
	cp "$(pki_cert root)" "$swanctl/x509ca/root.pem"
	[ "$chain" = none ] || cp "$(pki_cert "$chain")" "$swanctl/x509/chain.pem"
	_stock_connection "$name" >"$swanctl/swanctl.conf"
	charon_swanctl client --load-all >"$LAB_DIR/log/stock-load.log" 2>&1
}

# _stock_key: the private key's file: the profile's, or the certificate's.
_stock_key() {
	local setting
	for setting in "${PROFILE[@]}"; do
		[[ $setting == Credential.PrivateKey=* ]] || continue
		echo "${setting#*=}"
		return
	done
	pki_key "$CLIENT_CERT"
}

# IDr %any: RRAS answers with its subject DN, and stock strongSwan has no
# loose matching of a dialled name.
_stock_connection() {
	local name=$1 user=${CLIENT_CERT%%-*}
	cat <<-END
		connections {
			$name {
				version = 2
				remote_addrs = vpn.contoso.test
				vips = 0.0.0.0, ::
				proposals = aes256-sha256-modp2048
				keyingtries = 1
				dpd_delay = 30s
				local {
					auth = eap-tls
					certs = user.pem
					eap_id = $user@contoso.test
					aaa_id = nps.contoso.test
				}
				remote {
					auth = pubkey
					id = %any
				}
				children {
					$name {
						remote_ts = 10.80.0.0/24
						esp_proposals = aes256-sha256
					}
				}
			}
		}
	END
}

# stock_dial: dial "stock" and print a record with the two fields that a
# scenario's expectation needs (ras_code -1: stock charon knows no codes).
stock_dial() {
	local event=20227 code=-1
	if charon_swanctl client --initiate --child stock --timeout 20 \
		>"$LAB_DIR/log/stock-dial.log" 2>&1; then
		event=20225 code=0
	fi
	printf '{"event_id":%d,"ras_code":%d,"connection":"stock","causes":[]}\n' \
		$event $code
	[ $code = 0 ]
}

# stock_watched_dial NAME: dial NAME by swanctl, and print the records that
# aovpnd, which only watches, made of it. 0: connected.
stock_watched_dial() {
	charon_swanctl client --initiate --child "$1" --timeout 20 \
		>"$LAB_DIR/log/stock-dial.log" 2>&1
	wait_for 8 stock_dial_is_over "$1" || return 1
	_stock_records "$1"
	_stock_records "$1" | tail -n 1 | jq -e '.event_id == 20225' >/dev/null
}

# stock_dial_is_over NAME: is there a record of how its last dial ended?
stock_dial_is_over() {
	_stock_records "$1" | tail -n 1 |
		jq -e '.event_id == 20225 or .event_id == 20227'
}

_stock_records() {
	jq -c --arg name "$1" 'select(.watched and .connection == $name)' \
		"$LAB_DIR/client/state/events.jsonl"
}
