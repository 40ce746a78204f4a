/* SPDX-License-Identifier: MIT */
#include "local-model.h"

#include <string.h>

#define HUGGING_FACE "https://huggingface.co"

#define WHISPER_FILES                                                                              \
  HUGGING_FACE "/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1/"
#define PARAKEET_FILES                                                                             \
  HUGGING_FACE "/ggml-org/parakeet-GGUF/resolve/35156454d1a39de06863303dd209fd2bed6ee079/"
/* The revision of these files is not known. */
#define ULTRA_FILES HUGGING_FACE "/AshBuk/dabri-models/resolve/main/"

#define ADDRESSES(address) ((const char *const[]){ address, NULL })

/* The languages of tokenizer.py of OpenAI's Whisper. */
#define WHISPER_LANGUAGES                                                                          \
  "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "  \
  "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "  \
  "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "  \
  "haw ln ha ba jw su"
/* The third version knows Cantonese too. */
#define WHISPER_V3_LANGUAGES WHISPER_LANGUAGES " yue"

/* The languages of the model card of Parakeet TDT 0.6B v3. */
#define PARAKEET_LANGUAGES                                                                         \
  "bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk"

#define PARAKEET()                                                                                 \
  .kind = WHIS_MODEL_PARAKEET, .license = "CC-BY-4.0", .languages = PARAKEET_LANGUAGES,            \
  .profile = "parakeet", .speed = WHIS_MODEL_SPEED_MODERATE

#define WHISPER(languages_, speed_)                                                                \
  .kind = WHIS_MODEL_WHISPER, .pinned = TRUE, .exact = TRUE, .license = "MIT",                     \
  .attribution = "Whisper by OpenAI", .languages = languages_, .takes_language = TRUE,             \
  .takes_prompt = TRUE, .profile = "whisper", .speed = speed_

#define FILE_AT(folder, name) .file = name, .addresses = ADDRESSES (folder name)

/* Best first: Parakeet is better than Whisper in its languages and much faster on a processor,
 * where Whisper's large model is slower than speech. What 8 bits cost over 4 or 5 is memory; they
 * are faster and a little better.
 *
 * Lengths and checksums agree in several independent catalogues, those of Parakeet Ultra are from
 * one. No row was compared with the file behind its address yet, so none is `.verified`. Memory is
 * measured for tiny, base, small and Parakeet with 8 bits, else estimated from the length. */
