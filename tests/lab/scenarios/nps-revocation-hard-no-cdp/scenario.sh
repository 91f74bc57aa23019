# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The issuing CA's certificate names no CRL, and the profile insists.
PROFILE=(NPS.Revocation=hard)
LAB_ISSUING=issuing-nocdp
