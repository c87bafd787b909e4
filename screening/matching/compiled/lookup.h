/* lookup.Lookup: which places have a hash. */

typedef struct { const u64 *hash; const int32_t *place, *bucket; const uint8_t *coarse; i64 size, shift, coarse_shift; } lookup;

/* Whether a hash may be among the sorted hashes: a bit of `coarse` says no quickly. */
static inline int may_hold(const lookup *in, u64 value) {
    u64 bit = value >> in->coarse_shift;
    return in->coarse[bit >> 3] >> (bit & 7) & 1;
}

/* The first place of a hash in the sorted hashes; where it is not there, some place of another or the end. */
static i64 lookup_first(const lookup *in, u64 value) {
    if (!may_hold(in, value)) return in->size;
    u64 at = value >> in->shift;
    i64 low = in->bucket[at], count = in->bucket[at + 1] - low;
    while (count > 0) {
        i64 half = count / 2;
        if (in->hash[low + half] < value) { low += half + 1; count -= half + 1; } else count = half;
    }
    return low;
}

/* Leaves the values that may be there, and asks memory for what lookup_first will read of all before any is looked up. */
static i64 lookups(const lookup *in, u64 *values, i64 count) {
    i64 kept = 0;
    for (i64 v = 0; v < count; v++) __builtin_prefetch(in->coarse + (values[v] >> in->coarse_shift >> 3));
    for (i64 v = 0; v < count; v++)
        if (may_hold(in, values[v])) {
            __builtin_prefetch(in->bucket + (values[v] >> in->shift));
            values[kept++] = values[v];
        }
    for (i64 v = 0; v < kept; v++) {
        i64 first = in->bucket[values[v] >> in->shift];
        __builtin_prefetch(in->hash + first);
        __builtin_prefetch(in->place + first);
    }
    return kept;
}

static u64 inverse(void) { /* of BASE, modulo 2^64 */
    u64 x = BASE;
    for (int i = 0; i < 6; i++) x *= 2 - BASE * x;
    return x;
}
