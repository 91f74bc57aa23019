# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# nps.sh - the stand-in for Windows NPS, in several kinds.
#
# Settings (assign before lab_start):
#   NPS_KIND           freeradius (default): refuses with a plain EAP-Failure
#                      alert: delivers the TLS alert first (alert_server.py)
#                      hostile: breaks the protocol (hostile_server.py)
#                      hostapd, strongswan: other EAP-TLS servers, to prove
#                      that a handshake works with them; strongswan is the
#                      gateway's own eap-tls, without RADIUS
#   NPS_HOSTILE        what the hostile kind plays: a name of its PLAYS
#   NPS_CERT           nps, or nps-{wrong-name,no-server-auth,no-eku,revoked,expired,
#                      notyet,rogue,ec,ec384,weak}
#   NPS_CHAIN          yes (default), or no: it sends no intermediate
#   NPS_STORE          which certificate of the issuing CA NPS has in its
#                      store: issuing or issuing-nocdp (default LAB_ISSUING),
#                      or none
#   NPS_ROOT           the root that it trusts: root (default) or rogue
#   NPS_TLS_MAX        1.2 (default) or 1.3
#   NPS_RESUME         no (default) or yes: TLS sessions may be resumed, until
#                      nps_restart
#   NPS_EMS            yes (default) or no: the extended master secret of TLS
#                      1.2; only of the alert kind
#   NPS_STAPLE         none (default), good, revoked, or stale: the OCSP response
#                      that it staples to its certificate; only of the alert
#                      kind
#   NPS_SECURITY_LEVEL of its OpenSSL, where it is not to be the system's: a
#                      level of 0 lets it use a certificate signed with SHA-1
#   NPS_FRAGMENT       bytes of TLS in one EAP packet
#   NPS_REVOCATION     yes (default), or no: freeradius does not ask about the
#                      client's chain; for measuring, as asking starts Python
#   NPS_OFFER          EAP type that it offers: tls, peap, mschapv2
#   NPS_REJECT         none, identity (no policy), after-tls
#   NPS_REJECT_REASON  the reason that NPS_REJECT logs
#   NPS_ACCOUNTS       NAME=SID words: the accounts; each certificate must name
#                      one and carry its SID (mapping.py). Empty: no mapping
#   NPS_MAPPING        certificate (default): in the handshake, account: after it
#                      (only of the alert kind)
#   NPS_DELAY          seconds that the alert kind thinks before each refusal
#   NPS_CLOCK          how much its clock is off, such as "+2y"
#   NPS_REGISTRY       NAME=VALUE words: the switches that it starts with
#
# The first two ask nps/revocation.py and mapping.py about the client's chain. Events are in
# $LAB_DIR/nps/events.log, in the shape "TIME event 6273 reason 258 user ...".
# hostapd and strongswan check revocation themselves, log no events and refuse
# settings that they do not know (_nps_without_policy).

NPS_KIND=${NPS_KIND:-freeradius}
NPS_HOSTILE=${NPS_HOSTILE:-honest}
NPS_CERT=${NPS_CERT:-nps}
NPS_STORE=${NPS_STORE:-}
NPS_ROOT=${NPS_ROOT:-root}
NPS_TLS_MAX=${NPS_TLS_MAX:-1.2}
NPS_RESUME=${NPS_RESUME:-no}
NPS_EMS=${NPS_EMS:-yes}
NPS_STAPLE=${NPS_STAPLE:-none}
NPS_SECURITY_LEVEL=${NPS_SECURITY_LEVEL:-}
NPS_FRAGMENT=${NPS_FRAGMENT:-1024}
NPS_REVOCATION=${NPS_REVOCATION:-yes}
NPS_OFFER=${NPS_OFFER:-tls}
NPS_REJECT=${NPS_REJECT:-none}
NPS_REJECT_REASON=${NPS_REJECT_REASON:-48}
NPS_CHAIN=${NPS_CHAIN:-yes}
NPS_ACCOUNTS=${NPS_ACCOUNTS:-}
NPS_MAPPING=${NPS_MAPPING:-certificate}
NPS_DELAY=${NPS_DELAY:-0}
NPS_CLOCK=${NPS_CLOCK:-}
NPS_REGISTRY=${NPS_REGISTRY:-}

