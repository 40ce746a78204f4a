/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_WINDOW_APPLICATION (whis_window_application_get_type ())
G_DECLARE_FINAL_TYPE (WhisWindowApplication,
                      whis_window_application,
                      WHIS,
                      WINDOW_APPLICATION,
                      AdwApplication)

WhisWindowApplication *whis_window_application_new (void);

G_END_DECLS
