# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# pki.sh - the lab's PKI (tests/lab/lib/pki.sh), published by a server on
# 127.0.0.1, and one certificate for each thing that can be wrong with one.
#
# Needs: DIR, LAB_PKI, port, and tests/lab/lib/pki.sh.
# shellcheck disable=SC2154 # port: tests/cert/run

CLOUD_SID=S-1-12-1-1111111111-2222222222-3333333333-4244444444
OTHER_SID=S-1-5-21-1111111111-2222222222-3333333333-1199

# leaf NAME SUBJECT SED-SCRIPT [openssl ca option...]: user1's certificate with
# its extensions changed by sed; signed by the issuing CA.
leaf() {
	local name=$1 subject=$2 script=$3
	shift 3
	sed -e "$script" "$LAB_PKI/ext/user" >"$LAB_PKI/ext/$name"
	_pki_sign "user1-$name" issuing "$subject" "$LAB_PKI/ext/$name" "$@"
}

# issuing_like NAME SED-SCRIPT: one more certificate of the issuing CA.
issuing_like() {
	sed -e "$2" "$LAB_PKI/ext/issuing" >"$LAB_PKI/ext/$1"
	_pki_sign "$1" root "/O=Contoso/CN=Contoso Cloud PKI Issuing CA" \
		"$LAB_PKI/ext/$1" -days 1825
}

