# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The NPS server's certificate was revoked after the last complete CRL: only the
# delta CRL that it names says so.
NPS_CERT=nps-revoked

scenario_setup() { cdp_delta issuing; }
