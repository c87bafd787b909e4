/* What all parts share: numbers, the figures that are no settings (see pairs.py, table.py, names.py), and words' letters. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

typedef int64_t i64;
typedef uint64_t u64;

enum { STEPS = 1 << 13, KINDS = 5, PERSON = 0, VESSEL = 2, MOST = 64, TRANSLITERATED = 1, PART = 2, TURNED = 4,
       SYLLABLES = 8, CUT = 16, KOREAN = 32, SPELT_OUT = 64, SQUASHED_LEAST = 5, SQUASHED_EDIT = 9 };
static const double LIGHT = 0.12, TELLING = 0.5, ROUNDED = 0.006;
static const u64 BASE = 0x9E3779B97F4A7C15ull, MIX = 0xD6E8FEB86659FD93ull;

static inline double least_of(double a, double b) { return a < b ? a : b; }
static inline double most_of(double a, double b) { return a > b ? a : b; }
static inline i64 nearer(i64 a, i64 b) { return a < b ? a : b; }
static inline i64 further(i64 a, i64 b) { return a > b ? a : b; }

static int letter(uint8_t c) { return c >= 'a' && c <= 'z'; }
static int digit(uint8_t c) { return c >= '0' && c <= '9'; }
static int plain_letter(uint8_t c) { return letter(c) || digit(c); }
static int upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static int vowel(uint8_t c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }
