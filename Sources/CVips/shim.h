// libvips, as found through pkg-config.
#pragma once
#include <vips/vips.h>
