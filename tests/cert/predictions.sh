# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# predictions.sh - each thing that can be wrong is named, with NPS's reason.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

# of NAME [issuing certificate]: arguments that give the whole chain.
of() {
	printf '%s\n' "$(pki_cert "$1")" --chain "$(pki_cert "${2:-issuing}")" \
		--chain "$root"
}

# predicts MESSAGE NAME CAUSE REASON DEPTH [issuing certificate [FILTER]]
predicts() {
	local arguments
	mapfile -t arguments < <(of "$2" "${6:-issuing}")
	judged "$1" 1 "$(predicted "$3" "$4" "$5") and (${7:-true})" \
		"${arguments[@]}"
}

# accepts MESSAGE NAME FILTER
accepts() {
	local arguments
	mapfile -t arguments < <(of "$2")
	judged "$1" 0 ".verdict == \"accepted\" and .unknown == null and ($3)" \
		"${arguments[@]}"
}

accepts "a sound certificate is accepted" user1 \
	'(.chain | length) == 3 and .complete and
	 ([.chain[].revocation.state] == ["good", "good", "not-needed"]) and
	 .chain[0].revocation.crl_number != null and
	 .chain[0].fetches[0].size > 100 and
	 .chain[0].fetches[0].next_update > .chain[0].fetches[0].this_update and
	 .chain[0].cdp[0] == .chain[0].fetches[0].url'
accepts "the SID in the extension: every domain controller" user1-sidext \
	'.sid_details.accepted_by == "all" and .sid_details.uri.state == "absent"'
accepts "the SID in the URI: not the old ones" user1 \
	'.sid == "S-1-5-21-1111111111-2222222222-3333333333-1105" and
	 .sid_details.accepted_by == "server-2019-and-newer"'
accepts "several URIs joined by commas" user1-joined \
	'.sid_details.uri_joined and .sid != null'
accepts "OCSP alone, good" user1-ocsp \
	'.chain[0].fetches[0].kind == "ocsp" and .chain[0].revocation.state == "good"'

predicts "the story: an issuing CA without CDP is 258" user1 \
	client-cert-revocation-unknown 258 1 issuing-nocdp
predicts "a leaf without CDP is 258" user1-nocdp \
	client-cert-revocation-unknown 258 0
predicts "a stale CRL is 259" user1-stale client-cert-crl-stale 259 0
predicts "a stale CRL of the root is 259" user1 client-cert-crl-stale 259 1 \
	issuing-stale
predicts "a revoked certificate is 256" user1-revoked client-cert-revoked 256 0
predicts "one that OCSP calls revoked is 256" user1-ocsp-revoked \
	client-cert-revoked 256 0
predicts "an expired one is 268" user1-expired client-cert-expired 268 0
predicts "one that is not valid yet is 278" user1-future \
	client-cert-not-yet-valid 278 0
predicts "one without clientAuth is 283" user1-noeku \
	client-cert-no-client-auth 283 0
predicts "a CA without clientAuth is 283" user1 client-cert-no-client-auth \
	283 1 issuing-noclient
predicts "one without SID is 16" user1-nosid client-cert-no-sid 16 0
predicts "a SID that is none is 16" user1-badsid client-cert-no-sid 16 0 issuing \
	'.sid == null and .sid_details.uri.state == "malformed" and
	 (.sid_details.uri.fault | length) > 10'
predicts "two different SIDs are 16" user1-mismatch client-cert-sid-mismatch 16 0 \
	issuing '.sid_details.conflict and .sid == .sid_details.extension.sid'
predicts "a SID in an otherName is 16" user1-othername client-cert-no-sid 16 0 \
	issuing '.sid_details.in_other_name and .sid == null'
predicts "a SID of Entra ID alone is 16" user1-cloud client-cert-cloud-only-sid 16 0 \
	issuing '.sid_details.cloud_only and .sid_details.accepted_by == "none" and
	 (.sid | startswith("S-1-12-1-"))'

mapfile -t arguments < <(of user1-unreachable)
judged "a CRL that cannot be reached: cannot tell, and 259 is possible" 3 \
	'.verdict == "unknown" and .chain[0].revocation.state == "offline" and
	 (.unknown | length) > 20 and .chain[0].fetches[0].state == "connect" and
	 any(.predictions[]; .cause == "client-cert-crl-stale" and
	 .nps_reason == 259 and .confidence == "possible")' "${arguments[@]}"
mapfile -t arguments < <(of user1 issuing-unreachable)
judged "the same of the issuing CA" 3 '.chain[1].revocation.state == "offline"' \
	"${arguments[@]}"
mapfile -t arguments < <(of user1-wrongcrl)
judged "a CRL of another CA is no answer" 1 \
	'.chain[0].revocation.state == "invalid" and
	 .chain[0].fetches[0].state == "scope"' "${arguments[@]}"

judged "a root that NPS does not know is 295 or 265" 1 \
	'.verdict == "refused" and any(.predictions[]; .cause ==
	 "client-cert-untrusted" and (.nps_reason == 295 or .nps_reason == 265))' \
	"$(pki_cert user1-rogue)" --chain "$(pki_cert rogue)" --root "$root"
judged "the same chain with its own root named is another matter" 1 \
	'all(.predictions[]; .cause != "client-cert-untrusted" or
	 .confidence == "possible")' \
	"$(pki_cert user1-revoked)" --chain "$issuing" --root "$root"

judged "a missing intermediate is fetched by AIA" 0 \
	'(.chain | length) == 3 and .chain[1].from_aia and
	 .aia_fetches[0].state == "ok" and .chain[0].aia[0] == .aia_fetches[0].url' \
	"$(pki_cert user1)"
judged "a missing intermediate without AIA: cannot tell" 3 \
	'.complete == false and (.chain | length) == 1 and .verdict == "unknown"' \
	"$(pki_cert user1-noaia)"
