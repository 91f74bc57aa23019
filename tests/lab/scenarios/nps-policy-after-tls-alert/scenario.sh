# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# EAP-TLS goes through, then a policy refuses.
NPS_KIND=alert
NPS_REJECT=after-tls
