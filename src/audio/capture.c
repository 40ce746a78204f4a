/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <gst/app/app.h>
#include <gst/gst.h>

#include "listener.h"
#include "pipeline.h"

#define LONGEST_CHUNK_MS 30000
#define SHORTEST_LONGEST_CHUNK_MS 10000

/* A sound server that does not answer for so long will not answer. */
#define START_TIMEOUT_MS 5000

/* After a stop the last sound takes the tail and a few milliseconds. */
#define STOP_TIMEOUT_MS 2000

/* After an error of the source the rest of the sound is on its way through the encoder. */
#define DRAIN_TIMEOUT_MS 500

typedef enum
{
  STATE_NEW,
  STATE_STARTING,  /* no sound yet */
  STATE_RECORDING, /* sound comes in */
  STATE_STOPPING,  /* the tail or, after an error, the rest is still coming */
  STATE_CLOSING,   /* the last chunks are being cut by force */
  STATE_ENDED,     /* "ended" was emitted, or the capture was cancelled */
  N_STATES,
} State;

/**
 * WhisCapture:
 *
 * Records one dictation from the microphone or a file into an MP3 file, and cuts it into chunks.
 *
 * A started capture keeps itself alive until it has ended or is cancelled. All signals are emitted
 * in the thread-default main context of the thread that made the capture. Every capture that was
 * started emits [signal@Capture::ended] once, unless it is cancelled: then it is silent from there
 * on. Nothing here waits on the main loop; GStreamer is initialised, and sound servers are talked
 * to, in threads.
 */
struct _WhisCapture
{
  GObject parent_instance;

  char *dictation;
  char *path;
  char *microphone;
  int file;
  gboolean file_lost; /* no descriptor was free: this must not become the microphone */
  guint longest_chunk_ms;
  guint tail_ms;
  gboolean level_only;

  GMainContext *context;
  State state;
  gboolean opening; /* a thread is making the pipeline */
  guint n_jobs;     /* threads that are opening, closing or shutting it */
  gboolean heard;   /* "started" was emitted */
  gboolean fell_back;
  gboolean reopen;
  GSource *timeout;
  GError *error; /* what ended the recording */

  GstElement *pipeline; /* changed by threads only, one at a time */
  gulong probe;
  gint attempt;  /* number of pipelines made, atomic */
  gint sent_end; /* whether the encoder got the end, atomic */
  WhisListener *listener;
  guint64 duration_ms;
};

enum
{
  SIGNAL_STARTED,
  SIGNAL_LEVEL,
  SIGNAL_CHUNK,
  SIGNAL_WARNING,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisCapture, whis_capture, G_TYPE_OBJECT)

