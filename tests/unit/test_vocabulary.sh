#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_vocabulary.sh - a mistake in the vocabulary must stop the build and be
# named with file, line and value.
#
# Each case breaks one copy of the real files in one way, runs read.awk and one
# of the programs that write over it and expects a failing exit status, nothing on standard output and a
# message that names the file, a line and the offending value.
set -u

vocabulary=$(cd "$(dirname "$0")/../../client/libaovpn/vocabulary" && pwd) ||
	exit 2
files=(codes.tsv hresults.tsv nps_reasons.tsv codes.txt causes.txt messages.txt)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

passed=0
failed=0
skipped=0

# report RESULT NAME [DETAIL]: print and count one result, "ok" or "FAIL".
report()
{
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
		printf 'ok %s\n' "$2"
	else
		failed=$((failed + 1))
		printf 'FAIL %s: %s\n' "$2" "${3:-}"
	fi
}

# generate: run the generator over the copies in $work; standard output and
# error go to $work/out and $work/err.
generate()
{
	(cd "$work" && LC_ALL=C "${AWK:-awk}" -f "$vocabulary/read.awk" \
		-f "$vocabulary/write_c.awk" "${files[@]}" >out 2>err)
}

# restore: put unbroken copies of all files into $work.
restore()
{
	local file

	for file in "${files[@]}"; do
		cp "$vocabulary/$file" "$work/$file" || exit 2
	done
}

# expect_refusal NAME FILE VALUE: the copies are refused with a message that
# begins with FILE:LINE: and holds VALUE.
expect_refusal()
{
	local name=$1 file=$2 value=$3

	if generate; then
		report FAIL "$name" 'the generator accepted it'
	elif [ -s "$work/out" ]; then
		report FAIL "$name" 'there is output beside the error'
	elif ! grep -E "^${file//./\\.}:[0-9]+: " "$work/err" |
		grep -qF -- "$value"; then
		report FAIL "$name" "message: $(head -n 3 "$work/err")"
	else
		report ok "$name"
	fi
}

# refuses NAME FILE VALUE SED: FILE, broken by the sed script SED, is refused
# with a message that names FILE and VALUE.
refuses()
{
	local name=$1 file=$2 value=$3 script=$4

	restore
	sed "$script" "$vocabulary/$file" >"$work/$file" || exit 2
	if cmp -s "$vocabulary/$file" "$work/$file"; then
		report FAIL "$name" 'the test did not break the file'
		return
	fi
	expect_refusal "$name" "$file" "$value"
}

# appended NAME FILE VALUE LINE...: the same for lines added at the end.
appended()
{
	local name=$1 file=$2 value=$3

	shift 3
	restore
	printf '%s\n' "$@" >>"$work/$file"
	expect_refusal "$name" "$file" "$value"
}

# cause_with KEY VALUE: print a whole, valid cause but for KEY, which gets
# VALUE.
cause_with()
{
	local -A part=(
		[slug]=made-up [stages]=reach [mend-at]=client [codes]=809
		[nps-reasons]=none [summary]=One. [why]=Two.
		[check]='Look here.' [fix]='Do it here.'
	)
	local key

	part[$1]=$2
	printf '\n'
	for key in slug stages mend-at redial codes nps-reasons summary why \
		check check-windows fix lowers-security; do
		[ -z "${part[$key]+set}" ] ||
			fold -s -w 70 <<<"$key: ${part[$key]}" |
			sed -e '2,$s/^/  /' -e 's/ *$//'
	done
}

# characters COUNT: a text of so many, an odd number, that ends with a full stop.
characters()
{
	printf 'x %.0s' $(seq $((($1 - 1) / 2)))
	echo .
}

# cause_refused NAME KEY VALUE [NAMED]: an added cause with that VALUE is
# refused; the message names NAMED, by default VALUE.
cause_refused()
{
	restore
	cause_with "$2" "$3" >>"$work/causes.txt"
	expect_refusal "$1" causes.txt "${4:-$3}"
}

# The files as they are, and with one more cause, are accepted.
accepts()
{
	restore
	if generate && [ -s "$work/out" ] && [ ! -s "$work/err" ]; then
		report ok 'the vocabulary as it is'
	else
		report FAIL 'the vocabulary as it is' "$(head -n 3 "$work/err")"
	fi
	cause_with slug made-up >>"$work/causes.txt"
	if generate && grep -qF '"made-up"' "$work/out"; then
		report ok 'one more cause'
	else
		report FAIL 'one more cause' "$(head -n 3 "$work/err")"
	fi
}

