/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisFocusKind:
 * @WHIS_FOCUS_UNKNOWN: nobody tells
 * @WHIS_FOCUS_NONE: no text field has the focus
 * @WHIS_FOCUS_TEXT: a text field
 * @WHIS_FOCUS_TERMINAL: a terminal
 * @WHIS_FOCUS_PASSWORD: a field for a password or a PIN
 *
 * What has the keyboard focus.
 */
typedef enum
{
  WHIS_FOCUS_UNKNOWN,
  WHIS_FOCUS_NONE,
  WHIS_FOCUS_TEXT,
  WHIS_FOCUS_TERMINAL,
  WHIS_FOCUS_PASSWORD,
} WhisFocusKind;

#define WHIS_TYPE_FOCUS (whis_focus_get_type ())

/**
 * WhisFocus:
 * @kind: what has the focus
 * @application: (nullable): its application id, or the class of its window; %NULL if unknown
 * @identity: (nullable): tells one window or field from another for as long as it exists; compared
 *   only with that of another focus of the same source; %NULL if unknown
 * @text_before: (nullable): the end of the text before the caret; %NULL if it cannot be read
 *
 * What has the keyboard focus, as far as this session tells.
 */
typedef struct
{
  WhisFocusKind kind;
  char *application;
  char *identity;
  char *text_before;
  gatomicrefcount ref_count;
} WhisFocus;

GType whis_focus_get_type (void);

WhisFocus *whis_focus_new (WhisFocusKind kind, const char *application, const char *identity);
WhisFocus *whis_focus_ref (WhisFocus *self);
void whis_focus_unref (WhisFocus *self);
void whis_focus_set_text_before (WhisFocus *self, const char *text_before);

gboolean whis_focus_is_same (const WhisFocus *self, const WhisFocus *other);
WhisFocusKind whis_focus_kind_for_application (const char *application);
WhisFocus *whis_focus_merge (WhisFocus *self, WhisFocus *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisFocus, whis_focus_unref)

#define WHIS_TYPE_FOCUS_SOURCE (whis_focus_source_get_type ())

G_DECLARE_INTERFACE (WhisFocusSource, whis_focus_source, WHIS, FOCUS_SOURCE, GObject)

struct _WhisFocusSourceInterface
{
  GTypeInterface parent;

  void (*query_async) (WhisFocusSource *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  WhisFocus *(*query_finish) (WhisFocusSource *self, GAsyncResult *result, GError **error);
};

void whis_focus_source_query_async (WhisFocusSource *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
WhisFocus *
whis_focus_source_query_finish (WhisFocusSource *self, GAsyncResult *result, GError **error);

G_END_DECLS
