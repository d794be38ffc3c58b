/*
 * The integrity workload: memory that notices a lost, stale or torn page, and a counter that notices
 * lost, repeated or reordered output.
 *
 * Each page holds a sequence number, content that follows from the page's index and sequence, and a MAC
 * over both. Each worker thread owns every THREADS-th page and visits its pages in random order: check the
 * MAC and the sequence (kept a second time in a table of its own), then write the page anew with the next
 * sequence. A stale page carries a valid MAC; the table gives it away. Were page and table stale alike,
 * the running XOR of all MACs, which changes with each visit, differs in the next full pass.
 *
 * The counter thread writes "C 0000000001\n", "C 0000000002\n", ... to the counter device, one line each
 * COUNTER_NANOS and one write each line. What leaves the VM must be one gap-free sequence, whichever host
 * the VM runs on. The counter also stands in a page of its own, after COUNTER_MARK, for tests that look
 * into an image of the memory: it is the number of the last line whose write had begun.
 *
 * On any mismatch a line "CORRUPT ..." is printed and everything stops, the counter too.
 */
#define _GNU_SOURCE
#include "guestload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#define COUNTER_MARK "LULL-COUNTER-01"
#define MAC_KEY 0xd6e8feb86659fd93ull

enum {
    CONTENT_WORDS = PAGE_BYTES / sizeof(uint64_t) - 2,
    COUNTER_NANOS = 5000000,
    COUNTER_LAG_NANOS = 100000000, /* further behind than this, the counter skips ticks, never numbers */
    COUNTER_LINE_BYTES = 13
};
#define FULL_PASS_NANOS 2000000000ull

struct page {
    uint64_t sequence;
    uint64_t content[CONTENT_WORDS];
    uint64_t mac;
};
_Static_assert(sizeof(struct page) == PAGE_BYTES, "a page is one page");

struct worker {
    pthread_t thread;
    struct page *pages;      /* all pages; this worker owns index first, first + stride, ... */
    uint64_t *sequences;     /* the expected sequence of each page */
    size_t total, first, stride, owned;
    unsigned long pages_per_second;
    uint64_t mac_xor;        /* XOR of the MACs of the owned pages as they ought to be */
    uint64_t visits, passes;
};

static struct {
    char mark[16];
    volatile uint64_t value;
} counter_page __attribute__((aligned(PAGE_BYTES))) = {.mark = COUNTER_MARK};

static atomic_bool stopped;

static uint64_t mac_of(const struct page *page, size_t index)
{
    uint64_t h = (MAC_KEY ^ index) * MAC_KEY + page->sequence;
    for (size_t i = 0; i < CONTENT_WORDS; i++) {
        h = (h ^ page->content[i]) * MAC_KEY;
        h ^= h >> 29;
    }
    return h;
}

static void fill(struct page *page, size_t index, uint64_t sequence)
{
    uint64_t state = (uint64_t)index << 40 ^ sequence;
    page->sequence = sequence;
    for (size_t i = 0; i < CONTENT_WORDS; i++)
        page->content[i] = next_word(&state);
    page->mac = mac_of(page, index);
}

/* Returns whether the page is what was last written to it; if not, says so and stops everything. */
static int check(struct worker *w, size_t index)
{
    const struct page *page = &w->pages[index];
    uint64_t mac = mac_of(page, index);
    if (mac == page->mac && page->sequence == w->sequences[index])
        return 1;
    atomic_store(&stopped, 1);
    say("CORRUPT page=%zu thread=%zu sequence=%lu expected=%lu mac=%016lx computed=%016lx visits=%lu", index,
        w->first, (unsigned long)page->sequence, (unsigned long)w->sequences[index], (unsigned long)page->mac,
        (unsigned long)mac, (unsigned long)w->visits);
    return 0;
}

static void visit(struct worker *w, size_t index)
{
    struct page *page = &w->pages[index];
    if (!check(w, index))
        return;
    w->mac_xor ^= page->mac;
    fill(page, index, ++w->sequences[index]);
    w->mac_xor ^= page->mac;
    w->visits++;
}

