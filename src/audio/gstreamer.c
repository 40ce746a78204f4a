/* SPDX-License-Identifier: MIT */
#include "gstreamer.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "codec.h"
#include "pipeline.h"

/**
 * whis_gstreamer_start:
 * @error: return location for a [error@AudioError]
 *
 * Initialises GStreamer, once; a second caller waits for the first. That takes some milliseconds,
 * but many seconds where GStreamer looks through its plugins, as in a new home and after plugins
 * were installed or updated: not for the main loop.
 *
 * Returns: whether GStreamer can be used; otherwise `FAILED` is set
 */
gboolean
whis_gstreamer_start (GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (gst_init_check (NULL, NULL, &cause))
    return TRUE;

  g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
               _ ("GStreamer could not be started (%s)."), cause->message);

  return FALSE;
}

static gboolean
drop_frame (const void *data, gsize size, gpointer user_data)
{
  return TRUE;
}

/* Loads the plugins that a recording needs. Nobody is asked for sound by that. What is missing is
 * told to who records. */
static void
load_plugins (void)
{
  g_autoptr (GstElement) pipeline = whis_pipeline_new (-1, NULL, 0, NULL);
  g_autoptr (WhisCodec) encoder =
      whis_codec_new_encoder (WHIS_BITRATE_USUAL, drop_frame, NULL, NULL);

  if (pipeline == NULL || encoder == NULL)
    g_debug ("Plugins of GStreamer that a recording needs are missing");
}

static gpointer
warm_up_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!whis_gstreamer_start (&error))
    {
      g_task_return_error (task, error);
      return NULL;
    }

  /* The rest takes less than a hand needs to the icon. */
  g_task_return_boolean (task, TRUE);
  load_plugins ();

  return NULL;
}

/**
 * whis_gstreamer_warm_up_async:
 * @cancellable: (nullable): makes the result an error; GStreamer starts all the same
 * @callback: what is called when the first recording need not wait for GStreamer any more
 * @user_data: for @callback
 *
 * Starts GStreamer and loads what a recording needs of it, in a thread of its own: GTask's are few,
 * and this may take many seconds.
 */
void
whis_gstreamer_warm_up_async (GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  GThread *thread;

  g_task_set_source_tag (task, whis_gstreamer_warm_up_async);
  thread = g_thread_try_new ("whis-warm-up", warm_up_in_thread, g_object_ref (task), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }

  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * whis_gstreamer_warm_up_finish:
 * @result: what the callback got
 * @error: return location for a [error@AudioError]
 *
 * Returns: whether a recording can begin at once
 */
gboolean
whis_gstreamer_warm_up_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_gstreamer_warm_up_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
