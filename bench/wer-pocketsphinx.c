/* SPDX-License-Identifier: MIT
 *
 * PocketSphinx with its default parameters: reads names of WAV files (16 kHz, one channel) from
 * standard input, prints what it heard in each. bench/wer.py compiles it, to compare with.
 */
#include <pocketsphinx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAV_HEADER 44
#define MOST_SAMPLES (16000 * 60 * 10)

static int16 samples[MOST_SAMPLES];

static size_t
read_samples (const char *path)
{
  FILE *file = fopen (path, "rb");
  size_t n_samples;

  if (file == NULL || fseek (file, WAV_HEADER, SEEK_SET) != 0)
    exit (EXIT_FAILURE);
  n_samples = fread (samples, sizeof (int16), MOST_SAMPLES, file);
  fclose (file);

  return n_samples;
}

int
main (void)
{
  cmd_ln_t *config = cmd_ln_init (NULL, ps_args (), 1, "-hmm", MODELS "/en-us/en-us", "-lm",
                                  MODELS "/en-us/en-us.lm.bin", "-dict",
                                  MODELS "/en-us/cmudict-en-us.dict", "-logfn", "/dev/null", NULL);
  ps_decoder_t *decoder = ps_init (config);
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
  cmd_ln_free_r (config);

  return EXIT_SUCCESS;
}
