/* SPDX-License-Identifier: MIT */
/* Rows of the catalogue that come from a file: for a school or a company that has models of its own
 * on a server of its own. */
#include "catalogue-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SCHEMA_GROUP "catalogue"
#define SCHEMA_VERSION 1

#define MAX_SIZE (1024 * 1024)
/* A terabyte; more is a mistake. */
#define MAX_BYTES G_GUINT64_CONSTANT (1000000000000)
#define MAX_MEMORY_MB 1000000

G_DEFINE_QUARK (whis - catalogue - error - quark, whis_catalogue_error)

/* A row with the memory of its texts. */
typedef struct
{
  WhisLocalModel row;
  GPtrArray *texts;
  GStrv addresses;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_ptr_array_unref (row->texts);
  g_strfreev (row->addresses);
  g_free (row);
}

static gboolean
catalogue_file_fail (const char *id, const char *key, GError **error)
{
  g_set_error (error, WHIS_CATALOGUE_ERROR, WHIS_CATALOGUE_ERROR_PARSE,
               _ ("The catalogue of models has no good “%s” for “%s”."), key, id);

  return FALSE;
}

static const char *
read_text (Row *row, GKeyFile *file, const char *key)
{
  char *text = g_key_file_get_string (file, row->row.id, key, NULL);

  if (text != NULL)
    g_ptr_array_add (row->texts, text);

  return text;
}

/* Names of models stand on command lines and in file names. */
static gboolean
is_word (const char *text)
{
  if (text == NULL || !g_ascii_isalnum (*text))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("._-", *text) == NULL)
      return FALSE;

  return TRUE;
}

static gboolean
is_sentence (const char *text)
{
  return text != NULL && *text != '\0' && strpbrk (text, "\n\r\t\033") == NULL;
}

