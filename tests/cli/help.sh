# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# help.sh - every command has a help with an example, a section in aovpn(1), and
# completions for bash, zsh and fish, which offer what aovpn really takes. For
# tests/cli/run, whose functions it uses.

completions=packaging/completion

commands() {
	"$aovpn" --help | sed -n 's/^  \([a-z]\{3,\}\) .*/\1/p'
}

# Long options that some help names.
long_options() {
	local command
	{
		"$aovpn" --help
		for command in $(commands); do "$aovpn" "$command" --help; done
	} | grep -oE -- '--[a-z-]{2,}' | sort -u |
		grep -vxFf <(profile_settings)
}

# Those of "profile add" are the keys of a profile, and too many to complete.
profile_settings() {
	"$aovpn" profile add --help | grep -oE -- '--[a-z-]{2,}' | sort -u |
		grep -vxE -- '--(replace|json|help|force|yes)'
}

# has MESSAGE PATTERN FILE
has() {
	local ok=no
	grep -qE -- "$2" "$3" && ok=yes
	verdict "$1" $ok "$3 lacks it"
}

bash_offers() {
	# shellcheck disable=SC1091,SC2034
	bash -c '. "$0/aovpn.bash"; aovpn() { echo "corp vpn.contoso.com"; }
		COMP_WORDS=("${@}"); COMP_CWORD=$(($# - 1)); _aovpn
		printf "%s\n" "${COMPREPLY[@]}"' "$completions" "$@"
}

fish_offers() {
	fish --no-config -c "function aovpn; echo corp vpn.contoso.com; end
		source $completions/aovpn.fish; complete -C '$1'" |
		cut -f 1
}

# offers MESSAGE WORD COMMAND...: is the word among what is offered?
offers() {
	local message=$1 word=$2 output ok=no
	shift 2
	output=$("$@" 2>&1)
	grep -qxF -- "$word" <<<"$output" && ok=yes
	verdict "$message" $ok "offered: ${output:0:200}"
}

help_and_completions() {
	local command option count
	count=$(commands | wc -l)
	verdict "the help lists the commands" \
		"$([ "$count" -ge 9 ] && echo yes)" "$count"
	for command in $(commands); do
		says "$command --help has an example" 0 'example' \
			"$aovpn" "$command" --help
		has "aovpn(1) describes $command" \
			"^\.(B|BI|TP) ?\"?$command\b" packaging/man/aovpn.1
		has "bash completes $command" "\b$command\b" \
			$completions/aovpn.bash
		has "zsh completes $command" "'$command:" $completions/_aovpn
		has "fish completes $command" "-a $command " \
			$completions/aovpn.fish
	done
	for option in $(long_options); do
		has "bash completes $option" "$option\b" \
			$completions/aovpn.bash
		has "zsh completes $option" "$option\b" $completions/_aovpn
		has "fish completes $option" "-l ${option#--}\b" \
			$completions/aovpn.fish
	done
	offers "bash offers a command" status bash_offers aovpn sta
	offers "bash offers a connection" corp bash_offers aovpn dial ''
	offers "bash offers an option" --follow bash_offers aovpn events --f
	says "zsh reads its completion" 0 '^$' zsh -n $completions/_aovpn
	offers "fish offers a command" status fish_offers 'aovpn sta'
	offers "fish offers a connection" corp fish_offers 'aovpn dial '
	offers "fish offers an option" --follow fish_offers 'aovpn events --f'
}
