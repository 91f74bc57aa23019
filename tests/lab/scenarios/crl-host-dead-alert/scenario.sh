# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The host of the client certificate's CRL does not exist, for nobody.
NPS_KIND=alert
CLIENT_CERT=user1-deadcdp
