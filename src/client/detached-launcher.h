/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSubprocessLauncher *whis_detached_launcher_new (void);

G_END_DECLS
