# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# gateway.sh - the stand-in for Windows RRAS: charon with eap-radius, or with
# its own eap-tls where NPS_KIND is strongswan (nps.sh).
#
# Settings (assign before lab_start):
#   LAB_ISSUING            issuing (default) or issuing-nocdp: which of the
#                          issuing CA's two certificates everybody has
#   GATEWAY_CERT           gateway, or gateway-{wrong-name,no-server-auth,no-eku,revoked,
#                          expired,notyet,rogue,ec,weak}
#   GATEWAY_CHAIN          the issuing CA's certificate that it sends, or none
#   GATEWAY_IDR            dn (default): the IDr is the certificate's subject;
#                          anything else is the IDr
#   GATEWAY_IKE, _ESP      proposals
#   GATEWAY_TS             its traffic selector
#   GATEWAY_POOL           addresses for clients, or none
#   GATEWAY_CLIENT_ID      IDi that it takes (default %any); others are refused
#                          with AUTHENTICATION_FAILED before any EAP
#   GATEWAY_FRAGMENTATION  yes or no
#   GATEWAY_CHARON         more lines for its strongswan.conf
#   GATEWAY_MS_STATUS      private notify 12345 beside a refusal (rras plugin)
#   GATEWAY_NOTIFY         TYPE@ID: answer the IKE_AUTH of that message id with
#                          this notify and nothing else (rras plugin)
#   GATEWAY_VENDOR_IDS     yes or no: RRAS's vendor IDs (rras plugin)
#   GATEWAY_SPOIL_AUTH     no or yes: its signature does not verify (rras plugin)
#   GATEWAY_CHILD          more lines for its CHILD_SA, such as life_time = 4s

LAB_ISSUING=${LAB_ISSUING:-issuing}
GATEWAY_CERT=${GATEWAY_CERT:-gateway}
GATEWAY_IDR=${GATEWAY_IDR:-dn}
GATEWAY_IKE=${GATEWAY_IKE:-aes256-sha256-modp2048}
GATEWAY_ESP=${GATEWAY_ESP:-aes256-sha256}
GATEWAY_TS=${GATEWAY_TS:-10.80.0.0/24}
GATEWAY_POOL=${GATEWAY_POOL:-10.99.0.10-10.99.0.50}
GATEWAY_CLIENT_ID=${GATEWAY_CLIENT_ID:-%any}
GATEWAY_FRAGMENTATION=${GATEWAY_FRAGMENTATION:-yes}
GATEWAY_CHARON=${GATEWAY_CHARON:-}
GATEWAY_MS_STATUS=${GATEWAY_MS_STATUS:-}
GATEWAY_NOTIFY=${GATEWAY_NOTIFY:-}
GATEWAY_CHAIN=${GATEWAY_CHAIN:-}
GATEWAY_VENDOR_IDS=${GATEWAY_VENDOR_IDS:-yes}
GATEWAY_SPOIL_AUTH=${GATEWAY_SPOIL_AUTH:-no}
GATEWAY_CHILD=${GATEWAY_CHILD:-}

LAB_RADIUS_SECRET=lab-radius-secret
GATEWAY_PLUGIN=$AOVPN_BUILD/libstrongswan-rras.so

# gateway_launch: start it; gateway_ready: wait until it takes connections.
gateway_launch() {
	role_up gateway "$GATEWAY_PLUGIN" || return
	_gateway_charon_conf
	_gateway_credentials
	_gateway_connection >"$LAB_DIR/gateway/swanctl/swanctl.conf"
	charon_launch gateway
}

gateway_ready() {
	charon_ready gateway &&
		charon_swanctl gateway --load-all >"$LAB_DIR/log/gateway-load.log" 2>&1 &&
		return 0
	echo "lab: the gateway does not start" >&2
	tail -3 "$LAB_DIR/log/gateway-load.log" >&2
	return 1
}

