/* SPDX-License-Identifier: MIT */
#include "model-header.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "ggml"; Whisper's and Parakeet's files begin with the same word. */
#define MAGIC 0x67676d6c

/* A quantised file's type is its version times this, and the type. */
#define QUANTISATION_VERSION_FACTOR 1000
#define MOST_TYPE (3 * QUANTISATION_VERSION_FACTOR)

#define N_WORDS (WHIS_MODEL_HEADER_SIZE / 4)

/* Words of the two headers, as whisper.cpp and parakeet.cpp read them. */
enum
{
  WORD_MAGIC,
  WORD_VOCABULARY,
  WORD_AUDIO_CONTEXT,
  WORD_WIDTH,
  WORD_HEADS,
  WORD_LAYERS,

  WORD_WHISPER_TEXT_CONTEXT = 6,
  WORD_WHISPER_TEXT_WIDTH,
  WORD_WHISPER_TEXT_HEADS,
  WORD_WHISPER_TEXT_LAYERS,
  WORD_WHISPER_MELS,
  WORD_WHISPER_TYPE,
  N_WHISPER_WORDS,

  WORD_PARAKEET_MELS = 6,
  WORD_PARAKEET_TYPE,
  WORD_PARAKEET_FFT,
  WORD_PARAKEET_SUBSAMPLING,
  WORD_PARAKEET_SUBSAMPLING_CHANNELS,
  WORD_PARAKEET_KERNEL,
  WORD_PARAKEET_PREDICTOR_WIDTH,
  WORD_PARAKEET_PREDICTOR_LAYERS,
  WORD_PARAKEET_DURATIONS,
  WORD_PARAKEET_MAX_TOKENS,
  N_PARAKEET_WORDS,
};

G_STATIC_ASSERT (N_PARAKEET_WORDS == N_WORDS);

/* A dimension and the values that any real model has: with others the engines divide by zero, or
 * allocate until the system ends them. */
typedef struct
{
  guint word;
  guint32 least;
  guint32 most;
} Bound;

static const Bound whisper_bounds[] = {
  { WORD_WIDTH, 1, 4096 },
  { WORD_HEADS, 1, 64 },
  { WORD_LAYERS, 1, 64 },
  { WORD_WHISPER_TEXT_CONTEXT, 1, 448 },
  { WORD_WHISPER_TEXT_WIDTH, 1, 4096 },
  { WORD_WHISPER_TEXT_HEADS, 1, 64 },
  { WORD_WHISPER_TEXT_LAYERS, 1, 64 },
  { WORD_WHISPER_MELS, 80, 128 },
};

static const Bound parakeet_bounds[] = {
  { WORD_WIDTH, 1, 4096 },
  { WORD_HEADS, 1, 64 },
  { WORD_LAYERS, 1, 64 },
  { WORD_PARAKEET_MELS, 8, 128 },
  { WORD_PARAKEET_FFT, 16, 4096 },
  { WORD_PARAKEET_SUBSAMPLING, 8, 8 },
  { WORD_PARAKEET_SUBSAMPLING_CHANNELS, 1, 1024 },
  { WORD_PARAKEET_KERNEL, 1, 63 },
  { WORD_PARAKEET_PREDICTOR_WIDTH, 1, 4096 },
  { WORD_PARAKEET_PREDICTOR_LAYERS, 1, 8 },
  { WORD_PARAKEET_DURATIONS, 1, 16 },
  { WORD_PARAKEET_MAX_TOKENS, 1, 64 },
};

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

/* Bits that a weight takes, times 256, by ggml_ftype; types without a row are unknown. */
static const guint weight_bits[] = {
  [0] = 32 * 256,  /* F32 */
  [1] = 16 * 256,  /* F16 */
  [2] = 1152,      /* Q4_0: 32 weights in 18 bytes */
  [3] = 1280,      /* Q4_1 */
  [7] = 2176,      /* Q8_0 */
  [8] = 1408,      /* Q5_0 */
  [9] = 1536,      /* Q5_1 */
  [10] = 84 * 8,   /* Q2_K: 256 weights in 84 bytes */
  [11] = 110 * 8,  /* Q3_K */
  [12] = 144 * 8,  /* Q4_K */
  [13] = 176 * 8,  /* Q5_K */
  [14] = 210 * 8,  /* Q6_K */
  [24] = 16 * 256, /* BF16 */
};

