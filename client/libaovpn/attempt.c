/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.c - see attempt.h. */
#include "attempt.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

static bool same_remote(const struct aovpn_flow *a, const struct aovpn_flow *b)
{
	return a->family != 0 && a->family == b->family &&
	       memcmp(a->remote, b->remote, sizeof(a->remote)) == 0;
}

/* Facts that no packet of an IKE_SA shows; the plugin knows whose they are. */
static bool is_of_every_attempt(const struct aovpn_observation *observation)
{
	if (observation->source == AOVPN_SOURCE_PLUGIN)
		return false;
	return observation->kind == AOVPN_OBS_TCP ||
	       observation->kind == AOVPN_OBS_NAME_FAILED ||
	       observation->kind == AOVPN_OBS_NEIGHBOUR_FAILED;
}

bool aovpn_attempt_matches(const struct aovpn_attempt *attempt,
			   const struct aovpn_observation *observation)
{
	if (is_of_every_attempt(observation))
		return true;
	if (observation->kind == AOVPN_OBS_IKE_STATE &&
	    observation->u.ike_state.state == AOVPN_IKE_REKEYED)
		return strcmp(observation->connection, attempt->charon_name) ==
		       0;
	if (observation->ike_sa_id != 0 && attempt->ike_sa_id != 0)
		return observation->ike_sa_id == attempt->ike_sa_id;
	if (observation->spi_i != 0 && attempt->spi_i != 0)
		return observation->spi_i == attempt->spi_i;
	if (observation->connection[0] != '\0')
		return strcmp(observation->connection, attempt->charon_name) ==
		       0;
	return same_remote(&observation->flow, &attempt->flow);
}

/* A new IKE_SA announces itself; late news of an older one of the same name
 * must not be taken for it. */
static bool announces_ike_sa(const struct aovpn_observation *observation)
{
	return observation->kind == AOVPN_OBS_IKE_STATE &&
	       (observation->u.ike_state.state == AOVPN_IKE_CONNECTING ||
		observation->u.ike_state.state == AOVPN_IKE_REKEYED);
}

/* Only charon and the plugin in it know whose an IKE_SA is; packets teach
 * nothing here. */
static void learn(struct aovpn_attempt *attempt,
		  const struct aovpn_observation *observation)
{
	if (observation->source != AOVPN_SOURCE_PLUGIN &&
	    observation->source != AOVPN_SOURCE_CHARON)
		return;
	if (announces_ike_sa(observation)) {
		attempt->ike_sa_id = observation->ike_sa_id;
		if (!attempt->watched)
			attempt->spi_i = observation->spi_i;
	}
	if (observation->spi_i != 0 && attempt->watched)
		attempt->spi_i = observation->spi_i; /* once it is up */
	if (observation->flow.family != 0)
		attempt->flow = observation->flow;
}

/* Of those that tell least there may be most. */
static bool is_passing_packet(const struct aovpn_observation *observation)
{
	return observation->kind == AOVPN_OBS_PACKET ||
	       observation->kind == AOVPN_OBS_SEND ||
	       observation->kind == AOVPN_OBS_FRAGMENT;
}

/* Leave out up to most of the older ones of the second half; only_passing: of
 * packets that passed. Returns how many. */
static uint32_t leave_out(struct aovpn_attempt *attempt, uint32_t most,
			  bool only_passing)
{
	const uint32_t keep = AOVPN_ATTEMPT_OBSERVATIONS_MAX / 2;
	struct aovpn_observation *list = attempt->observations;
	uint32_t from, to = keep, left_out = 0;

	for (from = keep; from < attempt->count; from++) {
		if (left_out < most &&
		    (!only_passing || is_passing_packet(&list[from]))) {
			left_out++;
			continue;
		}
		if (to != from)
			list[to] = list[from];
		to++;
	}
	attempt->count = to;
	return left_out;
}

/* The first half tells how the dial went and stays; of the rest a block of the
 * oldest makes way, packets that passed before all others, so that the end is
 * always there too. */
static void discard_some(struct aovpn_attempt *attempt)
{
	const uint32_t block = 64;
	uint32_t left_out;

	left_out = leave_out(attempt, block, true);
	if (left_out == 0)
		left_out = leave_out(attempt, block, false);
	attempt->discarded += left_out;
}

