# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# escapes.sh - what is in a certificate never steers a terminal.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

nasty=("$(pki_cert user1-nasty)" --chain "$issuing" --chain "$root")

# clean COMMAND...: its output holds no control character but line ends.
clean() {
	local output
	output=$("$@" 2>&1)
	grep -q 'evil' <<<"$output" && ! LC_ALL=C grep -q \
		$'[\x01-\x08\x0b-\x1f\x7f]' <<<"$output" && echo clean
}

count=$(openssl x509 -in "${nasty[0]}" -outform DER | grep -aFo $'\e[31m' | wc -l)
verdict "the certificate does have them, in seven places" \
	"$([ "$count" -eq 7 ] && echo yes)" "$count escapes in it"
says "no escape reaches the terminal" 0 '^clean$' clean "$aovpn" cert check \
	"${nasty[@]}" -v
says "nor JSON" 0 '^clean$' clean "$aovpn" cert check "${nasty[@]}" --json
judged "but they are shown, escaped" 1 \
	'(.chain[0].subject | contains("evil\\1B")) and
	 (.chain[0].upn | contains("\\x1b")) and
	 .sid_details.extension.state == "malformed" and
	 (.sid_details.extension.fault | contains("\\x1b")) and
	 .chain[0].unusable_urls == 1 and .sid == null' "${nasty[@]}"

# A name of a file is shown, too, in the report and in errors.
name=$DIR/$'evil\e[31m.pem'
cp "$(pki_cert user1)" "$name"
says "an escape in a file's name: the report" 0 '^clean$' clean \
	"$aovpn" cert check "$name"
says "an escape in a file's name: JSON" 0 '^clean$' clean \
	"$aovpn" cert check "$name" --json
says "an escape in a file's name: an error" 0 '^clean$' clean \
	"$aovpn" cert check "$name.none"
