# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# dns.sh - DNS of contoso.test (dnsmasq) and the CDP's web server, both on nps.
#
# Real queries go over the wire: a name that is missing gives NXDOMAIN, a
# dropped packet gives silence. Nothing is answered from hosts files.

DNS_PUBLIC=203.0.113.20

# Addresses of the gateway's name: ipv4 (default), ipv6, or both.
LAB_GATEWAY_FAMILY=${LAB_GATEWAY_FAMILY:-ipv4}

# dns_resolv_conf ROLE: contents of the role's resolv.conf. glibc would wait
# five seconds twice for a silent server; one is enough here.
dns_resolv_conf() {
	case $1 in
	client | gateway) echo "nameserver $DNS_PUBLIC" ;;
	*) echo "nameserver 127.0.0.1" ;;
	esac
	echo "options timeout:$LAB_PATIENCE attempts:1"
}

# _dns_gateway_records: the gateway's name, in hosts(5) form.
_dns_gateway_records() {
	[ "$LAB_GATEWAY_FAMILY" != ipv6 ] && echo "$NET_GATEWAY vpn.contoso.test"
	[ "$LAB_GATEWAY_FAMILY" != ipv4 ] && echo "$NET_GATEWAY6 vpn.contoso.test"
	return 0
}

# dns_up: start it with the lab's names.
dns_up() {
	role_up nps || return
	{
		_dns_gateway_records
		echo "$DNS_PUBLIC pki.contoso.test"
		echo "$NET_NPS nps.contoso.test"
		echo "$NET_INNER inner.contoso.test"
	} >"$LAB_DIR/nps/dns-records"
	_dns_start
}

_dns_start() {
	process_stop dns KILL
	role_spawn nps dns dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--user=root --pid-file= --no-resolv --no-hosts --log-queries \
		--log-facility=- --addn-hosts="$LAB_DIR/nps/dns-records" \
		--local=/contoso.test/ --local=/arpa/ || return
	wait_for 5 grep -q "read $LAB_DIR/nps/dns-records" "$LAB_DIR/log/dns.log"
}

# dns_set NAME [ADDRESS...]: replace the records of a name; with no address it
# does not exist any more (NXDOMAIN).
dns_set() {
	local name=$1 records=$LAB_DIR/nps/dns-records address
	shift
	sed -i "/ $name\$/d" "$records"
	for address in "$@"; do echo "$address $name" >>"$records"; done
	: >"$LAB_DIR/log/dns.log"
	_dns_start
}

# dns_answers WAY [ADDRESS]: from now on resolver.py answers for the gateway's
# name, in one of its ways.
dns_answers() {
	process_stop dns KILL
	: >"$LAB_DIR/log/dns.log"
	role_spawn nps dns /usr/bin/python3 -B "$LAB_HOME/resolver.py" "$@" &&
		wait_for 5 grep -q ready "$LAB_DIR/log/dns.log"
}

# portal_up [ADDRESS]: nps plays a portal with this address: its DNS gives it for
# every name, its web server redirects all to one page, and UDP 500 and 4500
# vanish there.
portal_up() {
	local address=${1:-203.0.113.21}
	cdp_stop
	process_stop dns KILL
	net_exec nps ip address add "$address/32" dev n1
	net_exec router ip route replace "$address/32" via "$DNS_PUBLIC"
	net_nft nps -f - <<-END
		table inet portal {
			chain at_input {
				type filter hook input priority 10
				udp dport { 500, 4500 } drop
			}
		}
	END
	role_spawn nps dns dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--user=root --pid-file= --no-resolv --no-hosts \
		--log-facility=- "--address=/#/$address" &&
		role_spawn nps portal /usr/bin/python3 -B "$LAB_HOME/portal.py" &&
		wait_for 5 grep -q ready "$LAB_DIR/log/portal.log" &&
		wait_for 5 portal_answers_names "$address"
}

portal_answers_names() {
	role_exec client getent ahostsv4 no-such-name.test | grep -qw "$1"
}

# cdp_up: serve $LAB_DIR/nps/http (a copy: a scenario may spoil its own).
cdp_up() {
	mkdir -p "$LAB_DIR/nps" && cp -r "$LAB_PKI/http" "$LAB_DIR/nps/" &&
		role_spawn nps cdp /usr/bin/python3 -m http.server 80 \
			--directory "$LAB_DIR/nps/http"
}

# cdp_ready: wait until it answers.
cdp_ready() {
	wait_for 5 role_exec nps curl -sf -o /dev/null \
		"$PKI_URL/crls/issuing.crl"
}

# cdp_stop: nothing listens at the CDP any more (connection refused).
cdp_stop() { process_stop cdp KILL; }

# cdp_stale CA: publish an outdated CRL of root or issuing.
cdp_stale() {
	cp "$LAB_DIR/nps/http/crls/$1-stale.crl" "$LAB_DIR/nps/http/crls/$1.crl"
}

# cdp_delta CA: publish a CRL that knows of nobody, and a delta that it names, which
# knows whom the CA has revoked, as a Windows CA does between two complete ones.
cdp_delta() {
	local ca=$LAB_PKI/ca-$1 http=$LAB_DIR/nps/http/crls work=$LAB_DIR/delta-$1
	mkdir -p "$work" && cp "$ca/index.txt" "$work/delta.txt" &&
		cp "$ca/index.txt.attr" "$work/delta.txt.attr" &&
		: >"$work/base.txt" && echo 2000 >"$work/crlnumber" || return
	cat >"$work/ca.cnf" <<-END
		[ca]
		default_ca = this
		[this]
		database = $work/\${ENV::CRL_OF}.txt
		crlnumber = $work/crlnumber
		certificate = $(pki_cert "$1")
		private_key = $(pki_key "$1")
		default_md = sha256
		default_crl_days = 7
		crl_extensions = \${ENV::CRL_OF}
		[base]
		authorityKeyIdentifier = keyid:always
		freshestCRL = URI:$PKI_URL/crls/$1-delta.crl
		[delta]
		authorityKeyIdentifier = keyid:always
		# deltaCRLIndicator: the base is number 0x2000
		2.5.29.27 = critical,DER:02:02:20:00
	END
	CRL_OF=base _cdp_sign "$work/ca.cnf" "$http/$1.crl" &&
		CRL_OF=delta _cdp_sign "$work/ca.cnf" "$http/$1-delta.crl"
}

# _cdp_sign CONFIG FILE: a CRL in DER form.
_cdp_sign() {
	openssl ca -config "$1" -gencrl | openssl crl -outform DER -out "$2"
}

# cdp_remove CA: the CRL of root or issuing is not found (404).
cdp_remove() { rm -f "$LAB_DIR/nps/http/crls/$1.crl"; }
