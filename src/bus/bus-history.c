/* SPDX-License-Identifier: MIT */
#include "bus-history.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "history-entry.h"
#include "list-options.h"
#include "player.h"
#include "statistics.h"

/**
 * WhisBusHistory:
 *
 * The methods of the D-Bus interface that are about the history, and its signal.
 */

struct _WhisBusHistory
{
  GObject parent_instance;

  WhisBusWhis1 *interface; /* not owned: the area is its */
  WhisHistory *history;
  WhisDelivery *delivery;
  WhisPlayer *player; /* from the first sound on */

  char *changed; /* what HistoryChanged() will say */
  guint change;  /* source */
};

G_DEFINE_FINAL_TYPE (WhisBusHistory, whis_bus_history, G_TYPE_OBJECT)

/* A call that waits for the history; what it is about depends on the call. */
typedef struct
{
  WhisBusHistory *calls; /* kept by the object that it is of */
  GDBusMethodInvocation *invocation;
  char *id;
  guint version;
  char **ids;
  guint next;
  guint n_waits;
  GArray *locks;
} Call;

/* For how long a sound that is to be deleted may still be locked, because the last words of what
 * was just cancelled are on their way to it. */
#define WAIT_MS 100
#define MOST_WAITS 20

static void
close_lock (gpointer lock)
{
  close (*(int *) lock);
}

static Call *
call_new (WhisBusHistory *self, GDBusMethodInvocation *invocation, const char *id)
{
  Call *call = g_new0 (Call, 1);

  call->calls = self;
  g_object_ref (self->interface);
  call->invocation = invocation;
  call->id = g_strdup (id);
  call->locks = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_set_clear_func (call->locks, close_lock);

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->calls->interface);
  g_free (call->id);
  g_strfreev (call->ids);
  g_array_unref (call->locks);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  guint total = 0;
  g_autoptr (GPtrArray) records =
      whis_history_list_finish (WHIS_HISTORY (object), result, &total, &error);
  GVariantBuilder entries;

  if (records == NULL)
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }

  g_variant_builder_init (&entries, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < records->len; i++)
    g_variant_builder_add_value (&entries,
                                 whis_history_entry_summarize (g_ptr_array_index (records, i)));
  whis_bus_whis1_complete_list_history (call->calls->interface, call->invocation,
                                        g_variant_builder_end (&entries), total);
}

static gboolean
bus_history_handle_list_history (WhisBusWhis1 *interface,
                                 GDBusMethodInvocation *invocation,
                                 GVariant *dictionary)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;
  g_autoptr (GError) error = NULL;
  g_auto (WhisListOptions) options = { .search = NULL };

  if (whis_list_options_read (&options, dictionary, &error))
    whis_history_list_async (self->history, &options.query, NULL, listed_cb,
                             call_new (self, invocation, NULL));
  else
    whis_call_return_error (invocation, error);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
got_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record != NULL)
    whis_bus_whis1_complete_get_history_entry (call->calls->interface, call->invocation,
                                               whis_history_entry_describe (record));
  else
    whis_call_return_error_about (call->invocation, error, call->id);
}

static gboolean
bus_history_handle_get_history_entry (WhisBusWhis1 *interface,
                                      GDBusMethodInvocation *invocation,
                                      const char *id)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;

  whis_history_get_async (self->history, id, NULL, got_cb, call_new (self, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static const char *
find_text (const WhisRecord *record, guint number)
{
  if (number == 0)
    return record->text;
  for (guint i = 0; i < record->versions->len; i++)
    {
      const WhisRecordVersion *version = g_ptr_array_index (record->versions, i);

      if (version->number == number)
        return version->text;
    }

  return NULL;
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (object), result, &error))
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }

  whis_history_set_delivered (call->calls->history, call->id);
  whis_bus_whis1_complete_copy_history_entry (call->calls->interface, call->invocation);
}

static void
refuse_to_copy (Call *call)
{
  g_autoptr (GError) error =
      g_error_new (WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                   _ ("The dictation %s has no version %u of its text; nothing was copied."),
                   call->id, call->version);

  whis_call_return_error_about (call->invocation, error, call->id);
}

static void
got_to_copy_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);
  const char *text = record != NULL ? find_text (record, call->version) : NULL;

  if (record == NULL)
    whis_call_return_error_about (call->invocation, error, call->id);
  else if (text == NULL || *text == '\0')
    refuse_to_copy (call);
  else
    {
      whis_clipboard_owner_copy_async (whis_delivery_get_clipboard (call->calls->delivery), text,
                                       record->private, NULL, copied_cb, call);
      (void) g_steal_pointer (&call);
    }
}

static gboolean
bus_history_handle_copy_history_entry (WhisBusWhis1 *interface,
                                       GDBusMethodInvocation *invocation,
                                       const char *id,
                                       guint version)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;
  Call *call = call_new (self, invocation, id);

  call->version = version;
  whis_history_get_async (self->history, id, NULL, got_to_copy_cb, call);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The last step of a call that changes the history: what it did is on the disk. */
