/* SPDX-License-Identifier: MIT */
#include "recogniser-end.h"

#include <glib/gi18n-lib.h>
#include <signal.h>

static char *
describe_memory (const char *smaller)
{
  if (smaller == NULL)
    return g_strdup (_ ("The system ended the embedded recogniser, most likely because memory ran "
                        "out; close other programs, or choose a smaller model."));

  return g_strdup_printf (_ ("The system ended the embedded recogniser, most likely because memory "
                             "ran out; close other programs, or choose a smaller model, such as "
                             "%s."),
                          smaller);
}

/**
 * whis_recogniser_end_describe:
 * @number: the signal that ended the recogniser
 * @smaller: (nullable): the installed model that is the next smaller one, if it is known
 *
 * Says what an end by a signal means for the user.
 *
 * Returns: (transfer full): a sentence
 */
char *
whis_recogniser_end_describe (int number, const char *smaller)
{
  if (number == SIGILL)
    return g_strdup (_ ("This processor cannot run the fast variant of the embedded recogniser; it "
                        "goes on with the plain one, which is several times slower."));
  if (number == SIGKILL)
    return describe_memory (smaller);
  if (number == SIGABRT)
    return g_strdup (_ ("The engine of the embedded recogniser gave up; remove the model and fetch "
                        "it again, or choose another one."));

  return g_strdup (_ ("The embedded recogniser crashed; try again, or choose another model."));
}
