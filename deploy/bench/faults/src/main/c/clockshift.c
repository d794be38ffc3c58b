/*
 * clockshift: a preload whose process has a wall clock that can jump; the machine's own is never touched.
 *
 * The file that CLOCKSHIFT_FILE names holds a signed count of nanoseconds, which is mapped and added to whatever asks for
 * CLOCK_REALTIME, by clock_gettime, gettimeofday or time. Monotonic clocks are passed on as they are, as when somebody
 * sets a machine's clock. Children of the process inherit both.
 *
 * What it does not do: a wait until a moment of the wall clock is the kernel's, which knows nothing of the jump. A JVM
 * waits by its monotonic clock but for LockSupport.parkUntil.
 *
 * Build: gcc -O2 -shared -fPIC -o clockshift.so clockshift.c
 * Use:   CLOCKSHIFT_FILE=clock LD_PRELOAD=clockshift.so java ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NANOS 1000000000LL

typedef int (*clock_gettime_function)(clockid_t, struct timespec *);

static clock_gettime_function real_clock_gettime;
static const volatile int64_t *shift_nanos;

static void give_up(const char *why) {
  fprintf(stderr, "clockshift: %s; CLOCKSHIFT_FILE must name a file of 8 bytes\n", why);
  _exit(127);
}

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("CLOCKSHIFT_FILE");
  real_clock_gettime = (clock_gettime_function)dlsym(RTLD_NEXT, "clock_gettime");
  if (path == NULL || real_clock_gettime == NULL) give_up("it is not set up");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up("the file can't be opened");
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) give_up("the file can't be mapped");
  close(file);
  shift_nanos = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (real_clock_gettime == NULL) {
    /* Another library's constructor asks before ours has run. */
    real_clock_gettime = (clock_gettime_function)dlsym(RTLD_NEXT, "clock_gettime");
  }
  int result = real_clock_gettime(clock, now);
  if (result == 0 && shift_nanos != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = now->tv_sec * SECOND_NANOS + now->tv_nsec + *shift_nanos;
    now->tv_sec = nanos / SECOND_NANOS;
    now->tv_nsec = nanos % SECOND_NANOS;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return result;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != NULL) *now = exact.tv_sec;
  return exact.tv_sec;
}
