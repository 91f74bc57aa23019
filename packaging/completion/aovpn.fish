# fish completion for aovpn(1)

function __aovpn_profiles
    aovpn profile list 2>/dev/null | string match -r '^\S+'
end

complete -c aovpn -f
complete -c aovpn -l json -d 'JSON, one object a line'
complete -c aovpn -s v -l verbose -d 'more detail'
complete -c aovpn -l help -d 'help'
complete -c aovpn -l version -d 'version'

complete -c aovpn -n __fish_use_subcommand -a dial -d 'connect, showing each stage'
complete -c aovpn -n __fish_use_subcommand -a hangup -d 'disconnect, or cancel a dial'
complete -c aovpn -n __fish_use_subcommand -a status -d 'connections, and which sources are live'
complete -c aovpn -n __fish_use_subcommand -a events -d 'what happened so far'
complete -c aovpn -n __fish_use_subcommand -a diagnose -d 'what a recorded attempt failed of'
complete -c aovpn -n __fish_use_subcommand -a trace -d 'everything that the sources see, live'
complete -c aovpn -n __fish_use_subcommand -a explain -d 'what a code, a cause or an event means'
complete -c aovpn -n __fish_use_subcommand -a doctor -d 'what stands in the way of a connection'
complete -c aovpn -n __fish_use_subcommand -a cert -d 'would NPS take a certificate'
complete -c aovpn -n __fish_use_subcommand -a notify -d 'show failures in the desktop session'
complete -c aovpn -n __fish_use_subcommand -a profile -d 'add, list, show, check, remove'

complete -c aovpn -n '__fish_seen_subcommand_from dial hangup trace doctor' -a '(__aovpn_profiles)'
complete -c aovpn -n '__fish_seen_subcommand_from dial cert' -l password-fd -x -d 'descriptor'
complete -c aovpn -n '__fish_seen_subcommand_from status' -l watch -d 'again each second'
complete -c aovpn -n '__fish_seen_subcommand_from events' -l follow -d 'wait for more'
complete -c aovpn -n '__fish_seen_subcommand_from events' -l record -x -d 'recording of an attempt'
complete -c aovpn -n '__fish_seen_subcommand_from trace' -l peer -x -d 'only that of a gateway'
complete -c aovpn -n '__fish_seen_subcommand_from trace' -l kind -x -d 'only such events'
complete -c aovpn -n '__fish_seen_subcommand_from trace' -l duration -x -d 'only so many seconds'
complete -c aovpn -n '__fish_seen_subcommand_from diagnose' -F
complete -c aovpn -n '__fish_seen_subcommand_from doctor' -l offline -d 'fetch no CRL'
complete -c aovpn -n '__fish_seen_subcommand_from doctor' -l schema -d 'of the JSON'
complete -c aovpn -n '__fish_seen_subcommand_from cert' -F -a 'check list import watch schema'
complete -c aovpn -n '__fish_seen_subcommand_from cert' -l chain -r -F -d 'more certificates'
complete -c aovpn -n '__fish_seen_subcommand_from cert' -l root -r -F -d 'roots'
complete -c aovpn -n '__fish_seen_subcommand_from cert' -l offline -d 'ask nobody'
complete -c aovpn -n '__fish_seen_subcommand_from cert' -l refresh -d 'ask anew'
complete -c aovpn -n '__fish_seen_subcommand_from cert profile' -l replace -d 'overwrite'
complete -c aovpn -n '__fish_seen_subcommand_from profile' -a 'list show check add remove (__aovpn_profiles)'
complete -c aovpn -n '__fish_seen_subcommand_from profile' -l force -d 'also while connected'
complete -c aovpn -n '__fish_seen_subcommand_from profile' -l yes -d 'do not ask'
