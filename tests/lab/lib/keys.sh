# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# keys.sh - keys that cannot be copied: a PKCS#11 token (SoftHSM) and a TPM 2.0
# (swtpm), both private to the lab. aovpnd finds them by its environment
# (client_environment); charon has nothing of it.

TOKEN_PIN=1234
TPM_PIN=tpm-secret

# tokens_missing, tpm_missing: for scenario_requires.
tokens_missing() { _keys_need softhsm2-util pkcs11-tool; }
tpm_missing() { _keys_need swtpm && _keys_need_provider; }

_keys_need() {
	local program
	for program; do
		command -v "$program" >/dev/null ||
			{ echo "program $program"; return 1; }
	done
}

_keys_need_provider() {
	local dir
	dir=$(openssl version -m | sed 's/.*"\(.*\)"/\1/')
	[ -f "$dir/tpm2.so" ] || { echo "OpenSSL's tpm2 provider"; return 1; }
}

# token_conf: path of SoftHSM's configuration.
token_conf() { echo "$LAB_DIR/client/softhsm2.conf"; }

# token_pin_file [PIN]: $LAB_DIR/client/pin, a file with it.
token_pin_file() {
	echo "${1:-$TOKEN_PIN}" >"$LAB_DIR/client/pin"
}

# token_make NAME...: a token "lab" with each certificate and its key, both
# under NAME as label.
token_make() {
	local name id=0
	mkdir -p "$LAB_DIR/client/tokens"
	printf 'directories.tokendir = %s\nlog.level = ERROR\n' \
		"$LAB_DIR/client/tokens" >"$(token_conf)"
	_softhsm --init-token --free --label lab --pin "$TOKEN_PIN" \
		--so-pin 87654321 || return
	for name; do
		id=$((id + 1))
		_token_put "$name" "0$id" || return
	done
}

# token_mechanisms LIST: the token does nothing but these (CKM_RSA_PKCS,...).
token_mechanisms() { echo "slots.mechanisms = $1" >>"$(token_conf)"; }

# TOKEN_FAULT: empty, or the fault of the module token_module (token/token.c).
TOKEN_FAULT=${TOKEN_FAULT:-}

# token_module: path of the module that has TOKEN_FAULT, for ?module-path=.
token_module() { echo "$AOVPN_BUILD/lab-token.so"; }

# token_environment: what it reads, NAME=value, one a line.
token_environment() {
	[ -n "$TOKEN_FAULT" ] || return 0
	echo "LAB_TOKEN_MODULE=$(_softhsm_module)"
	echo "LAB_TOKEN_FAULT=$TOKEN_FAULT"
	echo "LAB_TOKEN_GOOD=${TOKEN_GOOD:-0}"
}

_softhsm_module() {
	local module
	module=$(sed -n 's/^module: *//p' \
		/usr/share/p11-kit/modules/softhsm2.module)
	[[ $module = /* ]] ||
		module=$(pkg-config --variable=p11_module_path p11-kit-1)/$module
	echo "$module"
}

_softhsm() {
	SOFTHSM2_CONF=$(token_conf) softhsm2-util "$@" \
		>>"$LAB_DIR/log/softhsm.log" 2>&1
}

_token_put() {
	local module der=$LAB_DIR/client/token.der
	module=$(_softhsm_module)
	openssl pkcs8 -topk8 -nocrypt -in "$(pki_key "$1")" -out "$der.key" &&
		_softhsm --import "$der.key" --token lab --label "$1" \
			--id "$2" --pin "$TOKEN_PIN" || return
	rm "$der.key"
	openssl x509 -in "$(pki_cert "$1")" -outform DER -out "$der" &&
		SOFTHSM2_CONF=$(token_conf) pkcs11-tool --module "$module" \
			--token-label lab --login --pin "$TOKEN_PIN" \
			--write-object "$der" --type cert --label "$1" \
			--id "$2" >>"$LAB_DIR/log/softhsm.log" 2>&1
}

# tpm_tcti: how the TPM is reached, for TPM2OPENSSL_TCTI.
tpm_tcti() { echo "swtpm:path=$LAB_DIR/client/tpm.sock"; }

# tpm_up: start a new TPM.
tpm_up() {
	local sock=$LAB_DIR/client/tpm.sock
	mkdir -p "$LAB_DIR/client/tpm"
	role_spawn client swtpm swtpm socket --tpm2 \
		--tpmstate "dir=$LAB_DIR/client/tpm" \
		--server "type=unixio,path=$sock" \
		--ctrl "type=unixio,path=$sock.ctrl" \
		--flags not-need-init,startup-clear
	wait_for 5 test -S "$sock"
}

# tpm_openssl ARG...: openssl with the TPM's provider.
tpm_openssl() {
	local command=$1
	shift
	TPM2OPENSSL_TCTI=$(tpm_tcti) openssl "$command" -provider tpm2 \
		-provider default "$@" 2>>"$LAB_DIR/log/tpm.log"
}

# tpm_user KIND [PIN]: a key of KIND (rsa, ec) in the TPM and the user's
# certificate for it: $LAB_DIR/client/tpm-KIND.key and .pem.
tpm_user() {
	local base=$LAB_DIR/client/tpm-$1 kind=(-algorithm RSA -pkeyopt bits:2048)
	[ "$1" = rsa ] || kind=(-algorithm EC -pkeyopt group:P-256)
	[ -z "${2:-}" ] || kind+=(-pkeyopt "user-auth:$2")
	tpm_openssl genpkey "${kind[@]}" -out "$base.key" &&
		tpm_certify "tpm-$1" "$base.key" "${2:-}"
}

# tpm_certify NAME KEY [PIN]: $LAB_DIR/client/NAME.pem, the user's certificate
# for that key of the TPM.
tpm_certify() {
	local base=$LAB_DIR/client/$1
	tpm_openssl req -new -key "$2" -passin "pass:${3:-}" \
		-config "$LAB_PKI/ca-issuing/ca.cnf" \
		-subj "/CN=$PKI_USER" -out "$base.csr" &&
		openssl x509 -req -in "$base.csr" -days 365 -sha256 \
			-CA "$(pki_cert issuing)" -CAkey "$(pki_key issuing)" \
			-set_serial "0x$(openssl rand -hex 8)" \
			-extfile "$LAB_PKI/ext/user" -out "$base.pem" \
			2>>"$LAB_DIR/log/tpm.log"
}

# tpm_persist HANDLE: a new RSA key that stays in the TPM under that handle.
tpm_persist() {
	local dir=$LAB_DIR/client/tpm
	(
		export TPM2TOOLS_TCTI
		TPM2TOOLS_TCTI=$(tpm_tcti)
		# This TPM has no resource manager: contexts stay in it.
		tpm2_createprimary -C o -c "$dir/primary" &&
			tpm2_create -C "$dir/primary" -G rsa2048 \
				-u "$dir/public" -r "$dir/private" &&
			tpm2_flushcontext -t &&
			tpm2_load -C "$dir/primary" -u "$dir/public" \
				-r "$dir/private" -c "$dir/key" &&
			tpm2_flushcontext -t &&
			tpm2_evictcontrol -C o -c "$dir/key" "$1" &&
			tpm2_flushcontext -t
	) >>"$LAB_DIR/log/tpm.log" 2>&1
}
