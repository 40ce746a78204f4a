/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

void model_folder_add (const char *folder, const char *name, const char *data, gsize size);
void
model_folder_add_whisper (const char *folder, const char *name, guint vocabulary, guint kilobytes);
void
model_folder_add_parakeet (const char *folder, const char *name, guint vocabulary, guint kilobytes);
void model_folder_remove (const char *folder);
