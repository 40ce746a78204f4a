/* SPDX-License-Identifier: MIT */
#include "shortcut-press.h"

#include "state-machine.h"

/**
 * WhisShortcutPress:
 *
 * What presses and releases of shortcuts mean.
 *
 * A key that talks works at once when it is pressed, so that no word is lost: it emits
 * [signal@ShortcutPress::toggle]. If it is released within %WHIS_SHORTCUT_TAP_MS that was all. Held
 * longer it emits [signal@ShortcutPress::hold-begin], and with its release
 * [signal@ShortcutPress::hold-end]. A press that has ended a dictation means nothing more.
 *
 * Desktops repeat a held key, and some lose its release, for example when the session is locked:
 * repetitions are ignored, and what holds on no release ends with
 * [method@ShortcutPress.release_all], or after %WHIS_SHORTCUT_LONGEST_MS.
 */

typedef enum
{
  PRESS_STATE_IDLE,    /* no key that talks is held */
  PRESS_STATE_PRESSED, /* one is, that may become a tap */
  PRESS_STATE_HELD,    /* the dictation ends with its release */
  PRESS_STATE_SPENT,   /* its release means nothing */
} PressState;

GType press_state_get_type (void);

G_DEFINE_ENUM_TYPE (PressState,
                    press_state,
                    G_DEFINE_ENUM_VALUE (PRESS_STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (PRESS_STATE_PRESSED, "pressed"),
                    G_DEFINE_ENUM_VALUE (PRESS_STATE_HELD, "held"),
                    G_DEFINE_ENUM_VALUE (PRESS_STATE_SPENT, "spent"))

#define TO(state) WHIS_STATE_BIT (PRESS_STATE_##state)

static const guint edges[] = {
  [PRESS_STATE_IDLE] = TO (PRESSED) | TO (HELD) | TO (SPENT),
  [PRESS_STATE_PRESSED] = TO (IDLE) | TO (HELD) | TO (SPENT),
  [PRESS_STATE_HELD] = TO (IDLE) | TO (SPENT),
  [PRESS_STATE_SPENT] = TO (IDLE),
};

static const WhisStateTable table = { press_state_get_type, G_N_ELEMENTS (edges), edges };

struct _WhisShortcutPress
{
  GObject parent_instance;

  const WhisShortcutClock *clock;
  WhisStateMachine *state;
  WhisShortcutAction talking; /* whose key is held, unless idle */
  gint64 talking_since;
  gboolean recording;
  gboolean down[WHIS_SHORTCUT_N_ACTIONS];
  gint64 seen[WHIS_SHORTCUT_N_ACTIONS]; /* when a key that is down was pressed or repeated */
  guint timeout;
};

enum
{
  SIGNAL_TOGGLE,
  SIGNAL_HOLD_BEGIN,
  SIGNAL_HOLD_END,
  SIGNAL_ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisShortcutPress, whis_shortcut_press, G_TYPE_OBJECT)

static guint
add_timeout (guint ms, GSourceFunc func, gpointer data)
{
  return g_timeout_add (ms, func, data);
}

static void
remove_timeout (guint id)
{
  g_source_remove (id);
}

static const WhisShortcutClock real_clock = { g_get_monotonic_time, add_timeout, remove_timeout };

static PressState
get_state (WhisShortcutPress *self)
{
  return (PressState) whis_state_machine_get (self->state);
}

static void
set_state (WhisShortcutPress *self, PressState state)
{
  whis_state_machine_set (self->state, (int) state);
}

static gint64
get_time_ms (WhisShortcutPress *self)
{
  return self->clock->get_time () / 1000;
}

static void
stop_timeout (WhisShortcutPress *self)
{
  guint timeout = self->timeout;

  self->timeout = 0;
  if (timeout != 0)
    self->clock->remove_timeout (timeout);
}

/* What is held ends; a tap goes on. */
static void
end_talk (WhisShortcutPress *self, PressState next)
{
  gboolean held = get_state (self) == PRESS_STATE_HELD;

  stop_timeout (self);
  set_state (self, next);
  if (held)
    g_signal_emit (self, signals[SIGNAL_HOLD_END], 0, self->talking);
}

static gboolean
on_held_too_long (gpointer data)
{
  WhisShortcutPress *self = data;

  self->timeout = 0;
  g_debug ("The key is held for too long; its release was lost");
  end_talk (self, PRESS_STATE_SPENT);

  return G_SOURCE_REMOVE;
}

static void
begin_hold (WhisShortcutPress *self)
{
  set_state (self, PRESS_STATE_HELD);
  self->timeout = self->clock->add_timeout (WHIS_SHORTCUT_LONGEST_MS, on_held_too_long, self);
  g_signal_emit (self, signals[SIGNAL_HOLD_BEGIN], 0, self->talking);
}

static gboolean
on_not_a_tap (gpointer data)
{
  WhisShortcutPress *self = data;

  self->timeout = 0;
  begin_hold (self);

  return G_SOURCE_REMOVE;
}

static void
begin_press (WhisShortcutPress *self)
{
  set_state (self, PRESS_STATE_PRESSED);
  self->timeout = self->clock->add_timeout (WHIS_SHORTCUT_TAP_MS + 1, on_not_a_tap, self);
  g_signal_emit (self, signals[SIGNAL_TOGGLE], 0, self->talking);
}

static void
begin_talk (WhisShortcutPress *self, WhisShortcutAction action)
{
  gboolean ends = self->recording;

  self->talking = action;
  self->talking_since = get_time_ms (self);
  if (ends)
    set_state (self, PRESS_STATE_SPENT);

  if (ends && action != WHIS_SHORTCUT_ACTION_HOLD)
    g_signal_emit (self, signals[SIGNAL_TOGGLE], 0, action);
  else if (!ends && action == WHIS_SHORTCUT_ACTION_HOLD)
    begin_hold (self);
  else if (!ends)
    begin_press (self);
}

static void
whis_shortcut_press_dispose (GObject *object)
{
  stop_timeout (WHIS_SHORTCUT_PRESS (object));

  G_OBJECT_CLASS (whis_shortcut_press_parent_class)->dispose (object);
}

static void
whis_shortcut_press_finalize (GObject *object)
{
  whis_state_machine_free (WHIS_SHORTCUT_PRESS (object)->state);

  G_OBJECT_CLASS (whis_shortcut_press_parent_class)->finalize (object);
}

static guint
install_signal (const char *name)
{
  return g_signal_new (name, WHIS_TYPE_SHORTCUT_PRESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, WHIS_TYPE_SHORTCUT_ACTION);
}

static void
whis_shortcut_press_class_init (WhisShortcutPressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_shortcut_press_dispose;
  object_class->finalize = whis_shortcut_press_finalize;

  /**
   * WhisShortcutPress::toggle:
   * @self: the presses
   * @action: toggle or alternative
   *
   * A dictation is to start, or the one that records is to stop.
   */
  signals[SIGNAL_TOGGLE] = install_signal ("toggle");

  /**
   * WhisShortcutPress::hold-begin:
   * @self: the presses
   * @action: toggle, alternative or hold
   *
   * The key is held: the dictation, which starts now if it has not yet, ends with its release.
   */
  signals[SIGNAL_HOLD_BEGIN] = install_signal ("hold-begin");

  /**
   * WhisShortcutPress::hold-end:
   * @self: the presses
   * @action: as with [signal@ShortcutPress::hold-begin]
   *
   * The dictation is to stop.
   */
  signals[SIGNAL_HOLD_END] = install_signal ("hold-end");

  /**
   * WhisShortcutPress::activate:
   * @self: the presses
   * @action: an action without a release
   *
   * That is to be done.
   */
  signals[SIGNAL_ACTIVATE] = install_signal ("activate");
}

static void
whis_shortcut_press_init (WhisShortcutPress *self)
{
  self->state = whis_state_machine_new (&table, NULL, NULL);
}

/**
 * whis_shortcut_press_new:
 * @clock: (nullable): another clock, for tests
 *
 * Returns: (transfer full): presses of which none is held
 */
WhisShortcutPress *
whis_shortcut_press_new (const WhisShortcutClock *clock)
{
  WhisShortcutPress *self = g_object_new (WHIS_TYPE_SHORTCUT_PRESS, NULL);

  self->clock = clock != NULL ? clock : &real_clock;

  return self;
}

/**
 * whis_shortcut_press_set_recording:
 * @self: the presses
 * @recording: whether a dictation records, or is about to
 *
 * A dictation that ends for another reason while its key is held does not end again at the release.
 */
void
whis_shortcut_press_set_recording (WhisShortcutPress *self, gboolean recording)
{
  gboolean ended;
  PressState state;

  g_return_if_fail (WHIS_IS_SHORTCUT_PRESS (self));

  state = get_state (self);
  ended = self->recording && !recording;
  self->recording = recording;
  if (!ended || (state != PRESS_STATE_PRESSED && state != PRESS_STATE_HELD))
    return;

  stop_timeout (self);
  set_state (self, PRESS_STATE_SPENT);
}

/* Whether a key that is down already is only repeated. */
static gboolean
is_repeated (WhisShortcutPress *self, WhisShortcutAction action)
{
  gint64 now = get_time_ms (self);
  gint64 seen = self->seen[action];
  gboolean repeated = self->down[action] && now - seen <= WHIS_SHORTCUT_REPEAT_MS;

  self->seen[action] = now;

  return repeated;
}

/**
 * whis_shortcut_press_press:
 * @self: the presses
 * @action: an action whose key is pressed, or reported as pressed again while it is held
 */
void
whis_shortcut_press_press (WhisShortcutPress *self, WhisShortcutAction action)
{
  gboolean was_held;

  g_return_if_fail (WHIS_IS_SHORTCUT_PRESS (self));
  g_return_if_fail (action < WHIS_SHORTCUT_N_ACTIONS);

  if (is_repeated (self, action))
    return;

  /* Its release was lost: this press is what ends the dictation. */
  was_held = self->down[action] && get_state (self) == PRESS_STATE_HELD && self->talking == action;
  if (self->down[action])
    whis_shortcut_press_release (self, action);

  self->down[action] = TRUE;
  if (was_held)
    return;
  if (!whis_shortcut_action_records (action))
    g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0, action);
  else if (get_state (self) == PRESS_STATE_IDLE)
    begin_talk (self, action);
}

