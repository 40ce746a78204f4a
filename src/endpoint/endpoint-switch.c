/* SPDX-License-Identifier: MIT */
#include "endpoint-switch.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>

#include "store-error.h"
#include "secret.h"

/**
 * WhisEndpointSwitch:
 *
 * Opens and closes the endpoint as the settings say, and looks after its key: made at random when
 * it is switched on for the first time, and kept in the keyring.
 */
struct _WhisEndpointSwitch
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisEndpoint *endpoint;
  char *directory;
  GCancellable *opening; /* NULL unless the key is looked up to open it */
  char *problem;         /* why it is not open although it should be, or NULL */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisEndpointSwitch, whis_endpoint_switch, G_TYPE_OBJECT)

/* The key's name in the keyring, where those of services have the service's id. */
#define KEY_NAME "endpoint"

#define KEY_PREFIX "whis-"
#define KEY_BYTES 32

/* --- the key ---------------------------------------------------------------------------------- */

/* In letters that need no quotes anywhere. Returns %NULL with an error where the system gives no
 * random numbers. */
static char *
create_key (GError **error)
{
  static const char digits[] = "0123456789abcdef";
  guint8 bytes[KEY_BYTES];
  char *key;
  char *end;

  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _ ("The system gives no random numbers for a key (%s)."), g_strerror (errno));
      return NULL;
    }
  key = g_malloc0 (strlen (KEY_PREFIX) + 2 * KEY_BYTES + 1);
  end = g_stpcpy (key, KEY_PREFIX);
  for (gsize i = 0; i < sizeof bytes; i++)
    {
      *end++ = digits[bytes[i] >> 4];
      *end++ = digits[bytes[i] & 15];
    }
  explicit_bzero (bytes, sizeof bytes);

  return key;
}

/* What a key is wanted for; the task data. */
typedef struct
{
  gboolean create; /* if there is none */
  gboolean renew;
  char *key;
} KeyWish;

static void
key_wish_free (gpointer data)
{
  KeyWish *wish = data;

  whis_secret_free (wish->key);
  g_free (wish);
}

static void
key_stored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  KeyWish *wish = g_task_get_task_data (task);
  GError *error = NULL;

  if (whis_keyring_store_finish (WHIS_KEYRING (source), result, &error) == WHIS_KEY_SOURCE_NONE)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&wish->key), (GDestroyNotify) whis_secret_free);
}

/* Takes the task. */
static void
store_new_key (GTask *task)
{
  WhisEndpointSwitch *self = g_task_get_source_object (task);
  KeyWish *wish = g_task_get_task_data (task);
  GError *error = NULL;

  wish->key = create_key (&error);
  if (wish->key == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  whis_keyring_store_async (self->keyring, KEY_NAME, _ ("Whis: key for other programs"), wish->key,
                            g_task_get_cancellable (task), key_stored_cb, task);
}

static void
key_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const KeyWish *wish = g_task_get_task_data (task);
  GError *error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (source), result, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) whis_secret_free);
  else if (error != NULL)
    g_task_return_error (task, error);
  else if (wish->create)
    store_new_key (g_steal_pointer (&task));
  else
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND,
                             _ ("There is no key yet; “whis endpoint on” makes one."));
}

static void
find_key (WhisEndpointSwitch *self,
          const KeyWish *wish,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, find_key);
  g_task_set_task_data (task, g_memdup2 (wish, sizeof *wish), key_wish_free);
  if (wish->renew)
    store_new_key (g_steal_pointer (&task));
  else
    whis_keyring_lookup_async (self->keyring, KEY_NAME, NULL, TRUE, cancellable, key_found_cb,
                               g_steal_pointer (&task));
}

static char *
find_key_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- open and closed -------------------------------------------------------------------------- */

