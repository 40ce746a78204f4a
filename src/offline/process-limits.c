/* SPDX-License-Identifier: MIT */
#include "process-limits.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICE 5
#define OOM_SCORE "500"

/* What the program takes beside a model: threads' stacks, GStreamer, sounds. */
#define OWN_BYTES ((guint64) 2 * 1000 * 1000 * 1000)
#define MODEL_FACTOR 3

/* Memory blocks of this size are given back to the system when they are freed. */
#define LARGE_BYTES (256 * 1024)

/* AddressSanitizer reserves terabytes. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMITS_MEMORY FALSE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITS_MEMORY FALSE
#endif
#endif
#ifndef LIMITS_MEMORY
#define LIMITS_MEMORY TRUE
#endif

/**
 * whis_limits_apply:
 *
 * Makes the process a modest one: it leaves the current directory, in which libraries look for
 * modules, writes no dump of what was said when it crashes, and is behind the user's programs for
 * the processor and before them when the kernel needs memory. What the system refuses is left.
 */
void
whis_limits_apply (void)
{
  struct rlimit none = { 0, 0 };

  if (chdir ("/") != 0)
    g_debug ("The current directory stays");
  setrlimit (RLIMIT_CORE, &none);
  /* Counted from whoever started it: with an absolute number a whole desktop at another priority
   * would leave it next to nothing. */
  if (nice (NICE) == -1)
    g_debug ("The priority may stay");
  g_file_set_contents_full ("/proc/self/oom_score_adj", OOM_SCORE, -1, G_FILE_SET_CONTENTS_NONE, 0,
                            NULL);
#ifdef __GLIBC__
  /* Each arena reserves 64 MB of addresses, which the memory limit counts. */
  mallopt (M_ARENA_MAX, 4);
  /* Unless it is set it grows, and then what one sound took stays with the process. */
  mallopt (M_MMAP_THRESHOLD, LARGE_BYTES);
#endif
}

/**
 * whis_limits_set_memory:
 * @model_bytes: size of a model's file in bytes
 *
 * Limits the memory of the process to what it needs with this model, so that a broken model or a
 * leak ends the process before it takes all that the computer has.
 */
void
whis_limits_set_memory (guint64 model_bytes)
{
  struct rlimit limit;
  guint64 bytes = model_bytes * MODEL_FACTOR + OWN_BYTES;

  if (!LIMITS_MEMORY || model_bytes == 0 || getrlimit (RLIMIT_AS, &limit) != 0)
    return;
  if (limit.rlim_max == RLIM_INFINITY || bytes < limit.rlim_max)
    limit.rlim_cur = bytes;
  setrlimit (RLIMIT_AS, &limit);
}

/**
 * whis_limits_release_memory:
 *
 * Gives the system what was freed. The body of a request comes in pieces, which leave holes that
 * glibc keeps to itself.
 */
void
whis_limits_release_memory (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}
