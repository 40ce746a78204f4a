/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisCliBinding:
 * @option: name of an option, without the dashes
 * @value: where its value goes: a `gboolean` for a flag, an `int` for a number, a `char *` to be
 *   freed for everything else
 *
 * What a command does with one of its options. Lists of them end with an empty one, and name every
 * option that the command has in the table, and no other.
 */
typedef struct
{
  const char *option;
  gpointer value;
} WhisCliBinding;

gboolean whis_cli_parse (const char *path,
                         const WhisCliBinding *bindings,
                         int *argc,
                         char ***argv,
                         int *status);

G_END_DECLS
