/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-service.h"
#include "whis-bus-models.h"

G_BEGIN_DECLS

int whis_cli_model_list (void);

WhisBusWhis1Models *whis_cli_model_connect (int *status);
GVariant *whis_cli_model_get_places (void);
GVariant *whis_cli_model_find (WhisBusWhis1Models *models, const char *id, int *status);
void whis_cli_model_suggest (GVariant *options);

G_END_DECLS
