/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reach.c - see reach.h. */
#include "reach.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "reassembly.h"

/* Kernel drop reasons (enum skb_drop_reason without its prefix) that explain a
 * lost packet, by direction. */
struct drop_cause {
	const char *reason;
	bool incoming;
	const char *slug;
};

static const struct drop_cause drop_causes[] = {
	{"NETFILTER_DROP", false, "local-firewall-out"},
	{"NEIGH_FAILED", false, "neighbour-unreachable"},
	{"NEIGH_CREATEFAIL", false, "neighbour-unreachable"},
	{"NEIGH_QUEUEFULL", false, "neighbour-unreachable"},
	{"IP_OUTNOROUTES", false, "no-route"},
	{"NETFILTER_DROP", true, "local-firewall-in"},
	{"IP_RPFILTER", true, "rp-filter"},
	{"SOCKET_RCVBUFF", true, "receive-buffer-full"},
	{"UDP_CSUM", true, "bad-checksum"},
	{"IP_CSUM", true, "bad-checksum"},
};

static void drop_finding(observation_ref o, uint32_t count,
			 struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX], remote[INET6_ADDRSTRLEN];
	size_t i;

	if (!o)
		return;
	aovpn_address_text(o->flow.family, o->flow.remote, remote,
			   sizeof(remote));
	snprintf(line, sizeof(line),
		 "this machine's kernel dropped %u packet%s %s %s port %u: %s "
		 "in %s",
		 count, count == 1 ? "" : "s",
		 o->u.drop.incoming ? "from" : "to", remote,
		 o->flow.remote_port, o->u.drop.reason,
		 o->u.drop.location[0] ? o->u.drop.location : "?");
	for (i = 0; i < sizeof(drop_causes) / sizeof(drop_causes[0]); i++)
		if (drop_causes[i].incoming == (o->u.drop.incoming != 0) &&
		    strcmp(drop_causes[i].reason, o->u.drop.reason) == 0)
			finding_add(out, drop_causes[i].slug, AOVPN_CERTAIN,
				    line, NULL);
}

/* Kinds of ICMP errors, by RFC 792, RFC 1812 5.2.7 and RFC 4443 3. ANY: all
 * other codes of the type. */
struct icmp_kind {
	bool v6;
	uint8_t type;
	int code;
	const char *name;
	const char *slug;
};

#define ANY (-1)

static const struct icmp_kind icmp_kinds[] = {
	{false, 3, 0, "network unreachable", "icmp-host-unreachable"},
	{false, 3, 1, "host unreachable", "icmp-host-unreachable"},
	{false, 3, 2, "protocol unreachable", "icmp-port-unreachable"},
	{false, 3, 3, "port unreachable", "icmp-port-unreachable"},
	{false, 3, 4, "fragmentation needed", "path-mtu"},
	{false, 3, 9, "network prohibited", "icmp-prohibited"},
	{false, 3, 10, "host prohibited", "icmp-prohibited"},
	{false, 3, 13, "administratively prohibited", "icmp-prohibited"},
	{false, 3, ANY, "unreachable", "icmp-host-unreachable"},
	{false, 11, 1, "fragments did not come together in time",
	 "fragments-lost"},
	{false, 11, ANY, "too many hops, perhaps a loop of routes",
	 "icmp-host-unreachable"},
	{false, 12, ANY, "parameter problem", "icmp-host-unreachable"},
	{true, 1, 0, "no route", "icmp-host-unreachable"},
	{true, 1, 1, "administratively prohibited", "icmp-prohibited"},
	{true, 1, 3, "address unreachable", "icmp-host-unreachable"},
	{true, 1, 4, "port unreachable", "icmp-port-unreachable"},
	{true, 1, 5, "source address refused by policy", "icmp-prohibited"},
	{true, 1, 6, "route to refuse", "icmp-prohibited"},
	{true, 1, ANY, "unreachable", "icmp-host-unreachable"},
	{true, 2, ANY, "packet too big", "path-mtu"},
	{true, 3, 1, "fragments did not come together in time",
	 "fragments-lost"},
	{true, 3, ANY, "too many hops, perhaps a loop of routes",
	 "icmp-host-unreachable"},
	{true, 4, 1, "next header not known", "icmp-port-unreachable"},
};