static const gboolean edges[N_STATES][N_STATES] = {
  [STATE_NEW] = { [STATE_STARTING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_STARTING] = { [STATE_RECORDING] = TRUE,
                       [STATE_STOPPING] = TRUE,
                       [STATE_CLOSING] = TRUE,
                       [STATE_ENDED] = TRUE },
  [STATE_RECORDING] = { [STATE_STOPPING] = TRUE, [STATE_CLOSING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_STOPPING] = { [STATE_CLOSING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_CLOSING] = { [STATE_ENDED] = TRUE },
};

static void
set_state (WhisCapture *self, State state)
{
  if (!edges[self->state][state])
    g_error ("A capture cannot go from state %d to %d", self->state, state);

  g_debug ("Capture %s: state %d to %d", self->dictation, self->state, state);
  self->state = state;
}

/* --- events: from any thread to the main context ---------------------------------------------- */

typedef void (*Work) (WhisCapture *self, GError **error);
typedef void (*Done) (WhisCapture *self, GError *error);

typedef enum
{
  EVENT_READY,
  EVENT_STARTED,
  EVENT_LEVEL,
  EVENT_CHUNK,
  EVENT_DRAINED,
  EVENT_ERROR,
  EVENT_DONE,
} EventKind;

typedef struct
{
  WhisCapture *self;
  EventKind kind;
  double level;
  guint64 duration_ms;
  gint attempt;
  WhisChunk *chunk;
  GError *error;
  Done done;
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  g_object_unref (event->self);
  whis_chunk_free (event->chunk);
  g_clear_error (&event->error);
  g_free (event);
}

static void on_ready (WhisCapture *self);
static void on_started (WhisCapture *self, Event *event);
static void on_drained (WhisCapture *self);
static void on_error (WhisCapture *self, Event *event);
static void on_done (WhisCapture *self, Event *event);

static gboolean
dispatch_event (gpointer data)
{
  Event *event = data;
  WhisCapture *self = event->self;

  if (self->state == STATE_ENDED && event->kind != EVENT_DONE)
    return G_SOURCE_REMOVE;

  switch (event->kind)
    {
    case EVENT_READY:
      on_ready (self);
      break;
    case EVENT_STARTED:
      on_started (self, event);
      break;
    case EVENT_LEVEL:
      g_signal_emit (self, signals[SIGNAL_LEVEL], 0, event->level);
      break;
    case EVENT_CHUNK:
      g_signal_emit (self, signals[SIGNAL_CHUNK], 0, event->chunk);
      break;
    case EVENT_DRAINED:
      on_drained (self);
      break;
    case EVENT_ERROR:
      on_error (self, event);
      break;
    case EVENT_DONE:
      on_done (self, event);
      break;
    default:
      g_assert_not_reached ();
    }

  return G_SOURCE_REMOVE;
}

static Event *
event_new (WhisCapture *self, EventKind kind)
{
  Event *event = g_new0 (Event, 1);

  event->self = g_object_ref (self);
  event->kind = kind;

  return event;
}

static void
post (Event *event)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] capture event");
  g_source_set_callback (source, dispatch_event, event, event_free);
  g_source_attach (source, event->self->context);
}

/* --- GStreamer's threads ---------------------------------------------------------------------- */

static guint64
query_duration (WhisCapture *self)
{
  g_autoptr (GstElement) sound = NULL;
  g_autoptr (GstPad) pad = NULL;
  gint64 duration = 0;

  if (self->file < 0)
    return 0;

  sound = gst_bin_get_by_name (GST_BIN (self->pipeline), WHIS_PIPELINE_SOUND);
  pad = gst_element_get_static_pad (sound, "sink");
  if (!gst_pad_peer_query_duration (pad, GST_FORMAT_TIME, &duration) || duration < 0)
    return 0;

  return (guint64) duration / GST_MSECOND;
}

static void
tell_started (gpointer user_data)
{
  WhisCapture *self = user_data;
  Event *event = event_new (self, EVENT_STARTED);

  event->duration_ms = query_duration (self);
  post (event);
}

static void
tell_level (double peak_db, gpointer user_data)
{
  WhisCapture *self = user_data;
  Event *event;

  if (self->file >= 0)
    return;

  event = event_new (self, EVENT_LEVEL);
  event->level = peak_db;
  post (event);
}

static void
tell_chunk (WhisChunk *chunk, gpointer user_data)
{
  Event *event = event_new (user_data, EVENT_CHUNK);

  event->chunk = chunk;
  post (event);
}

static void
tell_error (WhisCapture *self, GError *error)
{
  Event *event = event_new (self, EVENT_ERROR);

  event->error = error;
  event->attempt = g_atomic_int_get (&self->attempt);
  post (event);
}

static const WhisListenerFuncs listener_funcs = { tell_started, tell_level, tell_chunk };

/* The encoder gets the end of the sound here, whatever the source is up to. */
static void
send_end (WhisCapture *self, GstPad *pad)
{
  if (g_atomic_int_compare_and_exchange (&self->sent_end, FALSE, TRUE))
    gst_pad_push_event (pad, gst_event_new_eos ());
}

static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  WhisCapture *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;
  gboolean taken;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;

  taken =
      whis_listener_hear (self->listener, (const gint16 *) map.data, map.size / sizeof (gint16));
  gst_buffer_unmap (buffer, &map);

  if (taken)
    return GST_PAD_PROBE_OK;

  /* From the stop on the source goes unheard, until it is shut. */
  send_end (self, pad);

  return GST_PAD_PROBE_DROP;
}

