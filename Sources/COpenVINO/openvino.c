#define _GNU_SOURCE
#include "COpenVINO.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#define LIBRARY "libopenvino_c.dylib"
#define LIBRARY_OF_VERSION "libopenvino_c.2641.dylib"
#else
#define LIBRARY "libopenvino_c.so"
#define LIBRARY_OF_VERSION "libopenvino_c.so.2641"
#endif

// The first version with all of these functions, in these forms.
enum { least_year = 2026, least_release = 4 };

static char chosen_folder[PATH_MAX];
static char reason[1024];
static struct openvino_functions functions;

// Without a runtime.
#define STATUS(name, parameters, arguments) \
    static ov_status_e missing_##name parameters { return OPENVINO_MISSING; }
#define VOID(name, parameters, arguments) \
    static void missing_##name parameters {}
#define VALUE(result, missing, name, parameters, arguments) \
    static result missing_##name parameters { return missing; }
OPENVINO_FUNCTIONS(STATUS, VOID, VALUE)
#undef STATUS
#undef VOID
#undef VALUE

static const struct openvino_functions missing = {
#define STATUS(name, parameters, arguments) .name = missing_##name,
#define VOID STATUS
#define VALUE(result, missing, name, parameters, arguments) .name = missing_##name,
    OPENVINO_FUNCTIONS(STATUS, VOID, VALUE)
#undef STATUS
#undef VOID
#undef VALUE
};

static const struct openvino_functions *in_use = &missing;

static void *open_in(const char *folder) {
    static const char *const names[] = {LIBRARY_OF_VERSION, LIBRARY};
    char path[PATH_MAX];
    for (int i = 0; i < 2; i++) {
        int length = snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (length < 0 || (size_t)length >= sizeof path || access(path, F_OK)) continue;
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library) return library;
        // It is there and cannot be used: that is what the user has to know.
        snprintf(reason, sizeof reason, "%s", dlerror());
    }
    return NULL;
}

// The folder of the program, links followed.
static bool program_folder(char *path, size_t size) {
#if defined(__APPLE__)
    uint32_t length = (uint32_t)size;
    char link[PATH_MAX];
    if (_NSGetExecutablePath(link, &length) || !realpath(link, path)) return false;
#else
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length < 0) return false;
    path[length] = 0;
#endif
    char *slash = strrchr(path, '/');
    if (!slash) return false;
    *slash = 0;
    return true;
}

// Beside the program, in the lib folder beside it, and in .openvino/lib of any folder that it lies in:
// a program below .build/ finds what was fetched into its package.
static void *open_near_program(void) {
    char folder[PATH_MAX], path[PATH_MAX + 32];
    if (!program_folder(folder, sizeof folder)) return NULL;
    void *library = open_in(folder);
    static const char *const below[] = {"lib", "../lib"};
    for (int i = 0; !library && i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, below[i]);
        library = open_in(path);
    }
    for (char *slash; !library && (slash = strrchr(folder, '/')); *slash = 0) {
        snprintf(path, sizeof path, "%s/.openvino/lib", folder);
        library = open_in(path);
    }
    return library;
}

static void *open_runtime(void) {
    void *library = *chosen_folder ? open_in(chosen_folder) : open_near_program();
    if (library || *chosen_folder) return library;
    library = dlopen(LIBRARY_OF_VERSION, RTLD_NOW | RTLD_LOCAL);
    return library ? library : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
}

static bool is_new_enough(void) {
    ov_version_t version;
    int year = 0, release = 0;
    if (functions.ov_get_openvino_version(&version) == OK) {
        sscanf(version.buildNumber, "%d.%d", &year, &release);
        functions.ov_version_free(&version);
    }
    return year > least_year || (year == least_year && release >= least_release);
}

// Versions may number the types anew; those that matter are told by their size.
static bool numbers_types_alike(void) {
    static const struct { ov_element_type_e type; size_t size; } known[] = {{F16, 2}, {F32, 4}, {I32, 4}, {I64, 8}, {U8, 1}};
    int64_t one = 1;
    ov_shape_t shape = {1, &one};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ov_tensor_t *tensor;
        size_t size = 0;
        if (functions.ov_tensor_create(known[i].type, shape, &tensor) != OK) return false;
        functions.ov_tensor_get_byte_size(tensor, &size);
        functions.ov_tensor_free(tensor);
        if (size != known[i].size) return false;
    }
    return true;
}

static void load(void) {
    void *library = open_runtime();
    if (!library) {
        if (*reason) return;
        snprintf(reason, sizeof reason, "the library %s was not found %s%s", LIBRARY_OF_VERSION,
                 *chosen_folder ? "in " : "beside the program, in .openvino/lib of its package, or on the system",
                 chosen_folder);
        return;
    }
    const char *absent = NULL;
#define STATUS(name, parameters, arguments) \
    if (!(*(void **)&functions.name = dlsym(library, #name))) absent = #name;
#define VOID STATUS
#define VALUE(result, missing, name, parameters, arguments) STATUS(name, parameters, arguments)
    OPENVINO_FUNCTIONS(STATUS, VOID, VALUE)
#undef STATUS
#undef VOID
#undef VALUE
    // It stays open: its threads may run already.
    if (absent)
        snprintf(reason, sizeof reason, "the OpenVINO that was found has no %s; %d.%d or later is needed", absent,
                 least_year, least_release);
    else if (!is_new_enough())
        snprintf(reason, sizeof reason, "the OpenVINO that was found is too old; %d.%d or later is needed", least_year,
                 least_release);
    else if (!numbers_types_alike())
        snprintf(reason, sizeof reason, "the OpenVINO that was found is too new; %d.%d is known to fit", least_year,
                 least_release);
    else
        in_use = &functions;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

void openvino_use_folder(const char *folder) { snprintf(chosen_folder, sizeof chosen_folder, "%s", folder); }

const struct openvino_functions *openvino(void) {
    pthread_once(&once, load);
    return in_use;
}

const char *openvino_missing_reason(void) { return openvino() == &missing ? reason : NULL; }
