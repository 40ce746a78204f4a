/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-watch.h"
#include "whis-bus.h"

G_BEGIN_DECLS

/**
 * WhisExit:
 * @WHIS_EXIT_OK: it worked
 * @WHIS_EXIT_FAILED: it did not; standard error says why
 * @WHIS_EXIT_USAGE: the arguments make no sense
 * @WHIS_EXIT_NO_SERVICE: the service cannot be reached or started
 * @WHIS_EXIT_NO_SPEECH: nobody said anything
 * @WHIS_EXIT_CANCELLED: the user ended it
 *
 * Exit statuses of the command line; documented in the manual.
 */
typedef enum
{
  WHIS_EXIT_OK = 0,
  WHIS_EXIT_FAILED = 1,
  WHIS_EXIT_USAGE = 2,
  WHIS_EXIT_NO_SERVICE = 3,
  WHIS_EXIT_NO_SPEECH = 4,
  WHIS_EXIT_CANCELLED = 130,
} WhisExit;

GDBusConnection *whis_cli_get_bus (void);
WhisBusWhis1 *whis_cli_connect (gboolean start, int *status);
WhisExit whis_cli_status_from_code (const char *code);
char *whis_cli_describe_failure (WhisBusWhis1 *service, const WhisDictationEnd *end);
int whis_cli_call (const char *method, GVariant *arguments, const char *not_running);
gboolean whis_cli_is_not_running (const GError *error);
int whis_cli_report (GError *error);
int whis_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
