# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate of NPS has expired.
NPS_CERT=nps-expired
