# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The same in TLS 1.3.
NPS_KIND=alert
NPS_TLS_MAX=1.3
NPS_REJECT=after-tls