# nps_launch: start it; nps_ready: wait until it takes requests.
nps_launch() {
	local setting
	_nps_state
	for setting in $NPS_REGISTRY; do
		nps_registry_set "${setting%%=*}" "${setting#*=}"
	done
	: >"$LAB_DIR/log/nps.log"
	case $NPS_KIND in
	freeradius) _nps_freeradius ;;
	alert) _nps_alert ;;
	hostile) _nps_hostile ;;
	hostapd) _nps_without_policy && _nps_hostapd ;;
	strongswan) _nps_without_policy ;; # the gateway is it
	*) echo "lab: no NPS_KIND $NPS_KIND" >&2; return 1 ;;
	esac
}

nps_ready() {
	local sign="Ready to process requests"
	cdp_ready || { echo "lab: the CDP does not answer" >&2; return 1; }
	case $NPS_KIND in
	strongswan) return 0 ;;
	hostapd) sign="AP-ENABLED" ;;
	esac
	wait_for 8 grep -q "$sign" "$LAB_DIR/log/nps.log" && return 0
	echo "lab: NPS does not start" >&2
	tail -3 "$LAB_DIR/log/nps.log" >&2
	return 1
}

# nps_restart: with the settings as they are now; its events and switches begin
# anew.
nps_restart() {
	process_stop nps KILL
	nps_launch && nps_ready || return
	[ "$NPS_KIND" != strongswan ] || gateway_restart
}

# nps_registry_set NAME 0|1: NoRevocationCheck, IgnoreNoRevocationCheck or
# IgnoreRevocationOffline; in force at once.
nps_registry_set() {
	local file=$LAB_DIR/nps/registry.conf
	sed -i "/^$1=/d" "$file"
	echo "$1=$2" >>"$file"
}

# nps_events: what it has logged.
nps_events() { cat "$LAB_DIR/nps/events.log"; }

# NPS's store and server certificate.
_nps_state() {
	local dir=$LAB_DIR/nps store=${NPS_STORE:-$LAB_ISSUING}
	: >"$dir/registry.conf"
	: >"$dir/events.log"
	cat "$(pki_cert "$NPS_ROOT")" >"$dir/store.pem"
	if [ "$store" = none ]; then
		store=$LAB_ISSUING
	else
		cat "$(pki_cert "$store")" >>"$dir/store.pem"
	fi
	cat "$(pki_cert "$NPS_CERT")" >"$dir/server.pem"
	[ "$NPS_CHAIN" = no ] ||
		cat "$(pki_issuer "$NPS_CERT" "$store")" >>"$dir/server.pem"
	rm -f "$dir/accounts"
	[ -z "$NPS_ACCOUNTS" ] ||
		printf '%s\n' $NPS_ACCOUNTS >"$dir/accounts"
}

# _nps_command COMMAND...: start it, by its own clock where that is set.
_nps_command() {
	local clock
	if [ -n "$NPS_SECURITY_LEVEL" ]; then
		_nps_openssl_conf >"$LAB_DIR/nps/openssl.cnf"
		set -- env OPENSSL_CONF="$LAB_DIR/nps/openssl.cnf" "$@"
	fi
	mapfile -t clock < <(clock_environment "$NPS_CLOCK")
	role_spawn nps nps env "${clock[@]}" "$@"
}

_nps_openssl_conf() {
	cat <<-END
		openssl_conf = this
		[this]
		ssl_conf = ssl
		[ssl]
		system_default = policy
		[policy]
		CipherString = DEFAULT:@SECLEVEL=$NPS_SECURITY_LEVEL
	END
}