static const struct icmp_kind *icmp_kind_of(observation_ref o)
{
	static const struct icmp_kind other = {.name = "error",
					       .slug = "icmp-host-unreachable"};
	const struct icmp_kind *kind;
	size_t i;

	for (i = 0; i < sizeof(icmp_kinds) / sizeof(icmp_kinds[0]); i++) {
		kind = &icmp_kinds[i];
		if (kind->v6 == (o->flow.family == AF_INET6) &&
		    kind->type == o->u.icmp.type &&
		    (kind->code == ANY || kind->code == o->u.icmp.code))
			return kind;
	}
	return &other;
}

/* What it was about: a port, or ESP. */
static void icmp_subject(observation_ref o, char *out, size_t size)
{
	if (o->u.icmp.esp_spi != 0)
		snprintf(out, size, "ESP of SPI %08x", o->u.icmp.esp_spi);
	else
		snprintf(out, size, "a packet for port %u",
			 o->flow.remote_port);
}

/* charon's own messages have the time when they came here, and the kernel may
 * have told by then of the request that followed. It is sent again after a
 * second at the earliest, so this is too short to take in an older one. */
#define CHARON_DELAY_NS 500000000ull

/* When the last answer came: what happened before it did no lasting harm. */
static uint64_t last_answer_ns(const struct view *v)
{
	observation_ref o = v->last_answer;

	if (!o)
		return 0;
	if (o->source == AOVPN_SOURCE_CHARON && o->time_ns > CHARON_DELAY_NS)
		return o->time_ns - CHARON_DELAY_NS;
	return o->time_ns;
}

/* This machine's own kernel says so to itself where the next hop does not
 * answer (RFC 1122 2.3.2.1). */
static bool is_own(observation_ref o)
{
	return o->u.icmp.from_family == o->flow.family &&
	       memcmp(o->u.icmp.from, o->flow.local, sizeof(o->u.icmp.from)) ==
		       0;
}

static const char *icmp_cause(observation_ref o, const struct icmp_kind *kind)
{
	return is_own(o) && strcmp(kind->slug, "icmp-host-unreachable") == 0
		       ? "neighbour-unreachable"
		       : kind->slug;
}

static void icmp_finding(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX], from[INET6_ADDRSTRLEN], subject[40];
	char mtu[48] = "";
	const struct aovpn_observation *o = v->icmp;
	const struct icmp_kind *kind;

	if (!o || o->time_ns <= last_answer_ns(v))
		return;
	kind = icmp_kind_of(o);
	aovpn_address_text(o->u.icmp.from_family, o->u.icmp.from, from,
			   sizeof(from));
	icmp_subject(o, subject, sizeof(subject));
	snprintf(line, sizeof(line),
		 "%s answered with ICMP%s type %u code %u (%s) to %s", from,
		 o->flow.family == AF_INET6 ? "v6" : "", o->u.icmp.type,
		 o->u.icmp.code, kind->name, subject);
	if (o->u.icmp.mtu != 0)
		snprintf(mtu, sizeof(mtu), "it lets %u bytes pass",
			 o->u.icmp.mtu);
	finding_add(out, icmp_cause(o, kind), AOVPN_LIKELY, line, mtu, NULL);
}

/* What would have said it, and was dropped by this machine's own filter. It is
 * the same evidence, but charon and the listener never got it. */
static void dropped_icmp_finding(const struct view *v,
				 struct aovpn_outcome *out)
{
	struct aovpn_observation quoted;
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->icmp_dropped;

	if (!o)
		return;
	quoted = (struct aovpn_observation){.flow = o->flow};
	quoted.u.icmp.type = o->u.drop.icmp_type;
	quoted.u.icmp.code = o->u.drop.icmp_code;
	snprintf(line, sizeof(line),
		 "an ICMP%s error of type %u code %u about a packet for port "
		 "%u came, and this machine's kernel dropped it: %s in %s",
		 o->flow.family == AF_INET6 ? "v6" : "", o->u.drop.icmp_type,
		 o->u.drop.icmp_code, o->flow.remote_port, o->u.drop.reason,
		 o->u.drop.location[0] ? o->u.drop.location : "?");
	finding_add(out, icmp_kind_of(&quoted)->slug, AOVPN_LIKELY, line, NULL);
}

