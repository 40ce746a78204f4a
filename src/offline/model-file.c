/* SPDX-License-Identifier: MIT */
#include "model-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "offline-error.h"

/* Both libraries' files begin with these four bytes, and neither library looks further before it
 * allocates memory for the dimensions that follow: a file of the other kind makes libwhisper
 * allocate until the system ends it, and libparakeet abort. So all of a file is looked through
 * before a library gets to see it. The layouts are those of whisper.cpp 1.9. */
#define MAGIC 0x67676d6c

/* The words of the file, counted from its start. */
enum
{
  WORD_MAGIC,
  WORD_VOCABULARY,
  WORD_AUDIO_CONTEXT,
  WORD_AUDIO_WIDTH,
  WORD_AUDIO_HEADS,
  WORD_AUDIO_LAYERS,

  WHISPER_TEXT_CONTEXT = 6,
  WHISPER_TEXT_WIDTH,
  WHISPER_TEXT_HEADS,
  WHISPER_TEXT_LAYERS,
  WHISPER_MELS,
  WHISPER_TYPE,
  WHISPER_WORDS,

  PARAKEET_MELS = 6,
  PARAKEET_TYPE,
  PARAKEET_FOURIER,
  PARAKEET_SUBSAMPLING,
  PARAKEET_CHANNELS,
  PARAKEET_KERNEL,
  PARAKEET_PREDICTION_WIDTH,
  PARAKEET_PREDICTION_LAYERS,
  PARAKEET_DURATIONS,
  PARAKEET_MOST_TOKENS,
  PARAKEET_WORDS,
};

G_STATIC_ASSERT (PARAKEET_WORDS * 4 <= WHIS_MODEL_FILE_HEAD);

/* The version of the quantised formats stands in the thousands. */
#define TYPE_VERSION 1000

#define LONGEST_TOKEN 1024
#define LONGEST_NAME 128
#define MOST_DIMENSIONS 4

/* A dimension and the values that any real model has. */
typedef struct
{
  guint word;
  guint32 least;
  guint32 most;
} Bound;

static const Bound whisper_bounds[] = {
  { WORD_VOCABULARY, 51864, 51866 },     { WORD_AUDIO_CONTEXT, 1500, 1500 },
  { WORD_AUDIO_WIDTH, 1, 4096 },         { WORD_AUDIO_HEADS, 1, 64 },
  { WORD_AUDIO_LAYERS, 1, 64 },          { WHISPER_TEXT_CONTEXT, 1, 448 },
  { WHISPER_TEXT_WIDTH, 1, 4096 },       { WHISPER_TEXT_HEADS, 1, 64 },
  { WHISPER_TEXT_LAYERS, 1, 64 },        { WHISPER_MELS, 80, 128 },
  { WHISPER_TYPE, 0, 3 * TYPE_VERSION },
};

static const Bound parakeet_bounds[] = {
  { WORD_VOCABULARY, 2, 32768 },
  { WORD_AUDIO_CONTEXT, 1501, 100000 },
  { WORD_AUDIO_WIDTH, 1, 4096 },
  { WORD_AUDIO_HEADS, 1, 64 },
  { WORD_AUDIO_LAYERS, 1, 64 },
  { PARAKEET_MELS, 8, 128 },
  { PARAKEET_TYPE, 0, 3 * TYPE_VERSION },
  { PARAKEET_FOURIER, 16, 4096 },
  { PARAKEET_SUBSAMPLING, 8, 8 },
  { PARAKEET_CHANNELS, 1, 1024 },
  { PARAKEET_KERNEL, 1, 63 },
  { PARAKEET_PREDICTION_WIDTH, 1, 4096 },
  { PARAKEET_PREDICTION_LAYERS, 1, 8 },
  { PARAKEET_DURATIONS, 1, 16 },
  { PARAKEET_MOST_TOKENS, 1, 64 },
};

/* How weights are stored: by the number of a type of file, that of a type of tensor, and the bytes
 * that so many weights take together. */
static const struct
{
  guint32 file_type;
  guint32 tensor_type;
  guint32 weights;
  guint32 bytes;
} storages[] = {
  { 0, 0, 1, 4 },       { 1, 1, 1, 2 },       { 2, 2, 32, 18 },     { 3, 3, 32, 20 },
  { 7, 8, 32, 34 },     { 8, 6, 32, 22 },     { 9, 7, 32, 24 },     { 10, 10, 256, 84 },
  { 11, 11, 256, 110 }, { 12, 12, 256, 144 }, { 13, 13, 256, 176 }, { 14, 14, 256, 210 },
  { 24, 30, 1, 2 },
};