static int make_room(struct aovpn_attempt *attempt)
{
	struct aovpn_observation *more;
	size_t room;

	if (attempt->count == AOVPN_ATTEMPT_OBSERVATIONS_MAX)
		discard_some(attempt);
	if (attempt->count < attempt->room)
		return 0;
	room = attempt->room ? 2 * (size_t)attempt->room : 16;
	more = reallocarray(attempt->observations, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	attempt->observations = more;
	attempt->room = (uint32_t)room;
	return 0;
}
/* Sources are read one after the other; one clock tells what came first. */
static void insert(struct aovpn_attempt *attempt,
		   const struct aovpn_observation *observation)
{
	struct aovpn_observation *list = attempt->observations;
	uint32_t at = attempt->count;

	while (at > 0 && list[at - 1].time_ns > observation->time_ns)
		at--;
	memmove(&list[at + 1], &list[at],
		(attempt->count - at) * sizeof(*list));
	list[at] = *observation;
	attempt->count++;
}

int aovpn_attempt_add(struct aovpn_attempt *attempt,
		      const struct aovpn_observation *observation)
{
	int r;

	learn(attempt, observation);
	r = make_room(attempt);
	if (r < 0) {
		attempt->discarded++;
		return r;
	}
	insert(attempt, observation);
	return 0;
}

/* IKE_SA_INIT and IKE_AUTH (RFC 7296 1.2): what comes in another exchange after
 * them, such as the answer to our taking leave, decides nothing. */
static bool is_of_dial(uint8_t exchange)
{
	return exchange == 34 || exchange == 35;
}

static bool came_in(const struct aovpn_observation *o)
{
	if (o->kind == AOVPN_OBS_IKE_MESSAGE)
		return o->u.ike_message.incoming &&
		       is_of_dial(o->u.ike_message.exchange);
	return o->kind == AOVPN_OBS_PACKET && o->u.packet.incoming &&
	       is_of_dial(o->u.packet.exchange);
}

/* charon has given up waiting: for the gateway, or for a CRL. */
static bool is_silence(const struct aovpn_observation *o)
{
	switch (o->kind) {
	case AOVPN_OBS_RETRANSMIT:
		return o->u.retransmit.given_up;
	case AOVPN_OBS_ALERT:
		return o->u.alert.alert == AOVPN_ALERT_CERT_VALIDATION_FAILED;
	case AOVPN_OBS_CERT_REFUSED:
		return o->u.cert_refused.x509_error ==
		       X509_V_ERR_UNABLE_TO_GET_CRL;
	}
	return false;
}

uint64_t aovpn_attempt_decided_ns(const struct aovpn_attempt *attempt)
{
	const struct aovpn_observation *o;
	uint32_t i = attempt->count;

	while (i-- > 0) {
		o = &attempt->observations[i];
		if (is_silence(o))
			return 0;
		if (came_in(o))
			return o->time_ns;
	}
	return 0;
}

void aovpn_attempt_restart(struct aovpn_attempt *attempt)
{
	uint32_t i, kept = 0;

	for (i = 0; i < attempt->count; i++)
		if (attempt->observations[i].kind == AOVPN_OBS_TRIED)
			attempt->observations[kept++] =
				attempt->observations[i];
	attempt->count = kept;
	attempt->discarded = 0;
	attempt->ike_sa_id = 0;
	attempt->spi_i = 0;
	memset(&attempt->flow, 0, sizeof(attempt->flow));
}

bool aovpn_attempt_id_valid(const char *id)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	if (strlen(id) != sizeof(form) - 1)
		return false;
	for (i = 0; form[i] != '\0'; i++)
		if (form[i] == '-' ? id[i] != '-'
				   : !strchr("0123456789abcdef", id[i]))
			return false;
	return true;
}

void aovpn_attempt_clear(struct aovpn_attempt *attempt)
{
	free(attempt->observations);
	attempt->observations = NULL;
	attempt->count = 0;
	attempt->room = 0;
	free(attempt->candidates);
	attempt->candidates = NULL;
	attempt->candidate_count = 0;
}