/* What the errno of a send says: how the kernel routes (ip-route(8), fib_props
 * of its net/ipv4/fib_semantics.c) and filters (NF_DROP_GETERR). */
struct send_cause {
	int error;
	const char *symbol;
	const char *slug;
	enum aovpn_confidence confidence;
	const char *meaning;
};

/* "Likely" are EPERM, which a filter gives and a cgroup's BPF program, too, and
 * EMSGSIZE, as what the way carries may have been learnt from an ICMP message,
 * which can be forged. */
static const struct send_cause send_causes[] = {
	{ENETUNREACH, "ENETUNREACH", "no-route", AOVPN_CERTAIN,
	 "no route leads there, or the address it would come from is gone"},
	{EHOSTUNREACH, "EHOSTUNREACH", "no-route", AOVPN_CERTAIN,
	 "a route or rule of type \"unreachable\" stands in the way"},
	{EACCES, "EACCES", "no-route", AOVPN_CERTAIN,
	 "a route or rule of type \"prohibit\" stands in the way"},
	{EINVAL, "EINVAL", "no-route", AOVPN_CERTAIN,
	 "a route or rule of type \"blackhole\" stands in the way, or the "
	 "address it would come from is gone"},
	{ENETDOWN, "ENETDOWN", "no-route", AOVPN_CERTAIN,
	 "the interface on the way is down"},
	{ENODEV, "ENODEV", "no-route", AOVPN_CERTAIN,
	 "the interface on the way is gone"},
	{EADDRNOTAVAIL, "EADDRNOTAVAIL", "no-route", AOVPN_CERTAIN,
	 "the address it would come from is gone"},
	{EPERM, "EPERM", "local-firewall-out", AOVPN_LIKELY,
	 "a packet filter of this machine refused it, or a BPF program of "
	 "charon's cgroup"},
	{EMSGSIZE, "EMSGSIZE", "path-mtu", AOVPN_LIKELY,
	 "it is larger than what the way there is known to carry"},
};

/* NULL: no errno that says where the fault lies. */
static const struct send_cause *send_cause_of(int32_t error)
{
	size_t i;

	for (i = 0; i < sizeof(send_causes) / sizeof(send_causes[0]); i++)
		if (send_causes[i].error == error)
			return &send_causes[i];
	return NULL;
}

void reach_send_failed_text(const struct view *v, char *line, size_t size)
{
	const struct send_cause *cause;
	char remote[INET6_ADDRSTRLEN], number[32];
	observation_ref o = v->send_failed;

	line[0] = '\0';
	if (!o)
		return;
	cause = send_cause_of(o->u.send_failed.error);
	aovpn_address_text(o->flow.family, o->flow.remote, remote,
			   sizeof(remote));
	snprintf(number, sizeof(number), "errno %d", o->u.send_failed.error);
	snprintf(line, size,
		 "the kernel refused to send to %s port %u, %u of %u times: "
		 "%s%s%s",
		 remote, o->flow.remote_port, v->transmissions_refused,
		 v->transmissions, cause ? cause->symbol : number,
		 cause ? ", " : "", cause ? cause->meaning : "");
}

/* If some got out, silence has another reason, too. EPERM alone does not say
 * who refused; the tracer does. */
static enum aovpn_confidence send_confidence(const struct view *v,
					     const struct send_cause *cause)
{
	if (!v->last_refused)
		return AOVPN_POSSIBLE;
	if (v->transmissions_refused < v->transmissions)
		return AOVPN_LIKELY;
	if (cause->error == EPERM && v->drop_out &&
	    strcmp(v->drop_out->u.drop.reason, "NETFILTER_DROP") == 0)
		return AOVPN_CERTAIN;
	return cause->confidence;
}

bool reach_send_failed(const struct view *v, struct aovpn_outcome *out)
{
	const struct send_cause *cause;
	char line[AOVPN_TEXT_MAX];

	if (!v->send_failed)
		return false;
	cause = send_cause_of(v->send_failed->u.send_failed.error);
	reach_send_failed_text(v, line, sizeof(line));
	if (cause)
		finding_add(out, cause->slug, send_confidence(v, cause), line,
			    NULL);
	else
		finding_add(out, "unknown", AOVPN_POSSIBLE, line, NULL);
	return v->last_refused;
}

/* Handed to the socket, yet never seen to leave and not dropped by a filter:
 * there was no route. The errno would say so, but only the plugin tells it. */