/* Whole numbers, which the libraries count batches in. */
#define TENSOR_TYPE_INTEGER 26

/* Cantonese came with the 51866th token, and is not among those of an older vocabulary. */
static const char *const whisper_languages[] = {
  "yue", "en", "zh", "de", "es",  "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar",
  "sv",  "it", "id", "hi", "fi",  "vi", "he", "uk", "el", "ms", "cs", "ro", "da", "hu", "ta",
  "no",  "th", "ur", "hr", "bg",  "lt", "la", "mi", "ml", "cy", "sk", "te", "fa", "lv", "bn",
  "sr",  "az", "sl", "kn", "et",  "mk", "br", "eu", "is", "hy", "ne", "mn", "bs", "kk", "sq",
  "sw",  "gl", "mr", "pa", "si",  "km", "sn", "yo", "so", "af", "oc", "ka", "be", "tg", "sd",
  "gu",  "am", "yi", "lo", "uz",  "fo", "ht", "ps", "tk", "nn", "mt", "sa", "lb", "my", "bo",
  "tl",  "mg", "as", "tt", "haw", "ln", "ha", "ba", "jw", "su", NULL
};

static const char *const parakeet_languages[] = { "bg", "cs", "da", "de", "el", "en", "es",
                                                  "et", "fi", "fr", "hr", "hu", "it", "lt",
                                                  "lv", "mt", "nl", "pl", "pt", "ro", "ru",
                                                  "sk", "sl", "sv", "uk", NULL };

static const char *const english[] = { "en", NULL };

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL, sentence);

  return FALSE;
}

static gboolean
refuse_unknown (GError **error)
{
  return refuse (error, _ ("The file is no model of Whisper or Parakeet for whisper.cpp: fetch the "
                           "model again."));
}

static gboolean
refuse_damaged (GError **error)
{
  return refuse (error, _ ("The file of the model is damaged or cut off: remove the model and "
                           "fetch it again."));
}

static guint32
read_word (const guint8 *data)
{
  guint32 word;

  memcpy (&word, data, sizeof word);

  return GUINT32_FROM_LE (word);
}

static gboolean
is_within (const guint32 *words, const Bound *bounds, gsize n_bounds)
{
  for (gsize i = 0; i < n_bounds; i++)
    if (words[bounds[i].word] < bounds[i].least || words[bounds[i].word] > bounds[i].most)
      return FALSE;

  return TRUE;
}

/* The bytes of @n_weights that are stored as the file's @type says; 0 for an unknown type. */
static guint64
count_bytes (guint32 type, guint64 n_weights)
{
  for (gsize i = 0; i < G_N_ELEMENTS (storages); i++)
    if (storages[i].file_type == type % TYPE_VERSION)
      return n_weights * storages[i].bytes / storages[i].weights;

  return 0;
}

/* The large matrices alone; all else is small beside them. */
static guint64
least_whisper_bytes (const guint32 *words)
{
  guint64 width = words[WORD_AUDIO_WIDTH];
  guint64 n_weights = 12 * width * width * words[WORD_AUDIO_LAYERS]
                      + 16 * width * width * words[WHISPER_TEXT_LAYERS]
                      + width * words[WORD_VOCABULARY];

  return count_bytes (words[WHISPER_TYPE], n_weights);
}

static guint64
least_parakeet_bytes (const guint32 *words)
{
  guint64 width = words[WORD_AUDIO_WIDTH];
  guint64 n_weights = 24 * width * width * words[WORD_AUDIO_LAYERS];

  return count_bytes (words[PARAKEET_TYPE], n_weights);
}

/**
 * whis_model_header_parse:
 * @data: (array length=size): the first bytes of a file
 * @size: how many, at least %WHIS_MODEL_FILE_HEAD where the file has as many
 * @file_size: length of the whole file in bytes
 * @header: (out caller-allocates): what they say
 * @error: return location
 *
 * Finds out what a model is for, and whether its dimensions and its size can be true.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MODEL if this is no file of a model, or a part of one
 */
