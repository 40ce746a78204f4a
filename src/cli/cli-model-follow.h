/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-model.h"

G_BEGIN_DECLS

/**
 * WhisCliModelFollow:
 * @models: the service
 * @id: a model
 * @cancel: the method that ends what is done with it
 * @lost: what is said if the service ends
 * @unanswered: what is said if it does not answer to @cancel
 * @loop: private
 * @status: how it ended
 * @message: (nullable): what is to be said about it
 * @interrupted: private
 *
 * Something that the service does with a model while the command line waits for its end. Ctrl+C
 * cancels it; a second one does not wait for that.
 */
typedef struct
{
  WhisBusWhis1Models *models;
  const char *id;
  const char *cancel;
  const char *lost;
  const char *unanswered;
  GMainLoop *loop;
  WhisExit status;
  char *message;
  gboolean interrupted;
} WhisCliModelFollow;

void whis_cli_model_follow_run (WhisCliModelFollow *self);
void whis_cli_model_follow_end (WhisCliModelFollow *self, WhisExit status, char *message);
int whis_cli_model_follow_tell (WhisCliModelFollow *self);

G_END_DECLS
