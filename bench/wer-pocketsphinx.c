/* SPDX-License-Identifier: MIT
 *
 * PocketSphinx with its default parameters: reads names of WAV files (16 kHz, one channel) from
 * standard input, prints what it heard in each. bench/wer.py compiles it, to compare with.
 */
#include <pocketsphinx.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAV_HEADER 44
#define MOST_SAMPLES (16000 * 60 * 10)

static int16_t samples[MOST_SAMPLES];

static size_t
read_samples (const char *path)
{
  FILE *file = fopen (path, "rb");
  size_t n_samples;

  if (file == NULL || fseek (file, WAV_HEADER, SEEK_SET) != 0)
    exit (EXIT_FAILURE);
  n_samples = fread (samples, sizeof (int16_t), MOST_SAMPLES, file);
  fclose (file);

  return n_samples;
}

/* Version 5 says settings in another way. */
static ps_decoder_t *
make_decoder (void)
{
#if __has_include(<pocketsphinx/logmath.h>)
  ps_config_t *config = ps_config_init (NULL);

  ps_config_set_str (config, "hmm", MODELS "/en-us/en-us");
  ps_config_set_str (config, "lm", MODELS "/en-us/en-us.lm.bin");
  ps_config_set_str (config, "dict", MODELS "/en-us/cmudict-en-us.dict");
  err_set_loglevel (ERR_FATAL);
#else
  cmd_ln_t *config = cmd_ln_init (NULL, ps_args (), 1, "-hmm", MODELS "/en-us/en-us", "-lm",
                                  MODELS "/en-us/en-us.lm.bin", "-dict",
                                  MODELS "/en-us/cmudict-en-us.dict", "-logfn", "/dev/null", NULL);
#endif

  return ps_init (config);
}

int
main (void)
{
  ps_decoder_t *decoder = make_decoder ();
  char path[4096];

  if (decoder == NULL)
    return EXIT_FAILURE;
  printf ("ready\n");
  fflush (stdout);
  while (fgets (path, sizeof path, stdin) != NULL)
    {
      const char *text;

      path[strcspn (path, "\n")] = '\0';
      ps_start_stream (decoder);
      ps_start_utt (decoder);
      ps_process_raw (decoder, samples, read_samples (path), 0, 1);
      ps_end_utt (decoder);
      text = ps_get_hyp (decoder, NULL);
      printf ("%s\n", text != NULL ? text : "");
      fflush (stdout);
    }
  ps_free (decoder);

  return EXIT_SUCCESS;
}