static void
set_problem (WhisEndpointSwitch *self, const GError *error)
{
  g_free (self->problem);
  self->problem = error != NULL ? g_strdup (error->message) : NULL;
  if (error != NULL)
    g_message ("Other programs are not answered: %s", error->message);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop_opening (WhisEndpointSwitch *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
}

/* What is being worked on is of the last run, which did not come to its end. */
static void
remove_leftovers (const char *directory)
{
  g_autoptr (GDir) entries = g_dir_open (directory, 0, NULL);

  for (const char *name = entries != NULL ? g_dir_read_name (entries) : NULL; name != NULL;
       name = g_dir_read_name (entries))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      (void) g_unlink (path);
    }
}

static gboolean
make_directory (WhisEndpointSwitch *self, GError **error)
{
  if (g_mkdir_with_parents (self->directory, 0700) == 0 && g_chmod (self->directory, 0700) == 0)
    return TRUE;

  g_set_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_STORAGE,
               _ ("The directory “%s” cannot be made: %s."), self->directory, g_strerror (errno));
  return FALSE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisEndpointSwitch *self = WHIS_ENDPOINT_SWITCH (source);
  GError *error = NULL;
  char *key = find_key_finish (result, &error);

  if (g_task_return_error_if_cancelled (task))
    {
      whis_secret_free (key);
      g_clear_error (&error);
      return;
    }

  g_clear_object (&self->opening);
  if (key != NULL && make_directory (self, &error))
    whis_endpoint_open (self->endpoint, whis_settings_get_endpoint_port (self->settings), key,
                        &error);
  whis_secret_free (key);
  set_problem (self, error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes the task. */
static void
open_anew (WhisEndpointSwitch *self, GTask *task)
{
  const KeyWish wish = { .create = TRUE };

  find_key (self, &wish, self->opening, opened_cb, task);
}

static GTask *
begin_opening (WhisEndpointSwitch *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  stop_opening (self);
  whis_endpoint_close (self->endpoint);
  self->opening = g_cancellable_new ();
  task = g_task_new (self, self->opening, callback, data);
  g_task_set_source_tag (task, begin_opening);

  return task;
}

static gboolean
is_open (WhisEndpointSwitch *self)
{
  return whis_endpoint_get_port (self->endpoint) != 0
         && whis_endpoint_get_port (self->endpoint)
                == whis_settings_get_endpoint_port (self->settings);
}

static void
close_now (WhisEndpointSwitch *self)
{
  stop_opening (self);
  whis_endpoint_close (self->endpoint);
  set_problem (self, NULL);
}

static void
follow_settings (WhisEndpointSwitch *self)
{
  if (!whis_settings_get_endpoint (self->settings))
    close_now (self);
  else if (!is_open (self))
    open_anew (self, begin_opening (self, NULL, NULL));
}

static void
settings_changed_cb (WhisEndpointSwitch *self, const char *key)
{
  if (g_str_has_prefix (key, "endpoint"))
    follow_settings (self);
}

static void
switched_on_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisEndpointSwitch *self = WHIS_ENDPOINT_SWITCH (source);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  whis_settings_set_endpoint (self->settings, TRUE);
  g_task_return_boolean (task, TRUE);
}

/**
 * whis_endpoint_switch_set_async:
 * @self: the switch
 * @enabled: whether other programs are to be answered
 * @callback: called when that is so, or cannot be
 * @data: for @callback
 *
 * Opens or closes the endpoint; the setting follows when that has worked.
 */
void
whis_endpoint_switch_set_async (WhisEndpointSwitch *self,
                                gboolean enabled,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_ENDPOINT_SWITCH (self));

  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, whis_endpoint_switch_set_async);
  if (!enabled)
    {
      close_now (self);
      whis_settings_set_endpoint (self->settings, FALSE);
    }
  else if (is_open (self))
    whis_settings_set_endpoint (self->settings, TRUE);
  else
    {
      open_anew (self, begin_opening (self, switched_on_cb, g_steal_pointer (&task)));
      return;
    }
  g_task_return_boolean (task, TRUE);
}

/**
 * whis_endpoint_switch_set_finish:
 * @self: the switch
 * @result: what the callback got
 * @error: return location for %WHIS_ENDPOINT_ERROR, or an error of the keyring
 *
 * Returns: whether it is as it was to be
 */