static void route_finding(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->attempt->sees_egress || v->kernel_sent == 0 ||
	    v->kernel_left > 0 || v->drops_out > 0 || v->send_failed)
		return;
	snprintf(line, sizeof(line),
		 "%u packets were handed to the socket and none left this "
		 "machine",
		 v->kernel_sent);
	finding_add(out, "no-route", AOVPN_LIKELY, line, NULL);
}

/* "1480 to 2353", or "from 1480 on" where the end is not known. */
static void missing_bytes(const struct reassembly *packet, char *out,
			  size_t size)
{
	uint32_t end = packet->resumes ? packet->resumes : packet->end;

	if (end > packet->came)
		snprintf(out, size, "%u to %u", packet->came, end - 1);
	else
		snprintf(out, size, "from %u on", packet->came);
}

static void hole_finding(const struct reassembly_summary *seen,
			 struct aovpn_outcome *out)
{
	const struct reassembly *packet = &seen->hole;
	char line[AOVPN_TEXT_MAX], missing[32], times[64] = "";

	missing_bytes(packet, missing, sizeof(missing));
	snprintf(line, sizeof(line),
		 "a message from UDP port %u came in IP fragments: bytes 0 to "
		 "%u were here, bytes %s never came",
		 packet->first->flow.remote_port, packet->came - 1, missing);
	if (seen->holed > 1)
		snprintf(times, sizeof(times),
			 "so it was with %u messages of the gateway",
			 seen->holed);
	finding_add(out, "fragments-lost", AOVPN_LIKELY, line, times, NULL);
}

static void fragments_finding(const struct view *v, struct aovpn_outcome *out)
{
	struct reassembly_summary seen;
	char line[AOVPN_TEXT_MAX];

	reassembly_read(v->attempt, last_answer_ns(v), &seen);
	if (seen.holed > 0) {
		hole_finding(&seen, out);
	} else if (seen.headless > 0 && seen.complete == 0 && v->init_answer) {
		snprintf(line, sizeof(line),
			 "IP fragments of %u packets came from the gateway's "
			 "address, and the first of each never did",
			 seen.headless);
		finding_add(out, "fragments-lost", AOVPN_LIKELY, line, NULL);
	}
}

/* All fragments of an answer were here, and yet charon got none: they were lost
 * between the network card and its socket. */
static void undelivered_finding(const struct view *v, struct aovpn_outcome *out)
{
	struct reassembly_summary seen;
	char line[AOVPN_TEXT_MAX];

	reassembly_read(v->attempt, last_answer_ns(v), &seen);
	if (seen.complete == 0 || v->auth_came > 0 || v->parse_failed)
		return;
	snprintf(line, sizeof(line),
		 "%u answer%s of %u bytes came in complete by IP fragments, "
		 "and charon was handed none",
		 seen.complete, seen.complete == 1 ? "" : "s", seen.whole.came);
	if (out->count > 0 && out->finding[0].confidence == AOVPN_CERTAIN)
		finding_add(out, out->finding[0].cause->slug, AOVPN_CERTAIN,
			    line, NULL);
	else
		finding_add(out, "local-firewall-in",
			    v->attempt->sees_egress ? AOVPN_LIKELY
						    : AOVPN_POSSIBLE,
			    line, NULL);
}

/* IP packets above this size were fragmented on any ordinary path; IKE's own
 * fragmentation (RFC 7383) keeps below it. */
#define FRAGMENTED_ABOVE 1452

/* Parts of an answer cut by IKE itself (RFC 7383) were delivered and the whole
 * never was: the last part is small, and the others are as large as they may
 * be. */
static bool parts_finding(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->fragmentation || v->auth_came == 0 || v->parse_failed)
		return false;
	snprintf(line, sizeof(line),
		 "charon got %u packets of IKE_AUTH answers on UDP 4500 and no "
		 "answer was complete",
		 v->auth_came);
	finding_add(out, "path-mtu", AOVPN_LIKELY, line, NULL);
	return true;
}

