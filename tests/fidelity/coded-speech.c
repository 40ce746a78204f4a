/* SPDX-License-Identifier: MIT */

/*
 * Speaks words of the word code: reads lines "WORD PAUSE_MS LEVEL_DB" from standard input and
 * writes a WAV file to standard output as it goes, so that hours need neither memory nor disk. An
 * empty word ("-") is only a pause.
 *
 *   coded-speech [--seed N] [--noise DB]
 */

#include "word-code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int seed;
static double noise_db = -66;

static const GOptionEntry options[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of the noise", "N" },
  { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &noise_db, "Level of the room, in dB", "DB" },
  { NULL },
};

static void
put (guint64 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++)
    putchar ((int) (value >> 8 * i & 0xFF));
}

/* Of unknown length. */
static void
write_header (void)
{
  fputs ("RIFF", stdout);
  put (0xFFFFFFFF, 4);
  fputs ("WAVEfmt ", stdout);
  put (16, 4);
  put (1, 2);
  put (1, 2);
  put (WORD_CODE_RATE, 4);
  put (2 * WORD_CODE_RATE, 4);
  put (2, 2);
  put (16, 2);
  fputs ("data", stdout);
  put (0xFFFFFFFF, 4);
}

static gboolean
speak (const char *line, GRand *chance)
{
  char word[32];
  guint pause_ms, number;
  double level_db;
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  if (sscanf (line, "%31s %u %lf", word, &pause_ms, &level_db) != 3)
    return FALSE;
  if (strcmp (word, "-") != 0)
    {
      if (!word_code_parse (word, &number))
        return FALSE;
      word_code_append_word (samples, number, level_db);
    }
  word_code_append_pause (samples, pause_ms, noise_db, chance);

  return fwrite (samples->data, sizeof (gint16), samples->len, stdout) == samples->len
         && fflush (stdout) == 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) chance = NULL;
  char line[128];

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  chance = g_rand_new_with_seed ((guint32) seed);
  write_header ();
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      if (!speak (line, chance))
        {
          g_printerr ("Cannot say or write: %s", line);
          return EXIT_FAILURE;
        }
    }

  return EXIT_SUCCESS;
}
