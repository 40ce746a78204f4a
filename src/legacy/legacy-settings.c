/* SPDX-License-Identifier: MIT */
/* The files of the earlier Whis (https://github.com/frankdierolf/whis), in every form that they
 * had: nested by concern since 0.7, in a member `settings` where its desktop program wrote them,
 * and flat before. Whatever is not understood is named and left out; the rest counts. */
#include "legacy-settings.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "keyring.h"
#include "secret.h"

/* json-glib recurses once per level. Settings have a dozen brackets, a long prompt may have some.
 */
#define MAX_BRACKETS 1000

#define MAX_WORD 256
#define MAX_TEXT 65536
#define MAX_NAME 50

/* No two of these are the same service in Whis for which live text differs. */
static const struct
{
  const char *service;
  const char *provider;
  gboolean live;
} services[] = {
  { "openai", "openai", FALSE },
  { "openai-realtime", "openai", TRUE },
  { "realtime", "openai", TRUE },
  { "mistral", "mistral", FALSE },
  { "groq", "groq", FALSE },
  { "deepgram", "deepgram", FALSE },
  { "deepgram-realtime", "deepgram", TRUE },
  { "elevenlabs", "elevenlabs", FALSE },
  { "local-whisper", "offline", FALSE },
  { "whisper", "offline", FALSE },
  { "local-parakeet", "offline", FALSE },
  { "parakeet", "offline", FALSE },
};

static const char *const keyed[] = { "openai", "mistral", "groq", "deepgram", "elevenlabs" };

/**
 * whis_legacy_settings_find_provider:
 * @service: (nullable): a service as the earlier Whis calls it
 * @live: (out): whether it transcribes live
 *
 * Returns: (nullable): id of the same service in Whis; %NULL if it has none
 */
const char *
whis_legacy_settings_find_provider (const char *service, gboolean *live)
{
  *live = FALSE;
  for (gsize i = 0; service != NULL && i < G_N_ELEMENTS (services); i++)
    if (g_ascii_strcasecmp (services[i].service, service) == 0)
      {
        *live = services[i].live;
        return services[i].provider;
      }

  return NULL;
}

static void
key_free (WhisLegacyKey *key)
{
  g_free (key->provider);
  whis_secret_free (key->key);
  g_free (key);
}

/**
 * whis_legacy_settings_get_key:
 * @self: settings
 * @provider: id of a service in Whis
 *
 * Returns: (nullable): its key
 */
const char *
whis_legacy_settings_get_key (WhisLegacySettings *self, const char *provider)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      const WhisLegacyKey *key = g_ptr_array_index (self->keys, i);

      if (g_str_equal (key->provider, provider))
        return key->key;
    }

  return NULL;
}

/**
 * whis_legacy_settings_add_key:
 * @self: settings
 * @provider: id of a service in Whis
 * @key: its key
 *
 * Adds a key, unless there is one already.
 */
void
whis_legacy_settings_add_key (WhisLegacySettings *self, const char *provider, const char *key)
{
  WhisLegacyKey *added;

  if (whis_legacy_settings_get_key (self, provider) != NULL)
    return;

  added = g_new0 (WhisLegacyKey, 1);
  added->provider = g_strdup (provider);
  added->key = g_strdup (key);
  g_ptr_array_add (self->keys, added);
}

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* What is outside of brackets and what is within a comment counts too: that is safe, and simple. */
static gboolean
is_shallow (const char *json, gsize size)
{
  guint brackets = 0;

  for (gsize i = 0; i < size; i++)
    if ((json[i] == '[' || json[i] == '{') && ++brackets > MAX_BRACKETS)
      return FALSE;

  return TRUE;
}

static JsonParser *
parse_object (const char *json, gsize size)
{
  g_autoptr (JsonParser) parser = NULL;

  if (size >= 3 && memcmp (json, "\xEF\xBB\xBF", 3) == 0)
    {
      json += 3;
      size -= 3;
    }
  if (size == 0 || size > G_MAXSSIZE || !g_utf8_validate (json, (gssize) size, NULL)
      || !is_shallow (json, size))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, json, (gssize) size, NULL)
      || get_object (json_parser_get_root (parser)) == NULL)
    return NULL;

  return g_steal_pointer (&parser);
}

