# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# pki.sh - a PKI shaped like Microsoft Cloud PKI, made by the openssl CLI.
#
#   root            self-signed, no CDP (normal for a root)
#   +- issuing      one key, one name, TWO certificates:
#   |                 issuing        with the CDP of the root's CRL
#   |                 issuing-nocdp  without any CDP (what Cloud PKI tenants met)
#   |                 issuing-server-only  whose EKUs lack clientAuth
#   |  +- sub       a CA that issuing may not have below it (pathlen:0), above
#   |  |              user1-sub; sub-chain: both CAs' certificates
#   |  +- user1..., user2, gateway..., nps...
#   rogue           a root that nobody trusts, with leafs of its own
#
# Certificates are CERTS/NAME.pem. Variants of one subject share one key, so
# that the whole PKI needs eleven RSA keys and about two seconds. NAME-ec (P-256),
# NAME-ec384 and NAME-weak (RSA of 1024 bits) have a key of their own; what signs
# them is the same CA.
#
# Needs: LAB_PKI (the directory). Uses nothing else of the lab.

PKI_URL=http://pki.contoso.test
PKI_SID=S-1-5-21-1111111111-2222222222-3333333333-1105
PKI_USER=user1@contoso.test
PKI_DEVICE=pc1.contoso.test
PKI_PASSWORD=lab-password
# Server certificates: Windows admins add the IKE intermediate EKU.
PKI_EKU_GATEWAY=serverAuth,1.3.6.1.5.5.8.2.2

# pki_cert NAME: path of a certificate of the PKI.
pki_cert() { echo "$LAB_PKI/certs/$1.pem"; }

# pki_key NAME: path of the key of certificate NAME (variants share one).
pki_key() {
	case $1 in
	*-ec | *-ec384 | *-weak) echo "$LAB_PKI/keys/$1.key" ;;
	*) echo "$LAB_PKI/keys/${1%%-*}.key" ;;
	esac
}

# pki_issuer NAME: path of the CA certificate above leaf NAME: the rogue root
# for *-rogue, or else issuing certificate $2 (issuing or issuing-nocdp).
pki_issuer() {
	case $1 in
	*-rogue) pki_cert rogue ;;
	*) pki_cert "$2" ;;
	esac
}

# pki_thumbprint NAME: SHA-1 of certificate NAME, as openssl shows it.
pki_thumbprint() {
	openssl x509 -in "$(pki_cert "$1")" -noout -fingerprint -sha1 |
		sed 's/.*=//'
}

# pki_short_lived KIND SECONDS: KIND-short, a server's (gateway or nps)
# certificate that expires so soon.
pki_short_lived() {
	local subject
	subject=$(openssl x509 -in "$(pki_cert "$1")" -noout -subject \
		-nameopt compat) || return
	_pki_sign "$1-short" issuing "${subject#subject=}" "$LAB_PKI/ext/$1" \
		-enddate "$(date -u -d "+$2 seconds" +%Y%m%d%H%M%SZ)"
}

# pki_leaf NAME CA SUBJECT [openssl ca option...]: one more certificate of a
# kind, user1-ANY, gateway-ANY or nps-ANY, with that kind's key and the extensions
# of the standard input. pki_extensions KIND: those of a sound one.
pki_leaf() {
	local name=$1
	cat >"$LAB_PKI/ext/$name" || return
	(
		flock 9 # labs beside each other share the CA's database
		_pki_sign "$1" "$2" "$3" "$LAB_PKI/ext/$name" "${@:4}"
	) 9>"$LAB_PKI/lock" >"$LAB_DIR/log/pki-$name.log" 2>&1
}
pki_extensions() { cat "$LAB_PKI/ext/$1"; }

# pki_date WORDS...: a time such as "-2 hours", as openssl ca wants it.
pki_date() { date -u -d "$*" +%Y%m%d%H%M%SZ; }

