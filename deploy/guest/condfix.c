/*
 * condfix: a preload that makes QEMU's COLO usable under TCG. Only for TCG; KVM does not need it.
 *
 * What goes wrong. In the RAM part of a checkpoint QEMU's COLO thread runs without QEMU's big lock.
 * Under TCG the synchronisation of the dirty log then queues work on every vCPU and waits for it on a
 * condition variable that is paired with that lock. POSIX leaves a wait on a mutex that the caller does
 * not own undefined; in glibc the wait returns with the mutex held, nobody ever releases it, and QEMU
 * stands still for good within a few checkpoints. Besides, the vCPU is woken without the lock, so that
 * the wake-up can fall between its check and its sleep and be lost.
 *
 * What this does. It replaces pthread_cond_wait for callers that do not own the mutex, and for nobody
 * else: take the mutex, repeat this thread's last broadcast under it (so that a lost one counts after
 * all), wait for at most WAIT_NANOS, release. To the caller that is a spurious wake-up, which every
 * correct user of a condition variable expects; QEMU checks its condition again in a loop.
 *
 * Why a preload. The defect is in stock QEMU, which Lull does not patch. The owner is read from
 * glibc's own mutex layout, so this is for glibc on x86-64.
 *
 * Build: gcc -O2 -shared -fPIC -o condfix.so condfix.c    Use: LD_PRELOAD=condfix.so qemu-system-x86_64 ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if !defined(__GLIBC__) || !defined(__x86_64__)
#error "condfix reads glibc's mutex layout on x86-64; nothing else is supported"
#endif

enum { WAIT_NANOS = 1000000, NANOS_PER_SECOND = 1000000000, EXIT_NO_SYMBOL = 99 };

static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *);
static int (*real_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
static int (*real_broadcast)(pthread_cond_t *);

static __thread int own_tid;
static __thread pthread_cond_t *last_broadcast;

/* The version matters: without it dlsym may return the incompatible variables of glibc before 2.3.2. */
static void *find(const char *name)
{
    void *symbol = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!symbol) {
        static const char text[] = "condfix: this C library lacks a symbol of GLIBC_2.3.2: ";
        (void)!write(STDERR_FILENO, text, sizeof text - 1);
        (void)!write(STDERR_FILENO, name, strlen(name));
        (void)!write(STDERR_FILENO, "\n", 1);
        _exit(EXIT_NO_SYMBOL);
    }
    return symbol;
}

/* A forked child (QEMU's -daemonize) has another thread id; the cached one would look like a stranger's. */
static void forget_tid(void)
{
    own_tid = 0;
}

static void find_all(void)
{
    real_wait = find("pthread_cond_wait");
    real_timedwait = find("pthread_cond_timedwait");
    real_broadcast = find("pthread_cond_broadcast");
}

__attribute__((constructor)) static void start(void)
{
    find_all();
    pthread_atfork(NULL, NULL, forget_tid);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    if (!real_broadcast) /* called by another library's constructor, before ours */
        find_all();
    last_broadcast = cond;
    return real_broadcast(cond);
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    struct timespec until;

    if (!real_wait)
        find_all();
    if (!own_tid)
        own_tid = (int)syscall(SYS_gettid);
    if (mutex->__data.__owner == own_tid)
        return real_wait(cond, mutex);

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_NANOS;
    if (until.tv_nsec >= NANOS_PER_SECOND) {
        until.tv_nsec -= NANOS_PER_SECOND;
        until.tv_sec++;
    }
    pthread_mutex_lock(mutex);
    if (last_broadcast)
        real_broadcast(last_broadcast);
    real_timedwait(cond, mutex, &until);
    pthread_mutex_unlock(mutex);
    return 0;
}
