/* SPDX-License-Identifier: MIT */
#include "indicator-process.h"

#include "supervisor.h"

/* The program's exit status where the desktop lets no program show an overlay. */
#define EXIT_UNSUPPORTED 3

/* One that ends too early is started once more. */
#define MOST_STARTS 2

/**
 * WhisIndicatorProcess:
 *
 * Starts `whis-indicator` when a microphone records, if the user wants that and there is a display.
 * The program ends by itself. How it fares does not matter to the dictation.
 */
struct _WhisIndicatorProcess
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisDictations *dictations;
  WhisSessionDisplay *display;
  WhisSupervisor *supervisor; /* nullable, until the first start */
  char *dictation;            /* nullable, the last one that it was started for */
  guint n_starts;             /* for that one */
  GStrv environment;          /* nullable, of the last start */
  char *unsupported;          /* nullable, the compositor that lets no program show an overlay */
  gboolean is_missing;
};

enum
{
  PROP_MISSING = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisIndicatorProcess, whis_indicator_process, G_TYPE_OBJECT)

static const WhisSupervisorLimits limits = { .ready_seconds = 10 };

static const char *
get_program (void)
{
  const char *program = g_getenv ("WHIS_INDICATOR_PROGRAM");

  return program != NULL ? program : WHIS_LIBEXECDIR "/whis-indicator";
}

static WhisDictation *
find_recording (WhisIndicatorProcess *self)
{
  WhisDictation *recording = whis_dictations_get_recording (self->dictations);

  return recording != NULL && whis_dictation_get_state (recording) == WHIS_DICTATION_STATE_RECORDING
             ? recording
             : NULL;
}

/* It is asked anew when the compositor is another one. */
static gboolean
is_unsupported (WhisIndicatorProcess *self)
{
  return self->unsupported != NULL
         && g_strcmp0 (g_environ_getenv (self->environment, "WAYLAND_DISPLAY"), self->unsupported)
                == 0;
}

static gboolean
has_display (WhisIndicatorProcess *self)
{
  return g_environ_getenv (self->environment, "WAYLAND_DISPLAY") != NULL
         || g_environ_getenv (self->environment, "DISPLAY") != NULL;
}

static void
indicator_process_spawn (WhisIndicatorProcess *self)
{
  const char *arguments[] = { get_program (), self->dictation, NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_environ (launcher, self->environment);
  self->n_starts++;
  if (!whis_supervisor_start (self->supervisor, launcher, arguments, &error))
    g_debug ("The indicator cannot be started: %s", error->message);
}

static void on_ended (WhisIndicatorProcess *self, const WhisSupervisorEnd *end);

/* Starts the program if it does not run. */
static void
indicator_process_show (WhisIndicatorProcess *self, WhisDictation *recording)
{
  if (self->supervisor == NULL)
    {
      self->supervisor = whis_supervisor_new (&limits);
      g_signal_connect_object (self->supervisor, "ended", G_CALLBACK (on_ended), self,
                               G_CONNECT_SWAPPED);
    }
  if (whis_supervisor_get_state (self->supervisor) != WHIS_SUPERVISOR_STATE_STOPPED)
    return;

  if (g_strcmp0 (self->dictation, whis_dictation_get_id (recording)) != 0)
    {
      g_free (self->dictation);
      self->dictation = g_strdup (whis_dictation_get_id (recording));
      self->n_starts = 0;
    }
  g_strfreev (self->environment);
  self->environment = whis_session_display_dup_environment (self->display);
  if (self->n_starts < MOST_STARTS && has_display (self) && !is_unsupported (self))
    indicator_process_spawn (self);
}

static void
indicator_process_update (WhisIndicatorProcess *self)
{
  WhisDictation *recording = find_recording (self);
  gboolean is_wanted = recording != NULL && whis_settings_get_indicator (self->settings);
  gboolean is_missing;

  if (is_wanted)
    indicator_process_show (self, recording);
  is_missing = is_wanted && is_unsupported (self);
  if (is_missing == self->is_missing)
    return;

  self->is_missing = is_missing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MISSING]);
}

/* It may end while the next dictation begins, which it does not know of. */
static void
on_ended (WhisIndicatorProcess *self, const WhisSupervisorEnd *end)
{
  g_autofree char *complaint = g_strchomp (g_strdup (end->complaint));

  g_debug ("The indicator has ended with %d, signal %d: %s", end->status, end->signal, complaint);
  if (end->signal == 0 && end->status == EXIT_UNSUPPORTED)
    {
      g_free (self->unsupported);
      self->unsupported = g_strdup (g_environ_getenv (self->environment, "WAYLAND_DISPLAY"));
      g_message ("The indicator is not shown on this desktop: %s", complaint);
    }
  indicator_process_update (self);
}

static void
on_setting_changed (WhisIndicatorProcess *self)
{
  self->n_starts = 0;
  if (!whis_settings_get_indicator (self->settings) && self->supervisor != NULL)
    whis_supervisor_stop (self->supervisor);
  indicator_process_update (self);
}

static void
added_cb (WhisIndicatorProcess *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (indicator_process_update), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_indicator_process_dispose (GObject *object)
{
  WhisIndicatorProcess *self = WHIS_INDICATOR_PROCESS (object);

  g_clear_object (&self->supervisor);
  g_clear_object (&self->display);
  g_clear_object (&self->dictations);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_indicator_process_parent_class)->dispose (object);
}

static void
whis_indicator_process_finalize (GObject *object)
{
  WhisIndicatorProcess *self = WHIS_INDICATOR_PROCESS (object);

  g_free (self->dictation);
  g_strfreev (self->environment);
  g_free (self->unsupported);

  G_OBJECT_CLASS (whis_indicator_process_parent_class)->finalize (object);
}

static void
whis_indicator_process_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MISSING:
      g_value_set_boolean (value,
                           whis_indicator_process_is_missing (WHIS_INDICATOR_PROCESS (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_indicator_process_class_init (WhisIndicatorProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_indicator_process_get_property;
  object_class->dispose = whis_indicator_process_dispose;
  object_class->finalize = whis_indicator_process_finalize;

  /**
   * WhisIndicatorProcess:missing:
   *
   * Whether a microphone records and the user wants the indicator, and the desktop shows none.
   */
  properties[PROP_MISSING] =
      g_param_spec_boolean ("missing", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_indicator_process_init (WhisIndicatorProcess *self)
{
}

/**
 * whis_indicator_process_new:
 * @settings: whether the user wants it
 * @dictations: what it shows
 * @display: where it is shown
 *
 * Returns: (transfer full): an object that starts the program as long as it lives
 */
WhisIndicatorProcess *
whis_indicator_process_new (WhisSettings *settings,
                            WhisDictations *dictations,
                            WhisSessionDisplay *display)
{
  WhisIndicatorProcess *self = g_object_new (WHIS_TYPE_INDICATOR_PROCESS, NULL);

  self->settings = g_object_ref (settings);
  self->dictations = g_object_ref (dictations);
  self->display = g_object_ref (display);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::indicator", G_CALLBACK (on_setting_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * whis_indicator_process_is_missing:
 * @self: the process
 *
 * Returns: whether a microphone records and the user wants the indicator, and the desktop shows
 * none
 */
gboolean
whis_indicator_process_is_missing (WhisIndicatorProcess *self)
{
  g_return_val_if_fail (WHIS_IS_INDICATOR_PROCESS (self), FALSE);

  return self->is_missing;
}
