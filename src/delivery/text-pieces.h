/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Wayland drops a message of more than 4,096 bytes, or ends the connection. */
#define WHIS_TEXT_PIECES_BYTES 3900

/* Of a longer text a field tells at least so many bytes before the caret. */
#define WHIS_TEXT_PIECES_TOLD 32

GStrv whis_text_pieces_new (const char *text);

G_END_DECLS
