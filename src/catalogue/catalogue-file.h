/* SPDX-License-Identifier: MIT */
#pragma once

#include "local-model.h"

G_BEGIN_DECLS

#define WHIS_CATALOGUE_ERROR (whis_catalogue_error_quark ())

/**
 * WhisCatalogueError:
 * @WHIS_CATALOGUE_ERROR_PARSE: a catalogue cannot be read
 *
 * What is wrong with a catalogue. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_CATALOGUE_ERROR_PARSE,
} WhisCatalogueError;

GQuark whis_catalogue_error_quark (void);

GPtrArray *whis_catalogue_parse (const char *text, gsize size, GError **error);
gboolean whis_catalogue_add_file (const char *path, GError **error);

G_END_DECLS
