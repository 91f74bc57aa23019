# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate is not for serverAuth.
LAB_NOT_STOCK="stock strongSwan does not look at the gateway's EKU"
GATEWAY_CERT=gateway-no-server-auth
