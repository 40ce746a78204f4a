/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSelectionReader:
 * @WHIS_SELECTION_READER_UNKNOWN: somebody; this kind of selection does not tell who
 * @WHIS_SELECTION_READER_FOCUS: the client that has the focus
 * @WHIS_SELECTION_READER_OTHER: another client than that with the focus
 *
 * Who has read the content of a selection.
 */
typedef enum
{
  WHIS_SELECTION_READER_UNKNOWN,
  WHIS_SELECTION_READER_FOCUS,
  WHIS_SELECTION_READER_OTHER,
} WhisSelectionReader;

/* What is kept of the clipboard of before: for each format, and in all. */
#define WHIS_SELECTION_FORMAT_MAX (4 * 1024 * 1024)
#define WHIS_SELECTION_TOTAL_MAX (16 * 1024 * 1024)
#define WHIS_SELECTION_SAVE_MS 300

/* The format by which a text is kept out of the histories of clipboard managers. */
#define WHIS_SELECTION_PASSWORD_HINT "x-kde-passwordManagerHint"

#define WHIS_TYPE_SELECTION (whis_selection_get_type ())

G_DECLARE_INTERFACE (WhisSelection, whis_selection, WHIS, SELECTION, GObject)

/**
 * WhisSelectionInterface:
 * @get_name: a fixed word, such as `x11`
 * @probe_async: begins [method@Selection.probe_async]
 * @probe_finish: ends it
 * @save_async: begins [method@Selection.save_async]
 * @save_finish: ends it
 * @own_async: begins [method@Selection.own_async]
 * @own_finish: ends it
 * @is_owner: whether the content that was offered last is still that of the clipboard
 * @has_primary: whether there is a primary selection
 * @set_primary: (nullable): says whether the next content goes to the primary selection, too; one
 *   without it always does so
 * @tells_reader: whether the reader in #WhisSelection::read is known
 *
 * The clipboard, and the primary selection where there is one, owned by this process.
 */
struct _WhisSelectionInterface
{
  GTypeInterface parent;

  const char *(*get_name) (WhisSelection *self);
  void (*probe_async) (WhisSelection *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*probe_finish) (WhisSelection *self, GAsyncResult *result, GError **error);
  void (*save_async) (WhisSelection *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  GHashTable *(*save_finish) (WhisSelection *self, GAsyncResult *result, GError **error);
  void (*own_async) (WhisSelection *self,
                     GHashTable *formats,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  gboolean (*own_finish) (WhisSelection *self, GAsyncResult *result, GError **error);
  gboolean (*is_owner) (WhisSelection *self);
  gboolean (*has_primary) (WhisSelection *self);
  void (*set_primary) (WhisSelection *self, gboolean primary);
  gboolean (*tells_reader) (WhisSelection *self);
};

GHashTable *whis_selection_formats_new (const char *text, gboolean sensitive);

const char *whis_selection_get_name (WhisSelection *self);
void whis_selection_probe_async (WhisSelection *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean whis_selection_probe_finish (WhisSelection *self, GAsyncResult *result, GError **error);
void whis_selection_save_async (WhisSelection *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GHashTable *whis_selection_save_finish (WhisSelection *self, GAsyncResult *result, GError **error);
void whis_selection_own_async (WhisSelection *self,
                               GHashTable *formats,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean whis_selection_own_finish (WhisSelection *self, GAsyncResult *result, GError **error);
gboolean whis_selection_is_owner (WhisSelection *self);
gboolean whis_selection_has_primary (WhisSelection *self);
void whis_selection_set_primary (WhisSelection *self, gboolean primary);
guint whis_selection_get_serial (WhisSelection *self);
gboolean whis_selection_tells_reader (WhisSelection *self);

void whis_selection_emit_read (WhisSelection *self, WhisSelectionReader reader, gboolean content);
void whis_selection_emit_lost (WhisSelection *self);

G_END_DECLS
