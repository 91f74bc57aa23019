# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# kinds.sh - where a certificate comes from, in JSON and for people.
# shellcheck disable=SC2154 # aovpn, root: tests/cert/run

mapfile -t arguments < <(of user1-cloudpki)
judged "a certificate of Cloud PKI, by its URLs" 3 \
	'.kind == "cloud-pki" and .kind_details.confidence != "possible" and
	 any(.kind_details.evidence[]; contains("pki.azure.net")) and
	 (.kind_details.remarks | length) > 0 and .template == null' \
	--offline "${arguments[@]}"
mapfile -t arguments < <(of user1-template)
judged "a template of AD CS is decoded" 3 \
	'.kind != "unknown" and .template.oid == "1.3.6.1.4.1.311.21.8.77.5" and
	 .template.major == 100 and .template.minor == 4' \
	--offline "${arguments[@]}"
says "and shown" 3 'template +1\.3\.6\.1\.4\.1\.311\.21\.8\.77\.5, version 100\.4' \
	"$aovpn" cert check --offline "${arguments[@]}"
mapfile -t arguments < <(of user1-access)
judged "Conditional Access has no CDP by design: 258, and it is told" 1 \
	'.kind == "conditional-access" and any(.predictions[];
	 .nps_reason == 258 and .depth == 0 and
	 any(.evidence[]; contains("by design")))' \
	--offline "${arguments[@]}"
says "and what it means is said" 1 'Where it comes from kind +Entra Conditional Access' \
	"$aovpn" cert check --offline "${arguments[@]}"