# pki_ocsp_response NAME good|revoked|stale FILE: an OCSP response of the issuing
# CA about certificate NAME, whatever its database says.
pki_ocsp_response() {
	local name=$1 kind=$2 out=$3 status=V revoked="" before=()
	local work=$LAB_DIR/ocsp-$1 ca
	ca=$(pki_cert issuing)
	[ "$kind" = revoked ] && status=R revoked=250101000000Z
	[ "$kind" = stale ] && before=(faketime -f -3d)
	printf '%s\t491231235959Z\t%s\t%s\tunknown\t/CN=%s\n' $status \
		"$revoked" "$(openssl x509 -in "$(pki_cert "$name")" -noout \
			-serial | sed 's/.*=//')" "$name" >"$work.index" &&
		openssl ocsp -issuer "$ca" -cert "$(pki_cert "$name")" \
			-no_nonce -reqout "$work.request" &&
		"${before[@]}" openssl ocsp -index "$work.index" -CA "$ca" \
			-rsigner "$ca" -rkey "$(pki_key issuing)" -ndays 1 \
			-reqin "$work.request" -respout "$out" \
			>"$work.log" 2>&1
}

# pki_make: make the PKI in LAB_PKI unless it is there and complete already.
pki_make() {
	[ -f "$LAB_PKI/complete" ] && return 0
	mkdir -p "$LAB_PKI"/{certs,keys,csr,ext,http/crls,http/cacerts} || return
	_pki_all >"$LAB_PKI/log" 2>&1 || {
		echo "lab: PKI failed, see $LAB_PKI/log" >&2
		tail -5 "$LAB_PKI/log" >&2
		return 1
	}
	touch "$LAB_PKI/complete"
}

_pki_all() {
	_pki_keys && _pki_cas && _pki_users && _pki_servers && _pki_ec_leafs &&
		_pki_publish && _pki_pkcs12
}

# All keys at once: one process each.
_pki_keys() {
	local name pids=() pid
	for name in root issuing rogue sub user1 user2 gateway nps; do
		openssl genpkey -quiet -algorithm RSA \
			-pkeyopt rsa_keygen_bits:2048 \
			-out "$LAB_PKI/keys/$name.key" 2>/dev/null ||
			openssl genpkey -algorithm RSA \
				-pkeyopt rsa_keygen_bits:2048 \
				-out "$LAB_PKI/keys/$name.key" &
		pids+=($!)
	done
	for name in user1-weak gateway-weak nps-weak; do
		openssl genrsa -out "$(pki_key "$name")" 1024 2>/dev/null ||
			return
	done
	for name in user1-ec gateway-ec nps-ec; do
		_pki_ec_key "$name" P-256 || return
	done
	_pki_ec_key user1-ec384 P-384 && _pki_ec_key nps-ec384 P-384 || return
	for pid in "${pids[@]}"; do wait "$pid" || return; done
}

# _pki_ec_key NAME CURVE
_pki_ec_key() {
	openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" \
		-out "$(pki_key "$1")"
}

# _pki_database CA: an empty CA database for "openssl ca".
_pki_database() {
	local dir=$LAB_PKI/ca-$1
	mkdir -p "$dir/new"
	: >"$dir/index.txt"
	echo "unique_subject = no" >"$dir/index.txt.attr"
	openssl rand -hex 8 >"$dir/serial"
	echo 1000 >"$dir/crlnumber"
	cat >"$dir/ca.cnf" <<-END
		[ca]
		default_ca = this
		[this]
		database = $dir/index.txt
		new_certs_dir = $dir/new
		serial = $dir/serial
		crlnumber = $dir/crlnumber
		certificate = $(pki_cert "$1")
		private_key = $(pki_key "$1")
		default_md = sha256
		default_days = 365
		default_crl_days = 7
		policy = any
		copy_extensions = none
		unique_subject = no
		email_in_dn = no
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid:always
		[any]
		organizationName = optional
		commonName = supplied
		[req]
		distinguished_name = dn
		[dn]
	END
}

# _pki_sign NAME CA SUBJECT EXTFILE [openssl ca option...]
_pki_sign() {
	local name=$1 ca=$LAB_PKI/ca-$2/ca.cnf subject=$3 ext=$4
	local csr=$LAB_PKI/csr/$1.csr
	shift 4
	openssl req -new -config "$ca" -key "$(pki_key "$name")" \
		-subj "$subject" -out "$csr" &&
		openssl ca -batch -notext -config "$ca" -in "$csr" \
			-extfile "$ext" -out "$(pki_cert "$name")" "$@"
}

