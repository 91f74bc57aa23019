# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Answers come in by another link, whose reverse-path filter is strict.
scenario_inject() { client_answers_elsewhere; }
