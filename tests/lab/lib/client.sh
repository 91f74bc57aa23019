# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# client.sh - the Linux client: charon with our plugin, aovpnd and aovpn.
#
# Settings (assign before lab_start):
#   CLIENT_CERT   name of the user's certificate (default user1)
#   CLIENT_CHAIN  the issuing CA certificate it sends: issuing, issuing-nocdp
#                 (default LAB_ISSUING) or none
#   CLIENT_CHARON more lines for the charon section of strongswan.conf
#   CLIENT_CLOCK  how much the clock of charon and aovpnd is off, "+1y"
#   CLIENT_ESP    none: charon has no ESP of its own, only the kernel's
#   CLIENT_UNDER  array: the command under which charon runs, such as valgrind
#   PROFILE       array of Section.Key=value: overrides of the lab's profile

CLIENT_CERT=${CLIENT_CERT:-user1}
CLIENT_CHAIN=${CLIENT_CHAIN:-}
CLIENT_CHARON=${CLIENT_CHARON:-}
CLIENT_CLOCK=${CLIENT_CLOCK:-}
CLIENT_ESP=${CLIENT_ESP:-}
CLIENT_UNDER=()
PROFILE=()

CLIENT_PLUGIN=$AOVPN_BUILD/libstrongswan-aovpn.so

# client_environment: the variables that point aovpnd and aovpn at this lab,
# NAME=value, one a line.
client_environment() {
	local dir=$LAB_DIR/client
	echo "AOVPN_RUNTIME_DIR=$dir/aovpn"
	echo "AOVPN_CONFIG_DIR=$dir/config"
	echo "AOVPN_VENDOR_DIR=$dir/vendor"
	echo "AOVPN_STATE_DIR=$dir/state"
	echo "AOVPN_CACHE_DIR=$dir/cache"
	echo "AOVPN_VICI=unix://$(charon_vici client)"
	echo "AOVPN_VICI_NM=unix://$(nm_vici)"
	echo "SOFTHSM2_CONF=$(token_conf)"
	token_environment
	echo "TPM2OPENSSL_TCTI=$(tpm_tcti)"
	echo "TSS2_LOG=all+NONE"
	echo "CREDENTIALS_DIRECTORY=$dir/credentials"
}

# client_launch: start charon; client_ready: wait until vici answers. charon
# has no connection of its own: aovpnd loads them.
client_launch() {
	local dir=$LAB_DIR/client clock
	client_role || return
	charon_conf client "install_virtual_ip = yes
		retransmit_tries = 4
		retransmit_timeout = $LAB_PATIENCE.0
		retransmit_base = 1.0
		retry_initiate_interval = 0
		$CLIENT_CHARON
		$([ "$LAB_MODE" != stock ] || stock_charon "${PROFILE[@]}")" \
		"aovpn {
			load = 100
			socket = $dir/aovpn/plugin.sock
		}"
	mapfile -t clock < <(clock_environment "$CLIENT_CLOCK")
	charon_launch client "${clock[@]}" "${CLIENT_UNDER[@]}"
}

# client_role: its namespaces, unless they are there.
client_role() {
	local plugin=$CLIENT_PLUGIN
	[ "$LAB_MODE" != stock ] || plugin=''
	mkdir -p "$LAB_DIR/client"/{aovpn,config/profiles,state}
	role_up client "$plugin"
}

client_ready() { charon_ready client; }

# client_has_aovpn: are the programs under test there?
client_has_aovpn() {
	[ -x "$AOVPN_BUILD/aovpnd" ] && [ -x "$AOVPN_BUILD/aovpn" ] &&
		[ -f "$CLIENT_PLUGIN" ]
}

# daemon_launch: write the lab's profile and start aovpnd; daemon_ready: wait
# until it answers and the plugin in charon has found it.
daemon_launch() {
	local env
	client_role && _profile_file lab "${PROFILE[@]}" || return
	mapfile -t env < <(client_environment; clock_environment "$CLIENT_CLOCK")
	[ "$LAB_MODE" != plugin ] || { daemon_launch_without_bpf; return; }
	role_spawn client aovpnd env "${env[@]}" "$AOVPN_BUILD/aovpnd"
}

# daemon_launch_without_bpf: start it without the right to use BPF.
daemon_launch_without_bpf() {
	local env
	mapfile -t env < <(client_environment; clock_environment "$CLIENT_CLOCK")
	role_spawn client aovpnd env "${env[@]}" setpriv \
		--bounding-set=-bpf,-perfmon,-sys_admin \
		--inh-caps=-bpf,-perfmon,-sys_admin "$AOVPN_BUILD/aovpnd"
}

