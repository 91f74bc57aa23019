# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# stock.sh - the same client by strongSwan's own means: swanctl and eap-tls.
#
# Used to check the lab without aovpn, to prove that a connection that is not ours
# still works in a charon that has our plugin loaded, and by LAB_MODE=stock.

# What a stock connection can have of a profile, by swanctl.conf and
# strongswan.conf. stock.sh has no more than these.
STOCK_SETTINGS=(Connection.Server Connection.RemoteNetworks
	Connection.IKEProposals Connection.ESPProposals Credential.PrivateKey
	Credential.EAPIdentity Gateway.TrustedRoots Gateway.Revocation
	NPS.TrustedRoots NPS.ServerNames TLS.MinVersion TLS.MaxVersion
	TLS.FragmentSize)

# stock_lacks [Section.Key=value...]: print the first of these settings that a
# stock connection cannot have. 0: there is one.
stock_lacks() {
	local setting
	for setting; do
		_stock_has "${setting%%=*}" "${setting#*=}" ||
			{ echo "${setting%%=*}"; return 0; }
	done
	return 1
}

# charon dials one server, and its aaa_id is no pattern.
_stock_has() {
	case $1=$2 in
	Connection.Server=*,*) return 1 ;;
	NPS.ServerNames=*[\;*]*) return 1 ;;
	esac
	[[ " ${STOCK_SETTINGS[*]} " == *" $1 "* ]]
}

# _stock_value KEY DEFAULT [Section.Key=value...]: what that key has among these
# settings.
_stock_value() {
	local key=$1 value=$2 setting
	shift 2
	for setting; do
		[[ $setting != "$key="* ]] || value=${setting#*=}
	done
	echo "$value"
}

# stock_client_up [NAME [Section.Key=value...]]: load a connection NAME (stock) of
# CLIENT_CERT into the client's charon, beside those that are there, with these
# settings over the lab's. aovpnd is not needed.
stock_client_up() {
	local name=${1:-stock} roots
	local swanctl=$LAB_DIR/client/swanctl chain=${CLIENT_CHAIN:-$LAB_ISSUING}
	[ $# = 0 ] || shift
	roots=$(_stock_value Gateway.TrustedRoots '' "$@")
	cp "$(pki_cert "$CLIENT_CERT")" "$swanctl/x509/$name.pem"
	cp "$(_stock_value Credential.PrivateKey "$(pki_key "$CLIENT_CERT")" \
		"$@")" "$swanctl/private/$name.key"
	cp "$(pki_cert root)" "$swanctl/x509ca/root.pem"
	[ -z "$roots" ] || cp "$roots" "$swanctl/x509ca/$name.pem"
	[ "$chain" = none ] || cp "$(pki_cert "$chain")" "$swanctl/x509/chain.pem"
	_stock_connection "$name" "$@" >"$swanctl/conf.d/$name.conf"
	echo 'include conf.d/*.conf' >"$swanctl/swanctl.conf"
	stock_load
}

# stock_load: let charon have what is in the client's swanctl.conf, and only that.
stock_load() {
	charon_swanctl client --load-all --clear >"$LAB_DIR/log/stock-load.log" 2>&1
}

# IDr %any: RRAS answers with its subject DN, and stock strongSwan has no
# loose matching of a dialled name.
_stock_connection() {
	local name=$1 user=${CLIENT_CERT%%-*}
	shift
	cat <<-END
		connections {
			$name {
				version = 2
				remote_addrs = $(_stock_value Connection.Server \
					vpn.contoso.test "$@")
				vips = 0.0.0.0, ::
				proposals = $(_stock_proposals IKE \
					aes256-sha256-modp2048 "$@")
				keyingtries = 1
				dpd_delay = 30s
				local {
					auth = eap-tls
					certs = $name.pem
					eap_id = $(_stock_value \
						Credential.EAPIdentity \
						"$user@contoso.test" "$@")
					aaa_id = $(_stock_value NPS.ServerNames \
						nps.contoso.test "$@")
				}
				remote {
					auth = pubkey
					id = %any
					$(_stock_remote "$name" "$@")
				}
				children {
					$name {
						remote_ts = $(_stock_value \
							Connection.RemoteNetworks \
							10.80.0.0/24 "$@")
						esp_proposals = $(_stock_proposals \
							ESP aes256-sha256 "$@")
					}
				}
			}
		}
	END
}

# _stock_proposals IKE|ESP DEFAULT [Section.Key=value...]
_stock_proposals() {
	local proposals
	proposals=$(_stock_value "Connection.$1Proposals" "${@:2}")
	echo "${proposals:-default}"
}

# What it wants of the gateway's certificate.
_stock_remote() {
	local name=$1
	shift
	[ -z "$(_stock_value Gateway.TrustedRoots '' "$@")" ] ||
		echo "cacerts = $name.pem"
	[ "$(_stock_value Gateway.Revocation soft "$@")" != hard ] ||
		echo "revocation = strict"
}

# stock_charon [Section.Key=value...]: what of these settings stands in
# strongswan.conf. charon alone has TLS 1.2 at most.
stock_charon() {
	local min max fragment
	min=$(_stock_value TLS.MinVersion 1.2 "$@")
	max=$(_stock_value TLS.MaxVersion "$min" "$@")
	fragment=$(_stock_value TLS.FragmentSize '' "$@")
	printf 'tls {\n version_min = %s\n version_max = %s\n}\n' "$min" "$max"
	[ -z "$fragment" ] || printf \
		'plugins {\n eap-tls {\n fragment_size = %s\n}\n}\n' "$fragment"
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
