/* SPDX-License-Identifier: MIT */
#include "import-settings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "address.h"

/* What the earlier Whis has where nobody chose anything. */
#define DEFAULT_CHUNK_S 90

/* A setting as it shall be. */
typedef struct
{
  char *name;
  char *value;
} Change;

static void
change_free (Change *change)
{
  g_free (change->name);
  g_free (change->value);
  g_free (change);
}

typedef struct
{
  WhisSettings *settings;
  const WhisLegacySettings *original;
  gboolean overwrite;
  GPtrArray *changes;
  WhisImportReport *report;
} Plan;

static const char *
name_service (const char *id)
{
  const WhisProvider *provider = whis_provider_lookup (id);

  return provider != NULL ? whis_provider_get_name (provider) : id;
}

/* A value as people write it. */
static const char *
show_value (const char *name, const char *value)
{
  if (g_str_equal (name, "provider"))
    return name_service (value);
  if (g_str_equal (name, "live"))
    return g_str_equal (value, "true") ? _ ("on") : _ ("off");

  return value;
}

static void
plan_change (Plan *plan, const char *name, const char *value)
{
  Change *change = g_new0 (Change, 1);

  change->name = g_strdup (name);
  change->value = g_strdup (value);
  g_ptr_array_add (plan->changes, change);
}

static void
tell_kept (Plan *plan, const char *label, const char *here, const char *there)
{
  whis_import_report_add (plan->report, "kept", _ ("%s: %s (the earlier Whis: %s)"), label,
                          *here != '\0' ? here : _ ("default"), there);
}

/* `label` says what it is, `shown` is the value for people. Whether it is so, or will be. */
static gboolean
import_settings_consider (Plan *plan,
                          const char *name,
                          const char *value,
                          const char *label,
                          const char *shown)
{
  g_autofree char *here = whis_settings_print (plan->settings, name, NULL);

  if (g_strcmp0 (here, value) == 0)
    {
      whis_import_report_add (plan->report, "same", "%s: %s", label, shown);
      return TRUE;
    }
  if (whis_settings_is_own (plan->settings, name) && !plan->overwrite)
    {
      tell_kept (plan, label, show_value (name, here), shown);
      return FALSE;
    }
  plan_change (plan, name, value);
  whis_import_report_add (plan->report, "imported", "%s: %s", label, shown);

  return TRUE;
}

static void
tell_about_local (Plan *plan)
{
  whis_import_report_add (
      plan->report, "missing", "%s",
      _ ("Local recognition with Whisper or Parakeet: the service “offline” does that; “whis model "
         "import FILE” takes a model file over, and “whis model fetch NAME” downloads one."));
}

/* The embedded recogniser may be left out of a build. */
static void
plan_service (Plan *plan, gboolean has_key)
{
  gboolean live;
  const char *id = whis_legacy_settings_find_provider (plan->original->service, &live);
  const WhisProvider *provider = id != NULL ? whis_provider_lookup (id) : NULL;

  if (plan->original->service == NULL)
    return;
  if (provider == NULL)
    {
      whis_import_report_add (plan->report, "missing", _ ("Service: “%s” is not known to Whis."),
                              plan->original->service);
      return;
    }
  if (provider->local)
    tell_about_local (plan);
  if (provider->needs_key && !has_key)
    {
      whis_import_report_add (plan->report, "missing",
                              _ ("Service: %s was chosen, but there is no key for it."),
                              whis_provider_get_name (provider));
      return;
    }
  if (import_settings_consider (plan, "provider", id, _ ("Service"),
                                whis_provider_get_name (provider))
      && live)
    import_settings_consider (plan, "live", "true", _ ("Live text"), _ ("on"));
}

/* What is no id of a microphone is looked for by its name when it records. */
static void
plan_microphone (Plan *plan)
{
  const char *name = plan->original->microphone;
  const char *here = whis_settings_get_microphone_name (plan->settings);
  gboolean chosen = whis_settings_is_own (plan->settings, "microphone");

  if (name == NULL)
    return;
  if (g_str_equal (here, name) && chosen)
    whis_import_report_add (plan->report, "same", "%s: %s", _ ("Microphone"), name);
  else if (chosen && !plan->overwrite)
    tell_kept (plan, _ ("Microphone"),
               *here != '\0' ? here : whis_settings_get_microphone (plan->settings), name);
  else
    {
      plan_change (plan, "microphone-name", name);
      plan_change (plan, "microphone", name);
      whis_import_report_add (plan->report, "imported", "%s: %s", _ ("Microphone"), name);
    }
}

