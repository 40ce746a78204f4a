/* SPDX-License-Identifier: MIT */
#include "method-description.h"

/* Which methods the session offers; the data of its task. */
typedef struct
{
  GPtrArray *methods;
  GVariantBuilder builder;
  guint next; /* who is asked next */
} Description;

static void
description_free (Description *description)
{
  g_variant_builder_clear (&description->builder);
  g_ptr_array_unref (description->methods);
  g_free (description);
}

static void describe_next (GTask *task);

static void
on_method_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Description *description = g_task_get_task_data (task);
  WhisInsertionMethod *method = WHIS_INSERTION_METHOD (source);
  g_autoptr (GError) error = NULL;
  gboolean offered = whis_insertion_method_probe_finish (method, result, &error);

  g_variant_builder_add (&description->builder, "(sbs)", whis_insertion_method_get_name (method),
                         offered, error != NULL ? error->message : "");
  describe_next (task);
}

static void
describe_next (GTask *task)
{
  Description *description = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (description->next >= description->methods->len)
    {
      g_task_return_pointer (task,
                             g_variant_ref_sink (g_variant_builder_end (&description->builder)),
                             (GDestroyNotify) g_variant_unref);
      return;
    }

  whis_insertion_method_probe_async (description->methods->pdata[description->next++],
                                     g_task_get_cancellable (task), on_method_probed,
                                     g_object_ref (task));
}

/**
 * whis_method_description_async:
 * @methods: (element-type WhisInsertionMethod): the methods, the best first
 * @cancellable: (nullable): to give up
 * @callback: called with the list; the source object is %NULL
 * @user_data: for @callback
 *
 * Asks one method after the other whether this session offers it.
 */
void
whis_method_description_async (GPtrArray *methods,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Description *description = g_new0 (Description, 1);

  g_task_set_source_tag (task, whis_method_description_async);
  description->methods = g_ptr_array_ref (methods);
  g_variant_builder_init (&description->builder, G_VARIANT_TYPE ("a(sbs)"));
  g_task_set_task_data (task, description, (GDestroyNotify) description_free);
  describe_next (task);
}

/**
 * whis_method_description_finish:
 * @result: the result
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): an `a(sbs)`: the word of each method in their order, whether it can be
 *   used, and if not, what is missing
 */
GVariant *
whis_method_description_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_method_description_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
