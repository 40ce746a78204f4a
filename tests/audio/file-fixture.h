/* SPDX-License-Identifier: MIT */
#pragma once

#include "file-capture.h"
#include "sounds.h"
#include "watch.h"

G_BEGIN_DECLS

/* Sound files in a directory, and what a capture makes of them. */

#define FRAME_SAMPLES 576
#define FRAME_MS 36
#define FRAME_SIZE 288

/* What ffmpeg's decoder leaves of the codec's delay: see recorder.c */
#define DELAY_SAMPLES 1105

extern char *file_fixture_directory;
extern GArray *file_fixture_speech;

char *file_fixture_dup_path (const char *name);
char *file_fixture_write_sound (GArray *sound, const char *name);
char *file_fixture_make (const char *name, const char *arguments);
void file_fixture_cut (const char *path, gsize size);
gsize file_fixture_get_size (const char *path);
void file_fixture_assert_same_sound (GArray *recorded, GArray *original);
void file_fixture_assert_speech (const char *path);
int file_fixture_run (void);

G_END_DECLS
