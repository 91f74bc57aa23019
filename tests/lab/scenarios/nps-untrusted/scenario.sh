# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate of NPS comes from a CA that the profile does not trust.
NPS_CERT=nps-rogue
