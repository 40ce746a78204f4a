/* SPDX-License-Identifier: MIT */
#include "recogniser-program.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The program whis-offline, as whoever runs it needs to know it. */

/* What the program's sentences begin with. */
#define OWN_WORDS "whis-offline: "

/* What it says when another model is loaded: the installed model that is the next smaller one. */
#define SMALLER "smaller "

/* Its exit code when no model is on this computer that it could use. */
#define EXIT_NO_MODEL 4

/**
 * whis_recogniser_program_get_path:
 *
 * Returns: (transfer none): the program's path
 */
const char *
whis_recogniser_program_get_path (void)
{
  const char *program = g_getenv ("WHIS_OFFLINE_PROGRAM");

  return program != NULL ? program : WHIS_LIBEXECDIR "/whis-offline";
}

/**
 * whis_recogniser_program_dup_sentence:
 * @complaint: the last that the program wrote to standard error, maybe empty
 *
 * Returns: (transfer full): why it has ended, as a sentence
 */
char *
whis_recogniser_program_dup_sentence (const char *complaint)
{
  g_return_val_if_fail (complaint != NULL, NULL);

  if (g_str_has_prefix (complaint, OWN_WORDS))
    return g_strstrip (g_strdup (complaint + strlen (OWN_WORDS)));
  if (complaint[0] != '\0')
    return g_strdup_printf (_ ("The embedded recogniser does not start: %s"), complaint);

  return g_strdup (_ ("The embedded recogniser ended while it started; install Whis again, or "
                      "choose another service in the preferences."));
}

/**
 * whis_recogniser_program_new_launcher:
 *
 * Makes what starts the program. Threads that wait for each other must not spin meanwhile, which on
 * a busy computer makes a token take twenty times as long; and ggml must not start a debugger when
 * it aborts.
 *
 * Returns: (transfer full): a launcher with pipes for all three streams
 */
GSubprocessLauncher *
whis_recogniser_program_new_launcher (void)
{
  GSubprocessLauncher *launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);

  /* Threads sleep while they wait for each other, but not for the few microseconds that most waits
   * take: without that recognition takes a fifth longer. */
  g_subprocess_launcher_setenv (launcher, "OMP_WAIT_POLICY", "passive", TRUE);
  g_subprocess_launcher_setenv (launcher, "GOMP_SPINCOUNT", "20000", TRUE);
  g_subprocess_launcher_setenv (launcher, "GGML_NO_BACKTRACE", "1", TRUE);

  return launcher;
}

/**
 * whis_recogniser_program_dup_arguments:
 * @socket_path: where it is to listen
 * @model: (nullable): the model that it is to load, or %NULL for its default
 * @plain: whether it is to use no instructions that only newer processors have
 * @gpu: (nullable): what the graphics processor is called that it is to use
 * @gpu_models: (nullable) (array zero-terminated=1): the models that it is to use it for
 *
 * Returns: (transfer full): the program and its arguments. It ends when its standard input does,
 *   so with this process, however that ends.
 */
GStrv
whis_recogniser_program_dup_arguments (const char *socket_path,
                                       const char *model,
                                       gboolean plain,
                                       const char *gpu,
                                       const char *const *gpu_models)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();

  g_return_val_if_fail (socket_path != NULL, NULL);
  g_return_val_if_fail ((gpu == NULL) == (gpu_models == NULL), NULL);

  g_strv_builder_add_many (arguments, whis_recogniser_program_get_path (), "--socket", socket_path,
                           "--exit-on-eof", NULL);
  if (model != NULL)
    g_strv_builder_add_many (arguments, "--model", model, NULL);
  if (plain)
    g_strv_builder_add (arguments, "--plain-processor");
  if (gpu != NULL)
    g_strv_builder_add_many (arguments, "--gpu", gpu, NULL);
  for (guint i = 0; gpu != NULL && gpu_models[i] != NULL; i++)
    g_strv_builder_add_many (arguments, "--gpu-model", gpu_models[i], NULL);

  return g_strv_builder_end (arguments);
}

/**
 * whis_recogniser_program_parse_smaller:
 * @line: a line of its standard output
 *
 * Returns: (transfer full) (nullable): the installed model that is the next smaller one than that
 *   which it loads, if @line says so
 */
char *
whis_recogniser_program_parse_smaller (const char *line)
{
  g_return_val_if_fail (line != NULL, NULL);

  return g_str_has_prefix (line, SMALLER) ? g_utf8_make_valid (line + strlen (SMALLER), -1) : NULL;
}

/**
 * whis_recogniser_program_lacks_model:
 * @status: its exit status
 *
 * Returns: whether it ended because there is no model on this computer that it could use
 */
gboolean
whis_recogniser_program_lacks_model (int status)
{
  return status == EXIT_NO_MODEL;
}
