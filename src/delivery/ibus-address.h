/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_ibus_address_get (const char *wayland_display, const char *x11_display);

G_END_DECLS
