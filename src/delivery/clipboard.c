/* SPDX-License-Identifier: MIT */
#include "clipboard.h"

#include <glib/gi18n-lib.h>
#include <signal.h>

#include "clipboard-tool.h"

#define TIMEOUT_MS 5000

/* xclip leaves when it has asked for the selection; the X server may not have granted it yet. */
#define N_LOOKS 10
#define LOOK_PAUSE_MS 20

/**
 * Way:
 * @display: the variable that names its display
 * @write: the program that puts its standard input on the clipboard
 * @look: the program that shows what is there
 * @look_until_nul: whether @look goes on, and ends each text with a NUL
 * @trust_write: whether it is enough that @write has succeeded when @look sees nothing at all
 * @may_be_unknown: whether @write may be too old for this, so that its failure says nothing
 * @missing: the sentence for when @write is not installed
 */
typedef struct
{
  const char *display;
  const char *const *write;
  const char *const *look;
  gboolean look_until_nul;
  gboolean trust_write;
  gboolean may_be_unknown;
  const char *missing;
} Way;

static const char *const wl_copy[] = { "wl-copy", "--type", "text/plain;charset=utf-8", NULL };

/* Since 2.3. It offers the type x-kde-passwordManagerHint, too, which tells clipboard managers not
 * to write the text to their histories. */
static const char *const wl_copy_sensitive[] = {
  "wl-copy", "--sensitive", "--type", "text/plain;charset=utf-8", NULL,
};

/* Watching needs a protocol that works without a window. Without it wl-paste says so and ends,
 * while a plain wl-paste would open a window to get the focus, and take it from the user's. */
static const char *const wl_paste[] = {
  "wl-paste", "--no-newline",        "--type", "text/plain;charset=utf-8", "--watch", "sh",
  "-c",       "cat; printf '\\000'", NULL,
};

static const char *const xclip_in[] = { "xclip", "-selection", "clipboard", "-in", NULL };
static const char *const xclip_out[] = {
  "xclip", "-selection", "clipboard", "-target", "UTF8_STRING", "-out", NULL,
};

#define MISSING_WL_COPY                                                                            \
  N_ ("The text could not be copied because wl-copy is missing; install the package "              \
      "wl-clipboard.")

static const Way wayland_sensitive = {
  .display = "WAYLAND_DISPLAY",
  .write = wl_copy_sensitive,
  .look = wl_paste,
  .look_until_nul = TRUE,
  .trust_write = TRUE,
  .may_be_unknown = TRUE,
  .missing = MISSING_WL_COPY,
};

static const Way wayland = {
  .display = "WAYLAND_DISPLAY",
  .write = wl_copy,
  .look = wl_paste,
  .look_until_nul = TRUE,
  .trust_write = TRUE,
  .missing = MISSING_WL_COPY,
};

static const Way x11 = {
  .display = "DISPLAY",
  .write = xclip_in,
  .look = xclip_out,
  .missing = N_ ("The text could not be copied because xclip is missing; install the package "
                 "xclip."),
};

#define MOST_WAYS 3

struct _WhisClipboard
{
  GObject parent_instance;

  WhisClipboardEnvironment get_environment; /* nullable */
  gpointer environment_data;
  GHashTable *environment;
  guint timeout_ms;
  GQueue tasks; /* the first one is under way */
};

G_DEFINE_FINAL_TYPE (WhisClipboard, whis_clipboard, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TIMEOUT_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* One text; the data of its task. */
typedef struct
{
  GBytes *text;
  gboolean sensitive;
  GStrv environment;
  const Way *ways[MOST_WAYS];
  guint n_ways;
  guint way;
  GError *error; /* why the first way failed */

  /* The way that is being tried: cancelled by the user or by the clock. */
  GCancellable *attempt;
  gulong cancelled_id;
  guint timeout_source;
  gboolean timed_out;
  guint looks_left;
} Operation;

static void try_way (GTask *task);
static void clipboard_look (GTask *task);

static void
operation_free (Operation *self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->environment, g_strfreev);
  g_clear_error (&self->error);
  g_assert (self->attempt == NULL);
  g_free (self);
}

static gboolean
attempt_timed_out (gpointer user_data)
{
  Operation *operation = user_data;

  operation->timeout_source = 0;
  operation->timed_out = TRUE;
  g_cancellable_cancel (operation->attempt);

  return G_SOURCE_REMOVE;
}

