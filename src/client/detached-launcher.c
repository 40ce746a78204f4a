/* SPDX-License-Identifier: MIT */
#include "detached-launcher.h"

#include <unistd.h>

/* Runs in the child. */
static void
leave_session (gpointer unused)
{
  (void) setsid ();
}

/**
 * whis_detached_launcher_new:
 *
 * Returns: (transfer full): a launcher for programs that outlive the terminal that they are started
 *   from, and hold no pipe open that somebody reads from us
 */
GSubprocessLauncher *
whis_detached_launcher_new (void)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                             | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  g_subprocess_launcher_set_child_setup (launcher, leave_session, NULL, NULL);

  return launcher;
}
