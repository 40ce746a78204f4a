/* SPDX-License-Identifier: MIT */
#include "focus.h"

#include <string.h>

/* Window classes and application ids of terminals, in lower case. What ends in "terminal" is one
 * too. */
static const char *const terminals[] = {
  "alacritty",
  "com.gexperts.tilix",
  "com.mitchellh.ghostty",
  "com.raggesilver.blackbox",
  "foot",
  "footclient",
  "kitty",
  "konsole",
  "org.codeberg.dnkl.foot",
  "org.gnome.console",
  "org.gnome.ptyxis",
  "org.gnome.terminal",
  "org.kde.konsole",
  "org.kde.yakuake",
  "org.wezfurlong.wezterm",
  "qterminal",
  "rio",
  "st",
  "st-256color",
  "terminator",
  "tilda",
  "tilix",
  "urxvt",
  "uxterm",
  "xterm",
};

G_DEFINE_BOXED_TYPE (WhisFocus, whis_focus, whis_focus_ref, whis_focus_unref)

G_DEFINE_INTERFACE (WhisFocusSource, whis_focus_source, G_TYPE_OBJECT)

static void
whis_focus_source_default_init (WhisFocusSourceInterface *interface)
{
}

/**
 * whis_focus_new:
 * @kind: what has the focus; for %WHIS_FOCUS_UNKNOWN the list of terminals is asked
 * @application: (nullable): its application id or window class
 * @identity: (nullable): tells it from others
 *
 * Returns: (transfer full): a new focus
 */
WhisFocus *
whis_focus_new (WhisFocusKind kind, const char *application, const char *identity)
{
  WhisFocus *self = g_new0 (WhisFocus, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind != WHIS_FOCUS_UNKNOWN ? kind : whis_focus_kind_for_application (application);
  self->application = g_strdup (application);
  self->identity = g_strdup (identity);

  return self;
}

/**
 * whis_focus_ref:
 * @self: a focus
 *
 * Returns: (transfer full): @self
 */
WhisFocus *
whis_focus_ref (WhisFocus *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * whis_focus_unref:
 * @self: (transfer full): a focus
 */
void
whis_focus_unref (WhisFocus *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->application);
  g_free (self->identity);
  g_free (self->text_before);
  g_free (self);
}

/**
 * whis_focus_set_text_before:
 * @self: a focus that nobody else has seen yet
 * @text_before: (nullable): the end of the text before the caret
 */
void
whis_focus_set_text_before (WhisFocus *self, const char *text_before)
{
  g_return_if_fail (self != NULL);

  g_free (self->text_before);
  self->text_before = g_strdup (text_before);
}

/* An identity begins with the name of who tells it, and a colon. */
static gboolean
is_of_same_source (const WhisFocus *self, const WhisFocus *other)
{
  gsize length = strcspn (self->identity, ":");

  return length == strcspn (other->identity, ":")
         && strncmp (self->identity, other->identity, length) == 0;
}

/**
 * whis_focus_is_same:
 * @self: (nullable): a focus
 * @other: (nullable): another, of the same source
 *
 * Returns: %FALSE if it is known that they are two windows or fields, else %TRUE
 */
gboolean
whis_focus_is_same (const WhisFocus *self, const WhisFocus *other)
{
  if (self == NULL || other == NULL)
    return TRUE;
  if (self->identity != NULL && other->identity != NULL && is_of_same_source (self, other))
    return strcmp (self->identity, other->identity) == 0;

  return self->application == NULL || other->application == NULL
         || strcmp (self->application, other->application) == 0;
}

/**
 * whis_focus_kind_for_application:
 * @application: (nullable): an application id or window class
 *
 * Returns: %WHIS_FOCUS_TERMINAL for a known terminal, else %WHIS_FOCUS_UNKNOWN
 */
WhisFocusKind
whis_focus_kind_for_application (const char *application)
{
  g_autofree char *lower = NULL;

  if (application == NULL)
    return WHIS_FOCUS_UNKNOWN;

  lower = g_ascii_strdown (application, -1);
  if (g_str_has_suffix (lower, "terminal"))
    return WHIS_FOCUS_TERMINAL;
  for (gsize i = 0; i < G_N_ELEMENTS (terminals); i++)
    if (strcmp (lower, terminals[i]) == 0)
      return WHIS_FOCUS_TERMINAL;

  return WHIS_FOCUS_UNKNOWN;
}

/**
 * whis_focus_merge:
 * @self: (nullable): what one source knows
 * @other: (nullable): what another one knows of the same moment
 *
 * Takes from @other what @self does not know. A password field is one if either says so.
 *
 * Returns: (transfer full) (nullable): what both know
 */
WhisFocus *
whis_focus_merge (WhisFocus *self, WhisFocus *other)
{
  WhisFocus *merged;

  if (self == NULL || other == NULL)
    return self != NULL ? whis_focus_ref (self) : other != NULL ? whis_focus_ref (other) : NULL;

  merged = whis_focus_new (self->kind != WHIS_FOCUS_UNKNOWN ? self->kind : other->kind,
                           self->application != NULL ? self->application : other->application,
                           self->identity != NULL ? self->identity : other->identity);
  if (other->kind == WHIS_FOCUS_PASSWORD)
    merged->kind = WHIS_FOCUS_PASSWORD;
  whis_focus_set_text_before (merged,
                              self->text_before != NULL ? self->text_before : other->text_before);

  return merged;
}

/**
 * whis_focus_source_query_async:
 * @self: a source
 * @cancellable: (nullable): to give up
 * @callback: called with what is known
 * @user_data: for @callback
 *
 * Asks what has the keyboard focus now. A source answers within 150 ms, or fails.
 */
void
whis_focus_source_query_async (WhisFocusSource *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (WHIS_IS_FOCUS_SOURCE (self));

  WHIS_FOCUS_SOURCE_GET_IFACE (self)->query_async (self, cancellable, callback, user_data);
}

/**
 * whis_focus_source_query_finish:
 * @self: a source
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what has the focus
 */
WhisFocus *
whis_focus_source_query_finish (WhisFocusSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_FOCUS_SOURCE (self), NULL);

  return WHIS_FOCUS_SOURCE_GET_IFACE (self)->query_finish (self, result, error);
}
