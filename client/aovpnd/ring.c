/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ring.c - see ring.h. */
#include "ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct ring {
	size_t size;
	size_t page;
	uint64_t *consumer;       /* how far we have read, ours to write */
	const uint64_t *producer; /* how far records were begun */
	const uint8_t *data;      /* size bytes, and once more behind */
	size_t mapped;            /* bytes at producer */
};

int ring_open(int fd, size_t size, struct ring **ret)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	int code;

	if (!ring)
		return -ENOMEM;
	ring->size = size;
	ring->page = (size_t)sysconf(_SC_PAGESIZE);
	ring->mapped = ring->page + 2 * size;
	ring->consumer = mmap(NULL, ring->page, PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0);
	ring->producer = mmap(NULL, ring->mapped, PROT_READ, MAP_SHARED, fd,
			      (off_t)ring->page);
	if (ring->consumer == MAP_FAILED || ring->producer == MAP_FAILED) {
		code = -errno;
		ring_close(ring);
		return code;
	}
	ring->data = (const uint8_t *)ring->producer + ring->page;
	*ret = ring;
	return 0;
}

/* Whole records begin at multiples of 8 behind a header of 8 bytes. */
static uint64_t bytes_of_record(uint32_t length)
{
	return ((uint64_t)length + BPF_RINGBUF_HDR_SZ + 7) & ~(uint64_t)7;
}

int ring_read(struct ring *ring, ring_record_t record, void *userdata, int max)
{
	uint64_t at = *ring->consumer;
	const uint32_t *header;
	uint32_t length;
	int count = 0;

	while (count < max &&
	       at < __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE)) {
		header = (const uint32_t *)(ring->data +
					    (at & (ring->size - 1)));
		length = __atomic_load_n(header, __ATOMIC_ACQUIRE);
		if (length & BPF_RINGBUF_BUSY_BIT)
			break;
		if (!(length & BPF_RINGBUF_DISCARD_BIT)) {
			record((const uint8_t *)header + BPF_RINGBUF_HDR_SZ,
			       length, userdata);
			count++;
		}
		at += bytes_of_record(length & ~BPF_RINGBUF_DISCARD_BIT);
		/* The kernel must see how far we are before we look whether
		 * more has come, or it might not wake us for that. */
		__atomic_store_n(ring->consumer, at, __ATOMIC_SEQ_CST);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
	return count;
}

struct ring *ring_close(struct ring *ring)
{
	if (!ring)
		return NULL;
	if (ring->consumer != MAP_FAILED && ring->consumer)
		munmap(ring->consumer, ring->page);
	if (ring->producer != MAP_FAILED && ring->producer)
		munmap((void *)ring->producer, ring->mapped);
	free(ring);
	return NULL;
}