G_DEFINE_QUARK (whis - model - header - error - quark, whis_model_header_error)

/**
 * whis_model_kind_get_name:
 * @kind: a kind
 *
 * Returns: (transfer none): the name of its engine: `whisper`, `parakeet` or `pocketsphinx`
 */
const char *
whis_model_kind_get_name (WhisModelKind kind)
{
  return kind == WHIS_MODEL_PARAKEET ? "parakeet"
         : kind == WHIS_MODEL_SPHINX ? "pocketsphinx"
                                     : "whisper";
}

static void
set_truncated (GError **error)
{
  g_set_error_literal (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_TRUNCATED,
                       _ ("The model file is not complete; fetch it again."));
}

static void
set_dimensions (GError **error)
{
  g_set_error_literal (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_DIMENSIONS,
                       _ ("The model file is damaged: its header has impossible numbers; fetch it "
                          "again."));
}

static gboolean
is_between (guint32 value, guint32 min, guint32 max)
{
  return value >= min && value <= max;
}

/* Both kinds have the same magic: only the two words after it tell them apart. An engine that is
 * given the other's file aborts or takes all memory. */
static gboolean
find_kind (const guint32 *words, WhisModelKind *kind)
{
  guint32 vocabulary = words[WORD_VOCABULARY];

  if (words[WORD_AUDIO_CONTEXT] == 1500 && is_between (vocabulary, 51864, 51866))
    *kind = WHIS_MODEL_WHISPER;
  else if (is_between (words[WORD_AUDIO_CONTEXT], 1501, 100000)
           && is_between (vocabulary, 2, 32768))
    *kind = WHIS_MODEL_PARAKEET;
  else
    return FALSE;

  return TRUE;
}

static gboolean
are_within (const guint32 *words, const Bound *bounds, gsize n_bounds)
{
  for (gsize i = 0; i < n_bounds; i++)
    if (!is_between (words[bounds[i].word], bounds[i].least, bounds[i].most))
      return FALSE;

  return TRUE;
}

static gboolean
is_known_type (guint type)
{
  return type < G_N_ELEMENTS (weight_bits) && weight_bits[type] != 0;
}

static guint64
get_bytes (guint64 weights, guint type)
{
  return weights * weight_bits[type] / (8 * 256);
}

/* Attention has 4 and the feed-forward part 8 matrices of width by width; a layer of the decoder
 * has attention twice. */
static gboolean
parse_whisper (const guint32 *words, WhisModelHeader *header)
{
  guint64 square = (guint64) header->width * header->width;

  header->bytes = 4 * N_WHISPER_WORDS;
  header->text_context = words[WORD_WHISPER_TEXT_CONTEXT];
  header->text_layers = words[WORD_WHISPER_TEXT_LAYERS];
  header->mels = words[WORD_WHISPER_MELS];
  header->type = words[WORD_WHISPER_TYPE] % QUANTISATION_VERSION_FACTOR;
  if (!are_within (words, whisper_bounds, G_N_ELEMENTS (whisper_bounds))
      || words[WORD_WHISPER_TEXT_WIDTH] != header->width
      || header->width % words[WORD_WHISPER_TEXT_HEADS] != 0
      || !(header->mels == 80 || header->mels == 128) || words[WORD_WHISPER_TYPE] > MOST_TYPE
      || !is_known_type (header->type))
    return FALSE;

  header->min_bytes = get_bytes (square * (12 * header->layers + 16 * header->text_layers)
                                     + (guint64) header->vocabulary * header->width,
                                 header->type);

  return TRUE;
}

/* A conformer layer has two feed-forward parts of 8 matrices of width by width, attention with 5
 * and convolutions with 3; a layer of the predictor is an LSTM with 8 of its own width. */
static gboolean
parse_parakeet (const guint32 *words, WhisModelHeader *header)
{
  guint64 square = (guint64) header->width * header->width;
  guint64 predictor = words[WORD_PARAKEET_PREDICTOR_WIDTH];

  header->bytes = 4 * N_PARAKEET_WORDS;
  header->text_layers = words[WORD_PARAKEET_PREDICTOR_LAYERS];
  header->mels = words[WORD_PARAKEET_MELS];
  header->fourier = words[WORD_PARAKEET_FFT];
  header->durations = words[WORD_PARAKEET_DURATIONS];
  header->type = words[WORD_PARAKEET_TYPE] % QUANTISATION_VERSION_FACTOR;
  if (!are_within (words, parakeet_bounds, G_N_ELEMENTS (parakeet_bounds))
      || words[WORD_PARAKEET_TYPE] > MOST_TYPE || !is_known_type (header->type))
    return FALSE;

  header->min_bytes =
      get_bytes (square * 24 * header->layers + predictor * predictor * 8 * header->text_layers
                     + (header->vocabulary + 1) * predictor,
                 header->type);

  return TRUE;
}