gboolean
whis_endpoint_switch_set_finish (WhisEndpointSwitch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
got_key_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisEndpointSwitch *self = WHIS_ENDPOINT_SWITCH (source);
  GError *error = NULL;
  char *key = find_key_finish (result, &error);

  if (key == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  whis_endpoint_set_key (self->endpoint, key);
  g_task_return_pointer (task, key, (GDestroyNotify) whis_secret_free);
}

/**
 * whis_endpoint_switch_get_key_async:
 * @self: the switch
 * @renew: whether the key is replaced by a new one; the one before is worth nothing then
 * @callback: called with the key
 * @data: for @callback
 *
 * Finds the key that a client needs.
 */
void
whis_endpoint_switch_get_key_async (WhisEndpointSwitch *self,
                                    gboolean renew,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  const KeyWish wish = { .renew = renew };
  GTask *task;

  g_return_if_fail (WHIS_IS_ENDPOINT_SWITCH (self));

  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, whis_endpoint_switch_get_key_async);
  find_key (self, &wish, NULL, got_key_cb, task);
}

/**
 * whis_endpoint_switch_get_key_finish:
 * @self: the switch
 * @result: what the callback got
 * @error: return location for an error of the store
 *
 * Returns: (transfer full): the key, to be freed with whis_secret_free()
 */
char *
whis_endpoint_switch_get_key_finish (WhisEndpointSwitch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_endpoint_switch_dup_address:
 * @self: the switch
 *
 * Returns: (transfer full): the base address for other programs; empty while none are answered
 */
char *
whis_endpoint_switch_dup_address (WhisEndpointSwitch *self)
{
  guint16 port;

  g_return_val_if_fail (WHIS_IS_ENDPOINT_SWITCH (self), NULL);

  port = whis_endpoint_get_port (self->endpoint);

  return port != 0 ? g_strdup_printf ("http://127.0.0.1:%u/v1", port) : g_strdup ("");
}

/**
 * whis_endpoint_switch_get_problem:
 * @self: the switch
 *
 * Returns: why other programs are not answered although they should be; may be empty
 */
const char *
whis_endpoint_switch_get_problem (WhisEndpointSwitch *self)
{
  g_return_val_if_fail (WHIS_IS_ENDPOINT_SWITCH (self), "");

  return self->problem != NULL ? self->problem : "";
}

static void
whis_endpoint_switch_dispose (GObject *object)
{
  WhisEndpointSwitch *self = WHIS_ENDPOINT_SWITCH (object);

  stop_opening (self);
  if (self->endpoint != NULL)
    whis_endpoint_close (self->endpoint);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->directory, g_free);

  G_OBJECT_CLASS (whis_endpoint_switch_parent_class)->dispose (object);
}

static void
whis_endpoint_switch_class_init (WhisEndpointSwitchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_endpoint_switch_dispose;

  /**
   * WhisEndpointSwitch::changed:
   * @self: the switch
   *
   * The address or the problem may be another one.
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_ENDPOINT_SWITCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_endpoint_switch_init (WhisEndpointSwitch *self)
{
  self->directory = g_build_filename (g_get_user_cache_dir (), WHIS_USER_FOLDER, "endpoint", NULL);
}

/**
 * whis_endpoint_switch_new:
 * @recogniser: who does the work
 * @settings: whether and where other programs are answered
 * @keyring: where the key is
 *
 * Returns: (transfer full): the switch, which follows @settings from now on
 */
WhisEndpointSwitch *
whis_endpoint_switch_new (WhisEndpointRecogniser *recogniser,
                          WhisSettings *settings,
                          WhisKeyring *keyring)
{
  WhisEndpointSwitch *self;

  g_return_val_if_fail (WHIS_IS_ENDPOINT_RECOGNISER (recogniser), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);

  self = g_object_new (WHIS_TYPE_ENDPOINT_SWITCH, NULL);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->endpoint = whis_endpoint_new (recogniser, self->directory);
  remove_leftovers (self->directory);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (whis_settings_get_endpoint (settings))
    follow_settings (self);

  return self;
}
