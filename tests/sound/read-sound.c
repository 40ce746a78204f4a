/* SPDX-License-Identifier: MIT */
#include "read-sound.h"

typedef struct
{
  GBytes *bytes;
  GError *error;
  gboolean done;
} Reading;

static void
done_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;

  reading->bytes = whis_sound_read_finish (WHIS_SOUND (object), result, &reading->error);
  reading->done = TRUE;
}

/* Waits for the bytes. Nothing else is dispatched meanwhile. */
GBytes *
read_sound (WhisSound *sound, guint64 offset, gsize size, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Reading reading = { 0 };

  g_main_context_push_thread_default (context);
  whis_sound_read_async (sound, offset, size, NULL, done_cb, &reading);
  while (!reading.done)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_assert_true ((reading.bytes == NULL) == (reading.error != NULL));
  if (reading.error != NULL)
    g_propagate_error (error, reading.error);

  return reading.bytes;
}
