/* What the workloads of the test guest share: deterministic words, pacing, and whole-line output. */
#ifndef GUESTLOAD_H
#define GUESTLOAD_H

#include <stddef.h>
#include <stdint.h>

enum { PAGE_BYTES = 4096, PAGES_PER_MB = 256 };

/* One step of splitmix64: the next 64-bit word of the sequence that starts at *state. */
uint64_t next_word(uint64_t *state);

/* Prints one line on standard output by a single write, so that lines of several threads never mix. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes all bytes, going on after short writes. Returns 0, or -1 with errno set. */
int write_fully(int fd, const void *bytes, size_t length);

/* Spreads a rate over ticks of TICK_NANOS of the guest's monotonic clock. Rate 0 means flat out. */
struct pace {
    unsigned long per_second;
    double owed;
    uint64_t next_tick_nanos;
};

enum { TICK_NANOS = 10000000, FLAT_OUT_BATCH = 256 };

uint64_t now_nanos(void);
void sleep_until(uint64_t nanos);
void pace_start(struct pace *pace, unsigned long per_second);
/* Waits for the next tick (not when flat out) and returns how many operations are due now. */
unsigned long pace_next(struct pace *pace);

/* integrity MB THREADS PAGES_PER_S [COUNTER_DEVICE]: see integrity.c. Returns the exit status. */
int integrity(unsigned long mb, unsigned long threads, unsigned long pages_per_second, const char *counter);

#endif