# _pki_root NAME SUBJECT: a self-signed root with Cloud PKI's closed EKU list.
_pki_root() {
	_pki_database "$1"
	cat >"$LAB_PKI/ext/$1" <<-END
		basicConstraints = critical,CA:TRUE,pathlen:1
		keyUsage = critical,digitalSignature,keyCertSign,cRLSign
		extendedKeyUsage = serverAuth,clientAuth,1.3.6.1.5.5.8.2.2
		subjectKeyIdentifier = hash
	END
	openssl req -new -config "$LAB_PKI/ca-$1/ca.cnf" \
		-key "$(pki_key "$1")" -subj "$2" -out "$LAB_PKI/csr/$1.csr" &&
		openssl x509 -req -in "$LAB_PKI/csr/$1.csr" -days 3650 -sha256 \
			-signkey "$(pki_key "$1")" -extfile "$LAB_PKI/ext/$1" \
			-out "$(pki_cert "$1")"
}

_pki_cas() {
	local ext=$LAB_PKI/ext
	_pki_root root "/O=Contoso/CN=Contoso Cloud PKI Root CA" &&
		_pki_root rogue "/O=Rogue/CN=Rogue Root CA" || return
	cat >"$ext/issuing-nocdp" <<-END
		basicConstraints = critical,CA:TRUE,pathlen:0
		keyUsage = critical,digitalSignature,keyCertSign,cRLSign
		extendedKeyUsage = serverAuth,clientAuth,1.3.6.1.5.5.8.2.2
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid
	END
	{
		cat "$ext/issuing-nocdp"
		echo "crlDistributionPoints = URI:$PKI_URL/crls/root.crl"
		echo "authorityInfoAccess = caIssuers;URI:$PKI_URL/cacerts/root.cer"
	} >"$ext/issuing"
	sed 's/serverAuth,clientAuth/serverAuth/' "$ext/issuing" \
		>"$ext/issuing-server-only"
	local name
	for name in issuing issuing-nocdp issuing-server-only; do
		_pki_sign "$name" root \
			"/O=Contoso/CN=Contoso Cloud PKI Issuing CA" \
			"$ext/$name" -days 1825 || return
	done
	_pki_database issuing && _pki_sub
}

# A CA that the issuing CA (pathlen:0) was not allowed to have below it, and what
# is to be sent of its chain.
_pki_sub() {
	sed 's/root/issuing/g' "$LAB_PKI/ext/issuing" >"$LAB_PKI/ext/sub" &&
		_pki_sign sub issuing "/O=Contoso/CN=Contoso Sub CA" \
			"$LAB_PKI/ext/sub" -days 1825 && _pki_database sub &&
		cat "$(pki_cert sub)" "$(pki_cert issuing)" \
			>"$(pki_cert sub-chain)"
}

# The leaf's extensions that all share: $1 EKU.
_pki_leaf_ext() {
	cat <<-END
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature,keyEncipherment
		extendedKeyUsage = $1
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid
		crlDistributionPoints = URI:$PKI_URL/crls/issuing.crl
		authorityInfoAccess = caIssuers;URI:$PKI_URL/cacerts/issuing.cer
		subjectAltName = @san
	END
}

# _pki_user_ext UPN EKU SID...: SID is any of uri (the SCEP form, a URI in the
# SAN) and extension (1.3.6.1.4.1.311.25.2, MS-WCCE 2.2.2.7.7.4).
_pki_user_ext() {
	local upn=$1 eku=$2
	shift 2
	_pki_leaf_ext "$eku"
	[[ " $* " = *" extension "* ]] &&
		echo "1.3.6.1.4.1.311.25.2 = ASN1:SEQUENCE:sid"
	echo "[san]"
	echo "otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:$upn"
	[[ " $* " = *" uri "* ]] &&
		echo "URI.1 = tag:microsoft.com,2022-09-14:sid:${SID_URI:-$PKI_SID}"
	cat <<-END
		[sid]
		outer = IMPLICIT:0,SEQUENCE:sid_pair
		[sid_pair]
		oid = OID:1.3.6.1.4.1.311.25.2.1
		value = EXPLICIT:0,FORMAT:ASCII,OCTETSTRING:$PKI_SID
	END
}

