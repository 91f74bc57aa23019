/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Reports in a second; see aovpn_rate.h.
 */

#include "aovpn_rate.h"

#include <threading/mutex.h>

typedef struct private_aovpn_rate_t private_aovpn_rate_t;

/**
 * Private data of an aovpn_rate_t object.
 */
struct private_aovpn_rate_t {

	/**
	 * Public interface.
	 */
	aovpn_rate_t public;

	/**
	 * Second of the last report, and how many there were in it.
	 */
	uint64_t second;
	uint32_t reports;

	/**
	 * Protects these two.
	 */
	mutex_t *mutex;
};

METHOD(aovpn_rate_t, admit, bool,
	private_aovpn_rate_t *this, uint64_t now_ns)
{
	uint64_t second = now_ns / 1000000000;
	bool within;

	this->mutex->lock(this->mutex);
	if (second != this->second)
	{
		this->second = second;
		this->reports = 0;
	}
	within = this->reports < AOVPN_REPORTS_A_SECOND;
	this->reports += within;
	this->mutex->unlock(this->mutex);
	return within;
}

METHOD(aovpn_rate_t, destroy, void,
	private_aovpn_rate_t *this)
{
	this->mutex->destroy(this->mutex);
	free(this);
}

/*
 * Described in header
 */
aovpn_rate_t *aovpn_rate_create(void)
{
	private_aovpn_rate_t *this;

	INIT(this,
		.public = {
			.admit = _admit,
			.destroy = _destroy,
		},
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
