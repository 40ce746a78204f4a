/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

int whis_call_dup_file (GUnixFDList *fds, GVariant *handle);

G_END_DECLS
