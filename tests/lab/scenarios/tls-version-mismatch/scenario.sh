# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile wants TLS 1.3, NPS has 1.2 at most.
PROFILE=("TLS.MinVersion=1.3")
