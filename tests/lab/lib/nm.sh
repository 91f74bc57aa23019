# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# nm.sh - charon-nm, NetworkManager's charon, in the client's role beside the
# other one, on the role's system bus (bus.sh). busctl plays NetworkManager's part:
# it calls what NetworkManager calls (org.freedesktop.NetworkManager.VPN.Plugin).

NM_CHARON=/usr/lib/ipsec/charon-nm
NM_SERVICE=org.freedesktop.NetworkManager.strongswan
NM_IDENTITY=${NM_IDENTITY-CN=vpn.contoso.test}
# What an administrator installs, so that charon-nm tells of its connections.
NM_SETTINGS=$LAB_HOME/../../packaging/examples/charon-nm.conf

# nm_missing: print what is missing for it; 0: something is.
nm_missing() {
	local charon=$LAB_STRONGSWAN$NM_CHARON
	[ -x "$charon" ] || { echo "no $charon (strongswan-nm)"; return 0; }
	bus_missing
}

# nm_vici: where charon-nm of this lab listens.
nm_vici() { echo "$LAB_DIR/client/charon-nm.vici"; }

# nm_up: the bus and charon-nm. Its settings are those of the package, but for
# the socket's place.
nm_up() {
	bus_up && _nm_settings &&
		role_spawn client charon-nm env \
			STRONGSWAN_CONF="$LAB_DIR/client/charon-nm.conf" \
			"$NM_CHARON" &&
		wait_for 8 bus_ctl status "$NM_SERVICE"
}

_nm_settings() {
	cat >"$LAB_DIR/client/charon-nm.conf" <<-END
		include $NM_SETTINGS
		charon-nm {
			$(_nm_esp)
			retransmit_tries = 4
			retransmit_timeout = $LAB_PATIENCE.0
			retransmit_base = 1.0
			filelog {
				lab {
					path = $LAB_DIR/log/charon-nm.log
					default = 1
					tls = 2
					flush_line = yes
				}
			}
			plugins {
				vici {
					socket = unix://$(nm_vici)
				}
			}
		}
	END
}

# The package's list of plugins, and an ESP of its own where the kernel has none.
_nm_esp() {
	net_kernel_has_esp ||
		sed -n '/^\tload = /s/kernel-netlink/kernel-libipsec &/p' \
			"$NM_SETTINGS"
}

# daemon_sees_charon_nm: does aovpnd hear what charon-nm says?
daemon_sees_charon_nm() {
	lab_aovpn status --json | jq -e '.sources.charon_nm.state == "live"'
}

# nm_connect NAME: what NetworkManager asks for when a user activates the
# connection. 0: it was begun. NM_IDENTITY is what the user wants the gateway to
# be; empty: whoever has the name or address that is dialled.
nm_connect() {
	local identity=() data
	[ -z "$NM_IDENTITY" ] || identity=(remote-identity "$NM_IDENTITY")
	data=(
		address "$NET_GATEWAY"
		"${identity[@]}"
		certificate "$(pki_cert root)"
		method eap-tls
		cert-source file
		usercert "$(pki_cert "$CLIENT_CERT")"
		userkey "$(pki_key "$CLIENT_CERT")"
		local-identity "${CLIENT_CERT%%-*}@contoso.test"
		virtual yes
		remote-ts 10.80.0.0/24
		proposal yes
		ike aes256-sha256-modp2048
		esp aes256-sha256
	)
	bus_ctl call "$NM_SERVICE" /org/freedesktop/NetworkManager/VPN/Plugin \
		org.freedesktop.NetworkManager.VPN.Plugin Connect 'a{sa{sv}}' 2 \
		connection 3 id s "$1" type s vpn \
		uuid s 7c2f6f5e-0d0b-4b52-8d55-2f4b6f0d7a11 \
		vpn 2 service-type s "$NM_SERVICE" \
		data 'a{ss}' $((${#data[@]} / 2)) "${data[@]}" >&2
}

# nm_dial NAME: connect and print the records that aovpnd made of it. 0:
# connected.
nm_dial() {
	nm_connect "$1" || return
	wait_for 20 stock_dial_is_over "$1" || return
	_stock_records "$1"
	_stock_records "$1" | tail -n 1 | jq -e '.event_id == 20225' >/dev/null
}

# nm_disconnect: what it asks for when the user deactivates the connection.
nm_disconnect() {
	bus_ctl call "$NM_SERVICE" /org/freedesktop/NetworkManager/VPN/Plugin \
		org.freedesktop.NetworkManager.VPN.Plugin Disconnect >&2
}
