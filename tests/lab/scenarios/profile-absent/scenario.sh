# shellcheck shell=bash disable=SC2034
# No such connection.
scenario_dial() { lab_dial nowhere; }
