/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complaint.h - the one sentence of all that libbpf prints which says why a
 * program was refused.
 */
#ifndef AOVPN_LOADER_COMPLAINT_H
#define AOVPN_LOADER_COMPLAINT_H

/* Catch what libbpf prints from now on; nothing of it goes to stderr. */
void complaint_listen(void);

void complaint_clear(void);

/* The first warning since complaint_clear, or better the verifier's verdict; ""
 * where there was none. One line; control characters are libbpf's own. */
const char *complaint(void);

#endif