static gboolean
is_checksum (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
read_kind (Row *row, GKeyFile *file, GError **error)
{
  const char *engine = read_text (row, file, "engine");

  if (g_strcmp0 (engine, "whisper") == 0)
    row->row.kind = WHIS_MODEL_WHISPER;
  else if (g_strcmp0 (engine, "parakeet") == 0)
    row->row.kind = WHIS_MODEL_PARAKEET;
  else
    return catalogue_file_fail (row->row.id, "engine", error);

  row->row.profile = whis_model_kind_get_name (row->row.kind);
  row->row.takes_language = row->row.kind == WHIS_MODEL_WHISPER;
  row->row.takes_prompt = row->row.takes_language;

  return TRUE;
}

static gboolean
read_numbers (Row *row, GKeyFile *file, GError **error)
{
  row->row.bytes = g_key_file_get_uint64 (file, row->row.id, "bytes", NULL);
  row->row.exact = TRUE;
  if (row->row.bytes == 0 || row->row.bytes > MAX_BYTES)
    return catalogue_file_fail (row->row.id, "bytes", error);

  row->row.memory_mb =
      (guint) MIN (g_key_file_get_uint64 (file, row->row.id, "memory-mb", NULL), MAX_MEMORY_MB);

  return TRUE;
}

static gboolean
read_speed (Row *row, GKeyFile *file, GError **error)
{
  const char *word = read_text (row, file, "speed");

  for (WhisModelSpeed speed = WHIS_MODEL_SPEED_FAST; speed <= WHIS_MODEL_SPEED_SLOW; speed++)
    if (g_strcmp0 (whis_model_speed_get_nick (speed), word) == 0)
      {
        row->row.speed = speed;
        return TRUE;
      }

  return catalogue_file_fail (row->row.id, "speed", error);
}

static gboolean
read_addresses (Row *row, GKeyFile *file, GError **error)
{
  row->addresses = g_key_file_get_string_list (file, row->row.id, "addresses", NULL, NULL);
  row->row.addresses = (const char *const *) row->addresses;
  row->row.pinned = TRUE;

  return (row->addresses != NULL && row->addresses[0] != NULL)
         || catalogue_file_fail (row->row.id, "addresses", error);
}

static gboolean
read_texts (Row *row, GKeyFile *file, GError **error)
{
  const struct
  {
    const char *key;
    const char **place;
    gboolean (*check) (const char *text);
  } texts[] = {
    { "name", &row->row.name, is_sentence },
    { "file", &row->row.file, is_word },
    { "sha256", &row->row.sha256, is_checksum },
    { "license", &row->row.license, is_sentence },
    { "attribution", &row->row.attribution, is_sentence },
    { "languages", &row->row.languages, is_sentence },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      *texts[i].place = read_text (row, file, texts[i].key);
      if (!texts[i].check (*texts[i].place))
        return catalogue_file_fail (row->row.id, texts[i].key, error);
    }

  return g_str_has_suffix (row->row.file, ".bin")
         || catalogue_file_fail (row->row.id, "file", error);
}

static Row *
read_row (GKeyFile *file, const char *id, GError **error)
{
  Row *row = g_new0 (Row, 1);
  char *copy = g_strdup (id);

  row->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (row->texts, copy);
  row->row.id = copy;
  if (is_word (id) ? read_kind (row, file, error) && read_texts (row, file, error)
                         && read_numbers (row, file, error) && read_speed (row, file, error)
                         && read_addresses (row, file, error)
                   : catalogue_file_fail (id, "id", error))
    return row;

  row_free (row);

  return NULL;
}

static gboolean
check_version (GKeyFile *file, GError **error)
{
  if (g_key_file_get_integer (file, SCHEMA_GROUP, "version", NULL) == SCHEMA_VERSION)
    return TRUE;

  g_set_error (error, WHIS_CATALOGUE_ERROR, WHIS_CATALOGUE_ERROR_PARSE,
               _ ("The catalogue of models is of another version than %d."), SCHEMA_VERSION);

  return FALSE;
}

/**
 * whis_catalogue_parse:
 * @text: (array length=size): a key file
 * @size: its length in bytes
 * @error: return location for an error of %WHIS_CATALOGUE_ERROR or %G_KEY_FILE_ERROR
 *
 * Reads a catalogue: the group `catalogue` with `version=1`, and a group for each model, whose name
 * is the id, with `engine` (`whisper` or `parakeet`), `name`, `file`, `addresses` (a list),
 * `bytes`, `sha256`, `license`, `attribution`, `languages` (codes in spaces), `speed` (`fast`,
 * `moderate`, `slow`) and `memory-mb` (may be left out).
 *
 * Returns: (transfer full) (element-type WhisLocalModel): the rows, which live as long as the array
 */
GPtrArray *
whis_catalogue_parse (const char *text, gsize size, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_auto (GStrv) ids = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, error)
      || !check_version (file, error))
    return NULL;

  ids = g_key_file_get_groups (file, NULL);
  for (char **id = ids; *id != NULL; id++)
    {
      Row *row;

      if (g_str_equal (*id, SCHEMA_GROUP))
        continue;
      row = read_row (file, *id, error);
      if (row == NULL)
        return NULL;
      g_ptr_array_add (rows, row);
    }

  return g_steal_pointer (&rows);
}

/**
 * whis_catalogue_add_file:
 * @path: a catalogue, as for whis_catalogue_parse()
 * @error: return location for an error
 *
 * Adds the rows of a file to the catalogue, for as long as the program runs. Blocks; to be called
 * once, when the program starts.
 *
 * Returns: whether the file could be read
 */
gboolean
whis_catalogue_add_file (const char *path, GError **error)
{
  static GPtrArray *kept; /* never freed: rows are constant */
  g_autofree char *text = NULL;
  gsize size;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (kept == NULL, FALSE);

  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  if (size > MAX_SIZE)
    {
      g_set_error_literal (error, WHIS_CATALOGUE_ERROR, WHIS_CATALOGUE_ERROR_PARSE,
                           _ ("The catalogue of models is too large."));
      return FALSE;
    }

  kept = whis_catalogue_parse (text, size, error);
  for (guint i = 0; kept != NULL && i < kept->len; i++)
    whis_local_models_add (g_ptr_array_index (kept, i));

  return kept != NULL;
}