daemon_ready() {
	if ! wait_for 8 lab_aovpn status; then
		echo "lab: aovpnd does not answer" >&2
	elif [ "$LAB_MODE" = stock ]; then
		wait_for 4 daemon_sees_charon && return
		echo "lab: aovpnd does not hear what charon says" >&2
	elif ! wait_for 4 _daemon_sees_plugin; then
		echo "lab: the plugin in charon has not found aovpnd" >&2
	else
		return 0
	fi
	tail -5 "$LAB_DIR/log/aovpnd.log" >&2
	return 1
}

_daemon_sees_plugin() {
	lab_aovpn status --json | jq -e '.sources.plugin.state == "live"'
}

# daemon_sees_charon: does aovpnd hear charon's own messages?
daemon_sees_charon() {
	lab_aovpn status --json | jq -e '.sources.charon.state == "live"'
}

# daemon_up: both.
daemon_up() { daemon_launch && daemon_ready; }

# daemon_down: end aovpnd.
daemon_down() { process_stop aovpnd; }

# lab_aovpn ARG...: aovpn in the client's namespaces.
lab_aovpn() {
	local env
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" "$AOVPN_BUILD/aovpn" "$@"
}

# lab_dial [NAME]: dial and print the JSON records.
lab_dial() {
	if [ "$LAB_MODE" = stock ]; then
		stock_watched_dial "${1:-lab}"
	else
		lab_aovpn dial "${1:-lab}" --json
	fi
}

# lab_hangup [NAME]: end the connection, and wait until nothing is up.
lab_hangup() {
	if [ "$LAB_MODE" = stock ]; then
		charon_swanctl client --terminate --ike "${1:-lab}"
	else
		lab_aovpn hangup "${1:-lab}"
	fi && wait_for 3 _client_is_idle
}

# lab_dial_again [COMMAND...]: dial, hang up, run the command, dial again and
# print the second dial's records.
lab_dial_again() {
	{ lab_dial lab && lab_hangup lab && "$@"; } >&2 || return
	lab_dial lab
}

_client_is_idle() {
	lab_aovpn status --json |
		jq -e 'all(.connections[]; .state == "disconnected")'
}

# ike_exchanges: how many the client's last dial took, from IKE_SA_INIT to the
# last IKE_AUTH; fragments of one message count once.
ike_exchanges() {
	awk '/generating IKE_SA_INIT request/ { count = 0 }
	     /generating IKE_(SA_INIT|AUTH) request/ && !/ EF\(/ { count++ }
	     END { print count }' "$LAB_DIR/log/charon-client.log"
}

# candidate_add NAME...: put these certificates, each with its key in one file,
# into the directory of candidates, $LAB_DIR/client/candidates.
candidate_add() {
	local dir=$LAB_DIR/client/candidates name
	mkdir -p "$dir"
	for name; do
		cat "$(pki_cert "$name")" "$(pki_key "$name")" >"$dir/$name.pem"
	done
}

# _profile_defaults: the lab's profile, as Section.Key=value lines.
_profile_defaults() {
	local chain=${CLIENT_CHAIN:-$LAB_ISSUING}
	echo "Connection.Server=vpn.contoso.test"
	echo "Connection.DialTimeout=$((15 * LAB_PATIENCE))"
	echo "Connection.RemoteNetworks=10.80.0.0/24"
	echo "Connection.IKEProposals=aes256-sha256-modp2048"
	echo "Connection.ESPProposals=aes256-sha256"
	echo "Gateway.TrustedRoots=$(pki_cert root)"
	echo "NPS.ServerNames=nps.contoso.test"
	echo "Credential.Certificate=$(pki_cert "$CLIENT_CERT")"
	echo "Credential.PrivateKey=$(pki_key "$CLIENT_CERT")"
	[ "$chain" = none ] || echo "Credential.Chain=$(pki_cert "$chain")"
}

# profile_write NAME [Section.Key=value...]: the lab's profile with these keys
# set otherwise; an empty value leaves the key out. In stock, charon has a
# connection like it.
profile_write() {
	_profile_file "$@" || return
	[ "$LAB_MODE" != stock ] || stock_client_up "$@"
}

_profile_file() {
	local name=$1 dir=$LAB_DIR/client/config/profiles
	shift
	mkdir -p "$dir"
	{
		_profile_defaults
		[ $# = 0 ] || printf '%s\n' "$@"
	} | awk '
		{
			split_at = index($0, "=")
			key = substr($0, 1, split_at - 1)
			if (!(key in value)) order[++count] = key
			value[key] = substr($0, split_at + 1)
		}
		END {
			for (i = 1; i <= count; i++) {
				key = order[i]
				if (value[key] == "") continue
				dot = index(key, ".")
				section = substr(key, 1, dot - 1)
				if (!(section in text)) sections[++n] = section
				text[section] = text[section] \
					substr(key, dot + 1) "=" value[key] "\n"
			}
			for (i = 1; i <= n; i++)
				printf "[%s]\n%s\n", sections[i], text[sections[i]]
		}' >"$dir/$name.conf"
}