gboolean
whis_model_header_parse (const guint8 *data,
                         gsize size,
                         guint64 file_size,
                         WhisModelHeader *header,
                         GError **error)
{
  guint32 words[WHIS_MODEL_FILE_HEAD / 4] = { 0 };

  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  if (size < WHIS_MODEL_FILE_HEAD)
    return refuse_unknown (error);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = read_word (data + 4 * i);

  *header = (WhisModelHeader){ .vocabulary = words[WORD_VOCABULARY],
                               .audio_context = words[WORD_AUDIO_CONTEXT],
                               .audio_layers = words[WORD_AUDIO_LAYERS] };
  if (words[WORD_MAGIC] == MAGIC && is_within (words, whisper_bounds, G_N_ELEMENTS (whisper_bounds))
      && words[WHISPER_TEXT_WIDTH] == words[WORD_AUDIO_WIDTH])
    {
      header->kind = WHIS_MODEL_WHISPER;
      header->least_bytes = least_whisper_bytes (words);
    }
  else if (words[WORD_MAGIC] == MAGIC
           && is_within (words, parakeet_bounds, G_N_ELEMENTS (parakeet_bounds)))
    {
      header->kind = WHIS_MODEL_PARAKEET;
      header->least_bytes = least_parakeet_bytes (words);
    }
  if (header->least_bytes == 0)
    return refuse_unknown (error);
  if (file_size < header->least_bytes)
    return refuse_damaged (error);

  return TRUE;
}

/* What has not been read yet. */
typedef struct
{
  const guint8 *data;
  gsize size;
} Rest;

static gboolean
skip (Rest *rest, guint64 bytes)
{
  if (bytes > rest->size)
    return FALSE;
  rest->data += bytes;
  rest->size -= bytes;

  return TRUE;
}

static gboolean
take_word (Rest *rest, guint32 *word)
{
  if (rest->size < 4)
    return FALSE;
  *word = read_word (rest->data);

  return skip (rest, 4);
}

/* A matrix of single-precision numbers with its two dimensions in front. */
static gboolean
skip_filters (Rest *rest, guint32 n_rows, guint32 most_columns)
{
  guint32 rows, columns;

  return take_word (rest, &rows) && take_word (rest, &columns) && rows == n_rows
         && columns <= most_columns && skip (rest, (guint64) rows * columns * 4);
}

static gboolean
skip_tokens (Rest *rest, guint32 most)
{
  guint32 n_tokens, length;

  if (!take_word (rest, &n_tokens) || n_tokens == 0 || n_tokens > most)
    return FALSE;
  for (guint32 i = 0; i < n_tokens; i++)
    if (!take_word (rest, &length) || length > LONGEST_TOKEN || !skip (rest, length))
      return FALSE;

  return TRUE;
}

static gboolean
skip_weights (Rest *rest, guint32 type, guint64 n_weights)
{
  if (type == TENSOR_TYPE_INTEGER)
    return skip (rest, 4 * n_weights);
  for (gsize i = 0; i < G_N_ELEMENTS (storages); i++)
    if (storages[i].tensor_type == type)
      return n_weights % storages[i].weights == 0
             && skip (rest, n_weights / storages[i].weights * storages[i].bytes);

  return FALSE;
}

static gboolean
skip_tensor (Rest *rest)
{
  guint32 n_dimensions, name_length, type, dimension;
  guint64 n_weights = 1;

  if (!take_word (rest, &n_dimensions) || !take_word (rest, &name_length)
      || !take_word (rest, &type))
    return FALSE;
  if (n_dimensions == 0 || n_dimensions > MOST_DIMENSIONS || name_length == 0
      || name_length > LONGEST_NAME)
    return FALSE;
  for (guint32 i = 0; i < n_dimensions; i++)
    {
      if (!take_word (rest, &dimension) || dimension == 0 || dimension > G_MAXINT32)
        return FALSE;
      n_weights *= dimension;
      if (n_weights > G_MAXINT32)
        return FALSE;
    }

  return skip (rest, name_length) && skip_weights (rest, type, n_weights);
}

static gboolean
skip_tensors (Rest *rest)
{
  if (rest->size == 0)
    return FALSE;
  while (rest->size > 0)
    if (!skip_tensor (rest))
      return FALSE;

  return TRUE;
}

static gboolean
skip_whisper (Rest *rest, const guint8 *data, const WhisModelHeader *header)
{
  guint32 mels = read_word (data + 4 * WHISPER_MELS);

  return skip (rest, 4 * WHISPER_WORDS) && skip_filters (rest, mels, 201)
         && skip_tokens (rest, header->vocabulary) && skip_tensors (rest);
}

