/* SPDX-License-Identifier: MIT */
#include "bus-error.h"

#include "document-format.h"

#include <gio/gio.h>

/* The names that documentation and other programs know. */
static const struct
{
  WhisBusError code;
  const char *name;
} errors[] = {
  { WHIS_BUS_ERROR_NOT_RECORDING, "NotRecording" },
  { WHIS_BUS_ERROR_ALREADY_RECORDING, "AlreadyRecording" },
  { WHIS_BUS_ERROR_NOT_FOUND, "NotFound" },
  { WHIS_BUS_ERROR_DEVICE, "Device" },
  { WHIS_BUS_ERROR_STORAGE, "Storage" },
  { WHIS_BUS_ERROR_KEY, "Key" },
  { WHIS_BUS_ERROR_PROVIDER, "Provider" },
  { WHIS_BUS_ERROR_ARGUMENTS, "Arguments" },
  { WHIS_BUS_ERROR_CLIPBOARD, "Clipboard" },
  { WHIS_BUS_ERROR_KEYRING, "Keyring" },
  { WHIS_BUS_ERROR_FILE, "File" },
  { WHIS_BUS_ERROR_FAILED, "Failed" },
};

/* An error that the service sends is the same error in its client. */
static void
test_over_the_bus (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) sent = g_error_new_literal (WHIS_BUS_ERROR, errors[i].code, "A sentence.");
      g_autofree char *name = g_dbus_error_encode_gerror (sent);
      g_autofree char *expected =
          g_strconcat ("io.github.whis_gtk.Whis.Error.", errors[i].name, NULL);
      g_autoptr (GError) arrived = g_dbus_error_new_for_dbus_error (expected, sent->message);

      g_assert_cmpstr (name, ==, expected);
      g_assert_error (arrived, WHIS_BUS_ERROR, (int) errors[i].code);
      g_assert_true (g_dbus_error_strip_remote_error (arrived));
      g_assert_cmpstr (arrived->message, ==, "A sentence.");
    }
}

/* One that a newer service has is an error, though nobody knows which. */
static void
test_unknown (void)
{
  g_autoptr (GError) arrived =
      g_dbus_error_new_for_dbus_error ("io.github.whis_gtk.Whis.Error.Paste", "A sentence.");

  g_assert_error (arrived, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR);
}

/* The words of --format and of D-Bus. */
static void
test_document_formats (void)
{
  static const struct
  {
    WhisDocumentFormat format;
    const char *nick;
  } formats[] = {
    { WHIS_DOCUMENT_TEXT, "text" },
    { WHIS_DOCUMENT_JSON, "json" },
    { WHIS_DOCUMENT_SRT, "srt" },
    { WHIS_DOCUMENT_VTT, "vtt" },
  };
  static const char *const unknown[] = { "", "TEXT", "txt", "text ", "webvtt" };
  WhisDocumentFormat found = WHIS_DOCUMENT_VTT;

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_assert_cmpstr (whis_document_format_get_nick (formats[i].format), ==, formats[i].nick);
      g_assert_true (whis_document_format_from_nick (formats[i].nick, &found));
      g_assert_cmpint (found, ==, formats[i].format);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_assert_false (whis_document_format_from_nick (unknown[i], &found));
      g_assert_cmpint (found, ==, WHIS_DOCUMENT_VTT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus-error/over-the-bus", test_over_the_bus);
  g_test_add_func ("/bus-error/unknown", test_unknown);
  g_test_add_func ("/document-format/nicks", test_document_formats);

  return g_test_run ();
}
