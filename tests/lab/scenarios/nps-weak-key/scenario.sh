# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS's RSA key has 1024 bits.
NPS_CERT=nps-weak
NPS_SECURITY_LEVEL=0
