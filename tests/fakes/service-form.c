/* SPDX-License-Identifier: MIT */
#include "service-form.h"

#include <libsoup/soup.h>
#include <string.h>

static void
part_free (gpointer data)
{
  ServicePart *part = data;

  g_free (part->name);
  g_free (part->file_name);
  g_free (part->type);
  g_free (part->text);
  g_bytes_unref (part->data);
  g_free (part);
}

void
service_form_free (ServiceForm *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self);
}

static char *
get_boundary (const char *content_type)
{
  static const char prefix[] = "multipart/form-data;";
  g_autoptr (GHashTable) params = NULL;

  if (content_type == NULL || g_ascii_strncasecmp (content_type, prefix, strlen (prefix)) != 0)
    return NULL;
  params = soup_header_parse_semi_param_list (content_type + strlen (prefix));

  return g_strdup (g_hash_table_lookup (params, "boundary"));
}

/* The value of name="value" in a Content-Disposition; libsoup would also take filename*. */
static char *
get_parameter (const char *disposition, const char *name)
{
  g_autofree char *start = g_strconcat ("; ", name, "=\"", NULL);
  const char *found = strstr (disposition, start);
  const char *end;

  if (found == NULL)
    return NULL;
  found += strlen (start);
  end = strchr (found, '"');

  return end != NULL ? g_strndup (found, (gsize) (end - found)) : NULL;
}

static gboolean
read_head_line (ServicePart *part, const char *line)
{
  static const char disposition[] = "Content-Disposition: form-data";
  static const char type[] = "Content-Type: ";

  if (g_ascii_strncasecmp (line, disposition, strlen (disposition)) == 0)
    {
      part->name = get_parameter (line, "name");
      part->file_name = get_parameter (line, "filename");
      return part->name != NULL;
    }
  if (g_ascii_strncasecmp (line, type, strlen (type)) == 0)
    part->type = g_strdup (line + strlen (type));

  return strstr (line, ": ") != NULL;
}

static gboolean
read_head (ServicePart *part, const char *data, gsize size)
{
  g_autofree char *head = g_strndup (data, size);
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_head_line (part, lines[i]))
      return FALSE;

  return part->name != NULL;
}

/* @data: from behind the boundary's line up to the next boundary's line end. */
static ServicePart *
read_part (GBytes *body, gsize at, gsize size)
{
  const char *data = (const char *) g_bytes_get_data (body, NULL) + at;
  const char *blank = memmem (data, size, "\r\n\r\n", 4);
  ServicePart *part;
  gsize head;

  if (blank == NULL)
    return NULL;
  head = (gsize) (blank - data);
  part = g_new0 (ServicePart, 1);
  part->data = g_bytes_new_from_bytes (body, at + head + 4, size - head - 4);
  part->text = g_strndup (blank + 4, size - head - 4);
  if (read_head (part, data, head))
    return part;
  part_free (part);

  return NULL;
}

/* Reads on from @at, which is behind a boundary. FALSE for a fault. */
static gboolean
read_parts (ServiceForm *self, GBytes *body, gsize at, const char *separator)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  while (size - at >= 2 && memcmp (data + at, "\r\n", 2) == 0)
    {
      const char *end;
      ServicePart *part;

      at += 2;
      end = memmem (data + at, size - at, separator, strlen (separator));
      if (end == NULL)
        return FALSE;
      part = read_part (body, at, (gsize) (end - data) - at);
      if (part == NULL)
        return FALSE;
      g_ptr_array_add (self->parts, part);
      at = (gsize) (end - data) + strlen (separator);
    }

  return size - at == 4 && memcmp (data + at, "--\r\n", 4) == 0;
}

ServiceForm *
service_form_read (const char *content_type, GBytes *body, char **fault)
{
  g_autofree char *boundary = get_boundary (content_type);
  g_autofree char *separator = NULL;
  g_autoptr (ServiceForm) self = g_new0 (ServiceForm, 1);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  self->parts = g_ptr_array_new_with_free_func (part_free);
  if (boundary == NULL)
    {
      *fault = g_strdup_printf ("Content-Type is %s, without a form's boundary", content_type);
      return NULL;
    }
  separator = g_strconcat ("\r\n--", boundary, NULL);
  if (size < strlen (separator) || memcmp (data, separator + 2, strlen (separator + 2)) != 0
      || !read_parts (self, body, strlen (separator + 2), separator))
    {
      *fault = g_strdup ("the form is cut short or badly written");
      return NULL;
    }

  return g_steal_pointer (&self);
}

const ServicePart *
service_form_find (ServiceForm *self, const char *name)
{
  for (guint i = 0; self != NULL && i < self->parts->len; i++)
    {
      const ServicePart *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->name, name))
        return part;
    }

  return NULL;
}

const char *
service_form_get (ServiceForm *self, const char *name)
{
  const ServicePart *part = service_form_find (self, name);

  return part != NULL ? part->text : NULL;
}

gboolean
service_word_in (const char *word, const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static gboolean
is_number_between (const char *value, const char *bounds)
{
  g_auto (GStrv) limits = g_strsplit (bounds, " ", 2);
  char *end;
  double number = g_ascii_strtod (value, &end);

  return *value != '\0' && *end == '\0' && number >= g_ascii_strtod (limits[0], NULL)
         && number <= g_ascii_strtod (limits[1], NULL);
}

gboolean
service_field_takes (const ServiceField *field, const char *value)
{
  if (!g_utf8_validate (value, -1, NULL))
    return FALSE;
  switch (field->form)
    {
    case SERVICE_FIELD_CHOICE:
      return service_word_in (value, field->values);
    case SERVICE_FIELD_NUMBER:
      return is_number_between (value, field->values);
    case SERVICE_FIELD_BOOLEAN:
      return service_word_in (value, "true false");
    case SERVICE_FIELD_LANGUAGE:
      return strlen (value) == 2 && g_ascii_islower (value[0]) && g_ascii_islower (value[1]);
    case SERVICE_FIELD_TEXT:
      return *value != '\0';
    case SERVICE_FIELD_FILE:
    default:
      return TRUE;
    }
}

const ServiceField *
service_field_find (const ServiceField *fields, const char *name)
{
  for (; fields->name != NULL; fields++)
    if (g_str_equal (fields->name, name))
      return fields;

  return NULL;
}

static ServiceFaultKind
check_part (ServiceForm *self, const ServicePart *part, const ServiceField *fields)
{
  const ServiceField *field = service_field_find (fields, part->name);

  if (field == NULL)
    return SERVICE_FAULT_UNKNOWN;
  if (!field->repeats && service_form_find (self, part->name) != part)
    return SERVICE_FAULT_TWICE;
  if ((field->form == SERVICE_FIELD_FILE) != (part->file_name != NULL))
    return SERVICE_FAULT_VALUE;
  if (field->form == SERVICE_FIELD_FILE)
    return SERVICE_FAULT_NONE;

  return service_field_takes (field, part->text) ? SERVICE_FAULT_NONE : SERVICE_FAULT_VALUE;
}

ServiceFault
service_form_check (ServiceForm *self, const ServiceField *fields)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const ServicePart *part = g_ptr_array_index (self->parts, i);
      ServiceFaultKind kind = check_part (self, part, fields);

      if (kind != SERVICE_FAULT_NONE)
        return (ServiceFault){ kind, part->name, part->text };
    }

  return (ServiceFault){ 0 };
}
