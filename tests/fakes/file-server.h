/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A server on 127.0.0.1 that has one file. Each request is answered by the next function of a plan,
 * in a thread of its own and byte for byte as the function writes it; the last function answers all
 * that follow.
 */

typedef struct
{
  char *path;
  char *range;    /* value of the header, or NULL */
  char *if_range; /* the same */
  gint64 offset;  /* first byte that Range asks for, or -1 */
} FileRequest;

typedef struct _FileServer FileServer;

typedef void (*FileAnswer) (FileServer *self, const FileRequest *request, GIOStream *stream);

/* The plan ends with NULL and outlives the server. */
FileServer *file_server_new (GBytes *file, const FileAnswer *plan);
void file_server_free (FileServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FileServer, file_server_free)

const char *file_server_get_url (FileServer *self);
GBytes *file_server_get_file (FileServer *self);
guint file_server_get_n_requests (FileServer *self);
const FileRequest *file_server_get_request (FileServer *self, guint index);

/* Answers. */
void file_answer_well (FileServer *self, const FileRequest *request, GIOStream *stream);
void file_answer_cut (FileServer *self, const FileRequest *request, GIOStream *stream);
void file_answer_whole (FileServer *self, const FileRequest *request, GIOStream *stream);
void file_answer_missing (FileServer *self, const FileRequest *request, GIOStream *stream);
void file_answer_silence (FileServer *self, const FileRequest *request, GIOStream *stream);

/* For answers of a test: a head in printf's manner, and bytes of the file. */
void file_write_head (GIOStream *stream, const char *format, ...) G_GNUC_PRINTF (2, 3);
void file_write_bytes (GIOStream *stream, GBytes *file, gsize start, gsize end);
/* Returns when the client has gone. */
void file_wait_for_end (GIOStream *stream);

G_END_DECLS