static GstFlowReturn
on_frame (GstAppSink *sink, gpointer user_data)
{
  WhisCapture *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  g_autoptr (GError) error = NULL;
  GstMapInfo map;
  gboolean stored;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;

  stored = whis_listener_store (self->listener, map.data, map.size, &error);
  gst_buffer_unmap (buffer, &map);

  if (error != NULL)
    {
      whis_listener_stop_after (self->listener, 0);
      tell_error (self, g_steal_pointer (&error));
    }

  return stored ? GST_FLOW_OK : GST_FLOW_EOS;
}

static void
on_end_of_frames (GstAppSink *sink, gpointer user_data)
{
  WhisCapture *self = user_data;

  /* A microphone that could not be opened ends too; its error says more, and another may follow. */
  if (self->file < 0 && !g_atomic_int_get (&self->sent_end)
      && whis_listener_get_elapsed_ms (self->listener) == 0)
    return;

  whis_listener_finish (self->listener);
  post (event_new (self, EVENT_DRAINED));
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  WhisCapture *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *details = NULL;

      gst_message_parse_error (message, &error, &details);
      g_debug ("Pipeline: %s (%s)", error->message, details);
      tell_error (self, g_steal_pointer (&error));
    }

  gst_message_unref (message);

  return GST_BUS_DROP;
}

/* --- opening and closing, in threads ---------------------------------------------------------- */

static GstPad *
get_sound_pad (WhisCapture *self)
{
  g_autoptr (GstElement) sound =
      gst_bin_get_by_name (GST_BIN (self->pipeline), WHIS_PIPELINE_SOUND);

  return gst_element_get_static_pad (sound, "src");
}

static void
set_frame_callbacks (WhisCapture *self, GstAppSinkCallbacks *callbacks)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (self->pipeline), WHIS_PIPELINE_SINK);

  if (GST_IS_APP_SINK (sink))
    gst_app_sink_set_callbacks (GST_APP_SINK (sink), callbacks, self, NULL);
}

/* The callbacks need no reference: they are taken back before the thread that shuts the pipeline
 * gives up its own. */
static void
listen_to_pipeline (WhisCapture *self)
{
  GstAppSinkCallbacks callbacks = { .eos = on_end_of_frames, .new_sample = on_frame };
  g_autoptr (GstPad) pad = get_sound_pad (self);
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  self->probe = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound, self, NULL);
  set_frame_callbacks (self, &callbacks);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
}

static void
stop_listening (WhisCapture *self)
{
  GstAppSinkCallbacks none = { NULL };
  g_autoptr (GstPad) pad = get_sound_pad (self);
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  if (self->probe != 0)
    gst_pad_remove_probe (pad, self->probe);
  self->probe = 0;
  set_frame_callbacks (self, &none);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
}

/* What the encoder still holds belongs to the recording, so it is told the end first. */
static void
drain_pipeline (WhisCapture *self)
{
  g_autoptr (GstPad) pad = NULL;

  /* without sound the sink has not come up, and would wait for some */
  if (self->pipeline == NULL || self->level_only
      || whis_listener_get_elapsed_ms (self->listener) == 0)
    return;

  pad = get_sound_pad (self);
  send_end (self, pad);
}

static void
shut_pipeline (WhisCapture *self)
{
  if (self->pipeline == NULL)
    return;

  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  stop_listening (self);
  gst_clear_object (&self->pipeline);
}

static gboolean
make_pipeline (WhisCapture *self, GError **error)
{
  const char *microphone = self->fell_back ? NULL : self->microphone;
  g_autoptr (GError) local_error = NULL;

  if (!gst_init_check (NULL, NULL, &local_error))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                   _ ("GStreamer could not be started (%s)."), local_error->message);
      return FALSE;
    }

  self->pipeline = whis_pipeline_new (self->file, microphone, !self->level_only, error);
  if (self->pipeline == NULL)
    return FALSE;
  post (event_new (self, EVENT_READY));

  /* On the way to READY pulsesrc does nothing but connect to the server. */
  if (gst_element_set_state (self->pipeline, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    {
      if (self->file >= 0)
        g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                     _ ("The file could not be opened."));
      else
        g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_SERVER,
                     _ ("No sound server answers: start PulseAudio or PipeWire and try again."));
      return FALSE;
    }

  listen_to_pipeline (self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);

  return TRUE;
}

