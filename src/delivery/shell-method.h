/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHELL_METHOD (whis_shell_method_get_type ())

G_DECLARE_FINAL_TYPE (WhisShellMethod, whis_shell_method, WHIS, SHELL_METHOD, GObject)

WhisShellMethod *whis_shell_method_new (GDBusConnection *connection);

G_END_DECLS