# Refuse what this kind would silently ignore.
_nps_without_policy() {
	local policy="$NPS_OFFER $NPS_REJECT$NPS_CLOCK$NPS_REGISTRY$NPS_ACCOUNTS"
	[ "$policy $NPS_RESUME $NPS_EMS $NPS_STAPLE" = "tls none no yes none" ] &&
		return 0
	echo "lab: NPS_KIND $NPS_KIND knows no policy, clock or resumption" >&2
	return 1
}

# hostapd's RADIUS server, without any wireless. It wants all CRLs at hand.
_nps_hostapd() {
	local dir=$LAB_DIR/nps ca
	cp "$(pki_cert root)" "$dir/ca.pem"
	for ca in root issuing; do
		openssl crl -inform DER -in "$LAB_PKI/http/crls/$ca.crl" \
			>>"$dir/ca.pem" || return
	done
	echo "* TLS" >"$dir/users"
	echo "10.80.0.1/32 $LAB_RADIUS_SECRET" >"$dir/clients"
	_nps_hostapd_conf >"$dir/hostapd.conf"
	_nps_command /usr/sbin/hostapd -d "$dir/hostapd.conf"
}

_nps_hostapd_conf() {
	local dir=$LAB_DIR/nps tls13=DISABLE
	[ "$NPS_TLS_MAX" = 1.3 ] && tls13=ENABLE
	cat <<-END
		interface=lo
		driver=none
		logger_stdout=-1
		logger_stdout_level=0
		eap_server=1
		eap_user_file=$dir/users
		radius_server_clients=$dir/clients
		radius_server_auth_port=1812
		ca_cert=$dir/ca.pem
		server_cert=$dir/server.pem
		private_key=$(pki_key "$NPS_CERT")
		check_crl=2
		fragment_size=$NPS_FRAGMENT
		tls_flags=[$tls13-TLSv1.3]
	END
}

# _nps_python SERVER OPTION...: one of our own servers.
_nps_python() {
	local dir=$LAB_DIR/nps server=$1
	shift
	_nps_command /usr/bin/python3 -B "$LAB_HOME/nps/$server" \
		--bind "$NET_NPS" --secret "$LAB_RADIUS_SECRET" \
		--chain "$dir/server.pem" --key "$(pki_key "$NPS_CERT")" \
		--state "$dir" --tls-max "$NPS_TLS_MAX" \
		--fragment "$NPS_FRAGMENT" "$@"
}

_nps_alert() {
	local staple=""
	if [ "$NPS_STAPLE" != none ]; then
		staple=$LAB_DIR/nps/staple.der
		pki_ocsp_response "$NPS_CERT" "$NPS_STAPLE" "$staple" || return
	fi
	_nps_python alert_server.py --offer "$NPS_OFFER" \
		--resume "$NPS_RESUME" --ems "$NPS_EMS" --staple "$staple" \
		--reject "$NPS_REJECT" --reject-reason "$NPS_REJECT_REASON" \
		--mapping "$NPS_MAPPING" --delay "$NPS_DELAY"
}

_nps_hostile() {
	nps_play "$NPS_HOSTILE"
	_nps_python hostile_server.py
}

# nps_play NAME: what the hostile kind plays from the next dial on.
nps_play() { echo "$1" >"$LAB_DIR/nps/play"; }

_nps_freeradius() {
	local raddb=$LAB_DIR/nps/raddb
	rm -rf "$LAB_DIR/nps/sessions"
	mkdir -p "$raddb" "$LAB_DIR/nps/verify" "$LAB_DIR/nps/sessions"
	chmod 700 "$LAB_DIR/nps/verify" "$LAB_DIR/nps/sessions"
	{
		_nps_radiusd_conf
		_nps_radiusd_modules
		_nps_radiusd_server
	} >"$raddb/radiusd.conf"
	chmod 640 "$raddb/radiusd.conf"
	_nps_command freeradius -f -xx -l stdout -d "$raddb" -n radiusd
}

