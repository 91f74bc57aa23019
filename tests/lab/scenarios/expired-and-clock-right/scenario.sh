# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate has expired, and a server confirms the clock: it is no matter of
# time.
CLIENT_CERT=user1-expired
scenario_check() {
	check "the clock is not in doubt" clock_is_not_in_doubt
}
clock_is_not_in_doubt() {
	jq -e 'all(.causes[]; .cause != "client-clock-wrong")' \
		"$LAB_DIR/record.json"
}
