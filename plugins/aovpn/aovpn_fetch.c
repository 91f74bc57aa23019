/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Names that charon cannot resolve, as observations; see aovpn_fetch.h.
 *
 * Certificates say where their CRL and their OCSP server are (RFC 5280 4.2.1.13
 * and 4.2.2.1). charon's revocation plugin asks them about the gateway, ours
 * about NPS (aovpn_crls.c), both through lib->fetcher, which returns FAILED
 * and no reason. Whether the name was the reason matters to who has to mend it.
 *
 * The curl plugin logs the reason: CURLcode and libcurl's text, on the thread
 * that works on the IKE_SA. A logger gets them as format and arguments. Only
 * names are taken from there: for those that libcurl cannot connect to it says
 * neither address nor errno, which the tracer sees. It does not say getaddrinfo's
 * error, which the tracer sees, too, if it may use its uprobe; nor the name,
 * where the resolver was silent until the time for the whole fetch was over.
 *
 * The format is the same from 5.9.5 to 6.0.6; plugins/check-api looks it up in a
 * tree. Fetchers other than curl (soup), or a charon built with DEBUG_LEVEL below
 * 1, say nothing that is known here: then nothing is reported and nothing breaks.
 *
 * A fetcher_t of our own would have to do all of curl's work for every connection
 * of this charon; fetcher_manager_t.fetch(), led through a function of ours as
 * aovpn_send.c does it, takes a variable list of arguments that cannot be passed
 * on.
 */

#include "aovpn_fetch.h"

#include <daemon.h>

#include "aovpn_curl_error.h"
#include "aovpn_rate.h"
#include "aovpn_report.h"

/**
 * What the curl plugin logs when libcurl fails.
 */
#define REQUEST_FAILED "libcurl request failed [%d]: %s"

typedef struct private_aovpn_fetch_t private_aovpn_fetch_t;

/**
 * Private data of an aovpn_fetch_t object.
 */
struct private_aovpn_fetch_t {

	/**
	 * Public interface.
	 */
	aovpn_fetch_t public;

	/**
	 * Connections of ours.
	 */
	aovpn_registry_t *registry;

	/**
	 * Where observations go.
	 */
	aovpn_channel_t *channel;

	/**
	 * Bounds the reports.
	 */
	aovpn_rate_t *rate;
};

/**
 * Does an IKE_SA belong to a connection of ours?
 */
static bool is_ours(private_aovpn_fetch_t *this, ike_sa_t *ike_sa)
{
	aovpn_connection_t *connection;

	connection = this->registry->get(this->registry, ike_sa);
	if (!connection)
	{
		return FALSE;
	}
	/* never the last reference, as the IKE_SA holds one */
	connection->destroy(connection);
	return TRUE;
}

/**
 * Report what libcurl says, if it is about a name.
 */
static void report(private_aovpn_fetch_t *this, ike_sa_t *ike_sa, int code,
				   const char *text)
{
	struct aovpn_observation o;

	if (!is_ours(this, ike_sa))
	{
		return;
	}
	aovpn_report_begin(AOVPN_OBS_NAME_FAILED, ike_sa, &o);
	if (aovpn_curl_error_name(code, text, o.u.name_failed.name,
							  sizeof(o.u.name_failed.name)) &&
		this->rate->admit(this->rate, o.time_ns))
	{
		this->channel->report(this->channel, &o);
	}
}

METHOD(logger_t, vlog, void,
	private_aovpn_fetch_t *this, debug_t group, level_t level, int thread,
	ike_sa_t *ike_sa, const char *fmt, va_list args)
{
	const char *text;
	int code;

	/* called with the bus's lock held: take none but the leaves registry, rate
	 * and channel, whose holders do not log, and log nothing */
	if (ike_sa && streq(fmt, REQUEST_FAILED))
	{
		code = va_arg(args, int);
		text = va_arg(args, char*);
		report(this, ike_sa, code, text);
	}
}

METHOD(logger_t, get_level, level_t,
	private_aovpn_fetch_t *this, debug_t group)
{
	return group == DBG_LIB ? 1 : LEVEL_SILENT;
}

METHOD(aovpn_fetch_t, destroy, void,
	private_aovpn_fetch_t *this)
{
	charon->bus->remove_logger(charon->bus, &this->public.logger);
	this->rate->destroy(this->rate);
	free(this);
}

/*
 * Described in header
 */
aovpn_fetch_t *aovpn_fetch_create(aovpn_registry_t *registry,
								  aovpn_channel_t *channel)
{
	private_aovpn_fetch_t *this;

	INIT(this,
		.public = {
			.logger = {
				.vlog = _vlog,
				.get_level = _get_level,
			},
			.destroy = _destroy,
		},
		.registry = registry,
		.channel = channel,
		.rate = aovpn_rate_create(),
	);
	charon->bus->add_logger(charon->bus, &this->public.logger);
	return &this->public;
}
