/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c - what "aovpn COMMAND --help" says, each with an example. The table of
 * commands itself is main.c's. */
#include "help.h"

#include <string.h>

static const struct {
	const char *command, *text;
} helps[] = {
	{"dial",
	 "usage: aovpn dial NAME [-v] [--json] [--password-fd N]\n\n"
	 "Connects, and shows each stage with the time that it took. When it\n"
	 "fails: the code, the causes, the likeliest first, and what to do.\n"
	 "Ctrl-C cancels. A password or PIN that the profile does not bring\n"
	 "is asked for on the terminal, or read from descriptor N.\n\n"
	 "  -v       of each candidate, why it was chosen or not\n\n"
	 "example: aovpn dial corp\n"},
	{"hangup",
	 "usage: aovpn hangup NAME\n\n"
	 "Disconnects, or cancels a dial. What is always on stays down until\n"
	 "it is dialled, or aovpnd starts anew.\n\n"
	 "example: aovpn hangup corp\n"},
	{"status",
	 "usage: aovpn status [-v] [--watch] [--json]\n\n"
	 "The connections: state, since when, address, traffic, when keys are\n"
	 "renewed, the last failure with its cause, the next dial; and which\n"
	 "sources are live. Traffic counts from the last renewal of keys.\n\n"
	 "  -v       networks, DNS, link, routes, proposals; hooks of the "
	 "kernel\n"
	 "  --watch  again each second, until Ctrl-C\n\n"
	 "example: aovpn status --watch\n"},
	{"events",
	 "usage: aovpn events [--follow] [--json]\n"
	 "       aovpn events --record ID\n\n"
	 "Every event so far, with RasClient's number. --record writes all\n"
	 "that was seen of one attempt, for aovpn diagnose; the beginning of "
	 "its\nid is enough.\n\n"
	 "  --follow wait for more, until Ctrl-C\n\n"
	 "example: aovpn events --json | jq 'select(.ras_code == 853)'\n"},
	{"diagnose",
	 "usage: aovpn diagnose FILE|- [-v] [--json]\n\n"
	 "What a recorded attempt failed of. Needs no daemon and no rights.\n\n"
	 "example: aovpn events --record 9a1eabc8 | aovpn diagnose -\n"},
	{"trace",
	 "usage: aovpn trace [NAME] [--peer ADDRESS] [--kind KIND,...]\n"
	 "                   [--duration SECONDS] [--json]\n\n"
	 "Everything that the sources see, live: IKE messages, TLS, packets\n"
	 "that leave, arrive or are dropped, ICMP errors, names. A KIND that\n"
	 "is not known is answered with those that are.\n\n"
	 "example: aovpn trace corp --kind packet_dropped,icmp_error\n"},
	{"explain",
	 "usage: aovpn explain WHAT [--json]\n\n"
	 "WHAT is a code (853, -2146762495, 0x800B0101, CERT_E_EXPIRED), a\n"
	 "reason of NPS (nps:258), a cause, or the id of an event: what it\n"
	 "means, its causes, how to confirm and to fix each.\n\n"
	 "example: aovpn explain 853\n"},
	{"notify",
	 "usage: aovpn notify\n\n"
	 "Runs in a desktop session and shows there what fails: the sentence\n"
	 "with its code, the first cause, what to do next. It goes when the\n"
	 "connection is up again; what is always on and fails the same way\n"
	 "again and again is shown once. Needs no rights, the system bus and\n"
	 "a session bus. The user unit aovpn-notify.service runs it.\n\n"
	 "example: aovpn notify\n"},
};

const char *help_of(const char *command)
{
	size_t i;

	for (i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (strcmp(helps[i].command, command) == 0)
			return helps[i].text;
	return NULL;
}