_nps_radiusd_conf() {
	local dir=$LAB_DIR/nps
	cat <<-END
		prefix = /usr
		libdir = /usr/lib/freeradius
		name = nps
		logdir = $dir
		raddbdir = $dir/raddb
		confdir = $dir/raddb
		run_dir = $dir
		max_request_time = 30
		cleanup_delay = 1
		max_requests = 1024
		hostname_lookups = no
		proxy_requests = no
		log {
			destination = stdout
			colourise = no
		}
		security {
			max_attributes = 200
			reject_delay = 0
			status_server = no
		}
		thread pool {
			start_servers = 2
			max_servers = 4
			min_spare_servers = 1
			max_spare_servers = 2
		}
		client rras {
			ipaddr = 10.80.0.1
			secret = $LAB_RADIUS_SECRET
		}
	END
}

# The EAP types that it has: the one offered, and no other to fall back to.
_nps_radiusd_eap_type() {
	case $NPS_OFFER in
	tls) echo "tls {
		tls = nps-tls
	}" ;;
	peap) echo "mschapv2 {
	}
	peap {
		tls = nps-tls
		default_eap_type = mschapv2
		virtual_server = nps
	}" ;;
	mschapv2) echo "mschapv2 {
	}" ;;
	esac
}

# The hook hands over the leaf only; the store gives the rest.
_nps_radiusd_verify() {
	local dir=$LAB_DIR/nps
	[ "$NPS_REVOCATION" = yes ] || return 0
	cat <<-END
		verify {
			tmpdir = $dir/verify
			client = "/usr/bin/python3 -B $LAB_HOME/nps/verify.py $dir %{TLS-Client-Cert-Filename}"
		}
	END
}

_nps_radiusd_modules() {
	local dir=$LAB_DIR/nps
	cat <<-END
		modules {
			always reject {
				rcode = reject
			}
			mschap {
			}
			linelog policy {
				filename = $dir/events.log
				format = "%S event 6273 reason $NPS_REJECT_REASON user %{User-Name}: refused by policy"
			}
			linelog granted {
				filename = $dir/events.log
				format = "%S event 6272 reason 0 user %{User-Name}: access granted"
			}
			eap {
				default_eap_type = $NPS_OFFER
				timer_expire = 60
				tls-config nps-tls {
					private_key_file = $(pki_key "$NPS_CERT")
					certificate_file = $dir/server.pem
					ca_file = $dir/store.pem
					auto_chain = no
					cipher_list = "DEFAULT"
					tls_min_version = "1.2"
					tls_max_version = "$NPS_TLS_MAX"
					ecdh_curve = ""
					fragment_size = $NPS_FRAGMENT
					cache {
						enable = $NPS_RESUME
						name = nps
						lifetime = 1
						persist_dir = $dir/sessions
					}
					$(_nps_radiusd_verify)
					ocsp {
						enable = no
					}
				}
				$(_nps_radiusd_eap_type)
			}
		}
	END
}

_nps_radiusd_server() {
	local identity="" after=granted
	[ "$NPS_REJECT" = identity ] && identity=$'policy\nreject'
	# FreeRADIUS would leave the EAP-Success in the Access-Reject.
	[ "$NPS_REJECT" = after-tls ] &&
		after=$'update reply {\nEAP-Message !* ANY\n}\npolicy\nreject'
	cat <<-END
		server nps {
			listen {
				type = auth
				ipaddr = $NET_NPS
				port = 1812
			}
			authorize {
				$identity
				eap {
					ok = return
				}
			}
			authenticate {
				Auth-Type MS-CHAP {
					mschap
				}
				eap
			}
			post-auth {
				$after
				Post-Auth-Type REJECT {
					eap
				}
			}
		}
	END
}
