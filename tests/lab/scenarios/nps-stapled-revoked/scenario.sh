# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS's certificate is not on the CRL, but the OCSP response that the server
# staples says that it is revoked.
LAB_NOT_STOCK='stock strongSwan asks for no stapled OCSP response'
NPS_KIND=alert NPS_STAPLE=revoked
