/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts_form.h - what an attempt holds beside its observations, as tables for
 * form.h: the certificate's facts, the candidates, history.
 */
#ifndef AOVPN_FACTS_FORM_H
#define AOVPN_FACTS_FORM_H

#include "form.h"

extern const struct form certificate_form[]; /* aovpn_certificate_facts */
extern const struct form chain_form[];       /* aovpn_chain_facts */
extern const struct form history_form[];     /* aovpn_history */

/* Of aovpn_verdict; its names are looked up at the first call. */
const struct form *verdict_form(void);

#endif
