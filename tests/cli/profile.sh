# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# aovpn profile: what a person does with profiles, without a daemon. Sourced by
# run, whose functions and variables it uses.

profiles=$AOVPN_CONFIG_DIR/profiles
vendor=$AOVPN_VENDOR_DIR/profiles
mkdir -p "$profiles" "$vendor"
: >"$DIR/roots.pem" >"$DIR/user.p12"

# what add must be told
required=(--server vpn.contoso.test --gateway-trusted-roots "$DIR/roots.pem"
	--credential-certificate "$DIR/user.p12")

# modes_of FILE: owner and permissions.
modes_of() { stat -c '%u %a' "$1"; }

# left_behind: what add did not clean up.
left_behind() { find "$profiles" -name '.*' | wc -l; }

# answered ANSWERS COMMAND...: the command on a terminal, with these answers.
answered() {
	python3 - "$@" <<'PY'
import os, pty, sys
answers, command = sys.argv[1].encode(), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
os.write(fd, answers)
out = b""
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    out += part
sys.stdout.write(out.decode().replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
}

# same_again NAME: is what show prints a profile with the same settings?
same_again() {
	"$aovpn" profile show "$1" >"$DIR/again.conf"
	AOVPN_CONFIG_DIR=$DIR/again
	export AOVPN_CONFIG_DIR
	mkdir -p "$AOVPN_CONFIG_DIR/profiles"
	cp "$DIR/again.conf" "$AOVPN_CONFIG_DIR/profiles/again.conf"
	"$aovpn" profile show again | grep -v '^#' |
		diff - <(grep -v '^#' "$DIR/again.conf")
}

# written_whole: a reader that looks all the time finds the old or the new one.
written_whole() {
	local i reader written=yes
	(while "$aovpn" profile check corp; do :; done) >"$DIR/whole.log" 2>&1 &
	reader=$!
	for i in $(seq 40); do
		"$aovpn" profile add corp "${required[@]}" --replace \
			--dial-timeout $((5 + i)) >/dev/null || written=no
	done
	kill "$reader"
	wait "$reader" 2>/dev/null
	[ $written = yes ] && grep -c 'ok$' "$DIR/whole.log" | grep -qv '^0$' &&
		! grep -v 'ok$' "$DIR/whole.log"
}

export profiles vendor DIR
export -f modes_of left_behind same_again

says "profile: no command: usage" 2 '^usage: aovpn profile' "$aovpn" profile
says "profile: an unknown command is named" 2 '"profile chekc"' \
	"$aovpn" profile chekc
for command in list show check add remove; do
	says "profile $command --help has an example" 0 \
		"example: aovpn profile $command" "$aovpn" profile "$command" --help
done
says "profile add --help has each setting" 0 '--ike-weak-algorithms +\[IKE\] Weak' \
	"$aovpn" profile add --help
says "profile list: none yet" 0 'no profile yet' "$aovpn" profile list

says "add: what is missing is named by its option" 2 \
	'--gateway-trusted-roots is missing' \
	"$aovpn" profile add corp --server vpn.contoso.test </dev/null
says "add: a bad value is named with its option" 2 \
	'--ike-dpd-delay: "x" is not a number of seconds' \
	"$aovpn" profile add corp "${required[@]}" --ike-dpd-delay x
says "add: a line end in a value is no way to another key" 2 \
	'--credential-eap-identity: "a\\x0a\[TLS\]" has characters' \
	"$aovpn" profile add corp "${required[@]}" \
	--credential-eap-identity $'a\n[TLS]'
says "add: what contradicts itself" 2 '^aovpn: Tunnel=force .*exclude each other' \
	"$aovpn" profile add corp "${required[@]}" --network-tunnel force \
	--network-routes 10.0.0.0/8
says "add: a weak proposal wants to be named" 2 \
	'Proposals in \[IKE\]: 3des is weak; .*WeakAlgorithms=3des' \
	"$aovpn" profile add corp "${required[@]}" \
	--ike-proposals 3des-sha256-modp2048
for name in 'a b' ../x a/b $'a\nb' -- .x ''; do
	says "add: the name $(printf %q "$name") is refused" 2 \
		'cannot name a profile|profile add needs an argument' \
		"$aovpn" profile add "${required[@]}" -- "$name"
done
says "add: nothing of that was written" 0 '^0$' bash -c left_behind
verdict "add: and no profile" "$([ -z "$(ls "$profiles")" ] && echo yes)" "$(ls "$profiles")"
says "add: a profile" 0 "$profiles/corp.conf is written" \
	"$aovpn" profile add corp "${required[@]}" --network-routes '10.0.0.0/8, ::/0'
says "add: everybody may read it, root write it" 0 "^$(id -u) 644\$" \
	bash -c 'modes_of "$profiles/corp.conf"'
says "add: not over another one" 1 'corp.conf is there already; --replace' \
	"$aovpn" profile add corp "${required[@]}"
says "add: over it with --replace" 0 'is written' \
	"$aovpn" profile add corp "${required[@]}" --replace --dial-timeout 30
says "add: with --json" 0 '^\{"profile":"second","file":".*second.conf"\}$' \
	"$aovpn" profile add second "${required[@]}" --json
says "add: it asks for what is missing, until it is right" 0 \
	'"vpn contoso" is not a DNS name.*is written' \
	bash -c "$(declare -f answered); answered \"\$@\" | tr '\n' ' '" - \
	"vpn contoso"$'\n'"vpn.contoso.test"$'\n'"$DIR/roots.pem"$'\n\n'"$DIR/user.p12"$'\n' \
	"$aovpn" profile add asked
verdict "add: no reader ever sees half a profile" \
	"$(written_whole && echo yes)" "$(tail -n 3 "$DIR/whole.log")"
says "add: nothing is left behind" 0 '^0$' bash -c left_behind

says "check: a profile that is right" 0 '^corp: ok$' "$aovpn" profile check corp
says "check: none of that name" 2 'no profile .*/nosuch.conf' \
	"$aovpn" profile check nosuch
says "check: a name that cannot be one comes out escaped" 2 \
	'"a\\x0ab" cannot name a profile' "$aovpn" profile check $'a\nb'
printf '[Connection]\nServer=a\nDialTimeout=x\e[31m\n' | profile broken
says "check: file, line and value, escaped" 1 \
	'broken.conf:3: DialTimeout in \[Connection\]: "x\\x1b\[31m"' \
	"$aovpn" profile check broken
says "check: all, one of which is broken" 1 'broken: fault.*corp: ok' \
	bash -c '"$aovpn" profile check | tr "\n" " "; exit "${PIPESTATUS[0]}"'
says "check: the same with --json" 1 \
	'^\{"profile":"broken","valid":false,"error":".*broken.conf:3' \
	"$aovpn" profile check broken --json
cp "$profiles/corp.conf" "$DIR/file.conf"
says "check: a file" 0 "^$DIR/file.conf: ok\$" "$aovpn" profile check "$DIR/file.conf"
rm "$DIR/user.p12"
says "check: a file that is not there is a warning" 0 \
	'corp: warning: Certificate=.*user.p12: No such file' \
	"$aovpn" profile check corp
chmod o+w "$profiles/broken.conf"
says "check: a file that others may write is refused" 1 \
	'broken.conf: is writable by others' "$aovpn" profile check broken
rm "$profiles/broken.conf"

says "list: a table" 0 'NAME .*asked .*corp +force +on-demand +vpn.contoso.test' \
	bash -c '"$aovpn" profile list | tr "\n" " "'
says "list: as JSON" 0 '"profile":"corp".*"servers":\["vpn.contoso.test"\]' \
	"$aovpn" profile list --json

mkdir -p "$profiles/corp.conf.d" "$vendor/corp.conf.d"
printf '[IKE]\nDPDDelay=7\n' >"$vendor/corp.conf.d/10-a.conf"
printf '[IKE]\nMOBIKE=no\n[Connection]\nDialTimeout=9\n' >"$profiles/corp.conf.d/20-b.conf"
says "show: a setting with its file and line" 0 \
	"# $profiles/corp.conf.d/20-b.conf:4 DialTimeout=9 " \
	bash -c '"$aovpn" profile show corp | tr "\n" " "'
says "show: a vendor's drop-in counts" 0 '10-a.conf:2 DPDDelay=7 ' \
	bash -c '"$aovpn" profile show corp | tr "\n" " "'
says "show: a default as such" 0 '# default RekeyTime=14400 ' \
	bash -c '"$aovpn" profile show corp | tr "\n" " "'
says "show: as JSON" 0 '"key":"DialTimeout","value":"9","sources":\[\{"file":".*20-b.conf","line":4\}\]' \
	"$aovpn" profile show corp --json
says "show: can be read as a profile again" 0 '^$' bash -c 'same_again corp'

cp "$DIR/file.conf" "$vendor/sold.conf"
says "remove: asks, and takes no for an answer" 1 'Remove profile second.*not removed' \
	bash -c "$(declare -f answered); answered \"\$@\" | tr '\n' ' '; exit \${PIPESTATUS[0]}" - \
	$'n\n' "$aovpn" profile remove second
says "remove: without a terminal wants --yes" 2 '--yes' \
	"$aovpn" profile remove second </dev/null
says "remove: a vendor's is not removed, but can be hidden" 1 \
	"ln -s /dev/null $profiles/sold.conf" "$aovpn" profile remove sold --yes
ln -s /dev/null "$profiles/sold.conf"
says "a profile that is hidden is none" 2 'sold.conf is masked' \
	"$aovpn" profile show sold
says "remove: what hides it can be removed, and shows it" 0 "now $vendor/sold.conf holds" \
	"$aovpn" profile remove sold --yes
says "remove: with --yes" 0 "removed $profiles/second.conf" \
	"$aovpn" profile remove second --yes
says "remove: what is not there" 2 'no profile .*second.conf' \
	"$aovpn" profile remove second --yes
says "remove: tells of drop-ins" 0 "drop-ins stay in $profiles/corp.conf.d" \
	"$aovpn" profile remove corp --yes
says "settings are options of add only" 2 'unknown option "--server"' \
	"$aovpn" status --server x
rm -r "$profiles" "$vendor"
