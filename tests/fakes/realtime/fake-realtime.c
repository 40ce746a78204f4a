/* SPDX-License-Identifier: MIT */
#include "realtime.h"

#include <glib-unix.h>

/* fake-realtime openai|deepgram|elevenlabs DROP-AT-COMMIT SENTENCE…
 * fake-realtime openai|deepgram|elevenlabs flood MESSAGE
 *
 * A service for live transcription, for programs. It prints its address, hears the sentences one
 * after the other, and loses the connection at that commit, 0 being never; or says the
 * message all the time as soon as sound comes. On SIGTERM it prints a
 * line of JSON: how many connections and commits there were, and what it complains about. */

static void
report (Realtime *service)
{
  g_autofree char *complaint = g_strescape (
      realtime_get_complaint (service) != NULL ? realtime_get_complaint (service) : "", NULL);

  g_print ("{\"connections\":%u,\"commits\":%u,\"samples\":%" G_GUINT64_FORMAT
           ",\"complaint\":\"%s\"}\n",
           realtime_get_n_connections (service), realtime_get_n_commits (service),
           realtime_get_n_samples (service), complaint);
}

static gboolean
on_terminate (gpointer data)
{
  g_main_loop_quit (data);

  return G_SOURCE_REMOVE;
}

static int
find_dialect (const char *name)
{
  static const char *const names[] = { "openai", "deepgram", "elevenlabs" };

  for (int i = 0; i < N_REALTIMES; i++)
    {
      if (g_str_equal (names[i], name))
        return i;
    }

  return -1;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (Realtime) service = NULL;
  int dialect = argc > 3 ? find_dialect (argv[1]) : -1;
  RealtimePlan plan = { 0 };

  if (dialect < 0)
    {
      g_printerr ("usage: %s openai|deepgram|elevenlabs DROP-AT-COMMIT SENTENCE…\n", argv[0]);
      return 2;
    }
  if (g_str_equal (argv[2], "flood"))
    {
      plan.chatter = argv[3];
      plan.chatter_times = 1000;
    }
  else
    {
      plan.sentences = (const char *const *) argv + 3;
      plan.drop_at_commit = (guint) g_ascii_strtoull (argv[2], NULL, 10);
    }
  service = realtime_new ((RealtimeDialect) dialect, &plan);
  g_print ("%s\n", realtime_get_address (service));
  g_unix_signal_add (SIGTERM, on_terminate, loop);
  g_main_loop_run (loop);
  report (service);

  return 0;
}