# gateway_restart: with the settings as they are now.
gateway_restart() {
	process_stop charon-gateway KILL
	gateway_launch && gateway_ready
}

# gateway_has_rras_plugin: is there a plugin for notify 12345 and vendor IDs?
gateway_has_rras_plugin() { [ -f "$GATEWAY_PLUGIN" ]; }

_gateway_charon_conf() {
	# 35 half-open IKE_SAs of one address, as on Windows (MS-IKEE note 29);
	# a client that breaks off leaves one.
	charon_conf gateway "block_threshold = 35
		half_open_timeout = $((10 * LAB_PATIENCE))
		$GATEWAY_CHARON
		$(_gateway_tls)" \
		"eap-radius {
		load = yes
		accounting = no
		retransmit_tries = 2
		retransmit_timeout = $((3 * LAB_PATIENCE)).0
		retransmit_base = 1.0
		servers {
			nps {
				address = $NET_NPS
				auth_port = 1812
				nas_identifier = RRAS
				secret = $LAB_RADIUS_SECRET
				sockets = 5
			}
		}
	}
	eap-tls {
		fragment_size = $NPS_FRAGMENT
	}
	rras {
		load = yes
		ms_status = ${GATEWAY_MS_STATUS:-0}
		vendor_ids = $GATEWAY_VENDOR_IDS
		notify = $GATEWAY_NOTIFY
		spoil_auth = $GATEWAY_SPOIL_AUTH
	}"
}

# As EAP-TLS server it speaks what NPS would, by the same settings.
_gateway_tls() {
	[ "$NPS_KIND" = strongswan ] || return 0
	echo "tls {
		version_max = $NPS_TLS_MAX
	}"
}

_gateway_credentials() {
	local swanctl=$LAB_DIR/gateway/swanctl
	cp "$(pki_cert "$GATEWAY_CERT")" "$swanctl/x509/gateway.pem"
	cp "$(pki_key "$GATEWAY_CERT")" "$swanctl/private/gateway.key"
	case $GATEWAY_CERT in
	*-rogue) cp "$(pki_cert rogue)" "$swanctl/x509ca/" ;;
	*)
		cp "$(pki_cert root)" "$swanctl/x509ca/"
		[ "$GATEWAY_CHAIN" = none ] ||
			cp "$(pki_cert "${GATEWAY_CHAIN:-$LAB_ISSUING}")" \
				"$swanctl/x509/issuing.pem"
		;;
	esac
	[ "$NPS_KIND" = strongswan ] || return 0
	cp "$(pki_cert "$NPS_CERT")" "$swanctl/x509/nps.pem"
	cp "$(pki_key "$NPS_CERT")" "$swanctl/private/nps.key"
}

_gateway_connection() {
	local id="" pools="" eap="auth = eap-radius"
	[ "$NPS_KIND" = strongswan ] &&
		eap=$'auth = eap-tls\naaa_id = nps.contoso.test'
	[ "$GATEWAY_IDR" != dn ] && id="id = $GATEWAY_IDR"
	[ "$GATEWAY_POOL" != none ] && pools="pools = vpn"
	cat <<-END
		connections {
			rras {
				version = 2
				local_addrs = %any
				proposals = $GATEWAY_IKE
				send_cert = always
				$pools
				fragmentation = $GATEWAY_FRAGMENTATION
				dpd_delay = 30s
				unique = replace
				local {
					auth = pubkey
					certs = gateway.pem
					$id
				}
				remote {
					$eap
					id = $GATEWAY_CLIENT_ID
					eap_id = %any
				}
				children {
					net {
						local_ts = $GATEWAY_TS
						esp_proposals = $GATEWAY_ESP
						$GATEWAY_CHILD
					}
				}
			}
		}
		pools {
			vpn {
				addrs = ${GATEWAY_POOL/none/10.99.0.10}
				dns = $NET_NPS
			}
		}
	END
}
