/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_APPLICATION (whis_application_get_type ())
G_DECLARE_FINAL_TYPE (WhisApplication, whis_application, WHIS, APPLICATION, GApplication)

int whis_application_run_service (gboolean at_login);

G_END_DECLS