static void
open_in_thread (WhisCapture *self, GError **error)
{
  shut_pipeline (self);
  g_atomic_int_inc (&self->attempt);
  make_pipeline (self, error);
}

static void
shut_in_thread (WhisCapture *self, GError **error)
{
  shut_pipeline (self);
}

/* The pipeline is shut afterwards: a sound server that hangs does not let go of it. */
static void
close_in_thread (WhisCapture *self, GError **error)
{
  drain_pipeline (self);
  whis_listener_finish (self->listener);
}

/* The pipeline is still another thread's. */
static void
finish_in_thread (WhisCapture *self, GError **error)
{
  whis_listener_finish (self->listener);
}

typedef struct
{
  Event *event;
  Work work;
} Job;

static gpointer
run_job (gpointer data)
{
  g_autofree Job *job = data;

  job->work (job->event->self, &job->event->error);
  post (job->event);

  return NULL;
}

/* A thread of its own and not GTask's: a sound server that hangs would keep one of the few that all
 * tasks share; and GTask may drop the last reference to the capture in its thread, whereas the
 * event carries it back to the main context. */
static void
run_in_thread (WhisCapture *self, Work work, Done done)
{
  Job *job = g_new0 (Job, 1);

  self->n_jobs++;
  job->event = event_new (self, EVENT_DONE);
  job->event->done = done;
  job->work = work;
  g_thread_unref (g_thread_new ("whis-capture", run_job, job));
}

/* --- the main context ------------------------------------------------------------------------- */

static void
clear_timeout (WhisCapture *self)
{
  if (self->timeout == NULL)
    return;

  g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
}

static void
set_timeout (WhisCapture *self, guint ms, GSourceFunc func)
{
  clear_timeout (self);
  self->timeout = g_timeout_source_new (ms);
  g_source_set_callback (self->timeout, func, self, NULL);
  g_source_attach (self->timeout, self->context);
}

static void
on_shut (WhisCapture *self, GError *error)
{
  g_debug ("Capture %s: shut", self->dictation);
}

/* While a thread is still opening the pipeline, on_opened() shuts it. */
static void
shut_later (WhisCapture *self)
{
  if (!self->opening)
    run_in_thread (self, shut_in_thread, on_shut);
}

static void
end (WhisCapture *self)
{
  clear_timeout (self);
  set_state (self, STATE_ENDED);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->error);
}

static void
on_finished (WhisCapture *self, GError *error)
{
  if (self->state == STATE_CLOSING)
    end (self);
}

static void
on_closed (WhisCapture *self, GError *error)
{
  on_finished (self, error);
  shut_later (self);
}

/* Ends without waiting for the pipeline. The chunks that come of it are told before the end. */
static void
end_by_force (WhisCapture *self)
{
  if (self->state == STATE_CLOSING || self->state == STATE_ENDED)
    return;

  clear_timeout (self);
  set_state (self, STATE_CLOSING);
  if (self->opening)
    run_in_thread (self, finish_in_thread, on_finished);
  else
    run_in_thread (self, close_in_thread, on_closed);
}

