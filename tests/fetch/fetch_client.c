/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_client.c - asks the library's fetcher and prints what it says, one line
 * a request; the last line is about the helpers that ran. For tests/fetch/run.
 *
 *   fetch_client [--cache DIR] [--runtime DIR] [--refresh] [--offline]
 *                [--timeout MS] [--total MS] {KIND URL CERTIFICATE ISSUER}...
 *
 * KIND is crl, ocsp or aia; certificates are PEM files, with aia ISSUER is "-".
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <openssl/pem.h>

#include "fetch.h"

enum {
	OPTION_CACHE = 1,
	OPTION_RUNTIME,
	OPTION_REFRESH,
	OPTION_OFFLINE,
	OPTION_TIMEOUT,
	OPTION_TOTAL
};

static const struct option long_options[] = {
	{"cache", required_argument, NULL, OPTION_CACHE},
	{"runtime", required_argument, NULL, OPTION_RUNTIME},
	{"refresh", no_argument, NULL, OPTION_REFRESH},
	{"offline", no_argument, NULL, OPTION_OFFLINE},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"total", required_argument, NULL, OPTION_TOTAL},
	{NULL, 0, NULL, 0},
};

static void set(struct aovpn_fetcher_options *options, int option)
{
	switch (option) {
	case OPTION_CACHE:
		options->cache = optarg;
		return;
	case OPTION_RUNTIME:
		options->runtime = optarg;
		return;
	case OPTION_REFRESH:
		options->refresh = true;
		return;
	case OPTION_OFFLINE:
		options->offline = true;
		return;
	case OPTION_TIMEOUT:
		options->timeout_ms = (uint32_t)strtoul(optarg, NULL, 10);
		return;
	case OPTION_TOTAL:
		options->total_ms = (uint32_t)strtoul(optarg, NULL, 10);
		return;
	default:
		exit(2);
	}
}

static X509 *load(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
	X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

	if (file)
		fclose(file);
	if (!certificate && strcmp(path, "-") != 0) {
		fprintf(stderr, "%s: no certificate\n", path);
		exit(2);
	}
	return certificate;
}

static uint32_t kind_of(const char *name)
{
	if (strcmp(name, "crl") == 0)
		return AOVPN_FETCH_CRL;
	if (strcmp(name, "ocsp") == 0)
		return AOVPN_FETCH_OCSP;
	return AOVPN_FETCH_AIA;
}

static size_t read_requests(char **words, int count,
			    struct aovpn_fetch_request *requests)
{
	size_t n = 0;

	if (count == 0 || count % 4 != 0) {
		fputs("see the source for the usage\n", stderr);
		exit(2);
	}
	for (; count > 0 && n < AOVPN_FETCHES_MAX; count -= 4, words += 4, n++)
		requests[n] = (struct aovpn_fetch_request){
			.kind = kind_of(words[0]),
			.url = words[1],
			.certificate = load(words[2]),
			.issuer = load(words[3]),
		};
	return n;
}

static void print(const struct aovpn_fetched *got)
{
	static const char *const statuses[] = {"none", "good", "revoked",
					       "unknown"};
	char subject[256] = "";

	if (got->found)
		X509_NAME_oneline(X509_get_subject_name(got->found), subject,
				  sizeof(subject));
	printf("state=%s status=%s error=%d http=%u size=%llu ms=%u cache=%d "
	       "this=%lld next=%lld revoked=%lld made=%lld number=%s "
	       "entries=%u reason=%s responder='%s' found='%s' text='%s'\n",
	       aovpn_fetch_state_name(got->state), statuses[got->status],
	       got->error, got->http_status, (unsigned long long)got->size,
	       got->duration_ms, got->from_cache, (long long)got->this_update,
	       (long long)got->next_update, (long long)got->revoked_at,
	       (long long)got->made_at, got->crl_number, got->crl_entries,
	       got->reason, got->responder, subject, got->text);
}

int main(int argc, char **argv)
{
	static struct aovpn_fetched results[AOVPN_FETCHES_MAX];
	struct aovpn_fetch_request requests[AOVPN_FETCHES_MAX];
	struct aovpn_fetcher_options options = {0};
	struct aovpn_fetcher *fetcher;
	struct rusage usage;
	int option;
	size_t count;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) >= 0)
		set(&options, option);
	count = read_requests(argv + optind, argc - optind, requests);
	if (aovpn_fetcher_open(&options, &fetcher) < 0 ||
	    fetcher->fetch(fetcher, requests, count, results) < 0)
		return 1;
	for (size_t i = 0; i < count; i++)
		print(&results[i]);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("largest=%ld fault='%s'\n", usage.ru_maxrss,
	       aovpn_fetcher_cache_fault(fetcher));
	aovpn_fetched_clear(results, count);
	for (size_t i = 0; i < count; i++) {
		X509_free(requests[i].certificate);
		X509_free(requests[i].issuer);
	}
	aovpn_fetcher_close(fetcher);
	return 0;
}
