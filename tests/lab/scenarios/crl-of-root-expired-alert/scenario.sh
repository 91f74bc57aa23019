# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL of the root, which says whether the issuing CA is revoked, is outdated.
NPS_KIND=alert

scenario_inject() { cdp_stale root; }
