/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring.h - reads a BPF ring buffer through its mapped memory.
 *
 * libbpf's reader asks the kernel about the map first, which on kernels before
 * 5.19 wants CAP_BPF; this process has none, only the descriptor. Layout:
 * kernel documentation, bpf/ringbuf.rst.
 */
#ifndef AOVPN_RING_H
#define AOVPN_RING_H

#include <stddef.h>

struct ring;

/* record is valid during the call only. */
typedef void (*ring_record_t)(const void *record, size_t size, void *userdata);

/*
 * Map the ring buffer behind descriptor fd, of size bytes (a power of two). fd
 * stays the caller's; it is readable (epoll) when the kernel says that there is
 * something to read. Errors: -errno of mmap, -ENOMEM.
 */
int ring_open(int fd, size_t size, struct ring **ret);

/* Hand over what waits, at most max records. Returns their number. */
int ring_read(struct ring *ring, ring_record_t record, void *userdata, int max);

/* NULL is allowed. Returns NULL. */
struct ring *ring_close(struct ring *ring);

#endif
