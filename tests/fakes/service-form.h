/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * multipart/form-data read to the letter (RFC 7578, RFC 2046): every line end, every boundary,
 * nothing before the first and nothing behind the last.
 */

typedef struct
{
  char *name;
  /* of "filename", not of "filename*", which many servers do not read */
  char *file_name;
  char *type;
  GBytes *data;
  /* the data once more, as a string */
  char *text;
} ServicePart;

typedef struct
{
  GPtrArray *parts;
} ServiceForm;

/* NULL and @fault, a sentence, when @body is not that. */
ServiceForm *service_form_read (const char *content_type, GBytes *body, char **fault);
void service_form_free (ServiceForm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceForm, service_form_free)

/* The first part of that name, or NULL, and its text. */
const ServicePart *service_form_find (ServiceForm *self, const char *name);
const char *service_form_get (ServiceForm *self, const char *name);

/* What a field may hold. */
typedef enum
{
  SERVICE_FIELD_TEXT,
  SERVICE_FIELD_FILE,
  /* one of the words of @values */
  SERVICE_FIELD_CHOICE,
  /* between the two numbers of @values */
  SERVICE_FIELD_NUMBER,
  SERVICE_FIELD_BOOLEAN,
  /* two letters */
  SERVICE_FIELD_LANGUAGE,
} ServiceFieldForm;

typedef struct
{
  const char *name;
  ServiceFieldForm form;
  const char *values;
  gboolean repeats;
} ServiceField;

gboolean service_field_takes (const ServiceField *field, const char *value);
/* One of the words of @list, which are parted by spaces. */
gboolean service_word_in (const char *word, const char *list);
const ServiceField *service_field_find (const ServiceField *fields, const char *name);

typedef enum
{
  SERVICE_FAULT_NONE,
  SERVICE_FAULT_UNKNOWN,
  SERVICE_FAULT_TWICE,
  SERVICE_FAULT_VALUE,
} ServiceFaultKind;

typedef struct
{
  ServiceFaultKind kind;
  const char *name;
  const char *value;
} ServiceFault;

/* The first part that does not agree with @fields, an array whose last name is NULL. */
ServiceFault service_form_check (ServiceForm *self, const ServiceField *fields);

G_END_DECLS
