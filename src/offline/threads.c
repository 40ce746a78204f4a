/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPU_FOLDER "/sys/devices/system/cpu"
#define CGROUP_FOLDER "/sys/fs/cgroup"
#define MOST_THREADS 8
#define MOST_PROCESSORS 1024

static gboolean
read_number (const char *folder, guint processor, const char *name, int *number)
{
  g_autofree char *path = g_strdup_printf ("%s/cpu%u/topology/%s", folder, processor, name);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  *number = atoi (text);

  return TRUE;
}

/* Two processors of one core share what computes. Returns 0 where the kernel does not say. */
static guint
count_cores (const char *folder)
{
  g_autoptr (GHashTable) cores = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < MOST_PROCESSORS; i++)
    {
      int package, core;

      if (!read_number (folder, i, "physical_package_id", &package)
          || !read_number (folder, i, "core_id", &core))
        continue;
      g_hash_table_add (cores, g_strdup_printf ("%d %d", package, core));
    }

  return g_hash_table_size (cores);
}

/* How many processors' time the control group (version 2) may use; 0 for no limit. */
static guint
read_quota (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "cpu.max", NULL);
  g_autofree char *text = NULL;
  double quota, period;

  if (!g_file_get_contents (path, &text, NULL, NULL)
      || sscanf (text, "%lf %lf", &quota, &period) != 2 || quota <= 0 || period <= 0)
    return 0;

  return (guint) fmax (1, quota / period);
}

/**
 * whis_threads_choose:
 * @cpu_folder: the kernel's folder of processors
 * @cgroup_folder: the folder of the control group
 * @n_allowed: the processors that this process may run on
 *
 * Chooses how many threads compute: one for each core but one, which stays free for the desktop;
 * both of two cores, because half the speed is worse there than a busy desktop. More threads than
 * cores make everything many times slower, for each waits for all the others.
 *
 * Returns: a number from 1 to 8
 */
guint
whis_threads_choose (const char *cpu_folder, const char *cgroup_folder, guint n_allowed)
{
  guint cores = count_cores (cpu_folder);
  guint quota = read_quota (cgroup_folder);

  if (cores == 0 || cores > n_allowed)
    cores = MAX (n_allowed, 1);
  if (quota > 0)
    cores = MIN (cores, quota);

  return CLAMP (cores - 1, MIN (cores, 2), MOST_THREADS);
}

static char *
find_cgroup (void)
{
  g_autofree char *text = NULL;
  char *path;

  if (!g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL))
    return g_strdup (CGROUP_FOLDER);
  path = strstr (text, "0::");
  if (path == NULL)
    return g_strdup (CGROUP_FOLDER);
  path += strlen ("0::");
  path[strcspn (path, "\n")] = '\0';

  return g_build_filename (CGROUP_FOLDER, path, NULL);
}

/**
 * whis_threads_count:
 *
 * Returns: how many threads are to compute on this machine, see whis_threads_choose()
 */
guint
whis_threads_count (void)
{
  g_autofree char *cgroup = find_cgroup ();
  cpu_set_t allowed;
  guint n_allowed = g_get_num_processors ();

  if (sched_getaffinity (0, sizeof allowed, &allowed) == 0)
    n_allowed = (guint) CPU_COUNT (&allowed);

  return whis_threads_choose (CPU_FOLDER, cgroup, n_allowed);
}
