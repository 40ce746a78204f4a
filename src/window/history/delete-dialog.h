/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The response that means to delete. */
#define WHIS_DELETE_RESPONSE "delete"

GtkWidget *whis_delete_dialog_new (GtkWidget *from);

G_END_DECLS
