/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A file that is written, and replaces an earlier one as a whole. */
typedef struct
{
  int fd;

  /*< private >*/
  const char *path;
  char *new_path; /* until it is whole; NULL where it is written in its place */
} WhisCliFile;

gboolean whis_cli_print_text (const char *text);
gboolean whis_cli_write_text (const char *path, const char *text);

G_END_DECLS
gboolean whis_cli_file_open (WhisCliFile *self, const char *path, guint mode);
gboolean whis_cli_file_close (WhisCliFile *self, gboolean is_whole);