# What read.awk refuses in the tables.
tables()
{
	refuses 'a line of codes.tsv without a column' codes.tsv \
		'853' 's/^\(853	[A-Z_]*\)	.*/\1/'
	refuses 'spaces for tabs in codes.tsv' codes.tsv \
		'ERROR_VPN_TIMEOUT' '/^809	/s/	/ /g'
	appended 'a code twice' codes.tsv 'code 853' \
		$'853\tERROR_AGAIN\twinerror.h'
	appended 'a code of codes.tsv again in hresults.tsv' hresults.tsv \
		'code 853' $'0x00000355\t853\tE_AGAIN\twinerror.h'
	appended 'a symbol twice' codes.tsv 'ERROR_VPN_TIMEOUT' \
		$'70001\tERROR_VPN_TIMEOUT\twinerror.h'
	appended 'a code that is no number' codes.tsv '"85x"' \
		$'85x\tERROR_X\twinerror.h'
	appended 'a code beyond 32 bits' codes.tsv '"4294967296"' \
		$'4294967296\tERROR_X\twinerror.h'
	appended 'a symbol with bad characters' codes.tsv '"ERROR-X"' \
		$'70001\tERROR-X\twinerror.h'
	refuses 'an HRESULT whose two forms differ' hresults.tsv \
		'0x800B0109 is not -2146762488' 's/-2146762487/-2146762488/'
	refuses 'an HRESULT that is not hexadecimal' hresults.tsv \
		'"0x800B010G"' 's/^0x800B0109/0x800B010G/'
	appended 'an NPS reason twice' nps_reasons.tsv 'reason 258' \
		$'258\tagain'
	appended 'an NPS reason beyond 16 bits' nps_reasons.tsv '"65536"' \
		$'65536\ttoo large'
	refuses 'an NPS reason without a meaning' nps_reasons.tsv '258' \
		's/^\(258	\).*/\1/'
}

# What read.awk refuses in codes.txt.
meanings()
{
	appended 'a meaning for a code of no table' codes.txt '"99999"' '' \
		'code: 99999' 'symbol: ERROR_X' 'meaning: Text.'
	appended 'two meanings for a code' codes.txt 'code 853' '' \
		'code: 853' 'symbol: ERROR_EAP_USER_CERT_INVALID' \
		'meaning: Text.'
	refuses 'a meaning under another symbol' codes.txt \
		'"ERROR_VPN_TIMEOUTS"' 's/^symbol: ERROR_VPN_TIMEOUT$/&S/'
	refuses 'a meaning without a full stop' codes.txt 'idle for longer' \
		'/idle for longer/s/\.$//'
	refuses 'a code without a meaning' codes.txt '"meaning"' \
		'/^symbol: ERROR_VPN_BAD_CERT$/,/^$/{/^symbol/!{/./d;};}'
}

# What read.awk refuses in the form of a stanza.
stanzas()
{
	local key

	for key in slug stages mend-at codes nps-reasons summary why check fix
	do
		cause_refused "a cause without $key" "$key" '' "\"$key\""
	done
	refuses 'a cause without a line for its fix' causes.txt '"no-route"' \
		'/^slug: no-route$/,/^$/s/^fix:/#/'
	refuses 'an unknown key' causes.txt '"advice"' \
		'/^slug: no-route$/,/^$/s/^fix:/advice:/'
	refuses 'a key twice in a stanza' causes.txt '"check"' \
		'/^slug: no-route$/,/^$/s/^fix:/check:/'
	appended 'a line that is neither key nor text' causes.txt \
		'"just words"' '' 'just words'
	appended 'a line that is too long' causes.txt '81 characters' '' \
		"$(printf '# %079d' 1)"
	appended 'a continuation of nothing' causes.txt 'lost words' '' \
		'  lost words'
}

