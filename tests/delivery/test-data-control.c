/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>

#include "compositor.h"
#include "data-control-selection.h"
#include "delivery-error.h"

#define TEXT "text/plain;charset=utf-8"
#define EXT (COMPOSITOR_SEAT | COMPOSITOR_EXT_DATA_CONTROL)

typedef struct
{
  gboolean done;
  GHashTable *saved;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_pointer (&end->saved, g_hash_table_unref);
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  whis_selection_probe_finish (WHIS_SELECTION (source), result, &end->error);
  end->done = TRUE;
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->saved = whis_selection_save_finish (WHIS_SELECTION (source), result, &end->error);
  end->done = TRUE;
}

static void
on_owned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  whis_selection_own_finish (WHIS_SELECTION (source), result, &end->error);
  end->done = TRUE;
}

static void
await_end (End *end)
{
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
save (WhisSelection *selection, End *end)
{
  whis_selection_save_async (selection, NULL, on_saved, end);
  await_end (end);
}

static void
own (WhisSelection *selection, const char *text, gboolean sensitive)
{
  g_autoptr (GHashTable) formats = whis_selection_formats_new (text, sensitive);
  g_auto (End) end = { 0 };

  whis_selection_own_async (selection, formats, NULL, on_owned, &end);
  await_end (&end);
  g_assert_no_error (end.error);
}

static GHashTable *
make_clipboard (const char *format, gsize size)
{
  GHashTable *formats =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  char *bytes = g_malloc (size);

  memset (bytes, 'x', size);
  g_hash_table_insert (formats, g_strdup (format), g_bytes_new_take (bytes, size));

  return formats;
}

static void
on_lost (WhisSelection *selection, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
on_read (WhisSelection *selection, WhisSelectionReader reader, gboolean content, gpointer user_data)
{
  g_assert_cmpint (reader, ==, WHIS_SELECTION_READER_UNKNOWN);
  g_string_append_c (user_data, content ? 'c' : 'h');
}

static void
test_protocols (void)
{
  static const struct
  {
    guint globals;
    const char *device; /* nullable: it is not offered */
    gboolean primary;
  } cases[] = {
    { 0, NULL, FALSE },
    { COMPOSITOR_SEAT, NULL, FALSE },
    { COMPOSITOR_EXT_DATA_CONTROL, NULL, FALSE },
    { EXT, "ext_data_control_manager_v1:1", TRUE },
    { EXT | COMPOSITOR_WLR_DATA_CONTROL, "ext_data_control_manager_v1:1", TRUE },
    { COMPOSITOR_SEAT | COMPOSITOR_WLR_DATA_CONTROL, "zwlr_data_control_manager_v1:2", TRUE },
    { COMPOSITOR_SEAT | COMPOSITOR_WLR_DATA_CONTROL_1, "zwlr_data_control_manager_v1:1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (cases[i].globals);
      g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
      g_autofree char *text = NULL;
      g_auto (End) end = { 0 };

      whis_selection_probe_async (selection, NULL, on_probed, &end);
      await_end (&end);
      if (cases[i].device == NULL)
        {
          g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
          continue;
        }

      g_assert_no_error (end.error);
      g_assert_nonnull (strstr (compositor->log->str, cases[i].device));
      g_assert_true (whis_selection_has_primary (selection) == cases[i].primary);
      whis_selection_set_primary (selection, TRUE);
      own (selection, "words", FALSE);
      compositor_await (compositor, "set-selection");
      text = compositor_paste (compositor, TEXT, FALSE);
      g_assert_cmpstr (text, ==, "words");
      if (cases[i].primary)
        {
          g_autofree char *primary = NULL;

          compositor_await (compositor, "set-primary");
          primary = compositor_paste (compositor, TEXT, TRUE);
          g_assert_cmpstr (primary, ==, "words");
        }
    }
}

/* What is read is told, and whether it was more than the mark for clipboard managers. */
static void
test_reads (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_autoptr (GString) reads = g_string_new (NULL);
  g_autofree char *hint = NULL;
  g_autofree char *name = NULL;

  g_signal_connect (selection, "read", G_CALLBACK (on_read), reads);
  own (selection, "words", TRUE);
  compositor_await (compositor, "set-selection");
  g_assert_nonnull (strstr (compositor->log->str, "offer:" WHIS_SELECTION_PASSWORD_HINT));
  /* What the user has selected stays, unless the setting says otherwise. */
  g_assert_null (strstr (compositor->log->str, "primary"));
  hint = compositor_paste (compositor, WHIS_SELECTION_PASSWORD_HINT, FALSE);
  g_assert_cmpstr (hint, ==, "secret");
  name = compositor_paste (compositor, "UTF8_STRING", FALSE);
  g_assert_cmpstr (name, ==, "words");
  while (reads->len < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (reads->str, ==, "hc");
}

/* A reader that goes away in the middle has not read, and the next one is served. */
static void
test_reader_closes (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_autoptr (GString) reads = g_string_new (NULL);
  g_autofree char *text = g_strnfill (300000, 'x');
  g_autofree char *pasted = NULL;

  g_signal_connect (selection, "read", G_CALLBACK (on_read), reads);
  own (selection, text, FALSE);
  compositor_await (compositor, "set-selection");
  compositor_paste_and_close (compositor, TEXT);
  pasted = compositor_paste (compositor, TEXT, FALSE);
  g_assert_cmpstr (pasted, ==, text);
  while (reads->len < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (reads->str, ==, "c");
}

static void
test_save (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_auto (End) empty = { 0 };
  g_auto (End) full = { 0 };
  g_auto (End) own_text = { 0 };

  save (selection, &empty);
  g_assert_no_error (empty.error);
  g_assert_cmpuint (g_hash_table_size (empty.saved), ==, 0);

  compositor->clipboard = make_clipboard (TEXT, 200000);
  g_hash_table_insert (compositor->clipboard, g_strdup ("image/png"), g_bytes_new ("", 0));
  compositor_copy (compositor, g_hash_table_ref (compositor->clipboard));
  g_hash_table_unref (compositor->clipboard);
  save (selection, &full);
  g_assert_no_error (full.error);
  g_assert_cmpuint (g_hash_table_size (full.saved), ==, 2);
  g_assert_true (g_bytes_equal (g_hash_table_lookup (full.saved, TEXT),
                                g_hash_table_lookup (compositor->clipboard, TEXT)));

  /* What this process has put there need not be read. */
  own (selection, "words", FALSE);
  save (selection, &own_text);
  g_assert_no_error (own_text.error);
  g_assert_true (g_hash_table_contains (own_text.saved, TEXT));
}

/* Neither what is too large nor what does not come is put back in part. */
static void
test_not_saved (void)
{
  static const struct
  {
    gsize size;
    gboolean silent;
    const char *stop_at;
    gboolean saved;
  } cases[] = {
    { WHIS_SELECTION_FORMAT_MAX + 1, FALSE, NULL, FALSE },
    { 10, TRUE, NULL, FALSE },
    { 10, FALSE, NULL, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (EXT);
      g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
      g_auto (End) end = { 0 };

      compositor->clipboard = make_clipboard (TEXT, cases[i].size);
      compositor->silent_owner = cases[i].silent;
      save (selection, &end);
      if (cases[i].saved)
        g_assert_no_error (end.error);
      else
        g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
    }
}

/* A pipe that ends does not say that it was read to its end. What another program copied meanwhile
 * is not to be replaced by what was there before. */
static void
test_changed_meanwhile (gconstpointer data)
{
  gboolean gone = GPOINTER_TO_INT (data);
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_auto (End) end = { 0 };

  compositor->clipboard = make_clipboard (TEXT, 10);
  compositor->silent_owner = TRUE;
  whis_selection_save_async (selection, NULL, on_saved, &end);
  compositor_await (compositor, "receive:" TEXT);
  if (gone)
    compositor_stop (compositor);
  else
    {
      g_autoptr (GHashTable) other = make_clipboard (TEXT, 3);

      compositor_copy (compositor, other);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (end.done);
  compositor_close_held (compositor);
  await_end (&end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
}

static void
test_lost (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_autoptr (GHashTable) other = make_clipboard (TEXT, 3);
  guint n_lost = 0;

  g_signal_connect (selection, "lost", G_CALLBACK (on_lost), &n_lost);
  own (selection, "words", FALSE);
  compositor_await (compositor, "set-selection");
  g_string_truncate (compositor->log, 0);
  own (selection, "more words", FALSE);
  compositor_await (compositor, "set-selection");
  g_assert_true (whis_selection_is_owner (selection));
  compositor_copy (compositor, other);
  while (n_lost == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (whis_selection_is_owner (selection));
  g_assert_cmpuint (n_lost, ==, 1);
}

/* Of what was copied before nothing is kept, nor read when the seat has gone. */
static void
test_old_offers (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_autoptr (GHashTable) other = make_clipboard (TEXT, 3);
  g_auto (End) first = { 0 };
  g_auto (End) last = { 0 };

  save (selection, &first);
  for (guint i = 0; i < 3; i++)
    compositor_copy (compositor, other);
  g_assert_cmpuint (compositor->n_offers, ==, 3);
  while (compositor->n_offers > 1)
    g_main_context_iteration (NULL, TRUE);

  compositor_finish_clipboard (compositor);
  while (compositor->n_offers == 1 && g_main_context_iteration (NULL, FALSE))
    ;
  save (selection, &last);
  g_assert_no_error (last.error);
  g_assert_cmpuint (g_hash_table_size (last.saved), ==, 0);
}

static void
test_compositor_gone (void)
{
  g_autoptr (Compositor) compositor = compositor_new (EXT);
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (compositor->name);
  g_auto (End) end = { 0 };
  guint n_lost = 0;

  g_signal_connect (selection, "lost", G_CALLBACK (on_lost), &n_lost);
  own (selection, "words", FALSE);
  compositor_stop (compositor);
  while (n_lost == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (whis_selection_is_owner (selection));
  g_assert_false (whis_selection_has_primary (selection));
  whis_selection_probe_async (selection, NULL, on_probed, &end);
  await_end (&end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

int
main (int argc, char *argv[])
{
  /* As GSocket does in the program. */
  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/data-control/protocols", test_protocols);
  g_test_add_func ("/data-control/reads", test_reads);
  g_test_add_func ("/data-control/reader-closes", test_reader_closes);
  g_test_add_func ("/data-control/save", test_save);
  g_test_add_func ("/data-control/not-saved", test_not_saved);
  g_test_add_data_func ("/data-control/changed-meanwhile/copied", GINT_TO_POINTER (FALSE),
                        test_changed_meanwhile);
  g_test_add_data_func ("/data-control/changed-meanwhile/gone", GINT_TO_POINTER (TRUE),
                        test_changed_meanwhile);
  g_test_add_func ("/data-control/lost", test_lost);
  g_test_add_func ("/data-control/old-offers", test_old_offers);
  g_test_add_func ("/data-control/compositor-gone", test_compositor_gone);

  return g_test_run ();
}