static void full_pass(struct worker *w)
{
    uint64_t found = 0;
    for (size_t i = w->first; i < w->total; i += w->stride) {
        if (!check(w, i))
            return;
        found ^= w->pages[i].mac;
    }
    if (found != w->mac_xor) {
        atomic_store(&stopped, 1);
        say("CORRUPT xor thread=%zu found=%016lx expected=%016lx visits=%lu", w->first, (unsigned long)found,
            (unsigned long)w->mac_xor, (unsigned long)w->visits);
        return;
    }
    say("CHECK thread=%zu pass=%010lu pages=%zu visits=%lu", w->first, (unsigned long)++w->passes, w->owned,
        (unsigned long)w->visits);
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct pace pace;
    uint64_t random = w->first, next_pass = now_nanos() + FULL_PASS_NANOS;
    pace_start(&pace, w->pages_per_second);
    while (!atomic_load(&stopped)) {
        for (unsigned long due = pace_next(&pace); due > 0 && !atomic_load(&stopped); due--)
            visit(w, w->first + w->stride * (next_word(&random) % w->owned));
        if (!atomic_load(&stopped) && now_nanos() >= next_pass) {
            full_pass(w);
            next_pass = now_nanos() + FULL_PASS_NANOS;
        }
    }
    return NULL;
}

static int open_counter(const char *device)
{
    struct termios mode;
    int fd = open(device, O_WRONLY | O_NOCTTY);
    if (fd < 0) {
        say("INTEGRITY-ERROR can't open the counter's device %s: %s; is there such a serial port?", device,
            strerror(errno));
        return -1;
    }
    if (tcgetattr(fd, &mode) == 0) { /* raw, so that no carriage return is put in front of a newline */
        cfmakeraw(&mode);
        cfsetspeed(&mode, B115200);
        tcsetattr(fd, TCSANOW, &mode);
    }
    return fd;
}

static void *count(void *argument)
{
    int fd = *(int *)argument;
    char line[COUNTER_LINE_BYTES + 1];
    uint64_t next = now_nanos();
    while (!atomic_load(&stopped)) {
        counter_page.value++;
        snprintf(line, sizeof line, "C %010lu\n", (unsigned long)(counter_page.value % 10000000000ull));
        if (write_fully(fd, line, COUNTER_LINE_BYTES) != 0) {
            say("INTEGRITY-ERROR writing the counter: %s", strerror(errno));
            break;
        }
        next += COUNTER_NANOS;
        if (now_nanos() > next + COUNTER_LAG_NANOS)
            next = now_nanos();
        sleep_until(next);
    }
    return NULL;
}

static void prepare(struct worker *w, size_t number, size_t threads, unsigned long pages_per_second)
{
    w->first = number;
    w->stride = threads;
    w->owned = (w->total - number + threads - 1) / threads;
    w->pages_per_second = pages_per_second / threads;
    if (pages_per_second > 0 && w->pages_per_second == 0)
        w->pages_per_second = 1; /* 0 would mean flat out */
    for (size_t i = number; i < w->total; i += threads) {
        fill(&w->pages[i], i, 1);
        w->sequences[i] = 1;
        w->mac_xor ^= w->pages[i].mac;
    }
}

int integrity(unsigned long mb, unsigned long threads, unsigned long pages_per_second, const char *counter)
{
    size_t total = mb * PAGES_PER_MB;
    struct worker *workers = calloc(threads, sizeof *workers);
    uint64_t *sequences = calloc(total, sizeof *sequences);
    struct page *pages = mmap(NULL, total * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_t counting;
    int counter_fd = -1;

    if (!workers || !sequences || pages == MAP_FAILED) {
        say("INTEGRITY-ERROR can't map %lu MB: %s; give the guest more memory or ask for less", mb, strerror(errno));
        return 1;
    }
    if (counter && (counter_fd = open_counter(counter)) < 0)
        return 1;
    for (size_t i = 0; i < threads; i++) {
        workers[i] = (struct worker){.pages = pages, .sequences = sequences, .total = total};
        prepare(&workers[i], i, threads, pages_per_second);
    }
    say("INTEGRITY pages=%zu threads=%lu pages_per_second=%lu counter=%s", total, threads, pages_per_second,
        counter ? counter : "none");
    int failed = counter && pthread_create(&counting, NULL, count, &counter_fd) != 0;
    for (size_t i = 0; i < threads && !failed; i++)
        failed = pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0;
    if (failed) {
        say("INTEGRITY-ERROR can't start a thread; ask for fewer");
        return 1;
    }
    for (size_t i = 0; i < threads; i++)
        pthread_join(workers[i].thread, NULL);
    say("INTEGRITY-STOPPED");
    return 1; /* the workers only ever stop because a page was wrong */
}
