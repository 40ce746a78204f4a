/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "legacy-settings.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
assert_text (const char *text, gsize longest)
{
  if (text == NULL)
    return;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <=, longest);
}

static void
check_settings (WhisLegacySettings *original)
{
  gboolean live;

  assert_text (original->service, 256);
  assert_text (original->language, 256);
  assert_text (original->microphone, 256);
  assert_text (original->ollama, 256);
  assert_text (original->prompt, 65536);
  assert_text (original->shortcut, 256);
  assert_text (original->model, 4096);
  g_assert_true (original->chunk_s == 0 || (original->chunk_s >= 10 && original->chunk_s <= 300));
  g_assert_cmpuint (original->keys->len, <=, 5);
  g_assert_cmpuint (original->oddities->len, <=, 64);
  for (guint i = 0; i < original->keys->len; i++)
    {
      const WhisLegacyKey *key = g_ptr_array_index (original->keys, i);

      g_assert_nonnull (whis_legacy_settings_find_provider (key->provider, &live));
      g_assert_cmpuint (strlen (key->key), >, 0);
      assert_text (key->key, 4096);
    }
  for (guint i = 0; i < original->oddities->len; i++)
    assert_text (g_ptr_array_index (original->oddities, i), 300);
  (void) whis_legacy_settings_find_provider (original->service, &live);
}

/* Whatever lies in the files of the earlier Whis. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *json = g_memdup2 (size > 0 ? data : (const guint8 *) "", MAX (size, 1));
  g_autoptr (WhisLegacySettings) original = whis_legacy_settings_parse (json, size);
  g_autoptr (WhisLegacyPreset) preset = whis_legacy_preset_parse ("name", json, size);

  if (original != NULL)
    check_settings (original);
  if (preset == NULL)
    return 0;
  g_assert_cmpuint (strlen (preset->prompt), >, 0);
  assert_text (preset->prompt, 65536);
  assert_text (preset->description, 65536);
  assert_text (preset->service, 256);
  assert_text (preset->model, 256);

  return 0;
}