# der_text TAG TEXT: DER of a short string, in hex with ":" for openssl.
der_text() {
	printf '%s:%02x' "$1" ${#2}
	printf '%s' "$2" | od -An -v -tx1 | sed 's/ /:/g' | tr -d '\n'
}

# What would bring a terminal to do something, in each place that is shown.
_nasty() {
	local escape=$'\e[31m' ext=$LAB_PKI/ext/nasty
	{
		_pki_leaf_ext clientAuth | grep -v '^crlDist\|^subjectAlt'
		echo "1.3.6.1.4.1.311.20.2 = DER:$(der_text 0c "Template$escape")"
		printf 'crlDistributionPoints = crl\nsubjectAltName = @san\n'
		echo "1.3.6.1.4.1.311.25.2 = ASN1:SEQUENCE:nasty_sid"
		printf '[crl]\nfullname = URI:http://127.0.0.1:%s/%sx\n' \
			"$port" "$escape"
		printf '[san]\nDNS.1 = pc%s.contoso.test\n' "$escape"
		printf 'otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:user%s@contoso.test\n' \
			"$escape"
		printf 'URI.1 = tag:microsoft.com,2022-09-14:sid:S-1-5-21-%s\n' \
			"$escape"
		printf '[nasty_sid]\no = IMPLICIT:0,SEQUENCE:nasty_pair\n[nasty_pair]\n'
		printf 'oid = OID:1.3.6.1.4.1.311.25.2.1\n'
		printf 'value = EXPLICIT:0,FORMAT:ASCII,OCTETSTRING:S-1-5-21-%s\n' \
			"$escape"
	} >"$ext"
	_pki_sign user1-nasty issuing "/CN=evil$escape" "$ext"
}

_more_cas() {
	issuing_like issuing-noclient '/^extendedKeyUsage/s/clientAuth,//' &&
		issuing_like issuing-stale 's|crls/root.crl|crls/root-stale.crl|' &&
		issuing_like issuing-unreachable \
			's|http://127.0.0.1:[0-9]*/crls|http://127.0.0.1:1/crls|'
}

_more_leaves() {
	local user=/CN=$PKI_USER sid=$PKI_SID uri=tag:microsoft.com,2022-09-14:sid
	leaf stale "$user" 's|crls/issuing.crl|crls/issuing-stale.crl|' &&
		leaf unreachable "$user" 's|http://127.0.0.1:[0-9]*/crls|http://127.0.0.1:1/crls|' &&
		leaf nocdp "$user" '/^crlDistributionPoints/d' &&
		leaf noaia "$user" '/^authorityInfoAccess/d' &&
		leaf wrongcrl "$user" 's|crls/issuing.crl|crls/root.crl|' &&
		leaf cloud "$user" "s/$sid/$CLOUD_SID/" &&
		leaf badsid "$user" "s/sid:$sid/sid:S-1-5-21-evil/" &&
		leaf joined "$user" \
			"s|^URI.1 = .*|URI.1 = IntuneDeviceId://5bd7ab3b,$uri:$sid|" &&
		leaf othername "$user" "s|^URI.1 = .*|otherName.2 = 1.3.6.1.4.1.311.25.2;UTF8:$sid|" &&
		leaf ocsp "$user" "/^crlDistributionPoints/d
			s|^authorityInfoAccess.*|&,OCSP;URI:$PKI_URL/ocsp|" &&
		leaf ocsp-revoked "$user" "/^crlDistributionPoints/d
			s|^authorityInfoAccess.*|&,OCSP;URI:$PKI_URL/ocsp|" &&
		leaf future "$user" '' -startdate 20900101000000Z \
			-enddate 20910101000000Z || return
	sed "s/sid:$sid/sid:$OTHER_SID/" "$LAB_PKI/ext/user-sidboth" \
		>"$LAB_PKI/ext/mismatch"
	_pki_sign user1-mismatch issuing "$user" "$LAB_PKI/ext/mismatch"
}

# One certificate of each kind that has a shape of its own.
_more_kinds() {
	local user=/CN=$PKI_USER cdn=http://primary-cdn.pki.azure.net/europe
	local hex=0123456789abcdef0123456789abcdef
	local id=5bd7ab3b-0000-4000-8000-0123456789ab_v1
	leaf cloudpki "$user" \
		"s|^crlDist.*|crlDistributionPoints = URI:$cdn/crls/$hex/$id/current.crl|
		s|^authorityInfo.*|authorityInfoAccess = caIssuers;URI:$cdn/cacerts/$hex/$id/cert.cer|" &&
		leaf template "$user" \
			"/^extendedKeyUsage/a 1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:template
			\$a [template]\nid = OID:1.3.6.1.4.1.311.21.8.77.5\nmajor = INTEGER:100\nminor = INTEGER:4" &&
		leaf access "$user" \
			"s/^extendedKeyUsage.*/&,1.3.6.1.4.1.311.87/
			/^crlDistributionPoints/d"
}

# What the OCSP responder says: the database of "openssl ca" as it is, but one
# more revoked.
_ocsp_index() {
	local serial
	serial=$(openssl x509 -in "$(pki_cert user1-ocsp-revoked)" -noout -serial)
	sed "/\t${serial#serial=}\t/s/^V\t\([^\t]*\)\t\t/R\t\1\t250101000000Z\t/" \
		"$LAB_PKI/ca-issuing/index.txt" >"$LAB_PKI/ocsp.index" &&
		cp "$LAB_PKI/ca-issuing/index.txt.attr" "$LAB_PKI/ocsp.index.attr"
}

# Long-lived CRLs, so that time can be moved without them.
_long_crls() {
	_pki_crl root root.crl -crldays 2000 &&
		_pki_crl issuing issuing.crl -crldays 2000 &&
		_pki_crl issuing issuing-week.crl -crldays 7 &&
		leaf week "/CN=$PKI_USER" 's|crls/issuing.crl|crls/issuing-week.crl|' &&
		leaf soon "/CN=$PKI_USER" '' -startdate 20240101000000Z \
			-enddate "$(date -u -d '+5 days 2 hours' +%Y%m%d%H%M%SZ)"
}

# make_pki: all of it; says what went wrong.
make_pki() {
	pki_make || return
	{ _more_cas && _more_leaves && _more_kinds && _nasty && _long_crls && _ocsp_index; } \
		>"$LAB_PKI/more.log" 2>&1 || {
		tail -n 5 "$LAB_PKI/more.log"
		return 1
	}
	chmod -R a+rX "$LAB_PKI/http"
}
