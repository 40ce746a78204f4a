/* SPDX-License-Identifier: MIT */
#include "delivery-result.h"

G_DEFINE_ENUM_TYPE (WhisDeliveryMode,
                    whis_delivery_mode,
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_INSERT, "insert"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_PASTE, "paste"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_COMMIT, "commit"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_COPY, "copy"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_BOTH, "both"))

/**
 * whis_delivery_mode_from_nick:
 * @nick: (nullable): a value of the setting `delivery`
 *
 * Returns: the mode of that name, %WHIS_DELIVERY_MODE_INSERT for an unknown one
 */
WhisDeliveryMode
whis_delivery_mode_from_nick (const char *nick)
{
  g_autoptr (GEnumClass) modes = g_type_class_ref (WHIS_TYPE_DELIVERY_MODE);
  GEnumValue *value = g_enum_get_value_by_nick (modes, nick != NULL ? nick : "");

  return value != NULL ? (WhisDeliveryMode) value->value : WHIS_DELIVERY_MODE_INSERT;
}

/**
 * whis_delivery_result_free:
 * @self: (transfer full): a result
 */
void
whis_delivery_result_free (WhisDeliveryResult *self)
{
  g_free (self->reason);
  g_free (self);
}