# What read.awk refuses in the values of a cause.
causes()
{
	local long key

	long=$(printf '%0100d' 1)
	cause_refused 'a slug twice' slug no-route
	cause_refused 'a slug with capitals' slug No-Route
	cause_refused 'a slug with an underscore' slug no_route
	cause_refused 'a slug with a hyphen at its end' slug no-route-
	cause_refused 'a slug that is too long' slug "a$long" '63'
	cause_refused 'an unknown stage' stages reach,moon '"moon"'
	cause_refused 'an unknown way to redial' redial never '"never"'
	cause_refused 'an unknown place' mend-at client,moon '"moon"'
	cause_refused 'a code of no table' codes 809,99999 '"99999"'
	cause_refused 'a code without a meaning of its own' codes 601 '"601"'
	cause_refused 'success as the code of a cause' codes 0 '"0"'
	cause_refused 'the same code twice' codes 809,809 '"809"'
	cause_refused 'too many codes' codes 809,812,853,854,855 '5 entries'
	cause_refused 'an unknown word for no code' codes '(never)'
	cause_refused 'an NPS reason of no table' nps-reasons 16,999 '"999"'
	cause_refused 'too many NPS reasons' nps-reasons 1,2,3,4,5,6,7,8,9 \
		'9 entries'
	cause_refused 'a summary of 91 characters' summary \
		"$(characters 91)" '91 characters'
	cause_refused 'a text that is too long' why "$(characters 701)" \
		'701 characters'
	for key in summary why check fix; do
		cause_refused "a $key without a full stop" "$key" 'Do that'
	done
	cause_refused 'a check that names no place' check 'Look closely.'
	cause_refused 'a fix that names no place' fix 'Do it.'
	cause_refused 'a fix that lowers security' fix \
		'Here, set IgnoreNoRevocationCheck = 1.'
	cause_refused 'what lowers security and does not say how' \
		lowers-security 'Do something else here.' 'It gives up'
	cause_refused 'an empty check for Windows' check-windows '' \
		'"check-windows"'
	for key in summary why check fix; do
		cause_refused "the $key of another cause" "$key" \
			"$(text_of no-route "$key")"
	done
	cause_refused 'a character outside ASCII' check $'Caf\xc3\xa9.' \
		'outside ASCII: "Caf'
}

# text_of SLUG KEY: the value in causes.txt, on one line.
text_of()
{
	sed -n "/^slug: $1\$/,/^\$/p" "$vocabulary/causes.txt" |
		sed -n "/^$2:/,/^[^ ]*:/{/^$2:/p;/^ /p;}" |
		sed -e "s/^$2: //" -e 's/^  *//' | paste -sd ' '
}

# What read.awk refuses of how causes stand to codes.
ranks()
{
	refuses 'a cause of a code that is none' codes.txt '"no-such-cause"' \
		'/^code: 853$/,/^$/s/^causes: /&no-such-cause, /'
	refuses 'a cause twice in the list of a code' codes.txt \
		'"client-cert-untrusted" stands twice' \
		'/^code: 853$/,/^$/s/^causes: /&client-cert-untrusted, /'
	refuses 'a cause of an NPS reason that is none' nps_reasons.tsv \
		'"no-such-cause"' '/^38	/s/nps-policy/no-such-cause/'
	refuses 'an NPS reason that no cause explains' nps_reasons.tsv \
		'reason 38 has no cause' '/^38	/s/	nps-policy//'
	refuses 'a code that no cause explains' codes.txt 'code 806 has no' \
		'/^code: 806$/,/^$/s/^causes: none/# none/'
}

# What read.awk refuses in messages.txt.
messages()
{
	local key

	for key in number events subject text; do
		refuses "a message without $key" messages.txt \
			"\"$key\" is missing" \
			"/^message: connected\$/,/^\$/s/^$key:/#/;/^ /d"
	done
	refuses 'an unknown message' messages.txt '"joined"' \
		's/^message: connected/message: joined/'
	refuses 'an event twice' messages.txt 'event 20225 stands twice' \
		's/^events: 20226/events: 20225/'
	refuses 'an event that is none' messages.txt '"20228"' \
		's/^events: 20226/events: 20228/'
	refuses 'the number of a code for a message' messages.txt \
		'number 853 is taken' 's/^number: 20226/number: 853/'
	refuses 'the number of another message' messages.txt \
		'number 20225 is taken' 's/^number: 20226/number: 20225/'
}

# What read.awk refuses of whole files.
whole_files()
{
	local file

	for file in "${files[@]}"; do
		restore
		: >"$work/$file"
		expect_refusal "an empty $file" "$file" 'no entry'
	done
	restore
	cp "$work/codes.txt" "$work/notes.txt"
	local files=("${files[@]}" notes.txt)
	expect_refusal 'a file that is none of the six' notes.txt 'no file'
}

