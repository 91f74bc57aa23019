# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# series.sh - one scenario that dials several times, each time with another
# certificate or TLS version, so that a matrix is a table and not a folder each.
#
# A row is "TLS NPS_CERT CLIENT_CERT", such as "1.3 nps-ec user1". Each row ends
# in a check of its own that names the row and what came instead.

# series_dial: dial every row of the standard input and keep what came below
# $LAB_DIR/series. Prints the record of the first that failed, or the last one.
series_dial() {
	local row number=0 failed=
	mkdir -p "$LAB_DIR/series"
	while read -r row; do
		number=$((number + 1))
		# shellcheck disable=SC2086
		_series_row "$LAB_DIR/series/$(printf %02d $number)" $row ||
			failed=${failed:-$number}
	done
	cat "$LAB_DIR/series/$(printf %02d "${failed:-$number}").record"
	[ -z "$failed" ]
}

# _series_row FILE TLS NPS_CERT CLIENT_CERT: one dial; FILE.* get the row, the
# record, what our plugin logged of it and whether a packet crossed the tunnel.
_series_row() {
	local file=$1 tls=$2 nps=$3 client=$4 status=0 before
	# nps.sh reads them.
	# shellcheck disable=SC2034
	NPS_TLS_MAX=$tls NPS_CERT=$nps
	echo "$tls $nps $client" >"$file.row"
	nps_restart >&2 || return
	profile_write lab "TLS.MinVersion=$tls" "TLS.MaxVersion=$tls" \
		"Credential.Certificate=$(pki_cert "$client")" \
		"Credential.PrivateKey=$(pki_key "$client")" "${PROFILE[@]}"
	before=$(wc -l <"$LAB_DIR/log/charon-client.log")
	lab_dial >"$file.records" || status=1
	tail -n 1 "$file.records" >"$file.record"
	[ $status = 0 ] && tunnel_works && echo yes >"$file.tunnel"
	tail -n "+$((before + 1))" "$LAB_DIR/log/charon-client.log" |
		sed -n 's/.*\[TLS\] aovpn: //p' >"$file.log"
	lab_aovpn hangup lab >&2
	wait_for 3 no_ike_sa
	return $status
}

# series_check COUNT: that many rows were dialled, and each connected, carried a
# packet and was what its row says.
series_check() {
	local file count=0
	for file in "$LAB_DIR/series"/*.row; do
		count=$((count + 1))
		_series_check_row "${file%.row}"
	done
	check "$1 rows were dialled, not $count" test "$count" = "$1"
}

_series_check_row() {
	local file=$1 tls nps client name
	read -r tls nps client <"$file.row"
	name="TLS $tls, NPS has $nps, client has $client"
	check "$name: connects, not $(_series_outcome "$file")" \
		jq -e '.event_id == 20225' "$file.record"
	check "$name: a packet crosses the tunnel" test -s "$file.tunnel"
	check "$name: the handshake was that, not $(head -n 1 "$file.log")" \
		grep -E "^TLSv$tls with .* server $(_series_key "$nps"), ours $(_series_key "$client")\$" \
		"$file.log"
}

_series_outcome() {
	jq -r '"\(.ras_code) \(.cause): \(.causes[0].evidence // [] | join(", "))"' \
		"$1.record" 2>&1
}

# How our plugin names what a certificate's key signs with.
_series_key() {
	case $1 in
	*-ec | *-ec384) echo id-ecPublicKey ;;
	*) echo "(RSASSA-PSS|rsaEncryption)" ;;
	esac
}

# series_every TEXT: does the plugin's log of every row of TLS 1.2 have TEXT?
series_every() {
	local file
	for file in "$LAB_DIR/series"/*.row; do
		[[ $(cat "$file") != 1.2* ]] ||
			grep -F "$1" "${file%.row}.log" || return
	done
}
