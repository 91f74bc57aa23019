# bash completion for aovpn(1)

_aovpn_profiles() { aovpn profile list 2>/dev/null | awk '{ print $1 }'; }

_aovpn() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local word command='' sub='' i
	local commands='dial hangup status events diagnose trace explain doctor cert notify profile'
	local options='--json -v --verbose --help --version'

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-*) ;;
		*) if [ -z "$command" ]; then command=$word; else sub=${sub:-$word}; fi ;;
		esac
	done
	case $prev in
	--record | --peer | --duration | --password-fd) return ;;
	--kind) return ;;
	--chain | --root)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	case $command in
	dial) options+=' --password-fd' ;;
	status) options+=' --watch' ;;
	events) options+=' --follow --record' ;;
	trace) options+=' --peer --kind --duration' ;;
	doctor) options+=' --offline --schema' ;;
	cert) options+=' --chain --root --offline --refresh --replace --password-fd' ;;
	profile) options+=' --replace --force --yes' ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
		return
	fi
	case $command:$sub in
	:) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	dial: | hangup: | trace: | doctor: | cert:list | cert:watch | profile:show | profile:remove | profile:check)
		mapfile -t COMPREPLY < <(compgen -W "$(_aovpn_profiles)" -- "$cur") ;;
	cert:) mapfile -t COMPREPLY < <(compgen -W 'check list import watch schema' -- "$cur") ;;
	profile:) mapfile -t COMPREPLY < <(compgen -W 'list show check add remove' -- "$cur") ;;
	cert:check)
		mapfile -t COMPREPLY < <(compgen -W "$(_aovpn_profiles)" -- "$cur"; compgen -f -- "$cur") ;;
	diagnose: | cert:import)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

complete -F _aovpn aovpn
