/* SPDX-License-Identifier: MIT */
#include "echo.h"

static const struct
{
  const char *name;
  const char *text;
  const char *prompt;
  guint64 voice_ms;
  gboolean echo;
} cases[] = {
  { "whole", "Names: Grafana, Kubernetes.", "names: Grafana, Kubernetes", 900, TRUE },
  { "twice", "Grafana Kubernetes. Grafana, Kubernetes", "Grafana, Kubernetes", 900, TRUE },
  { "japanese", "東京、大阪。", "東京 大阪", 500, TRUE },
  { "part", "Grafana", "Grafana, Kubernetes", 300, FALSE },
  { "part-and-more", "Grafana is down", "Grafana", 200, FALSE },
  { "half-twice", "Grafana Kubernetes Grafana", "Grafana, Kubernetes", 900, FALSE },
  { "other", "I will call you later", "Grafana, Kubernetes", 900, FALSE },
  { "one-word-in-noise", "Grafana.", "Grafana", 140, TRUE },
  { "one-word-spoken", "Grafana.", "Grafana", 600, FALSE },
  { "no-prompt", "Thank you for watching.", "", 140, FALSE },
  { "null-prompt", "Thank you for watching.", NULL, 140, FALSE },
  { "empty-text", "", "Grafana", 140, FALSE },
  { "punctuation", "...", "!!!", 140, FALSE },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpint (whis_text_echoes_prompt (cases[i].text, cases[i].prompt, cases[i].voice_ms), ==,
                   cases[i].echo);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/echo/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