static void no_init_finding(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (v->cookies > 0) {
		snprintf(line, sizeof(line),
			 "the gateway answered IKE_SA_INIT %u times, and each "
			 "time only demanded a cookie",
			 v->cookies);
		finding_add(out, "gateway-overloaded", AOVPN_LIKELY, line,
			    "gateways do so while many half-open exchanges "
			    "keep them busy (RFC 7296 2.6)",
			    NULL);
		return;
	}
	snprintf(line, sizeof(line),
		 v->init_answer ? "IKE_SA_INIT was answered without an "
				  "agreement, sent %u times again and not "
				  "answered any more"
				: "IKE_SA_INIT to UDP 500 was sent %u times "
				  "and nothing came back",
		 1 + v->retransmits);
	finding_add(out, "udp500-no-answer", AOVPN_LIKELY, line,
		    v->kernel_left > 0 ? "the packets left this machine" : "",
		    NULL);
}

/* An answer that was no agreement, such as REDIRECT (RFC 5685), made charon
 * begin again. */
static bool asked_anew(const struct view *v)
{
	return v->auth_sent == 0 && v->retransmit &&
	       v->retransmit->u.retransmit.message_id == 0 &&
	       v->retransmit->time_ns > v->init_answer->time_ns;
}

static void no_auth_finding(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	bool large;

	if (parts_finding(v, out))
		return;
	large = !v->fragmentation && v->largest_request > FRAGMENTED_ABOVE;
	snprintf(line, sizeof(line),
		 "IKE_SA_INIT was answered, IKE_AUTH to UDP 4500 was sent %u "
		 "times and never answered",
		 1 + v->retransmits);
	if (large)
		finding_add(out, "fragments-lost", AOVPN_LIKELY, line,
			    "the request is larger than one packet and IKE "
			    "fragmentation was not agreed",
			    NULL);
	finding_add(out, "udp4500-no-answer",
		    large ? AOVPN_POSSIBLE : AOVPN_LIKELY, line, NULL);
	if (!v->fragmentation && !large)
		finding_add(out, "fragments-lost", AOVPN_POSSIBLE,
			    "without IKE fragmentation the gateway's answer "
			    "may be too large for one packet",
			    NULL);
	finding_add(out, "lb-split-500-4500", AOVPN_POSSIBLE,
		    "behind a load balancer both ports must reach one server",
		    NULL);
}

/* Nobody answers IKE, and whoever answers HTTP sends a page where a CRL should
 * be: what a portal does until its users have signed in. */
static void portal_finding(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_certificate_facts *c = v->attempt->chain.certificate;
	char line[AOVPN_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < v->attempt->chain.count && !v->last_answer; i++, c++) {
		if (!c->revocation.web_page)
			continue;
		snprintf(line, sizeof(line),
			 "a web page came where a CRL was asked for by HTTP: "
			 "%.150s",
			 c->cdp.count > 0 ? c->cdp.url[0] : "");
		finding_add(out, "captive-portal", AOVPN_LIKELY, line,
			    "and nobody answers IKE", NULL);
		return;
	}
}

void reach_findings(const struct view *view, struct aovpn_outcome *outcome)
{
	uint32_t wrong;
	bool explained;

	portal_finding(view, outcome);
	wrong_answer_findings(view, outcome);
	wrong = outcome->count;
	drop_finding(view->drop_out, view->drops_out, outcome);
	drop_finding(view->drop_in, view->drops_in, outcome);
	fragments_finding(view, outcome);
	undelivered_finding(view, outcome);
	if (view->last_refused)
		reach_send_failed(view, outcome);
	icmp_finding(view, outcome);
	dropped_icmp_finding(view, outcome);
	route_finding(view, outcome);
	explained = outcome->count > wrong;
	outcome->seen_on_wire =
		view->drop_out || view->drop_in ||
		outcome->count > wrong + (view->last_refused ? 1 : 0);
	history_address_finding(view, outcome,
				explained ? AOVPN_POSSIBLE : AOVPN_LIKELY);
	if (!explained && view->init_answer && !asked_anew(view))
		no_auth_finding(view, outcome);
	else if (!explained)
		no_init_finding(view, outcome);
	if (!view->last_refused)
		reach_send_failed(view, outcome);
}

void reach_stalled_findings(const struct view *view,
			    struct aovpn_outcome *outcome)
{
	drop_finding(view->drop_out, view->drops_out, outcome);
	drop_finding(view->drop_in, view->drops_in, outcome);
	fragments_finding(view, outcome);
	icmp_finding(view, outcome);
}