/**
 * whis_model_header_parse:
 * @data: (array length=size): the beginning of a file, up to %WHIS_MODEL_HEADER_SIZE bytes of it
 * @size: how many bytes there are
 * @header: (out): the header, undefined after an error
 * @error: return location for an error of %WHIS_MODEL_HEADER_ERROR
 *
 * Reads the header of a model in the format of whisper.cpp (`whisper_model_load` and
 * `parakeet_model_load`): little-endian words of 32 bits. Nothing but the header is looked at; the
 * caller compares @header's `min_bytes` with the length of the file.
 *
 * Returns: whether an engine can be given a file that begins so
 */
gboolean
whis_model_header_parse (const guint8 *data, gsize size, WhisModelHeader *header, GError **error)
{
  guint32 words[N_WORDS] = { 0 };
  gboolean good;

  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  for (gsize i = 0; i < MIN (size / 4, N_WORDS); i++)
    words[i] = data[4 * i] | data[4 * i + 1] << 8 | data[4 * i + 2] << 16
               | (guint32) data[4 * i + 3] << 24;

  *header = (WhisModelHeader){ 0 };
  if (words[WORD_MAGIC] != MAGIC
      || (size / 4 > WORD_AUDIO_CONTEXT && !find_kind (words, &header->kind)))
    {
      g_set_error_literal (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_FORMAT,
                           _ ("The file is not a model of Whisper or Parakeet in whisper.cpp's "
                              "format."));
      return FALSE;
    }
  if (size / 4 < (header->kind == WHIS_MODEL_PARAKEET ? N_PARAKEET_WORDS : N_WHISPER_WORDS))
    {
      set_truncated (error);
      return FALSE;
    }

  header->vocabulary = words[WORD_VOCABULARY];
  header->audio_context = words[WORD_AUDIO_CONTEXT];
  header->width = words[WORD_WIDTH];
  header->heads = words[WORD_HEADS];
  header->layers = words[WORD_LAYERS];
  good = (header->kind == WHIS_MODEL_PARAKEET ? parse_parakeet (words, header)
                                              : parse_whisper (words, header))
         && header->width % header->heads == 0;
  if (!good)
    set_dimensions (error);

  return good;
}

static gboolean
read_descriptor (int descriptor, const char *path, WhisModelHeader *header, GError **error)
{
  guint8 data[WHIS_MODEL_HEADER_SIZE];
  gsize size = 0;
  struct stat status;

  while (size < sizeof data)
    {
      gssize count = read (descriptor, data + size, sizeof data - size);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 || fstat (descriptor, &status) != 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
                       _ ("The model file %s cannot be read: %s"), path, g_strerror (code));
          return FALSE;
        }
      if (count == 0)
        break;
      size += (gsize) count;
    }

  if (!whis_model_header_parse (data, size, header, error))
    return FALSE;
  if (S_ISREG (status.st_mode) && (guint64) status.st_size >= header->min_bytes)
    return TRUE;

  set_truncated (error);

  return FALSE;
}

/**
 * whis_model_header_read_file:
 * @path: a file
 * @header: (out): its header, undefined after an error
 * @error: return location for an error of %WHIS_MODEL_HEADER_ERROR or %G_IO_ERROR
 *
 * Reads the header of a file and looks whether the file is as long as that implies. Blocks; for
 * worker threads and for the recogniser, before it gives the file to an engine.
 *
 * Returns: whether an engine can be given the file
 */
gboolean
whis_model_header_read_file (const char *path, WhisModelHeader *header, GError **error)
{
  int descriptor;
  gboolean good;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
                   _ ("The model file %s cannot be opened: %s"), path, g_strerror (code));
      return FALSE;
    }

  good = read_descriptor (descriptor, path, header, error);
  close (descriptor);

  return good;
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
