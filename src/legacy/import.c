/* SPDX-License-Identifier: MIT */
#include "import.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "import-report.h"
#include "import-settings.h"
#include "legacy-files.h"
#include "providers.h"
#include "store-error.h"

/* One import: the files are read, then it is found out which keys there are, then the settings, the
 * presets and the keys follow. Keys come last, since the keyring may wait for the user. The data of
 * the task. */
typedef struct
{
  WhisKeyring *keyring;
  WhisImportFlags flags;
  WhisLegacyFiles *files;
  WhisImportReport *report;
  WhisKeySource sources[8]; /* of the keys in the files, in their order */
  gboolean has_key;         /* for the service that was used */
  guint next;               /* key */
  GPtrArray *waiting;       /* names of services whose keys cannot be stored now */
  const char *why;          /* that is so; translated */
} Import;

static void find_next (GTask *task);
static void store_next (GTask *task);

static void
import_free (Import *import)
{
  g_object_unref (import->keyring);
  whis_legacy_files_unref (import->files);
  whis_import_report_free (import->report);
  g_ptr_array_unref (import->waiting);
  g_free (import);
}

static gboolean
is_dry (const Import *import)
{
  return (import->flags & WHIS_IMPORT_DRY_RUN) != 0;
}

static gboolean
import_overwrites (const Import *import)
{
  return (import->flags & WHIS_IMPORT_OVERWRITE) != 0;
}

static guint
count_keys (const Import *import)
{
  return import->files->settings != NULL ? import->files->settings->keys->len : 0;
}

static const WhisLegacyKey *
get_key (const Import *import)
{
  return g_ptr_array_index (import->files->settings->keys, import->next);
}

static const char *
get_name (const Import *import)
{
  return whis_provider_get_name (whis_provider_lookup (get_key (import)->provider));
}

/* The last lines, and the note that it was done: not while keys wait, so that they can follow. */
static void
import_finish (GTask *task)
{
  Import *import = g_task_get_task_data (task);
  WhisSettings *settings = g_task_get_source_object (task);

  if (import->waiting->len > 0)
    {
      g_autofree char *names = NULL;

      g_ptr_array_add (import->waiting, NULL);
      names = g_strjoinv (", ", (char **) import->waiting->pdata);
      whis_import_report_add (import->report, "waiting", _ ("Keys for %s: %s"), names, import->why);
    }
  for (guint i = 0; i < import->files->complaints->len; i++)
    whis_import_report_add (import->report, "failed", "%s",
                            (const char *) g_ptr_array_index (import->files->complaints, i));
  if (import->files->with_keys->len > 0)
    {
      g_autofree char *names = NULL;

      g_ptr_array_add (import->files->with_keys, NULL);
      names = g_strjoinv (" ", (char **) import->files->with_keys->pdata);
      whis_import_report_add (import->report, "note",
                              _ ("The keys still stand there for every program to read; when you "
                                 "do not need the earlier Whis any more: rm %s"),
                              names);
    }
  if (!is_dry (import) && import->waiting->len == 0)
    whis_settings_set_imported (settings, g_get_real_time () / G_USEC_PER_SEC);

  g_task_return_pointer (task, g_variant_ref_sink (whis_import_report_to_variant (import->report)),
                         (GDestroyNotify) g_variant_unref);
  g_object_unref (task);
}

static void
wait_with_key (Import *import, const char *why)
{
  import->why = why;
  g_ptr_array_add (import->waiting, (gpointer) get_name (import));
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Import *import = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  WhisKeySource source = whis_keyring_store_finish (WHIS_KEYRING (object), result, &error);

  if (error == NULL && source == WHIS_KEY_SOURCE_KEYRING)
    whis_import_report_add (import->report, "imported", _ ("Key for %s, now in the keyring"),
                            get_name (import));
  else if (g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BAD_API_KEY))
    whis_import_report_add (import->report, "missing",
                            _ ("Key for %s: what is in the file can be no key."),
                            get_name (import));
  else
    wait_with_key (import, _ ("the keyring does not take them now. Unlock it and import again."));
  import->next++;
  store_next (task);
}

/* Whether the key in the files is to be stored. */
static gboolean
is_wanted (Import *import)
{
  if (import->sources[import->next] == WHIS_KEY_SOURCE_NONE || import_overwrites (import))
    return TRUE;

  whis_import_report_add (import->report, "kept", _ ("Key for %s: the one that Whis has"),
                          get_name (import));

  return FALSE;
}

/* (transfer full): @task */
static void
store_next (GTask *task)
{
  Import *import = g_task_get_task_data (task);

  for (; import->next < count_keys (import); import->next++)
    {
      g_autofree char *label = NULL;

      if (!is_wanted (import))
        continue;
      if (!whis_keyring_get_available (import->keyring))
        wait_with_key (import, _ ("there is no keyring to put them into. Import again when there "
                                  "is one."));
      else if (import->waiting->len > 0)
        wait_with_key (import, import->why);
      else if (is_dry (import))
        whis_import_report_add (import->report, "imported", _ ("Key for %s, into the keyring"),
                                get_name (import));
      else
        {
          label = g_strdup_printf (_ ("Whis: API key for %s"), get_name (import));
          whis_keyring_store_async (import->keyring, get_key (import)->provider, label,
                                    get_key (import)->key, g_task_get_cancellable (task), stored_cb,
                                    task);
          return;
        }
    }

  import_finish (task);
}

static guint
count_fates (GArray *fates, WhisPresetFate wanted)
{
  guint count = 0;

  for (guint i = 0; i < fates->len; i++)
    count += g_array_index (fates, WhisPresetFate, i) == wanted ? 1 : 0;

  return count;
}