static void
task_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
begin_attempt (GTask *task)
{
  WhisClipboard *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  operation->attempt = g_cancellable_new ();
  operation->timed_out = FALSE;
  operation->looks_left = N_LOOKS;
  operation->timeout_source = g_timeout_add (self->timeout_ms, attempt_timed_out, operation);
  if (cancellable != NULL)
    operation->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (task_cancelled),
                               g_object_ref (operation->attempt), g_object_unref);
}

static void
end_attempt (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), operation->cancelled_id);
  operation->cancelled_id = 0;
  g_clear_handle_id (&operation->timeout_source, g_source_remove);
  g_clear_object (&operation->attempt);
}

/* Takes @error; %NULL is success. */
static void
clipboard_finish (GTask *task, GError *error)
{
  WhisClipboard *self = g_task_get_source_object (task);

  g_assert (g_queue_peek_head (&self->tasks) == task);
  g_queue_pop_head (&self->tasks);
  if (!g_queue_is_empty (&self->tasks))
    try_way (g_queue_peek_head (&self->tasks));

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_clipboard_succeed (GTask *task)
{
  end_attempt (task);
  clipboard_finish (task, NULL);
}

static GError *
sentence_for (const Operation *operation, const GError *error)
{
  const Way *way = operation->ways[operation->way];

  if (operation->timed_out)
    return g_error_new_literal (
        WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TIMED_OUT,
        _ ("The text could not be copied: the desktop's clipboard did not answer. "
           "Try again."));

  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    return g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_CLIPBOARD,
                                _ (way->missing));

  if (error == NULL)
    return g_error_new_literal (
        WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED,
        _ ("The text was copied, but another program put something else on the "
           "clipboard. Try again."));

  g_debug ("clipboard: %s: %s", way->write[0], error->message);

  return g_error_new_literal (
      WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED,
      _ ("The text could not be copied: the desktop refused it. Try again."));
}

/* @error is what went wrong, or %NULL if something else is on the clipboard. */
static void
fail_way (GTask *task, const GError *error)
{
  Operation *operation = g_task_get_task_data (task);

  end_attempt (task);
  if (operation->error == NULL && !operation->ways[operation->way]->may_be_unknown)
    operation->error = sentence_for (operation, error);

  operation->way++;
  try_way (task);
}

static gboolean
look_again (gpointer user_data)
{
  clipboard_look (user_data);

  return G_SOURCE_REMOVE;
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Operation *operation = g_task_get_task_data (task);
  const Way *way = operation->ways[operation->way];
  g_autoptr (GError) error = NULL;
  WhisClipboardSight sight = WHIS_CLIPBOARD_SIGHT_NOTHING;

  if (!whis_clipboard_tool_look_finish (result, &sight, &error)
      && !g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    fail_way (task, error);
  else if (sight == WHIS_CLIPBOARD_SIGHT_SAME
           || (sight == WHIS_CLIPBOARD_SIGHT_NOTHING && way->trust_write))
    on_clipboard_succeed (task);
  else if (--operation->looks_left > 0)
    g_timeout_add (LOOK_PAUSE_MS, look_again, task);
  else
    fail_way (task, NULL);
}

static void
clipboard_look (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);
  const Way *way = operation->ways[operation->way];

  whis_clipboard_tool_look_async (way->look, (const char *const *) operation->environment,
                                  operation->text, way->look_until_nul, operation->attempt,
                                  did_look, task);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_clipboard_tool_write_finish (result, &error))
    clipboard_look (task);
  else
    fail_way (task, error);
}

static gboolean
has_display (const Operation *operation, const Way *way)
{
  const char *value = g_environ_getenv (operation->environment, way->display);

  return value != NULL && *value != '\0';
}

static GStrv
build_environment (WhisClipboard *self)
{
  GStrv result = self->get_environment != NULL ? self->get_environment (self->environment_data)
                                               : g_get_environ ();
  GHashTableIter iter;
  const char *variable;
  const char *value;

  g_hash_table_iter_init (&iter, self->environment);
  while (g_hash_table_iter_next (&iter, (gpointer *) &variable, (gpointer *) &value))
    result = value != NULL ? g_environ_setenv (result, variable, value, TRUE)
                           : g_environ_unsetenv (result, variable);

  return result;
}

/* GNOME lets no program without the focus write the clipboard, so that wl-copy takes the focus from
 * where the user is typing, and letters are lost. Its X server passes a selection on to Wayland. */
static gboolean
takes_focus (const Operation *operation)
{
  const char *desktop = g_environ_getenv (operation->environment, "XDG_CURRENT_DESKTOP");
  g_auto (GStrv) names = g_strsplit (desktop != NULL ? desktop : "", ":", -1);

  return g_strv_contains ((const char *const *) names, "GNOME");
}