static const WhisLocalModel models[] = {
  {
      .id = "parakeet-ultra-q8_0",
      .name = "Parakeet Ultra (8 bits)",
      PARAKEET (),
      FILE_AT (ULTRA_FILES, "ggml-parakeet-ultra-q8_0.bin"),
      .bytes = 669000000,
      .sha256 = "fa28ec8c6afd9893da9829ec9f2fa908a60bc0fbebd37fd60bbd2f0953076fb2",
      .attribution = "Parakeet TDT 0.6B v3 by NVIDIA, post-trained by Moondream",
      .memory_mb = 850,
  },
  {
      .id = "parakeet-ultra-q4_k",
      .name = "Parakeet Ultra (4 bits)",
      PARAKEET (),
      FILE_AT (ULTRA_FILES, "ggml-parakeet-ultra-q4_k.bin"),
      .bytes = 416000000,
      .sha256 = "c463493169bd63c4de3787357f1c41f1cd51f83fb0b05a56bf64990fcc82f2f6",
      .attribution = "Parakeet TDT 0.6B v3 by NVIDIA, post-trained by Moondream",
      .memory_mb = 600,
  },
  {
      .id = "parakeet-v3-q8_0",
      .name = "Parakeet v3 (8 bits)",
      PARAKEET (),
      .pinned = TRUE,
      FILE_AT (PARAKEET_FILES, "ggml-parakeet-tdt-0.6b-v3-q8_0.bin"),
      .bytes = 668757119,
      .exact = TRUE,
      .sha256 = "4d64e9e96c2792186d072fde0034df0ad670cf680a2f53069052ead827fd600e",
      .attribution = "Parakeet TDT 0.6B v3 by NVIDIA",
      .memory_mb = 850,
  },
  {
      .id = "parakeet-v3-q4_k",
      .name = "Parakeet v3 (4 bits)",
      PARAKEET (),
      .pinned = TRUE,
      FILE_AT (PARAKEET_FILES, "ggml-parakeet-tdt-0.6b-v3-q4_k.bin"),
      .bytes = 415611879,
      .exact = TRUE,
      .sha256 = "8b205b8b39c6535e153de6fb11c51db46125d45c4f16ba496fe41a0fe71b885e",
      .attribution = "Parakeet TDT 0.6B v3 by NVIDIA",
      .memory_mb = 600,
  },
  {
      .id = "whisper-small-q8_0",
      .name = "Whisper small (8 bits)",
      WHISPER (WHISPER_LANGUAGES, WHIS_MODEL_SPEED_MODERATE),
      FILE_AT (WHISPER_FILES, "ggml-small-q8_0.bin"),
      .bytes = 264464607,
      .sha256 = "49c8fb02b65e6049d5fa6c04f81f53b867b5ec9540406812c643f177317f779f",
      .memory_mb = 420,
  },
  {
      .id = "whisper-small-q5_1",
      .name = "Whisper small (5 bits)",
      WHISPER (WHISPER_LANGUAGES, WHIS_MODEL_SPEED_MODERATE),
      FILE_AT (WHISPER_FILES, "ggml-small-q5_1.bin"),
      .bytes = 190085487,
      .sha256 = "ae85e4a935d7a567bd102fe55afc16bb595bdb618e11b2fc7591bc08120411bb",
      .memory_mb = 350,
  },
  {
      .id = "whisper-turbo-q8_0",
      .name = "Whisper large v3 turbo (8 bits)",
      WHISPER (WHISPER_V3_LANGUAGES, WHIS_MODEL_SPEED_SLOW),
      FILE_AT (WHISPER_FILES, "ggml-large-v3-turbo-q8_0.bin"),
      .bytes = 874188075,
      .sha256 = "317eb69c11673c9de1e1f0d459b253999804ec71ac4c23c17ecf5fbe24e259a1",
      .memory_mb = 1100,
  },
  {
      .id = "whisper-turbo-q5_0",
      .name = "Whisper large v3 turbo (5 bits)",
      WHISPER (WHISPER_V3_LANGUAGES, WHIS_MODEL_SPEED_SLOW),
      FILE_AT (WHISPER_FILES, "ggml-large-v3-turbo-q5_0.bin"),
      .bytes = 574041195,
      .sha256 = "394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2",
      .memory_mb = 800,
  },
  {
      .id = "whisper-base-q8_0",
      .name = "Whisper base (8 bits)",
      WHISPER (WHISPER_LANGUAGES, WHIS_MODEL_SPEED_FAST),
      FILE_AT (WHISPER_FILES, "ggml-base-q8_0.bin"),
      .bytes = 81768585,
      .sha256 = "c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9",
      .memory_mb = 180,
  },
  {
      .id = "whisper-base-q5_1",
      .name = "Whisper base (5 bits)",
      WHISPER (WHISPER_LANGUAGES, WHIS_MODEL_SPEED_FAST),
      FILE_AT (WHISPER_FILES, "ggml-base-q5_1.bin"),
      .bytes = 59707625,
      .sha256 = "422f1ae452ade6f30a004d7e5c6a43195e4433bc370bf23fac9cc591f01a8898",
      .converted_sha256 = "26e3c9bdbf66afa7e2bdf1dc5925e2f8680c5fa53a624aa79ba1373c9190dc1d",
      .memory_mb = 160,
  },
  {
      .id = "whisper-tiny",
      .name = "Whisper tiny",
      WHISPER (WHISPER_LANGUAGES, WHIS_MODEL_SPEED_FAST),
      FILE_AT (WHISPER_FILES, "ggml-tiny.bin"),
      .bytes = 77691713,
      .sha256 = "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21",
      .memory_mb = 160,
  },
};

/**
 * whis_model_speed_get_nick:
 * @speed: a class of speed
 *
 * Returns: (transfer none): the word for it on the bus: `fast`, `moderate` or `slow`
 */
const char *
whis_model_speed_get_nick (WhisModelSpeed speed)
{
  switch (speed)
    {
    case WHIS_MODEL_SPEED_FAST:
      return "fast";
    case WHIS_MODEL_SPEED_MODERATE:
      return "moderate";
    case WHIS_MODEL_SPEED_SLOW:
    default:
      return "slow";
    }
}

/* Pointers to the rows above, and to those that were added. */
static GPtrArray *
get_rows (void)
{
  static gsize rows;

  if (g_once_init_enter (&rows))
    {
      GPtrArray *array = g_ptr_array_new ();

      for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
        g_ptr_array_add (array, (gpointer) &models[i]);
      g_once_init_leave (&rows, (gsize) array);
    }

  return (GPtrArray *) rows;
}

/**
 * whis_local_models_list:
 * @n_models: (out): number of models
 *
 * Returns: (transfer none) (array length=n_models): all models, the best first, then those that
 * were added
 */
const WhisLocalModel *const *
whis_local_models_list (gsize *n_models)
{
  GPtrArray *rows = get_rows ();

  g_return_val_if_fail (n_models != NULL, NULL);

  *n_models = rows->len;

  return (const WhisLocalModel *const *) rows->pdata;
}

/**
 * whis_local_models_add:
 * @model: (transfer none): a row that lives as long as the program
 *
 * Adds a row, unless its id or its file is taken. Only before any thread looks at the rows.
 */
void
whis_local_models_add (WhisLocalModel *model)
{
  g_return_if_fail (model != NULL);

  if (whis_local_model_lookup (model->id) == NULL
      && whis_local_model_find_file (model->file) == NULL)
    {
      model->added = TRUE;
      g_ptr_array_add (get_rows (), model);
    }
}