static void
tell_presets (Import *import, GArray *fates)
{
  guint written = count_fates (fates, WHIS_PRESET_WRITTEN);
  guint same = count_fates (fates, WHIS_PRESET_SAME);

  if (written > 0)
    whis_import_report_add (
        import->report, "imported",
        ngettext ("%u preset, copied to ~/.local/share/whis/presets for when Whis can clean texts "
                  "up; it cannot yet",
                  "%u presets, copied to ~/.local/share/whis/presets for when Whis can clean texts "
                  "up; it cannot yet",
                  written),
        written);
  if (same > 0)
    whis_import_report_add (import->report, "same", ngettext ("%u preset", "%u presets", same),
                            same);
  for (guint i = 0; i < fates->len; i++)
    {
      const WhisLegacyPreset *preset = g_ptr_array_index (import->files->presets, i);
      WhisPresetFate fate = g_array_index (fates, WhisPresetFate, i);

      if (fate == WHIS_PRESET_KEPT)
        whis_import_report_add (import->report, "kept", _ ("Preset %s: the one that is there"),
                                preset->name);
      else if (fate == WHIS_PRESET_FAILED)
        whis_import_report_add (import->report, "failed", _ ("Preset %s cannot be written."),
                                preset->name);
    }
}

static void
presets_copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Import *import = g_task_get_task_data (task);
  g_autoptr (GArray) fates = whis_legacy_files_copy_presets_finish (result, NULL);

  if (fates != NULL)
    tell_presets (import, fates);
  import->next = 0;
  store_next (task);
}

/* (transfer full): @task */
static void
take_settings (GTask *task)
{
  Import *import = g_task_get_task_data (task);
  WhisSettings *settings = g_task_get_source_object (task);

  whis_import_settings (settings, import->files, import->has_key, is_dry (import),
                        import_overwrites (import), import->report);
  whis_legacy_files_copy_presets_async (import->files, import_overwrites (import), is_dry (import),
                                        g_task_get_cancellable (task), presets_copied_cb, task);
}

static void
service_key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Import *import = g_task_get_task_data (task);

  import->has_key =
      whis_keyring_find_finish (WHIS_KEYRING (object), result, NULL) != WHIS_KEY_SOURCE_NONE;
  take_settings (task);
}

/* The service that was used may have its key elsewhere. (transfer full): @task */
static void
find_service_key (GTask *task)
{
  Import *import = g_task_get_task_data (task);
  const WhisLegacySettings *original = import->files->settings;
  gboolean live;
  const char *id =
      original != NULL ? whis_legacy_settings_find_provider (original->service, &live) : NULL;
  const WhisProvider *provider = id != NULL ? whis_provider_lookup (id) : NULL;

  import->has_key =
      provider != NULL && whis_legacy_settings_get_key (import->files->settings, id) != NULL;
  if (provider == NULL || import->has_key)
    take_settings (task);
  else
    whis_keyring_find_async (import->keyring, id, provider->key_variable,
                             g_task_get_cancellable (task), service_key_found_cb, task);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Import *import = g_task_get_task_data (task);

  import->sources[import->next++] = whis_keyring_find_finish (WHIS_KEYRING (object), result, NULL);
  find_next (task);
}

/* (transfer full): @task */
static void
find_next (GTask *task)
{
  Import *import = g_task_get_task_data (task);

  if (import->next < MIN (count_keys (import), G_N_ELEMENTS (import->sources)))
    whis_keyring_find_async (import->keyring, get_key (import)->provider,
                             whis_provider_lookup (get_key (import)->provider)->key_variable,
                             g_task_get_cancellable (task), found_cb, task);
  else
    find_service_key (task);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Import *import = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  import->files = whis_legacy_files_read_finish (result, &error);
  if (import->files == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  for (guint i = 0; i < import->files->read->len; i++)
    whis_import_report_add (import->report, "read", "%s",
                            (const char *) g_ptr_array_index (import->files->read, i));
  find_next (task);
}

static char *
describe_time (gint64 time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time);

  return then != NULL ? g_date_time_format (then, "%x %H:%M") : g_strdup ("?");
}

/**
 * whis_import_async:
 * @settings: the settings
 * @keyring: where keys are
 * @flags: how
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Takes over settings, presets and keys of the earlier Whis, once. Its files are not changed.
 */
void
whis_import_async (WhisSettings *settings,
                   WhisKeyring *keyring,
                   WhisImportFlags flags,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Import *import;

  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (WHIS_IS_KEYRING (keyring));

  import = g_new0 (Import, 1);
  import->keyring = g_object_ref (keyring);
  import->flags = flags;
  import->report = whis_import_report_new ();
  import->waiting = g_ptr_array_new ();
  task = g_task_new (settings, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_import_async);
  g_task_set_task_data (task, import, (GDestroyNotify) import_free);
  if (whis_settings_get_imported (settings) != 0 && (flags & WHIS_IMPORT_AGAIN) == 0)
    {
      g_autofree char *time = describe_time (whis_settings_get_imported (settings));

      g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                               _ ("The settings of the earlier Whis were imported on %s; “whis "
                                  "import --again” does it once more."),
                               time);
      return;
    }

  whis_legacy_files_read_async (cancellable, read_cb, g_steal_pointer (&task));
}

/**
 * whis_import_finish:
 * @settings: the settings
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): what became of each thing, of type `a(ss)`, as the D-Bus method
 *   `ImportOriginal` has it
 */
GVariant *
whis_import_finish (WhisSettings *settings, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, settings), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_import_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