static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_history_flush_finish (WHIS_HISTORY (object), result, &error))
    g_dbus_method_invocation_return_value (call->invocation, NULL);
  else
    whis_call_return_error_about (call->invocation, error, call->id);
}

static void
got_to_mark_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record == NULL)
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }

  whis_history_set_marked (call->calls->history, call->id, call->version != 0);
  whis_history_flush_async (call->calls->history, NULL, written_cb, call);
  (void) g_steal_pointer (&call);
}

static gboolean
bus_history_handle_mark_history_entry (WhisBusWhis1 *interface,
                                       GDBusMethodInvocation *invocation,
                                       const char *id,
                                       gboolean marked)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;
  Call *call = call_new (self, invocation, id);

  call->version = marked ? 1 : 0;
  whis_history_get_async (self->history, id, NULL, got_to_mark_cb, call);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void check_next_to_delete (Call *owned_call);

static void
refuse_to_delete (Call *call)
{
  const char *id = call->ids[call->next];
  g_autoptr (GError) error =
      g_error_new (WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                   _ ("The dictation %s is still running, so nothing was deleted; wait for its "
                      "end, or cancel it."),
                   id);

  whis_call_return_error_about (call->invocation, error, id);
}

static void locked_to_delete_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
lock_to_delete (Call *owned_call)
{
  whis_history_lock_async (owned_call->calls->history, owned_call->ids[owned_call->next], NULL,
                           locked_to_delete_cb, owned_call);
}

static gboolean
lock_again_cb (gpointer user_data)
{
  lock_to_delete (user_data);

  return G_SOURCE_REMOVE;
}

/* Nobody works on the dictation, nor will until the call is over. */
static void
locked_to_delete_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  int lock = whis_history_lock_finish (WHIS_HISTORY (object), result, NULL, &error);

  if (lock >= 0)
    g_array_append_val (call->locks, lock);
  if (lock < 0 && g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY))
    {
      if (call->n_waits++ < MOST_WAITS)
        g_timeout_add (WAIT_MS, lock_again_cb, g_steal_pointer (&call));
      else
        refuse_to_delete (call);
      return;
    }

  call->next++;
  call->n_waits = 0;
  check_next_to_delete (g_steal_pointer (&call));
}

static void
got_to_delete_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record == NULL)
    whis_call_return_error_about (call->invocation, error, call->ids[call->next]);
  else if (whis_dictation_state_is_busy (record->state))
    refuse_to_delete (call);
  else
    lock_to_delete (g_steal_pointer (&call));
}

/* All or nothing: every entry is there and at rest before the first is deleted. */
static void
check_next_to_delete (Call *owned_call)
{
  Call *call = owned_call;
  WhisBusHistory *self = call->calls;

  while (call->ids[call->next] != NULL && call->next > 0
         && g_str_equal (call->ids[call->next], call->ids[call->next - 1]))
    call->next++;
  if (call->ids[call->next] != NULL)
    {
      whis_history_get_async (self->history, call->ids[call->next], NULL, got_to_delete_cb, call);
      return;
    }

  if (g_strv_contains ((const char *const *) call->ids,
                       whis_bus_whis1_get_playing (self->interface)))
    {
      whis_player_stop (self->player);
      whis_bus_whis1_set_playing (self->interface, "");
    }
  whis_history_delete (self->history, (const char *const *) call->ids);
  whis_history_flush_async (self->history, NULL, written_cb, call);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static gboolean
bus_history_handle_delete_history_entries (WhisBusWhis1 *interface,
                                           GDBusMethodInvocation *invocation,
                                           const char *const *ids)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;
  Call *call = call_new (self, invocation, NULL);

  call->ids = g_strdupv ((char **) ids);
  qsort (call->ids, g_strv_length (call->ids), sizeof (char *), compare_ids);
  check_next_to_delete (call);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
sound_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  int fd = whis_history_open_sound_finish (WHIS_HISTORY (object), result, NULL, &error);

  if (fd < 0)
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  whis_bus_whis1_complete_open_sound (call->calls->interface, call->invocation, fds,
                                      g_variant_new_handle (0));
}

static gboolean
bus_history_handle_open_sound (WhisBusWhis1 *interface,
                               GDBusMethodInvocation *invocation,
                               GUnixFDList *none,
                               const char *id)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;

  whis_history_open_sound_async (self->history, id, NULL, sound_opened_cb,
                                 call_new (self, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
ended_cb (WhisBusHistory *self, const GError *error)
{
  g_autofree char *id = g_strdup (whis_bus_whis1_get_playing (self->interface));

  whis_bus_whis1_set_playing (self->interface, "");
  if (error == NULL)
    return;

  whis_bus_whis1_set_message (self->interface, error->message);
  whis_bus_whis1_emit_warning (self->interface, id, error->message);
}

static void
require_player (WhisBusHistory *self)
{
  if (self->player != NULL)
    return;

  self->player = whis_player_new ();
  g_signal_connect_object (self->player, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
}

/* The player opens it once more, in a thread of its own. */
static void
opened_to_play_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  WhisBusHistory *self = call->calls;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = whis_history_open_sound_finish (WHIS_HISTORY (object), result, &path, &error);

  if (fd < 0)
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }

  close (fd);
  require_player (self);
  whis_bus_whis1_set_playing (self->interface, call->id);
  whis_player_play (self->player, path);
  /* Before the answer, and never after the end of a short sound. */
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->interface));
  whis_bus_whis1_complete_play_sound (self->interface, call->invocation);
}

