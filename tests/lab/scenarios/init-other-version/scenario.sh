# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What answers speaks another version of IKE.
scenario_inject() { gateway_answers 5; }