static gboolean
on_stop_timeout (gpointer user_data)
{
  end_by_force (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
on_start_timeout (gpointer user_data)
{
  WhisCapture *self = user_data;

  if (self->opening)
    g_set_error (&self->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_SERVER,
                 _ ("The sound server does not answer: restart PulseAudio or PipeWire and try "
                    "again."));
  else
    g_set_error (&self->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE,
                 _ ("The microphone delivers no sound: choose another one in the settings."));
  end_by_force (self);

  return G_SOURCE_REMOVE;
}

static void on_opened (WhisCapture *self, GError *error);

static void
open_pipeline (WhisCapture *self)
{
  self->opening = TRUE;
  self->reopen = FALSE;
  run_in_thread (self, open_in_thread, on_opened);
}

static void
on_opened (WhisCapture *self, GError *error)
{
  self->opening = FALSE;

  if (self->state == STATE_ENDED || self->state == STATE_CLOSING)
    {
      shut_later (self);
      return;
    }

  if (self->reopen)
    {
      open_pipeline (self);
      return;
    }

  if (error == NULL)
    return;

  if (self->error == NULL)
    self->error = g_error_copy (error);
  end_by_force (self);
}

/* GStreamer may have had to look through all its plugins, which takes as long as it takes. From
 * here on it is the sound server that is waited for. */
static void
on_ready (WhisCapture *self)
{
  if (self->state == STATE_STARTING && self->file < 0)
    set_timeout (self, START_TIMEOUT_MS, on_start_timeout);
}

static void
on_started (WhisCapture *self, Event *event)
{
  self->heard = TRUE;
  self->duration_ms = event->duration_ms;

  if (self->state == STATE_STARTING)
    {
      clear_timeout (self);
      set_state (self, STATE_RECORDING);
    }
  if (self->state == STATE_RECORDING || self->state == STATE_STOPPING)
    g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

static void
on_drained (WhisCapture *self)
{
  if (self->state == STATE_CLOSING)
    return;

  if (self->file >= 0 && !self->heard && self->error == NULL)
    g_set_error (&self->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                 _ ("The file holds no sound."));

  end (self);
  shut_later (self);
}

static gboolean
is_decoder_missing (const GError *error)
{
  return g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
         || g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND);
}

static GError *
explain_file_error (WhisCapture *self, const GError *error)
{
  if (self->heard)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                        _ ("The file is damaged: only the sound before the damage was read."));
  if (is_decoder_missing (error))
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                        _ ("GStreamer finds no sound in this file that it can decode: the file "
                           "may hold none, or need more GStreamer plugins."));

  return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                      _ ("The file holds no sound that can be read."));
}

static GError *
explain_error (WhisCapture *self, const GError *error)
{
  if (error->domain == WHIS_AUDIO_ERROR)
    return g_error_copy (error);
  if (self->file >= 0)
    return explain_file_error (self, error);
  if (error->domain != GST_RESOURCE_ERROR)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED, _ ("Recording failed (%s)."),
                        error->message);
  if (self->heard)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE,
                        _ ("The microphone went away: what was said until then is kept."));

  return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE,
                      _ ("No microphone was found: connect one and try again."));
}

static gboolean
can_fall_back (WhisCapture *self, const GError *error)
{
  return self->state == STATE_STARTING && self->file < 0 && self->microphone != NULL
         && !self->fell_back && error->domain == GST_RESOURCE_ERROR;
}

static void
fall_back (WhisCapture *self)
{
  g_autofree char *warning = g_strdup_printf (
      _ ("The microphone “%s” is not there: the default one is recorded."), self->microphone);

  self->fell_back = TRUE;
  if (self->opening)
    self->reopen = TRUE;
  else
    open_pipeline (self);

  g_signal_emit (self, signals[SIGNAL_WARNING], 0, warning);
}

static void
on_error (WhisCapture *self, Event *event)
{
  gint attempt = self->fell_back ? 2 : 1;

  /* what is left of the pipeline before */
  if (event->attempt < attempt)
    return;

  if (can_fall_back (self, event->error))
    {
      fall_back (self);
      return;
    }

  if (self->error != NULL || self->state == STATE_CLOSING)
    return;

  self->error = explain_error (self, event->error);

  if (self->heard && event->error->domain != WHIS_AUDIO_ERROR)
    {
      if (self->state == STATE_RECORDING)
        set_state (self, STATE_STOPPING);
      set_timeout (self, DRAIN_TIMEOUT_MS, on_stop_timeout);
    }
  else
    end_by_force (self);
}

