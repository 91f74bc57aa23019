# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The NPS server's certificate names no extended key usage at all.
LAB_NOT_STOCK='stock strongSwan does not look at the EKU of NPS'
NPS_CERT=nps-no-eku
