/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Bounds how much is reported in a second.
 */

#ifndef AOVPN_RATE_H_
#define AOVPN_RATE_H_

#include <stdint.h>

#include <library.h>

/**
 * Reports in one second at the most. A message may be sent in tens of fragments,
 * a certificate may name many servers, and each of them may fail.
 */
#define AOVPN_REPORTS_A_SECOND 32

typedef struct aovpn_rate_t aovpn_rate_t;

/**
 * Counts the reports of one kind. Thread safe; its mutex is a leaf.
 */
struct aovpn_rate_t {

	/**
	 * Count one more, if there is room for it.
	 *
	 * @param now_ns		CLOCK_BOOTTIME
	 * @return				FALSE if this second has had its share
	 */
	bool (*admit)(aovpn_rate_t *this, uint64_t now_ns);

	/**
	 * Destroy.
	 */
	void (*destroy)(aovpn_rate_t *this);
};

/**
 * Create one that has counted nothing yet.
 */
aovpn_rate_t *aovpn_rate_create(void);

#endif /** AOVPN_RATE_H_ */