/* The first row one of whose members is this text. */
static const WhisLocalModel *
find_row (gsize offset, const char *text)
{
  GPtrArray *rows = get_rows ();

  for (guint i = 0; i < rows->len; i++)
    {
      const WhisLocalModel *row = g_ptr_array_index (rows, i);

      if (g_strcmp0 (G_STRUCT_MEMBER (const char *, row, offset), text) == 0)
        return row;
    }

  return NULL;
}

/**
 * whis_local_model_lookup:
 * @id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the model of that id
 */
const WhisLocalModel *
whis_local_model_lookup (const char *id)
{
  return id != NULL ? find_row (G_STRUCT_OFFSET (WhisLocalModel, id), id) : NULL;
}

/**
 * whis_local_model_find_file:
 * @file: the name of a file, without directories
 *
 * Returns: (transfer none) (nullable): the model whose file has that name
 */
const WhisLocalModel *
whis_local_model_find_file (const char *file)
{
  g_return_val_if_fail (file != NULL, NULL);

  return find_row (G_STRUCT_OFFSET (WhisLocalModel, file), file);
}

/**
 * whis_local_model_find_checksum:
 * @sha256: the SHA-256 of a file, in lower-case hexadecimal
 *
 * Returns: (transfer none) (nullable): the model that such a file is
 */
const WhisLocalModel *
whis_local_model_find_checksum (const char *sha256)
{
  const WhisLocalModel *row;

  g_return_val_if_fail (sha256 != NULL, NULL);

  row = find_row (G_STRUCT_OFFSET (WhisLocalModel, sha256), sha256);
  if (row == NULL)
    row = find_row (G_STRUCT_OFFSET (WhisLocalModel, converted_sha256), sha256);

  return row;
}

/**
 * whis_local_model_has_checksum:
 * @self: a model
 * @sha256: the SHA-256 of a file, in lower-case hexadecimal
 *
 * Returns: whether such a file is this model
 */
gboolean
whis_local_model_has_checksum (const WhisLocalModel *self, const char *sha256)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sha256 != NULL, FALSE);

  return g_str_equal (sha256, self->sha256) || g_strcmp0 (sha256, self->converted_sha256) == 0;
}

/**
 * whis_local_model_has_language:
 * @self: a model
 * @language: a language code (ISO 639, or BCP 47, of which the first part is looked at)
 *
 * Returns: whether the model knows the language
 */
gboolean
whis_local_model_has_language (const WhisLocalModel *self, const char *language)
{
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (language != NULL, FALSE);

  length = strcspn (language, "-_");
  if (length == 0)
    return FALSE;

  for (const char *code = self->languages; *code != '\0'; code += strspn (code, " "))
    {
      gsize code_length = strcspn (code, " ");

      if (code_length == length && g_ascii_strncasecmp (code, language, length) == 0)
        return TRUE;
      code += code_length;
    }

  return FALSE;
}

/**
 * whis_local_model_count_languages:
 * @self: a model
 *
 * Returns: how many languages it knows
 */
guint
whis_local_model_count_languages (const WhisLocalModel *self)
{
  g_auto (GStrv) codes = NULL;

  g_return_val_if_fail (self != NULL, 0);

  codes = g_strsplit (self->languages, " ", -1);

  return g_strv_length (codes);
}

/**
 * whis_local_model_get_max_bytes:
 * @self: a model
 *
 * Returns: how long its file may be; a twentieth more than known where its length is not exact
 */
guint64
whis_local_model_get_max_bytes (const WhisLocalModel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->exact ? self->bytes : self->bytes + self->bytes / 20;
}

static gboolean
is_set (const char *address)
{
  return address != NULL && *address != '\0';
}

static char *
join_address (const char *base, const char *path)
{
  gsize length = strlen (base);

  while (length > 0 && base[length - 1] == '/')
    length--;
  while (*path == '/')
    path++;

  return g_strdup_printf ("%.*s/%s", (int) length, base, path);
}

/**
 * whis_local_model_dup_addresses:
 * @self: a model
 * @mirror: (nullable): an address under which the file lies by its name (`WHIS_MODEL_MIRROR`)
 * @endpoint: (nullable): a server that stands in for huggingface.co (`HF_ENDPOINT`)
 *
 * Where to fetch the file. Whoever names a mirror wants no other host to be asked: it takes the
 * place of all addresses, and @endpoint that of the ones it stands for.
 *
 * Returns: (transfer full): the addresses, the first to be tried first
 */
GStrv
whis_local_model_dup_addresses (const WhisLocalModel *self,
                                const char *mirror,
                                const char *endpoint)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (gsize i = 0; self->addresses[i] != NULL && !is_set (mirror); i++)
    {
      const char *address = self->addresses[i];
      g_autofree char *moved = NULL;

      if (is_set (endpoint) && g_str_has_prefix (address, HUGGING_FACE "/"))
        moved = join_address (endpoint, address + strlen (HUGGING_FACE));
      g_strv_builder_add (builder, moved != NULL ? moved : address);
    }
  if (is_set (mirror))
    {
      g_autofree char *address = join_address (mirror, self->file);

      g_strv_builder_add (builder, address);
    }

  return g_strv_builder_end (builder);
}
