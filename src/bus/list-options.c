/* SPDX-License-Identifier: MIT */
#include "list-options.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-options.h"
#include "dictation-state.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 500

static const WhisCallOption known_options[] = {
  { "search", "s", G_STRUCT_OFFSET (WhisListOptions, search) },
  { "marked", "b", G_STRUCT_OFFSET (WhisListOptions, query.marked) },
  { "states", "as", G_STRUCT_OFFSET (WhisListOptions, states) },
  { "offset", "u", G_STRUCT_OFFSET (WhisListOptions, query.offset) },
  { "limit", "u", G_STRUCT_OFFSET (WhisListOptions, query.limit) },
};

static gboolean
list_options_read_states (WhisListOptions *self, GError **error)
{
  for (guint i = 0; self->states != NULL && self->states[i] != NULL; i++)
    {
      const char *word = self->states[i];
      WhisDictationState state = whis_dictation_state_from_nick (word);

      if (!g_str_equal (whis_dictation_state_get_nick (state), word))
        {
          g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                       _ ("There is no state “%s”."), word);
          return FALSE;
        }
      self->query.states |= 1u << state;
    }

  return TRUE;
}

/**
 * whis_list_options_read:
 * @self: options, all of them zero
 * @dictionary: what is wanted, of type `a{sv}`
 * @error: return location for %WHIS_BUS_ERROR_ARGUMENTS
 *
 * Returns: whether @dictionary makes sense
 */
gboolean
whis_list_options_read (WhisListOptions *self, GVariant *dictionary, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (dictionary != NULL, FALSE);

  if (!whis_call_options_read (dictionary, known_options, G_N_ELEMENTS (known_options), self, error)
      || !list_options_read_states (self, error))
    return FALSE;

  self->query.search = self->search;
  self->query.limit = self->query.limit > 0 ? MIN (self->query.limit, MAX_LIMIT) : DEFAULT_LIMIT;

  return TRUE;
}

void
whis_list_options_clear (WhisListOptions *self)
{
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->states, g_strfreev);
}