static void
plan_chunk (Plan *plan)
{
  g_autofree char *value = g_strdup_printf ("%u", plan->original->chunk_s);

  if (plan->original->chunk_s == 0 || plan->original->chunk_s == DEFAULT_CHUNK_S)
    return;

  import_settings_consider (plan, "longest-chunk", value, _ ("Longest piece in seconds"), value);
}

static char *
complete_ollama (const char *url)
{
  g_autofree char *bare = g_strdup (url);
  gsize length = strlen (bare);

  while (length > 0 && bare[length - 1] == '/')
    bare[--length] = '\0';
  if (g_str_has_suffix (bare, "/v1"))
    return g_steal_pointer (&bare);

  return g_strconcat (bare, "/v1", NULL);
}

/* It serves another purpose there, but who has one may want to transcribe with it. */
static void
plan_ollama (Plan *plan)
{
  const WhisProvider *ollama = whis_provider_lookup ("ollama");
  g_autofree char *address = NULL;
  g_autofree char *url = NULL;

  if (plan->original->ollama == NULL || ollama == NULL)
    return;
  address = complete_ollama (plan->original->ollama);
  if (g_str_equal (address, "http://localhost:11434/v1")
      || g_str_equal (address, "http://127.0.0.1:11434/v1"))
    return;
  url = whis_address_complete (ollama, address, NULL);
  if (url != NULL && whis_address_get_safety (url) != WHIS_ADDRESS_UNSAFE)
    import_settings_consider (plan, "addresses/ollama", address, _ ("Address of Ollama"), address);
  else
    whis_import_report_add (plan->report, "missing",
                            _ ("Address of Ollama: Whis does not send anything to %s."),
                            plan->original->ollama);
}

static void
tell_what_is_missing (Plan *plan)
{
  const WhisLegacySettings *original = plan->original;

  if (original->cleans_up)
    whis_import_report_add (plan->report, "missing", "%s",
                            _ ("Clean-up of the text by a language model."));
  if (original->types)
    whis_import_report_add (plan->report, "missing", "%s",
                            _ ("Typing the text: it goes to the clipboard."));
  if (original->shortcut != NULL)
    whis_import_report_add (plan->report, "missing",
                            _ ("The shortcut %s: bind it to “whis toggle” in the keyboard settings "
                               "of the desktop."),
                            original->shortcut);
  if (original->bubble)
    whis_import_report_add (plan->report, "missing", "%s",
                            _ ("The bubble: the icon in the panel shows the same."));
  if (original->drops_silence)
    whis_import_report_add (plan->report, "missing", "%s",
                            _ ("Cutting silence out: pieces without speech are never sent."));
  for (guint i = 0; i < original->oddities->len; i++)
    whis_import_report_add (plan->report, "missing", _ ("“%s”: its value is not understood."),
                            (const char *) g_ptr_array_index (original->oddities, i));
}

static void
carry_out (Plan *plan)
{
  for (guint i = 0; i < plan->changes->len; i++)
    {
      const Change *change = g_ptr_array_index (plan->changes, i);
      g_autoptr (GError) error = NULL;

      if (!whis_settings_write (plan->settings, change->name, change->value, &error))
        whis_import_report_add (plan->report, "failed", "%s", error->message);
    }
}

/**
 * whis_import_settings:
 * @settings: the settings
 * @files: what the earlier Whis left
 * @has_key: whether there is, or will be, a key for its service
 * @dry_run: whether nothing is changed
 * @overwrite: whether what the user chose gives way
 * @report: what becomes of each setting is added to it
 *
 * Takes over what the earlier Whis had in its settings. Everything is settled before the first one
 * is changed.
 */
void
whis_import_settings (WhisSettings *settings,
                      WhisLegacyFiles *files,
                      gboolean has_key,
                      gboolean dry_run,
                      gboolean overwrite,
                      WhisImportReport *report)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  Plan plan = { settings, files->settings, overwrite, changes, report };

  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (files != NULL && report != NULL);

  if (files->settings == NULL)
    return;

  plan_service (&plan, has_key);
  if (files->settings->language != NULL)
    import_settings_consider (&plan, "language", files->settings->language, _ ("Language"),
                              files->settings->language);
  plan_microphone (&plan);
  plan_chunk (&plan);
  plan_ollama (&plan);
  tell_what_is_missing (&plan);
  if (!dry_run)
    carry_out (&plan);
}