/* The capture gives up the reference to itself when there is nothing left that could use it. */
static void
on_done (WhisCapture *self, Event *event)
{
  event->done (self, event->error);
  self->n_jobs--;

  if (self->n_jobs == 0 && self->state == STATE_ENDED)
    g_object_unref (self);
}

/* --- public ----------------------------------------------------------------------------------- */

static gpointer
warm_up (gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!gst_init_check (NULL, NULL, &error))
    g_debug ("GStreamer could not be started: %s", error->message);

  return NULL;
}

/**
 * whis_capture_warm_up:
 *
 * Starts GStreamer in a thread, which the first capture does otherwise. That mostly takes some 30
 * ms, but seconds after plugins were installed or updated. It costs 3 MB of memory.
 */
void
whis_capture_warm_up (void)
{
  g_thread_unref (g_thread_new ("whis-warm-up", warm_up, NULL));
}

/**
 * whis_capture_new:
 * @options: what to record; copied
 *
 * Returns: (transfer full): a capture that has not started
 */
WhisCapture *
whis_capture_new (const WhisCaptureOptions *options)
{
  WhisCapture *self;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (options->level_only || options->path != NULL, NULL);

  self = g_object_new (WHIS_TYPE_CAPTURE, NULL);
  self->dictation = g_strdup (options->dictation);
  self->path = g_strdup (options->path);
  if (options->microphone != NULL && *options->microphone != '\0')
    self->microphone = g_strdup (options->microphone);
  self->file = options->file >= 0 ? fcntl (options->file, F_DUPFD_CLOEXEC, 3) : -1;
  self->file_lost = options->file >= 0 && self->file < 0;
  self->longest_chunk_ms =
      options->longest_chunk_ms > 0 ? options->longest_chunk_ms : LONGEST_CHUNK_MS;
  self->longest_chunk_ms = MAX (self->longest_chunk_ms, SHORTEST_LONGEST_CHUNK_MS);
  self->tail_ms = options->tail_ms;
  self->level_only = options->level_only;

  return self;
}

static gboolean
check_file (WhisCapture *self, GError **error)
{
  struct stat info;

  if (fstat (self->file, &info) < 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("The file cannot be read (%s)."), g_strerror (errno));
      return FALSE;
    }
  if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("This is a directory, not a sound file."));
      return FALSE;
    }
  if (S_ISREG (info.st_mode) && info.st_size == 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE, _ ("The file is empty."));
      return FALSE;
    }

  lseek (self->file, 0, SEEK_SET);

  return TRUE;
}

/**
 * whis_capture_start:
 * @self: a capture
 * @error: return location for a [error@AudioError]
 *
 * Starts recording. This returns at once; that the microphone really delivers is told by
 * [signal@Capture::started], that it does not by [signal@Capture::ended].
 *
 * Returns: whether it started; %FALSE with `STORAGE` or `FILE` set when it never will, without a
 *   signal
 */
gboolean
whis_capture_start (WhisCapture *self, GError **error)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->state == STATE_NEW, FALSE);

  if (self->file_lost)
    {
      g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                           _ ("Too many files are open; try again when other transcriptions have "
                              "ended."));
      return FALSE;
    }
  if (self->file >= 0 && !check_file (self, error))
    return FALSE;

  self->listener = whis_listener_new (&listener_funcs, self);
  if (!self->level_only)
    {
      WhisRecording *recording = whis_recording_new (self->path, error);

      if (recording == NULL)
        {
          g_clear_pointer (&self->listener, whis_listener_free);
          return FALSE;
        }
      whis_listener_record (self->listener, recording, self->dictation, self->longest_chunk_ms);
    }

  g_object_ref (self);
  set_state (self, STATE_STARTING);
  open_pipeline (self);

  return TRUE;
}

/**
 * whis_capture_stop:
 * @self: a capture
 *
 * Ends the recording, after a short tail of sound when it is from the microphone. The last chunks
 * and [signal@Capture::ended] follow. Does nothing on a capture that is not running.
 */
