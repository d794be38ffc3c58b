/*
 * guestload: the workloads of the test guest, in one static program.
 *
 *   guestload integrity MB THREADS PAGES_PER_S [COUNTER_DEVICE]  memory that notices any wrong page (integrity.c)
 *   guestload dirty MB PAGES_PER_S       writes 8 bytes into PAGES_PER_S pages a second, round robin
 *   guestload diskw FILE WRITES_PER_S    writes numbered 4 KiB blocks to FILE and syncs each
 *   guestload pattern SEED BYTES         prints BYTES bytes that depend on SEED alone
 *
 * A rate of 0 means flat out.
 */
#define _GNU_SOURCE
#include "guestload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_SECOND 1000000000ull

enum {
    MAX_MB = 65536, MAX_THREADS = 64, MAX_RATE = 100000000, LINE_BYTES = 256,
    DISK_BLOCKS = 512, /* a ring of 2 MiB */
    EXIT_USAGE = 2
};

uint64_t next_word(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

int write_fully(int fd, const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t n = write(fd, from, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        from += n;
        length -= (size_t)n;
    }
    return 0;
}

void say(const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (n < 0)
        return;
    if (n > (int)sizeof line - 2)
        n = sizeof line - 2;
    line[n++] = '\n';
    (void)write_fully(STDOUT_FILENO, line, (size_t)n);
}

uint64_t now_nanos(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NANOS_PER_SECOND + (uint64_t)t.tv_nsec;
}

void sleep_until(uint64_t nanos)
{
    struct timespec t = {.tv_sec = (time_t)(nanos / NANOS_PER_SECOND), .tv_nsec = (long)(nanos % NANOS_PER_SECOND)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

void pace_start(struct pace *pace, unsigned long per_second)
{
    *pace = (struct pace){.per_second = per_second, .next_tick_nanos = now_nanos()};
}

unsigned long pace_next(struct pace *pace)
{
    if (pace->per_second == 0)
        return FLAT_OUT_BATCH;
    pace->owed += (double)pace->per_second * TICK_NANOS / NANOS_PER_SECOND;
    pace->next_tick_nanos += TICK_NANOS;
    uint64_t now = now_nanos();
    /* A guest that is too slow for the rate gives up what it missed instead of running ever further behind. */
    if (now > pace->next_tick_nanos + NANOS_PER_SECOND)
        pace->next_tick_nanos = now;
    sleep_until(pace->next_tick_nanos);
    unsigned long due = (unsigned long)pace->owed;
    pace->owed -= (double)due;
    return due;
}

static int dirty(unsigned long mb, unsigned long pages_per_second)
{
    size_t pages = mb * PAGES_PER_MB, next = 0;
    uint64_t *buffer = mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (buffer == MAP_FAILED) {
        say("DIRTY-ERROR can't map %lu MB: %s; give the guest more memory or ask for less", mb, strerror(errno));
        return 1;
    }
    struct pace pace;
    pace_start(&pace, pages_per_second);
    for (uint64_t round = 1;; round++) {
        for (unsigned long due = pace_next(&pace); due > 0; due--) {
            ((volatile uint64_t *)buffer)[next * (PAGE_BYTES / sizeof *buffer)] = round;
            next = next + 1 == pages ? 0 : next + 1;
        }
    }
}

/* Block n of the sequence lies at block n mod DISK_BLOCKS; all of its words follow from n. */
static int diskw(const char *path, unsigned long writes_per_second)
{
    uint64_t block[PAGE_BYTES / sizeof(uint64_t)];
    int fd = open(path, O_WRONLY | O_CREAT, 0644);
    if (fd < 0) {
        say("DISKW-ERROR can't open %s: %s; is the data disk mounted (g.data)?", path, strerror(errno));
        return 1;
    }
    struct pace pace;
    pace_start(&pace, writes_per_second);
    uint64_t next_report = now_nanos() + NANOS_PER_SECOND;
    for (uint64_t sequence = 1;;) {
        for (unsigned long due = pace_next(&pace); due > 0; due--, sequence++) {
            uint64_t state = sequence;
            block[0] = sequence;
            for (size_t i = 1; i < sizeof block / sizeof *block; i++)
                block[i] = next_word(&state);
            off_t at = (off_t)(sequence % DISK_BLOCKS) * PAGE_BYTES;
            if (pwrite(fd, block, sizeof block, at) != sizeof block || fdatasync(fd) != 0) {
                say("DISKW-ERROR at block %lu of %s: %s", (unsigned long)sequence, path, strerror(errno));
                return 1;
            }
            if (now_nanos() >= next_report) {
                say("DISKW %010lu", (unsigned long)sequence);
                next_report += NANOS_PER_SECOND;
            }
        }
    }
}

static int pattern(uint64_t seed, unsigned long bytes)
{
    uint64_t words[PAGE_BYTES / sizeof(uint64_t)];
    for (unsigned long left = bytes; left > 0;) {
        size_t n = left < sizeof words ? left : sizeof words;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            words[i] = next_word(&seed);
        if (write_fully(STDOUT_FILENO, words, n) != 0) {
            perror("guestload: pattern");
            return 1;
        }
        left -= n;
    }
    return 0;
}

static unsigned long number(const char *text, unsigned long least, unsigned long most)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least || value > most) {
        say("guestload: '%s' is not a number from %lu to %lu", text, least, most);
        exit(EXIT_USAGE);
    }
    return value;
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    if (!strcmp(what, "integrity") && (count == 5 || count == 6))
        return integrity(number(arguments[2], 1, MAX_MB), number(arguments[3], 1, MAX_THREADS),
                         number(arguments[4], 0, MAX_RATE), count == 6 ? arguments[5] : NULL);
    if (!strcmp(what, "dirty") && count == 4)
        return dirty(number(arguments[2], 1, MAX_MB), number(arguments[3], 0, MAX_RATE));
    if (!strcmp(what, "diskw") && count == 4)
        return diskw(arguments[2], number(arguments[3], 0, MAX_RATE));
    if (!strcmp(what, "pattern") && count == 4)
        return pattern(number(arguments[2], 0, UINT32_MAX), number(arguments[3], 0, UINT32_MAX));
    say("usage: guestload integrity MB THREADS PAGES_PER_S [COUNTER_DEVICE] | dirty MB PAGES_PER_S"
        " | diskw FILE WRITES_PER_S | pattern SEED BYTES");
    return EXIT_USAGE;
}
