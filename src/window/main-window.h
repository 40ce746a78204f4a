/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MAIN_WINDOW (whis_main_window_get_type ())
G_DECLARE_FINAL_TYPE (WhisMainWindow, whis_main_window, WHIS, MAIN_WINDOW, AdwApplicationWindow)

WhisMainWindow *whis_main_window_new (GtkApplication *application,
                                      WhisServiceProxy *service,
                                      WhisSettings *settings);

void whis_main_window_transcribe (WhisMainWindow *self, GFile *file);
void whis_main_window_quit_service (WhisMainWindow *self);

G_END_DECLS