_pki_users() {
	local ext=$LAB_PKI/ext subject=/CN=$PKI_USER
	local past=(-startdate 20240101000000Z -enddate 20240601000000Z)
	_pki_user_ext "$PKI_USER" clientAuth uri >"$ext/user"
	_pki_user_ext "$PKI_USER" clientAuth extension >"$ext/user-sidext"
	_pki_user_ext "$PKI_USER" clientAuth uri extension >"$ext/user-sidboth"
	_pki_user_ext "$PKI_USER" clientAuth >"$ext/user-nosid"
	_pki_user_ext "$PKI_USER" serverAuth uri >"$ext/user-noeku"
	sed 's/issuing/sub/g' "$ext/user" >"$ext/user-sub"
	_pki_user_ext user2@contoso.test clientAuth uri >"$ext/user2"
	_pki_server_ext "$PKI_DEVICE" clientAuth >"$ext/user-device"
	_pki_more_user_exts
	_pki_sign user1 issuing "$subject" "$ext/user" &&
		_pki_sign user1-sidext issuing "$subject" "$ext/user-sidext" &&
		_pki_sign user1-sidboth issuing "$subject" "$ext/user-sidboth" &&
		_pki_sign user1-nosid issuing "$subject" "$ext/user-nosid" &&
		_pki_sign user1-noeku issuing "$subject" "$ext/user-noeku" &&
		_pki_sign user1-revoked issuing "$subject" "$ext/user" &&
		_pki_sign user1-expired issuing "$subject" "$ext/user" "${past[@]}" &&
		_pki_sign user1-rogue rogue "$subject" "$ext/user" &&
		_pki_sign user1-sub sub "$subject" "$ext/user-sub" &&
		_pki_sign user1-device issuing "/CN=$PKI_DEVICE" \
			"$ext/user-device" &&
		_pki_sign user2 issuing "/CN=user2@contoso.test" "$ext/user2" &&
		_pki_more_users
}

# Another account's SID, Entra's form of one, and the two forms at odds.
PKI_OTHER_SID=S-1-5-21-1111111111-2222222222-3333333333-1999
PKI_CLOUD_SID=S-1-12-1-1943430372-1249052806-2496021943-3034400218

_pki_more_user_exts() {
	local ext=$LAB_PKI/ext dead=http://dead.contoso.test
	SID_URI=$PKI_CLOUD_SID _pki_user_ext "$PKI_USER" clientAuth uri \
		>"$ext/user-cloudsid"
	SID_URI=$PKI_OTHER_SID _pki_user_ext "$PKI_USER" clientAuth uri \
		>"$ext/user-othersid"
	SID_URI=$PKI_OTHER_SID _pki_user_ext "$PKI_USER" clientAuth uri \
		extension >"$ext/user-sidsdiffer"
	# The SAN has the SID's URI and an e-mail address, which names no account.
	sed '/^otherName/s/.*/email.1 = user1@contoso.test/' "$ext/user" \
		>"$ext/user-noupn"
	grep -v '^crlDistributionPoints' "$ext/user" >"$ext/user-nocdp"
	sed "/^crlDistributionPoints/s|$PKI_URL|$dead|" "$ext/user" \
		>"$ext/user-deadcdp"
}

_pki_more_users() {
	local ext=$LAB_PKI/ext subject=/CN=$PKI_USER name
	local future=(-startdate 20700101000000Z -enddate 20710101000000Z)
	for name in cloudsid othersid sidsdiffer noupn nocdp deadcdp; do
		_pki_sign "user1-$name" issuing "$subject" "$ext/user-$name" ||
			return
	done
	_pki_sign user1-notyet issuing "$subject" "$ext/user" "${future[@]}" &&
		_pki_sign user1-long issuing "$subject" "$ext/user" -days 1800 &&
		_pki_sign user1-sha1 issuing "$subject" "$ext/user" -md sha1 &&
		_pki_sign user1-weak issuing "$subject" "$ext/user"
}

# _pki_ec_ext NAME: extensions NAME for an EC key, which cannot encipher keys.
_pki_ec_ext() {
	sed 's/,keyEncipherment//' "$LAB_PKI/ext/$1" >"$LAB_PKI/ext/$1-ec"
}

_pki_ec_leafs() {
	local ext=$LAB_PKI/ext name
	for name in user gateway nps; do _pki_ec_ext "$name"; done
	_pki_sign user1-ec issuing "/CN=$PKI_USER" "$ext/user-ec" &&
		_pki_sign user1-ec384 issuing "/CN=$PKI_USER" "$ext/user-ec" &&
		_pki_sign gateway-ec issuing /CN=vpn.contoso.test \
			"$ext/gateway-ec" &&
		_pki_sign nps-ec issuing /CN=nps.contoso.test "$ext/nps-ec" &&
		_pki_sign nps-ec384 issuing /CN=nps.contoso.test "$ext/nps-ec"
}

