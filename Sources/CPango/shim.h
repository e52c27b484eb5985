// Pango, which libvips draws text with, as found through pkg-config.
#pragma once
#include <pango/pangocairo.h>

// How many characters of a text no font has: Pango draws boxes in their place. g_object_unref takes gpointer,
// and casts stay out of Swift.
static inline int cpango_unknown_glyphs(const char *text, const char *font) {
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *description = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout, description);
    pango_layout_set_text(layout, text, -1);
    int count = pango_layout_get_unknown_glyphs_count(layout);
    pango_font_description_free(description);
    g_object_unref(layout);
    g_object_unref(context);
    return count;
}
