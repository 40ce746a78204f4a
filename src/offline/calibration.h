/* SPDX-License-Identifier: MIT */
#pragma once

#include "recogniser.h"

G_BEGIN_DECLS

void whis_calibration_run_async (WhisRecogniser *recogniser,
                                 GBytes *samples,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
char *whis_calibration_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
