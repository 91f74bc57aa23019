# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As tls-version-mismatch, with an NPS that delivers the alert.
NPS_KIND=alert
PROFILE=("TLS.MinVersion=1.3")