/* The value at a path such as "ui.vad.enabled"; `null` is none. */
static JsonNode *
legacy_settings_find (JsonObject *root, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  JsonObject *object = root;
  JsonNode *node = NULL;

  for (char **name = names; *name != NULL; name++)
    {
      node = object != NULL ? json_object_get_member (object, *name) : NULL;
      object = get_object (node);
    }

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

/* The first of several paths, with NULL at the end, that has a value. */
static JsonNode *
find_any (JsonObject *root, const char *const *paths, const char **found)
{
  for (; *paths != NULL; paths++)
    {
      JsonNode *node = legacy_settings_find (root, *paths);

      *found = *paths;
      if (node != NULL)
        return node;
    }

  return NULL;
}

static gboolean
is_text (const char *text, gsize longest, gboolean one_line)
{
  /* json-glib makes an invalid character of half a surrogate pair. */
  if (strlen (text) > longest || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; one_line && *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

/* (transfer full) (nullable) */
static char *
dup_text (JsonNode *node, gsize longest, gboolean one_line)
{
  g_autofree char *text = NULL;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = g_strstrip (g_strdup (json_node_get_string (node)));

  return is_text (text, longest, one_line) ? g_steal_pointer (&text) : NULL;
}

static void
note_oddity (WhisLegacySettings *self, const char *name)
{
  g_ptr_array_add (self->oddities, g_strdup (name));
}

static char *
read_text (WhisLegacySettings *self, JsonObject *root, const char *const *paths, gsize longest)
{
  const char *path;
  JsonNode *node = find_any (root, paths, &path);
  g_autofree char *text = NULL;

  if (node == NULL)
    return NULL;
  text = dup_text (node, longest, longest <= MAX_WORD);
  if (text == NULL)
    note_oddity (self, path);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static char *
read_word (WhisLegacySettings *self, JsonObject *root, const char *path, const char *older)
{
  const char *const paths[] = { path, older, NULL };

  return read_text (self, root, paths, MAX_WORD);
}

static gboolean
read_switch (WhisLegacySettings *self, JsonObject *root, const char *path)
{
  JsonNode *node = legacy_settings_find (root, path);

  if (node == NULL)
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  note_oddity (self, path);

  return FALSE;
}

/* Codes such as "de" and "pt-BR"; "auto" is what Whis does without one. */
static void
read_language (WhisLegacySettings *self, JsonObject *root)
{
  g_autofree char *language = read_word (self, root, "transcription.language", "language");

  if (language == NULL || g_ascii_strcasecmp (language, "auto") == 0)
    return;
  if (g_regex_match_simple ("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", language, G_REGEX_DOLLAR_ENDONLY,
                            0))
    self->language = g_steal_pointer (&language);
  else
    note_oddity (self, "language");
}

static void
read_chunk (WhisLegacySettings *self, JsonObject *root)
{
  JsonNode *node = legacy_settings_find (root, "ui.chunk_duration_secs");
  gint64 seconds;

  if (node == NULL)
    return;
  seconds = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
  if (seconds >= 10 && seconds <= 300)
    self->chunk_s = (guint) seconds;
  else
    note_oddity (self, "ui.chunk_duration_secs");
}

static void
read_key (WhisLegacySettings *self, JsonObject *root, const char *provider)
{
  g_autofree char *nested = g_strconcat ("transcription.api_keys.", provider, NULL);
  g_autofree char *older = g_strconcat ("api_keys.", provider, NULL);
  g_autofree char *flat = g_strconcat (provider, "_api_key", NULL);
  const char *const paths[] = { nested, older, flat, NULL };
  char *key = read_text (self, root, paths, MAX_WORD * 16);

  if (key != NULL)
    whis_legacy_settings_add_key (self, provider, key);
  whis_secret_free (key);
}

/* Keys of services that Whis does not know are named, without the key. */
static void
note_other_keys (WhisLegacySettings *self, JsonObject *root)
{
  JsonObject *keys = get_object (legacy_settings_find (root, "transcription.api_keys"));
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (keys == NULL)
    return;

  json_object_iter_init (&iter, keys);
  while (json_object_iter_next (&iter, &name, &node))
    {
      gboolean live;

      if (whis_legacy_settings_find_provider (name, &live) == NULL && is_text (name, MAX_WORD, TRUE)
          && self->oddities->len < 20)
        g_ptr_array_add (self->oddities, g_strconcat ("transcription.api_keys.", name, NULL));
    }
}

static void
read_output (WhisLegacySettings *self, JsonObject *root)
{
  g_autofree char *method = read_word (self, root, "ui.output_method", NULL);
  g_autofree char *processor =
      read_word (self, root, "post_processing.processor", "post_processor");
  gboolean has_switch = legacy_settings_find (root, "post_processing.enabled") != NULL;

  self->types = method != NULL && !g_str_equal (method, "clipboard");
  self->cleans_up = has_switch ? read_switch (self, root, "post_processing.enabled")
                               : processor != NULL && !g_str_equal (processor, "none");
}

static void
read_settings (WhisLegacySettings *self, JsonObject *root)
{
  const char *const prompts[] = { "post_processing.prompt", "polish_prompt", NULL };
  const char *const shortcuts[] = { "shortcuts.desktop_key", "ui.shortcut", "shortcut",
                                    "shortcuts.cli_key", NULL };
  const char *const models[] = { "transcription.local_models.whisper_path", "whisper_model_path",
                                 NULL };

  self->service = read_word (self, root, "transcription.provider", "provider");
  self->microphone = read_word (self, root, "ui.microphone_device", "microphone_device");
  self->ollama = read_word (self, root, "services.ollama.url", "ollama_url");
  self->prompt = read_text (self, root, prompts, MAX_TEXT);
  self->shortcut = read_text (self, root, shortcuts, MAX_WORD);
  self->model = read_text (self, root, models, 4096);
  self->bubble = read_switch (self, root, "ui.bubble.enabled");
  self->drops_silence = read_switch (self, root, "ui.vad.enabled");
  read_language (self, root);
  read_chunk (self, root);
  read_output (self, root);
  for (gsize i = 0; i < G_N_ELEMENTS (keyed); i++)
    read_key (self, root, keyed[i]);
  note_other_keys (self, root);
}

/**
 * whis_legacy_settings_parse:
 * @json: content of a `settings.json` of the earlier Whis
 * @size: its size in bytes
 *
 * Returns: (transfer full) (nullable): what it says; %NULL if it is no JSON object
 */
WhisLegacySettings *
whis_legacy_settings_parse (const char *json, gsize size)
{
  g_autoptr (JsonParser) parser = NULL;
  WhisLegacySettings *self;
  JsonObject *root, *inner;

  g_return_val_if_fail (json != NULL, NULL);

  parser = parse_object (json, size);
  if (parser == NULL)
    return NULL;

  root = get_object (json_parser_get_root (parser));
  inner = get_object (json_object_get_member (root, "settings"));
  self = g_new0 (WhisLegacySettings, 1);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);
  self->oddities = g_ptr_array_new_with_free_func (g_free);
  read_settings (self, inner != NULL ? inner : root);

  return self;
}

void
whis_legacy_settings_free (WhisLegacySettings *self)
{
  if (self == NULL)
    return;

  g_free (self->service);
  g_free (self->language);
  g_free (self->microphone);
  g_free (self->ollama);
  g_free (self->prompt);
  g_free (self->shortcut);
  g_free (self->model);
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->oddities);
  g_free (self);
}

/**
 * whis_legacy_preset_is_name:
 * @name: what a preset is called
 *
 * Returns: whether the earlier Whis would take it as a name
 */
gboolean
whis_legacy_preset_is_name (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > MAX_NAME)
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;

  return TRUE;
}

static char *
dup_member (JsonObject *object, const char *name, gsize longest)
{
  JsonNode *node = legacy_settings_find (object, name);

  return node != NULL ? dup_text (node, longest, longest <= MAX_WORD) : NULL;
}

/**
 * whis_legacy_preset_parse:
 * @name: name of a preset, that of its file without the ending
 * @json: content of the file
 * @size: its size in bytes
 *
 * Returns: (transfer full) (nullable): the preset; %NULL if it is none
 */
WhisLegacyPreset *
whis_legacy_preset_parse (const char *name, const char *json, gsize size)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *prompt = NULL;
  WhisLegacyPreset *self;
  JsonObject *object;

  g_return_val_if_fail (name != NULL && json != NULL, NULL);

  parser = whis_legacy_preset_is_name (name) ? parse_object (json, size) : NULL;
  if (parser == NULL)
    return NULL;
  object = get_object (json_parser_get_root (parser));
  prompt = dup_member (object, "prompt", MAX_TEXT);
  if (prompt == NULL || *prompt == '\0')
    return NULL;

  self = g_new0 (WhisLegacyPreset, 1);
  self->name = g_strdup (name);
  self->prompt = g_steal_pointer (&prompt);
  self->description = dup_member (object, "description", MAX_TEXT);
  self->service = dup_member (object, "post_processor", MAX_WORD);
  self->model = dup_member (object, "model", MAX_WORD);

  return self;
}

void
whis_legacy_preset_free (WhisLegacyPreset *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->description);
  g_free (self->prompt);
  g_free (self->service);
  g_free (self->model);
  g_free (self);
}
