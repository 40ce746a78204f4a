/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* whis-offline, run by a test on a socket of its own. */
typedef struct
{
  char *folder;
  char *socket_path;
  GSubprocess *process;
} Program;

Program *program_start (const char *const *more_arguments);
void program_start_again (Program *program);
char *program_run_refused (const char *const *arguments, int *exit_code);
int program_await_end (Program *program);
void program_stop (Program *program);

char *program_ask (Program *program, const char *request, gsize size, guint *status);
char *program_get (Program *program, const char *method, const char *path, guint *status);
char *program_transcribe (Program *program, const char *fields, GBytes *file, guint *status);
GSocketConnection *program_connect (Program *program);
GBytes *program_make_request (const char *fields, GBytes *file);

G_END_DECLS
