// libvips, as found through pkg-config, and the few inline functions that Swift needs to call it.
//
// Swift imports neither C's variadic functions nor its function-like macros, and libvips takes
// every optional argument of an operation through a variadic list. Each wrapper below fixes one
// such list for the one use that Pictures has for it. All return 0 for success, like libvips.
#pragma once
#include <dlfcn.h>
#include <vips/vips.h>

// VIPS_INIT is a macro (it checks that the library fits these headers).
static inline int cvips_start(const char *program) { return VIPS_INIT(program); }

static void cvips_discard_log(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

// GLib prints warnings on standard error unless the domain has a handler of its own. A handler
// must be a C function, and GLogLevelFlags is a C enum that Swift cannot combine with |.
static inline void cvips_silence(const char *domain) {
    g_log_set_handler(
        domain, G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG,
        cvips_discard_log, NULL);
}

// Loaders that parse with libraries not meant for foreign bytes; known since libvips 8.13.
static inline void cvips_block_untrusted(void) {
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 13
    vips_block_untrusted_set(TRUE);
#endif
}

// Lets a loader be used that is blocked as untrusted.
static inline void cvips_unblock(const char *loader) {
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 13
    vips_operation_block_set(loader, FALSE);
#endif
}

// libheif comes with a module of libvips, which need not be there: it is asked without being linked.
static inline const char *cvips_heif_version(void) {
#ifdef __APPLE__
    void *library = dlopen("libheif.1.dylib", RTLD_LAZY | RTLD_NOLOAD);
#else
    void *library = dlopen("libheif.so.1", RTLD_LAZY | RTLD_NOLOAD);
#endif
    if (!library) return NULL;
    const char *(*version)(void) = (const char *(*)(void))dlsym(library, "heif_get_version");
    return version ? version() : NULL;
}

// g_object_unref takes gpointer; the typed form keeps casts out of Swift.
static inline void cvips_release(VipsImage *image) { g_object_unref(image); }
static inline void cvips_release_region(VipsRegion *region) { g_object_unref(region); }
static inline void cvips_release_source(VipsSource *source) { g_object_unref(source); }

// A source of bytes that need not outlive the call.
static inline VipsSource *cvips_source_copying(const void *bytes, size_t length) {
    VipsBlob *blob = vips_blob_copy(bytes, length);
    VipsSource *source = vips_source_new_from_blob(blob);
    vips_area_unref(VIPS_AREA(blob));
    return source;
}

// Loaders (variadic). Sequential access, so that pixels stream through instead of filling a second
// buffer. `fail_on` says from which kind of damage on decoding stops.
static inline int cvips_load_jpeg(VipsSource *source, VipsImage **out, VipsFailOn fail_on, int shrink) {
    return vips_jpegload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, "shrink", shrink, NULL);
}
static inline int cvips_load_png(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_pngload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}
static inline int cvips_load_webp(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_webpload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}
static inline int cvips_load_gif(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_gifload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}
static inline int cvips_load_tiff(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_tiffload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}
static inline int cvips_load_heif(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_heifload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}
static inline int cvips_load_jxl(VipsSource *source, VipsImage **out, VipsFailOn fail_on) {
    return vips_jxlload_source(
        source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
}

// Pixel operations (variadic).
// 16 bits to 8 by keeping the high byte ("shift"), not by clipping at 255.
static inline int cvips_high_byte(VipsImage *in, VipsImage **out) {
    return vips_cast(in, out, VIPS_FORMAT_UCHAR, "shift", TRUE, NULL);
}
static inline int cvips_first_bands(VipsImage *in, VipsImage **out, int bands) {
    return vips_extract_band(in, out, 0, "n", bands, NULL);
}
static inline int cvips_to_srgb(VipsImage *in, VipsImage **out) {
    return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
}
// Pixels from memory have no meaning yet; the copy says that they are sRGB, and copies no pixels.
static inline int cvips_tag_srgb(VipsImage *in, VipsImage **out) {
    return vips_copy(in, out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
}
// Turns by an orientation that was found outside of libvips. An image may be shared, so the field is
// set on a copy, which copies no pixels.
static inline int cvips_upright(VipsImage *in, VipsImage **out, int orientation) {
    VipsImage *copy;
    if (vips_copy(in, &copy, NULL)) return -1;
    vips_image_set_int(copy, VIPS_META_ORIENTATION, orientation);
    int status = vips_autorot(copy, out, NULL);
    g_object_unref(copy);
    return status;
}
static inline int cvips_crop(VipsImage *in, VipsImage **out, int x, int y, int width, int height) {
    return vips_extract_area(in, out, x, y, width, height, NULL);
}

// Text (variadic). RGBA, so that colour glyphs such as emoji keep their colours; 72 dots an inch,
// so that a point of the font is a pixel; a word longer than the line breaks anywhere.
static inline int cvips_text(VipsImage **out, const char *markup, const char *font, int width) {
    return vips_text(
        out, markup, "font", font, "width", width, "dpi", 72, "rgba", TRUE,
        "wrap", VIPS_TEXT_WRAP_WORD_CHAR, NULL);
}
// Lays RGBA on one opaque colour; the colour goes in as a VipsArrayDouble.
static inline int cvips_flatten(VipsImage *in, VipsImage **out, double r, double g, double b) {
    double colour[3] = {r, g, b};
    VipsArrayDouble *background = vips_array_double_new(colour, 3);
    int status = vips_flatten(in, out, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return status;
}
// Lays RGB on a sheet of one colour.
static inline int cvips_embed(
    VipsImage *in, VipsImage **out, int x, int y, int width, int height, double r, double g,
    double b) {
    double colour[3] = {r, g, b};
    VipsArrayDouble *background = vips_array_double_new(colour, 3);
    int status = vips_embed(
        in, out, x, y, width, height, "extend", VIPS_EXTEND_BACKGROUND, "background", background,
        NULL);
    vips_area_unref(VIPS_AREA(background));
    return status;
}

// Savers (variadic). The buffer belongs to the caller, who frees it with g_free.
static inline int cvips_save_jpeg(VipsImage *in, void **buffer, size_t *length, int quality) {
    return vips_jpegsave_buffer(in, buffer, length, "Q", quality, "optimize_coding", TRUE, NULL);
}
static inline int cvips_save_png(VipsImage *in, void **buffer, size_t *length) {
    return vips_pngsave_buffer(in, buffer, length, NULL);
}
static inline int cvips_save_webp(VipsImage *in, void **buffer, size_t *length, int quality) {
    return vips_webpsave_buffer(in, buffer, length, "Q", quality, NULL);
}