static gboolean
bus_history_handle_play_sound (WhisBusWhis1 *interface,
                               GDBusMethodInvocation *invocation,
                               const char *id)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;

  if (*id != '\0')
    {
      whis_history_open_sound_async (self->history, id, NULL, opened_to_play_cb,
                                     call_new (self, invocation, id));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  if (self->player != NULL)
    whis_player_stop (self->player);
  whis_bus_whis1_set_playing (interface, "");
  whis_bus_whis1_complete_play_sound (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
tell_change_cb (gpointer user_data)
{
  WhisBusHistory *self = user_data;
  g_autofree char *id = g_steal_pointer (&self->changed);

  self->change = 0;
  whis_bus_whis1_emit_history_changed (self->interface, id);

  return G_SOURCE_REMOVE;
}

/* Of many changes at once the bus hears one time. */
static void
changed_cb (WhisBusHistory *self, const char *id)
{
  gboolean many = self->changed != NULL && !g_str_equal (self->changed, id);

  if (many || self->changed == NULL)
    {
      g_free (self->changed);
      self->changed = g_strdup (many ? "" : id);
    }
  if (self->change == 0)
    self->change = g_idle_add (tell_change_cb, self);
}

static void
whis_bus_history_dispose (GObject *object)
{
  WhisBusHistory *self = WHIS_BUS_HISTORY (object);

  g_clear_handle_id (&self->change, g_source_remove);
  g_clear_pointer (&self->changed, g_free);
  if (self->player != NULL)
    whis_player_stop (self->player);
  g_clear_object (&self->player);
  g_clear_object (&self->history);
  g_clear_object (&self->delivery);

  G_OBJECT_CLASS (whis_bus_history_parent_class)->dispose (object);
}

static void
whis_bus_history_class_init (WhisBusHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_history_dispose;
}

static void
whis_bus_history_init (WhisBusHistory *self)
{
}

static GVariant *
describe_statistics (const WhisStatistics *statistics)
{
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "provider", g_variant_new_string (statistics->provider));
  g_variant_builder_add (&row, "{sv}", "model", g_variant_new_string (statistics->model));
  for (guint i = 0; i < WHIS_N_STATISTICS; i++)
    g_variant_builder_add (&row, "{sv}", whis_statistic_get_name (i),
                           g_variant_new_uint64 (statistics->numbers[i]));

  return g_variant_builder_end (&row);
}

static void
statistics_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = whis_statistics_list_finish (WHIS_HISTORY (object), result, &error);
  GVariantBuilder answer;

  if (list == NULL)
    {
      whis_call_return_error_about (call->invocation, error, call->id);
      return;
    }
  g_variant_builder_init (&answer, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    g_variant_builder_add_value (&answer, describe_statistics (g_ptr_array_index (list, i)));
  whis_bus_whis1_complete_list_statistics (call->calls->interface, call->invocation,
                                           g_variant_builder_end (&answer));
}

static gboolean
bus_history_handle_list_statistics (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusHistory *self = WHIS_BUS_OBJECT (interface)->bus_history;

  whis_statistics_list_async (self->history, NULL, statistics_listed_cb,
                              call_new (self, invocation, NULL));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Where there are no notifications it is told to window and command line all the same. */
static void
problem_cb (WhisBusHistory *self, const GError *error)
{
  whis_bus_whis1_set_message (self->interface, error->message);
  whis_bus_whis1_emit_warning (self->interface, "", error->message);
}

/**
 * whis_bus_history_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_history_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_copy_history_entry = bus_history_handle_copy_history_entry;
  iface->handle_delete_history_entries = bus_history_handle_delete_history_entries;
  iface->handle_get_history_entry = bus_history_handle_get_history_entry;
  iface->handle_list_history = bus_history_handle_list_history;
  iface->handle_list_statistics = bus_history_handle_list_statistics;
  iface->handle_mark_history_entry = bus_history_handle_mark_history_entry;
  iface->handle_open_sound = bus_history_handle_open_sound;
  iface->handle_play_sound = bus_history_handle_play_sound;
}

/**
 * whis_bus_history_new:
 * @interface: the object whose methods these are; it owns the area
 * @history: the history
 * @delivery: where copied texts go
 *
 * Returns: (transfer full): the part of the interface that is about the history
 */
WhisBusHistory *
whis_bus_history_new (WhisBusWhis1 *interface, WhisHistory *history, WhisDelivery *delivery)
{
  WhisBusHistory *self = g_object_new (WHIS_TYPE_BUS_HISTORY, NULL);

  self->interface = interface;
  self->history = g_object_ref (history);
  self->delivery = g_object_ref (delivery);
  g_signal_connect_object (history, "problem", G_CALLBACK (problem_cb), self, G_CONNECT_SWAPPED);
  whis_bus_whis1_set_playing (interface, "");
  g_signal_connect_object (history, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "removed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
