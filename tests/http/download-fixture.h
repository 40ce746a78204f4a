/* SPDX-License-Identifier: MIT */
#pragma once

#include "download.h"
#include "file-server.h"

G_BEGIN_DECLS

#define FILE_SIZE (2 * 1024 * 1024 + 12345)

/* A directory, a file and a server that has it, for each test. */
typedef struct
{
  char *directory;
  char *path;
  char *part;
  GBytes *file;
  char *sha256;
  FileServer *server;
  WhisDownload *download;
  GCancellable *cancellable;
  GAsyncResult *result;
} Fixture;

/* The data of a test is the plan of its server; NULL for none. */
void fixture_set_up (Fixture *fixture, gconstpointer plan);
void fixture_tear_down (Fixture *fixture, gconstpointer plan);

void fixture_create_download (Fixture *fixture, const char *address, const char *other);
/* Creates a download from the server if there is none. */
gboolean fixture_run (Fixture *fixture, GError **error);
/* For whoever runs the download otherwise. */
void fixture_on_done (GObject *object, GAsyncResult *result, gpointer data);

/* Puts so many bytes of the file into its part. */
void fixture_write_part (Fixture *fixture, gsize size);
guint64 fixture_get_part_size (Fixture *fixture);

void fixture_assert_whole (Fixture *fixture);
void fixture_assert_no_file (Fixture *fixture);
void fixture_assert_runs (Fixture *fixture);
void fixture_assert_fails (Fixture *fixture, WhisHttpError code);

G_END_DECLS
