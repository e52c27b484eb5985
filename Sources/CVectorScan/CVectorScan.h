// Inner products of 8-bit vectors, and of 16-bit ones in groups, with one 16-bit query.
//
// In C, since Swift can neither build a function for a processor that is newer than the one it builds for, nor
// ask which one it runs on. With AVX2 a million vectors of 256 take a third of the time.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Sums stay below 2^31: whoever calls bounds |query| by 2^31 / (128 * width).
static inline void cvectorscan_plain(
    const int8_t *vectors, size_t count, size_t width, const int16_t *query, int32_t *products) {
    for (size_t i = 0; i < count; i++) {
        const int8_t *vector = vectors + i * width;
        int32_t sum = 0;
        for (size_t j = 0; j < width; j++) sum += (int32_t)vector[j] * query[j];
        products[i] = sum;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

// `width` is a multiple of 32.
__attribute__((target("avx2"))) static inline void cvectorscan_avx2(
    const int8_t *vectors, size_t count, size_t width, const int16_t *query, int32_t *products) {
    for (size_t i = 0; i < count; i++) {
        const int8_t *vector = vectors + i * width;
        __m256i first = _mm256_setzero_si256(), second = _mm256_setzero_si256();
        for (size_t j = 0; j < width; j += 32) {
            __m256i a = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(vector + j)));
            __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(vector + j + 16)));
            __m256i p = _mm256_loadu_si256((const __m256i *)(query + j));
            __m256i q = _mm256_loadu_si256((const __m256i *)(query + j + 16));
            first = _mm256_add_epi32(first, _mm256_madd_epi16(a, p));
            second = _mm256_add_epi32(second, _mm256_madd_epi16(b, q));
        }
        __m256i both = _mm256_add_epi32(first, second);
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
        products[i] = _mm_cvtsi128_si32(sum);
    }
}
#endif

// The inner product of each vector with the query.
static inline void cvectorscan_products(
    const int8_t *vectors, size_t count, size_t width, const int16_t *query, int32_t *products) {
#if defined(__x86_64__)
    if (width % 32 == 0 && __builtin_cpu_supports("avx2")) {
        cvectorscan_avx2(vectors, count, width, query, products);
        return;
    }
#endif
    cvectorscan_plain(vectors, count, width, query, products);
}

// Groups of 8 vectors: the first two numbers of each of the 8, then the next two of each, and so on. `width` is even.
// Writes the places of those whose inner product with the query is `least` or more, and returns how many they are;
// `found` has room for 8 a group.
static inline size_t cvectorscan_groups_plain(
    const int16_t *groups, size_t count, size_t width, const int16_t *query, int32_t least, int32_t *found) {
    size_t n = 0;
    for (size_t g = 0; g < count; g++) {
        const int16_t *group = groups + g * 8 * width;
        int32_t sums[8] = {0};
        for (size_t j = 0; j < width; j += 2)
            for (size_t k = 0; k < 8; k++)
                sums[k] += (int32_t)group[8 * j + 2 * k] * query[j]
                    + (int32_t)group[8 * j + 2 * k + 1] * query[j + 1];
        for (size_t k = 0; k < 8; k++)
            if (sums[k] >= least) found[n++] = (int32_t)(8 * g + k);
    }
    return n;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline size_t cvectorscan_groups_avx2(
    const int16_t *groups, size_t count, size_t width, const int16_t *query, int32_t least, int32_t *found) {
    const __m256i below = _mm256_set1_epi32(least - 1);
    size_t n = 0, g = 0;
    for (; g + 4 <= count; g += 4) {
        const int16_t *group = groups + g * 8 * width;
        __m256i sums[4] = {
            _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
        for (size_t j = 0; j < width; j += 2) {
            int32_t pair;
            __builtin_memcpy(&pair, query + j, sizeof pair);
            __m256i both = _mm256_set1_epi32(pair);
            for (size_t k = 0; k < 4; k++) {
                __m256i numbers = _mm256_loadu_si256((const __m256i *)(group + 8 * (k * width + j)));
                sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(numbers, both));
            }
        }
        for (size_t k = 0; k < 4; k++) {
            __m256i above = _mm256_cmpgt_epi32(sums[k], below);
            unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(above));
            for (; mask; mask &= mask - 1)
                found[n++] = (int32_t)(8 * (g + k)) + __builtin_ctz(mask);
        }
    }
    size_t rest = cvectorscan_groups_plain(groups + g * 8 * width, count - g, width, query, least, found + n);
    for (size_t k = 0; k < rest; k++) found[n + k] += (int32_t)(8 * g);
    return n + rest;
}
#endif

static inline size_t cvectorscan_groups(
    const int16_t *groups, size_t count, size_t width, const int16_t *query, int32_t least, int32_t *found) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return cvectorscan_groups_avx2(groups, count, width, query, least, found);
#endif
    return cvectorscan_groups_plain(groups, count, width, query, least, found);
}