static gboolean
skip_parakeet (Rest *rest, const guint8 *data, const WhisModelHeader *header)
{
  guint32 mels = read_word (data + 4 * PARAKEET_MELS);
  guint32 fourier = read_word (data + 4 * PARAKEET_FOURIER);
  guint32 n_durations = read_word (data + 4 * PARAKEET_DURATIONS);
  guint32 window;

  return skip (rest, 4 * PARAKEET_WORDS) && skip_filters (rest, mels, fourier / 2 + 1)
         && take_word (rest, &window) && window <= fourier && skip (rest, (guint64) window * 4)
         && skip (rest, (guint64) n_durations * 4) && skip_tokens (rest, header->vocabulary)
         && skip_tensors (rest);
}

/**
 * whis_model_layout_check:
 * @data: (array length=size): a whole file
 * @size: its length in bytes
 * @error: return location
 *
 * Goes through all of a model's file and looks whether every length in it can be true, so that
 * the library that loads it allocates and reads what is there. The weights are not looked at.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MODEL if the file cannot be loaded
 */
gboolean
whis_model_layout_check (const guint8 *data, gsize size, GError **error)
{
  WhisModelHeader header;
  Rest rest = { data, size };
  gboolean good;

  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (!whis_model_header_parse (data, size, size, &header, error))
    return FALSE;
  good = header.kind == WHIS_MODEL_WHISPER ? skip_whisper (&rest, data, &header)
                                           : skip_parakeet (&rest, data, &header);

  return good || refuse_damaged (error);
}

static gboolean
refuse_unreadable (const char *path, GError **error)
{
  int reason = errno;

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
               _ ("The model %s cannot be read: %s."), path, g_strerror (reason));

  return FALSE;
}

/**
 * whis_model_file_read_header:
 * @path: a file
 * @header: (out caller-allocates): what its head says
 * @error: return location
 *
 * Reads the head of a model's file. See whis_model_header_parse().
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING if the file cannot be read, or
 *   %WHIS_OFFLINE_ERROR_MODEL
 */
gboolean
whis_model_file_read_header (const char *path, WhisModelHeader *header, GError **error)
{
  guint8 head[WHIS_MODEL_FILE_HEAD];
  struct stat status;
  gssize n_read = -1;
  int fd;

  g_return_val_if_fail (path != NULL && header != NULL, FALSE);

  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    return refuse_unreadable (path, error);
  if (fstat (fd, &status) == 0)
    n_read = read (fd, head, sizeof head);
  if (n_read < 0)
    {
      refuse_unreadable (path, error);
      close (fd);
      return FALSE;
    }
  close (fd);
  if (!S_ISREG (status.st_mode))
    return refuse_unknown (error);

  return whis_model_header_parse (head, (gsize) n_read, (guint64) status.st_size, header, error);
}

/**
 * whis_model_file_check:
 * @path: a file
 * @kind: what it is to be for
 * @error: return location
 *
 * Looks through a model's file, before a library gets to see it. This can take a while on a slow
 * disk.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING or %WHIS_OFFLINE_ERROR_MODEL if it must not be
 *   loaded as a model of this kind
 */
gboolean
whis_model_file_check (const char *path, WhisModelKind kind, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) failure = NULL;
  WhisModelHeader header;

  if (!whis_model_file_read_header (path, &header, error))
    return FALSE;
  if (header.kind != kind)
    return refuse_unknown (error);
  file = g_mapped_file_new (path, FALSE, &failure);
  if (file == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING, "%s", failure->message);
      return FALSE;
    }

  return whis_model_layout_check ((const guint8 *) g_mapped_file_get_contents (file),
                                  g_mapped_file_get_length (file), error);
}

/**
 * whis_model_header_get_languages:
 * @header: what a model's file says
 *
 * Returns: (transfer none) (array zero-terminated=1): the languages (ISO 639) that such a model
 *   knows
 */
const char *const *
whis_model_header_get_languages (const WhisModelHeader *header)
{
  g_return_val_if_fail (header != NULL, NULL);

  if (header->kind == WHIS_MODEL_WHISPER)
    return header->vocabulary == 51864   ? english
           : header->vocabulary == 51866 ? whisper_languages
                                         : whisper_languages + 1;
  if (header->kind == WHIS_MODEL_PARAKEET && header->vocabulary > 4096)
    return parakeet_languages;

  return english;
}