/**
 * whis_shortcut_press_release:
 * @self: the presses
 * @action: an action whose key is released
 */
void
whis_shortcut_press_release (WhisShortcutPress *self, WhisShortcutAction action)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_PRESS (self));
  g_return_if_fail (action < WHIS_SHORTCUT_N_ACTIONS);

  if (!self->down[action])
    return;

  self->down[action] = FALSE;
  if (get_state (self) == PRESS_STATE_IDLE || self->talking != action)
    return;

  /* The main loop may have been too busy to notice that it is no tap. */
  if (get_state (self) == PRESS_STATE_PRESSED
      && get_time_ms (self) - self->talking_since > WHIS_SHORTCUT_TAP_MS)
    {
      stop_timeout (self);
      begin_hold (self);
    }
  end_talk (self, PRESS_STATE_IDLE);
}

/**
 * whis_shortcut_press_release_all:
 * @self: the presses
 *
 * No release will come of what is held: the session is locked, or who reports the keys is gone. A
 * dictation whose key is held ends.
 */
void
whis_shortcut_press_release_all (WhisShortcutPress *self)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_PRESS (self));

  if (get_state (self) == PRESS_STATE_PRESSED)
    {
      stop_timeout (self);
      begin_hold (self);
    }
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    whis_shortcut_press_release (self, (WhisShortcutAction) i);
}
