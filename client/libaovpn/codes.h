/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * codes.h - the one vocabulary: Windows codes, NPS reasons and causes.
 *
 * The tables are generated at build time from the files in
 * client/libaovpn/vocabulary/ by the awk programs there, as are the journal's
 * catalog, aovpn-codes(7) and the schema of the record; nothing here is written
 * twice.
 */
#ifndef AOVPN_CODES_H
#define AOVPN_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum aovpn_confidence {
	AOVPN_POSSIBLE = 1,
	AOVPN_LIKELY,
	AOVPN_CERTAIN,
};

/* "possible", "likely" or "certain". */
const char *aovpn_confidence_name(enum aovpn_confidence confidence);

/* A code of RasClient: a RAS or Win32 number, or an HRESULT as the signed
 * decimal that RasClient prints. */
struct aovpn_code {
	int32_t code;
	const char *symbol;  /* "ERROR_EAP_USER_CERT_INVALID" */
	const char *meaning; /* one sentence of ours, "" where we have none */
};

struct aovpn_nps_reason {
	uint16_t reason;
	const char *meaning;
};

#define AOVPN_CAUSE_CODES_MAX   4
#define AOVPN_CAUSE_REASONS_MAX 8

/* Why a connection failed: the slug is never renamed. */
struct aovpn_cause {
	const char *slug;    /* "client-cert-revocation-unknown" */
	const char *stages;  /* "eap-tls,authorize" */
	const char *mend_at; /* "nps,ca" */
	const char *summary; /* one line, what it is */
	const char *why;     /* what lies behind it, a few sentences */
	const char *check;   /* one command or place that confirms it */
	/* The same for one who sits at Windows; "" where check is that, or
	 * there is none. */
	const char *check_windows;
	const char *fix; /* one change, and where; no less secure than before */
	/* What would help too but lowers security, and what it gives up; ""
	 * where there is nothing of the kind. Not to be advised on forgeable
	 * evidence. */
	const char *lowers_security;
	/* Dialling again is of no use before a person has changed something on
	 * this machine. */
	bool redial_after_change;
	/* Why no rule can find it on a client, so that no dial names it unless
	 * the gateway's code does; "" for all others. */
	const char *unseen;
	int32_t codes[AOVPN_CAUSE_CODES_MAX];          /* usual first; 0 ends */
	uint16_t nps_reasons[AOVPN_CAUSE_REASONS_MAX]; /* 0 ends */
};

/* NULL where there is none. The results are static. */
const struct aovpn_code *aovpn_code_find(int32_t code);
const struct aovpn_code *aovpn_code_find_symbol(const char *symbol);
const struct aovpn_nps_reason *aovpn_nps_reason_find(uint16_t reason);
const struct aovpn_cause *aovpn_cause_find(const char *slug);

/* The i-th entry from 0, NULL behind the last: for listings and linters. */
const struct aovpn_code *aovpn_code_at(size_t i);
const struct aovpn_cause *aovpn_cause_at(size_t i);

/*
 * The i-th cause that shows under a code or a reason, from 0, the usual ones
 * first; NULL behind the last. code and reason: as the functions above give
 * them.
 */
const struct aovpn_cause *aovpn_code_cause(const struct aovpn_code *code,
					   size_t i);
const struct aovpn_cause *
aovpn_nps_reason_cause(const struct aovpn_nps_reason *reason, size_t i);

/* Text of a MESSAGE_ID with its NUL. */
#define AOVPN_MESSAGE_ID_SIZE 33

/*
 * The journal's MESSAGE_ID of an event (RasClient's id, 20221 to 20227). That
 * of a failure is its code's where the code has a meaning; connected,
 * disconnected, progress and any other failure have one each. The catalog has
 * an entry for each of them; how they are made is told in vocabulary/README.md.
 */
void aovpn_message_id(uint32_t event_id, int32_t code,
		      char ret[AOVPN_MESSAGE_ID_SIZE]);

/*
 * Read what a person types for a code: "853", "-2146762487", "0x800B0109" or a
 * symbol. Returns 0 and sets *ret, or -EINVAL.
 */
int aovpn_code_parse(const char *text, int32_t *ret);

#endif
