/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-service.h"

G_BEGIN_DECLS

/**
 * WHIS_CLI_STDIN:
 *
 * What standard input is called on the command line.
 */
#define WHIS_CLI_STDIN "-"

/**
 * WhisCliJob:
 * @path: a file, or %WHIS_CLI_STDIN
 * @output: (nullable): where its document goes; %NULL for where all go
 * @id: (nullable): its dictation, once it has one
 * @started: whether the service was asked
 * @ended: whether there is nothing more to come
 * @status: once it has ended: what became of it
 * @message: (nullable): why it has no document
 * @document: (nullable): what was asked for
 * @done: milliseconds of sound that are transcribed, or bytes of a model that are there
 * @total: the same in all, 0 while unknown
 *
 * A file to transcribe, or a model to fetch.
 */
typedef struct
{
  char *path;
  char *output;
  char *id;
  gboolean started;
  gboolean ended;
  WhisExit status;
  char *message;
  char *document;
  guint64 done;
  guint64 total;
} WhisCliJob;

WhisCliJob *whis_cli_job_new (const char *path);
void whis_cli_job_free (WhisCliJob *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisCliJob, whis_cli_job_free)

int whis_cli_job_open (WhisCliJob *self);
char *whis_cli_job_dup_name (const WhisCliJob *self);
void whis_cli_job_end (WhisCliJob *self, WhisExit status, char *message);

char *whis_cli_display_name (const char *path);

G_END_DECLS