# _pki_server_ext DNSNAME EKU
_pki_server_ext() {
	_pki_leaf_ext "$2"
	printf '[san]\nDNS.1 = %s\n' "$1"
}

# _pki_server KIND DNSNAME EKU: the good one and its faulty variants.
_pki_server() {
	local kind=$1 dns=$2 eku=$3 ext=$LAB_PKI/ext/$1
	local past=(-startdate 20240101000000Z -enddate 20240601000000Z)
	local future=(-startdate 20700101000000Z -enddate 20710101000000Z)
	_pki_server_ext "$dns" "$eku" >"$ext"
	_pki_server_ext wrong.contoso.test "$eku" >"$ext-wrong-name"
	_pki_server_ext "$dns" clientAuth >"$ext-no-server-auth"
	grep -v '^extendedKeyUsage' "$ext" >"$ext-no-eku"
	_pki_sign "$kind" issuing "/CN=$dns" "$ext" &&
		_pki_sign "$kind-wrong-name" issuing "/CN=wrong.contoso.test" \
			"$ext-wrong-name" &&
		_pki_sign "$kind-no-server-auth" issuing "/CN=$dns" \
			"$ext-no-server-auth" &&
		_pki_sign "$kind-revoked" issuing "/CN=$dns" "$ext" &&
		_pki_sign "$kind-no-eku" issuing "/CN=$dns" "$ext-no-eku" &&
		_pki_sign "$kind-expired" issuing "/CN=$dns" "$ext" "${past[@]}" &&
		_pki_sign "$kind-long" issuing "/CN=$dns" "$ext" -days 1800 &&
		_pki_sign "$kind-notyet" issuing "/CN=$dns" "$ext" "${future[@]}" &&
		_pki_sign "$kind-sha1" issuing "/CN=$dns" "$ext" -md sha1 &&
		_pki_sign "$kind-weak" issuing "/CN=$dns" "$ext" &&
		_pki_sign "$kind-rogue" rogue "/CN=$dns" "$ext"
}

_pki_servers() {
	_pki_server gateway vpn.contoso.test "$PKI_EKU_GATEWAY" &&
		_pki_server nps nps.contoso.test serverAuth
}

# _pki_crl CA FILE [option...]: a CRL in DER form.
_pki_crl() {
	local ca=$1 file=$2
	shift 2
	openssl ca -config "$LAB_PKI/ca-$ca/ca.cnf" -gencrl "$@" |
		openssl crl -outform DER -out "$LAB_PKI/http/crls/$file"
}

# What the CDP web server serves; *-stale.crl are outdated ones, for faults.
_pki_publish() {
	local http=$LAB_PKI/http ca name
	local stale=(-crl_lastupdate 20240101000000Z -crl_nextupdate 20240108000000Z)
	for name in user1 gateway nps; do
		openssl ca -config "$LAB_PKI/ca-issuing/ca.cnf" -crl_reason \
			keyCompromise -revoke "$(pki_cert $name-revoked)" || return
	done
	for ca in root issuing sub; do
		_pki_crl "$ca" "$ca.crl" && _pki_crl "$ca" "$ca-stale.crl" "${stale[@]}" &&
			openssl x509 -in "$(pki_cert "$ca")" -outform DER \
				-out "$http/cacerts/$ca.cer" || return
	done
	chmod -R a+rX "$http"
}

# user1.p12 as OpenSSL 3 makes it, user1-legacy.p12 as old Windows exports it.
_pki_pkcs12() {
	local p12=(openssl pkcs12 -export -passout "pass:$PKI_PASSWORD"
		-in "$(pki_cert user1)" -inkey "$(pki_key user1)"
		-certfile "$(pki_cert issuing)" -name user1)
	"${p12[@]}" -out "$LAB_PKI/user1.p12" &&
		"${p12[@]}" -out "$LAB_PKI/user1-legacy.p12" -legacy \
			-certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1 &&
		echo "$PKI_PASSWORD" >"$LAB_PKI/user1.password"
}