# written WRITER [OPTION...]: what this program makes of the real files.
written()
{
	local writer=$1

	shift
	(cd "$vocabulary" && LC_ALL=C "${AWK:-awk}" "$@" -f read.awk \
		-f "$writer" "${files[@]}")
}

# holds NAME COMMAND...: the command succeeds and prints nothing.
holds()
{
	local name=$1 output

	shift
	if output=$("$@" 2>&1) && [ -z "$output" ]; then
		report ok "$name"
	else
		report FAIL "$name" "$(head -n 3 <<<"$output")"
	fi
}

# needs PROGRAM NAME: true if it is there; else a skip is counted.
needs()
{
	command -v "$1" >/dev/null && return
	skipped=$((skipped + 1))
	printf 'SKIP %s: no %s\n' "$2" "$1"
	return 1
}

# systemd reads as many entries as codes.txt and messages.txt have stanzas.
catalog_is_read()
{
	local want got

	mkdir -p "$work/root/usr/lib/systemd/catalog" \
		"$work/root/var/lib/systemd/catalog"
	cp "$work/catalog" "$work/root/usr/lib/systemd/catalog/aovpn.catalog"
	journalctl --root="$work/root" --update-catalog || return
	want=$(cat "$vocabulary"/{codes,messages}.txt |
		grep -cE '^(code|message): ')
	got=$(journalctl --root="$work/root" --list-catalog |
		grep -c '^8f0a3d5c1f7b4a5e9c7e5d1e[0-9a-f]* aovpn: Connection ')
	[ "$got" = "$want" ] || echo "$got entries instead of $want"
}

# What lowers security is no text for a failure that nobody has looked at.
catalog_keeps_security()
{
	grep -E 'gives up|IgnoreNoRevocationCheck = 1|DEFAULT:SHA1' \
		"$work/catalog" || return 0
}

# The man page names every code with a meaning, every cause and NPS reason.
man_page_is_whole()
{
	local key

	while read -r key; do
		grep -qF -- ".B ${key//-/\\-}" "$work/codes.7" || echo "$key"
	done < <(sed -n 's/^code: //p' "$vocabulary/codes.txt"
		sed -n 's/^slug: //p' "$vocabulary/causes.txt"
		grep -v '^#' "$vocabulary/nps_reasons.tsv" | cut -f 1)
}

man_page_is_sound()
{
	groff -ww -man -z "$work/codes.7"
}

# Every form but the C tables, which accepts has seen.
outputs()
{
	written write_catalog.awk >"$work/catalog"
	written write_man.awk -v version=1 >"$work/codes.7"
	holds 'the catalog holds nothing that lowers security' \
		catalog_keeps_security
	needs journalctl 'the catalog is read' &&
		holds 'the catalog is read' catalog_is_read
	holds 'the man page is whole' man_page_is_whole
	needs groff 'the man page is sound' &&
		holds 'the man page is sound' man_page_is_sound
	holds 'each cause has a rule or says why not' causes_have_rules
	holds 'what no rule can find no rule names' unseen_causes_have_none
	holds 'the schema fails without its template' \
		no_schema_without_template
}

# Each cause is named in the code of libaovpn or aovpnd, or says why no rule can
# find it.
causes_have_rules()
{
	local slug code
	code=$(cat "$vocabulary"/../*.c "$vocabulary"/../../aovpnd/*.c)
	while read -r slug; do
		grep -qF "\"$slug\"" <<<"$code" || echo "$slug has no rule"
	done < <(awk '/^slug: / { slug = $2; seen = 1 } /^unseen: / { seen = 0 }
		/^$/ && slug { if (seen) print slug; slug = "" }
		END { if (slug && seen) print slug }' "$vocabulary/causes.txt")
}

# What no rule can find no rule names.
unseen_causes_have_none()
{
	local slug
	while read -r slug; do
		grep -lF "\"$slug\"" "$vocabulary"/../rules_*.c \
			"$vocabulary"/../diagnosis*.c "$vocabulary"/../reach.c \
			"$vocabulary"/../../aovpnd/*.c || continue
	done < <(awk '/^slug: / { slug = $2 } /^unseen: / { print slug }' \
		"$vocabulary/causes.txt")
}

no_schema_without_template()
{
	if written write_schema.awk -v template=no-such-file 2>"$work/err"; then
		echo 'it did not fail'
	fi
	grep -q no-such-file "$work/err" || echo 'it does not name the file'
}

accepts
outputs
tables
meanings
stanzas
causes
ranks
messages
whole_files
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