static void
add_way (Operation *operation, const Way *way)
{
  if (has_display (operation, way))
    operation->ways[operation->n_ways++] = way;
}

static void
choose_ways (Operation *operation)
{
  if (operation->sensitive)
    add_way (operation, &wayland_sensitive);
  if (takes_focus (operation))
    {
      add_way (operation, &x11);
      add_way (operation, &wayland);
    }
  else
    {
      add_way (operation, &wayland);
      add_way (operation, &x11);
    }
}

/* Goes the next way; the queue owns @task. */
static void
try_way (GTask *task)
{
  WhisClipboard *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      clipboard_finish (task, g_steal_pointer (&error));
      return;
    }

  if (operation->environment == NULL)
    {
      operation->environment = build_environment (self);
      choose_ways (operation);
    }

  if (operation->way == operation->n_ways)
    {
      if (operation->error == NULL)
        operation->error =
            g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY,
                                 _ ("The text could not be copied because there is no "
                                    "desktop session with a clipboard."));
      clipboard_finish (task, g_steal_pointer (&operation->error));
      return;
    }

  begin_attempt (task);
  whis_clipboard_tool_write_async (operation->ways[operation->way]->write,
                                   (const char *const *) operation->environment, operation->text,
                                   operation->attempt, did_write, task);
}

static void
whis_clipboard_finalize (GObject *object)
{
  WhisClipboard *self = WHIS_CLIPBOARD (object);

  g_assert (g_queue_is_empty (&self->tasks));
  g_clear_pointer (&self->environment, g_hash_table_unref);

  G_OBJECT_CLASS (whis_clipboard_parent_class)->finalize (object);
}

static void
whis_clipboard_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisClipboard *self = WHIS_CLIPBOARD (object);

  switch (prop_id)
    {
    case PROP_TIMEOUT_MS:
      g_value_set_uint (value, self->timeout_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_clipboard_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisClipboard *self = WHIS_CLIPBOARD (object);

  switch (prop_id)
    {
    case PROP_TIMEOUT_MS:
      self->timeout_ms = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_clipboard_class_init (WhisClipboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_clipboard_finalize;
  object_class->get_property = whis_clipboard_get_property;
  object_class->set_property = whis_clipboard_set_property;

  /**
   * WhisClipboard:timeout-ms:
   *
   * How long each way may take, in milliseconds.
   */
  properties[PROP_TIMEOUT_MS] =
      g_param_spec_uint ("timeout-ms", NULL, NULL, 1, G_MAXUINT, TIMEOUT_MS,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* A program may exit before it has read its input; that is an error to report, not to die of. */
  signal (SIGPIPE, SIG_IGN);
}

static void
whis_clipboard_init (WhisClipboard *self)
{
  self->environment = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->tasks);
}

WhisClipboard *
whis_clipboard_new (void)
{
  return g_object_new (WHIS_TYPE_CLIPBOARD, NULL);
}

void
whis_clipboard_set_environment_func (WhisClipboard *self,
                                     WhisClipboardEnvironment get_environment,
                                     gpointer user_data)
{
  g_return_if_fail (WHIS_IS_CLIPBOARD (self));

  self->get_environment = get_environment;
  self->environment_data = user_data;
}

void
whis_clipboard_set_environment (WhisClipboard *self, const char *variable, const char *value)
{
  g_return_if_fail (WHIS_IS_CLIPBOARD (self));
  g_return_if_fail (variable != NULL);

  g_hash_table_insert (self->environment, g_strdup (variable), g_strdup (value));
}

void
whis_clipboard_set_text_async (WhisClipboard *self,
                               const char *text,
                               gboolean sensitive,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Operation *operation;
  gsize length;

  g_return_if_fail (WHIS_IS_CLIPBOARD (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_clipboard_set_text_async);

  length = strlen (text);
  if (length == 0 || !g_utf8_validate (text, (gssize) length, NULL))
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TEXT,
                               length == 0 ? _ ("There is no text to copy.")
                                           : _ ("The text cannot be copied because it is not "
                                                "valid Unicode."));
      return;
    }

  operation = g_new0 (Operation, 1);
  operation->text = g_bytes_new (text, length);
  operation->sensitive = sensitive;
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);

  g_queue_push_tail (&self->tasks, g_steal_pointer (&task));
  if (g_queue_get_length (&self->tasks) == 1)
    try_way (g_queue_peek_head (&self->tasks));
}

gboolean
whis_clipboard_set_text_finish (WhisClipboard *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_CLIPBOARD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_clipboard_set_text_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