void
whis_capture_stop (WhisCapture *self)
{
  guint tail_ms;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (self->state != STATE_STARTING && self->state != STATE_RECORDING)
    return;

  if (self->level_only)
    {
      end_by_force (self);
      return;
    }

  tail_ms = self->file >= 0 ? 0 : self->tail_ms;
  whis_listener_stop_after (self->listener, tail_ms);
  set_state (self, STATE_STOPPING);
  set_timeout (self, tail_ms + STOP_TIMEOUT_MS, on_stop_timeout);
}

/**
 * whis_capture_cancel:
 * @self: a capture
 *
 * Ends the recording at once. No signal is emitted any more. What has been written stays in the
 * file, which is the caller's to remove. Does nothing on a capture that has ended.
 */
void
whis_capture_cancel (WhisCapture *self)
{
  State before;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  before = self->state;
  if (before == STATE_ENDED)
    return;

  clear_timeout (self);
  set_state (self, STATE_ENDED);
  if (before != STATE_NEW && before != STATE_CLOSING)
    shut_later (self);
}

/**
 * whis_capture_get_elapsed_ms:
 * @self: a capture
 *
 * Returns: how much sound was recorded so far, in milliseconds
 */
guint64
whis_capture_get_elapsed_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->listener != NULL ? whis_listener_get_elapsed_ms (self->listener) : 0;
}

/**
 * whis_capture_get_duration_ms:
 * @self: a capture
 *
 * Returns: length of the file's sound in milliseconds; 0 while it is unknown, and for a microphone
 */
guint64
whis_capture_get_duration_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->duration_ms;
}

/**
 * whis_capture_get_quiet_ms:
 * @self: a capture
 *
 * Returns: for how long the input has given no signal at all, not even noise, in milliseconds: a
 *   microphone that is muted or not plugged in
 */
guint64
whis_capture_get_quiet_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->listener != NULL ? whis_listener_get_quiet_ms (self->listener) : 0;
}

/**
 * whis_capture_get_had_speech:
 * @self: a capture
 *
 * Returns: whether speech was heard; final once the capture has ended
 */
gboolean
whis_capture_get_had_speech (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return self->listener != NULL && whis_listener_get_had_speech (self->listener);
}

/**
 * whis_capture_get_path:
 * @self: a capture
 *
 * Returns: (nullable): where the MP3 file is
 */
const char *
whis_capture_get_path (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), NULL);

  return self->path;
}

static void
whis_capture_finalize (GObject *object)
{
  WhisCapture *self = WHIS_CAPTURE (object);

  clear_timeout (self);
  g_clear_pointer (&self->listener, whis_listener_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  if (self->file >= 0)
    close (self->file);
  g_free (self->dictation);
  g_free (self->path);
  g_free (self->microphone);

  G_OBJECT_CLASS (whis_capture_parent_class)->finalize (object);
}

static void
whis_capture_class_init (WhisCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_capture_finalize;

  /**
   * WhisCapture::started:
   *
   * The first sound arrived. For a file its length is known from here on, if it is known at all.
   */
  signals[SIGNAL_STARTED] = g_signal_new ("started", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCapture::level:
   * @peak_db: the loudest sample of the last 100 ms, in dB relative to full scale (0 or less)
   *
   * Ten times a second while the microphone is recorded.
   */
  signals[SIGNAL_LEVEL] = g_signal_new ("level", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  /**
   * WhisCapture::chunk:
   * @chunk: the chunk; its bytes are in the file
   *
   * The next chunk is complete.
   */
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WHIS_TYPE_CHUNK);

  /**
   * WhisCapture::warning:
   * @message: a sentence for the user
   *
   * Recording goes on, but not quite as it was asked for.
   */
  signals[SIGNAL_WARNING] = g_signal_new ("warning", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisCapture::ended:
   * @error: (nullable): a [error@AudioError], if something other than a stop ended it
   *
   * No more sound will come, and every chunk has been told, also after an error.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_capture_init (WhisCapture *self)
{
  self->file = -1;
  self->context = g_main_context_ref_thread_default ();
}
