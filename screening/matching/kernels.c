/* The inner loops of the search, compiled: the same steps as search.py, pairs.py and likeness.py take with NumPy, in
 * the same order, so that both give the same scores to the last bit. Those modules say why each step is taken; a test
 * holds the two to each other. Built by hatch_build.py; where there is no compiler, NumPy does the work.
 *
 * Results go to buffers of the caller. A kernel stops before a row for which there may be no room, and says where. */

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

const char *kernels_source(void) { return SOURCE; }

static inline double least_of(double a, double b) { return a < b ? a : b; }
static inline double most_of(double a, double b) { return a > b ? a : b; }
static inline i64 nearer(i64 a, i64 b) { return a < b ? a : b; }
static inline i64 further(i64 a, i64 b) { return a > b ? a : b; }

/* ------------------------------------------------------------------------------------------------ lookups */
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

/* ------------------------------------------------------------------------------------------------ edit distance */
typedef struct { u64 at[256]; const uint8_t *text; i64 size; } pattern;

static void pattern_set(pattern *p, const uint8_t *text, i64 size) {
    p->text = text; p->size = size;
    for (i64 i = 0; i < nearer(size, 64); i++) p->at[text[i]] |= 1ull << i;
}
static void pattern_clear(pattern *p) {
    for (i64 i = 0; i < nearer(p->size, 64); i++) p->at[p->text[i]] = 0;
}

/* Optimal string alignment distance of long texts, row by row. */
static i64 distance_long(const uint8_t *a, i64 n, const uint8_t *b, i64 m) {
    i64 *rows = malloc(3 * (size_t)(m + 1) * sizeof(i64)), *older = rows, *old = rows + m + 1, *now = rows + 2 * (m + 1);
    if (!rows) return n + m;
    for (i64 j = 0; j <= m; j++) old[j] = j;
    for (i64 i = 1; i <= n; i++) {
        now[0] = i;
        for (i64 j = 1; j <= m; j++) {
            i64 v = nearer(nearer(old[j], now[j - 1]) + 1, old[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) v = nearer(v, older[j - 2] + 1);
            now[j] = v;
        }
        i64 *spare = older; older = old; old = now; now = spare;
    }
    i64 found = old[m];
    free(rows);
    return found;
}

/* The distance of two texts whose sizes differ by one at most: 0, 1, or 2 for more. */
static i64 within_one(const uint8_t *a, i64 n, const uint8_t *b, i64 m) {
    i64 head = 0, tail = 0, shorter = nearer(n, m);
    while (head < shorter && a[head] == b[head]) head++;
    if (head == n && n == m) return 0;
    while (tail < shorter - head && a[n - 1 - tail] == b[m - 1 - tail]) tail++;
    if (n != m) return head + tail >= shorter ? 1 : 2;
    i64 rest = n - head - tail;
    return rest == 1 || (rest == 2 && a[head] == b[head + 1] && a[head + 1] == b[head]) ? 1 : 2;
}

/* Hyyrö's bit-parallel form for up to 64 letters; `most` + 1 where the distance is greater. */
static i64 distance(const pattern *p, const uint8_t *b, i64 m, i64 most) {
    i64 n = p->size;
    if (further(n - m, m - n) > most) return most + 1;
    if (most == 1) return within_one(p->text, n, b, m);
    if (!n || !m) return nearer(n + m, most + 1);
    if (n > 64) return nearer(distance_long(p->text, n, b, m), most + 1);
    u64 up = ~0ull, down = 0, diagonal = 0, before = 0, last = 1ull << (n - 1);
    i64 found = n;
    for (i64 j = 0; j < m; j++) {
        u64 here = p->at[b[j]], turned = (((~diagonal) & here) << 1) & before;
        diagonal = ((((here & up) + up) ^ up) | here | down) | turned;
        u64 more = down | ~(diagonal | up), less = diagonal & up;
        found += (more & last) != 0;
        found -= (less & last) != 0;
        if (found - (m - 1 - j) > most) return most + 1; /* each letter left takes one edit off at best */
        more = (more << 1) | 1; less <<= 1;
        up = less | ~(diagonal | more); down = more & diagonal; before = here;
    }
    return nearer(found, most + 1);
}

/* ------------------------------------------------------------------------------------------------ like words */
typedef struct {
    u64 hash, spelt, letters, bones, spare;      /* as in Vocabulary */
    int32_t text, size, fold, length;            /* where its letters and those of its fold begin, and how many */
    uint32_t fold_letters; int8_t sounds; uint8_t known; /* bits for the letters of the fold */
    uint8_t first; int8_t edits;                 /* all in 64 bytes, which memory hands over at once */
} spelling;

typedef struct { i64 words; const spelling *word; const uint8_t *text, *fold; } vocabulary;

typedef struct {
    double respelt, short_letters, short_edit, four_letters, skeleton, skeleton_edit, first_letter, bare, bare_short, least,
        confused, confused_letters;
} likings;

typedef struct { const spelling *word; const uint8_t *letters, *raw; pattern fold, text; } asked; /* a word of ours, and its fold's letters */

/* Vocabulary.brief, Vocabulary.bare and Vocabulary.known. */
static int brief(const spelling *one) { return one->known >> 2; }
static int bare(const spelling *one) { return one->known >> 1 & 1; }
static int known(const spelling *one) { return one->known & 1; }

static int folds_alone(const spelling *one) { return one->hash == one->spelt; }

/* Whether more than `most` bits are set. */
static int differ(u64 bits, int most) {
    for (; bits && most >= 0; most--) bits &= bits - 1;
    return most < 0;
}

static uint8_t taken_for(uint8_t c) { /* likeness._TAKEN_FOR */
    return c == 'o' ? 'u' : c == 'e' ? 'i' : c == 'z' ? 's' : c == 'c' ? 'k' : c == 'h' ? 'g' : c;
}

/* likeness._confused for one pair. */
static int confused(const uint8_t *a, i64 n, const uint8_t *b, i64 m) {
    if (n != m) return 0;
    for (i64 i = 0; i < n; i++) if (taken_for(a[i]) != taken_for(b[i])) return 0;
    return 1;
}

static int ends(const uint8_t *text, i64 size, const char *with) {
    i64 n = (i64)strlen(with);
    return size > n + 1 && !memcmp(text + size - n, with, (size_t)n);
}

enum { PATRONYMIC = 1, SURNAME = 2 };

/* likeness._kin for one word: a patronymic, a surname of the same stem, or 0 for neither. */
static int kin(const uint8_t *text, i64 size) {
    static const char *const patronymic[] = {"ovna", "evna", "ivna", "ovich", "evich", "ovych", "evych", "ovitch", "evitch"};
    static const char *const surname[] = {"ova", "eva", "ov", "ev"};
    for (int i = 0; i < 9; i++) if (ends(text, size, patronymic[i])) return PATRONYMIC;
    for (int i = 0; i < 4; i++) if (ends(text, size, surname[i])) return SURNAME;
    return 0;
}

/* likeness._near for one pair. */
static double near(const asked *ours, const spelling *y, const vocabulary *in, const likings *f) {
    const spelling *x = ours->word;
    int bones = x->bones == y->bones && x->bones, spared = x->spare == y->spare && bare(x) != bare(y);
    int same_folds = folds_alone(x) && folds_alone(y), edits = x->edits < y->edits ? x->edits : y->edits;
    int unlike = differ(x->letters ^ y->letters, 2 * edits); /* an edit takes one letter and puts another */
    int unlike_folds = differ(x->fold_letters ^ y->fold_letters, 2 * edits);
    int alike = (double)nearer(x->length, y->length) >= f->confused_letters && confused(ours->letters, x->length, in->fold + y->fold, y->length);
    int any = bones || spared || alike;
    if (!any && unlike && unlike_folds) return 0;
    i64 longer = further(x->size, y->size), far = x->sounds < 3 ? 1 : nearer(4, longer / 2), most = bones ? further(edits, far) : edits;
    i64 apart = !any && unlike_folds ? most + 1 : distance(&ours->fold, in->fold + y->fold, y->length, most);
    i64 raw = same_folds ? apart : !any && unlike ? most + 1 : distance(&ours->text, in->text + y->text, y->size, most);
    int close = nearer(apart, raw) <= edits, heard = bones && nearer(apart, raw) <= far;
    if (!close && !heard && !spared && !alike) return 0;
    if (apart > most && most < 4) apart = distance(&ours->fold, in->fold + y->fold, y->length, 4);
    if (raw > most && most < 4) raw = same_folds ? apart : distance(&ours->text, in->text + y->text, y->size, 4);
    double share = (double)apart / (double)further(further(x->length, y->length), 1);
    share = least_of(share, (double)raw / (double)longer);
    apart = nearer(apart, raw);
    double found = close ? 1 - share : 0.0, later = f->skeleton_edit * (double)further(apart - 1, 0);
    if (longer <= 4 && found > 0) found -= f->four_letters;
    if (heard) found = most_of(found, f->skeleton - later);
    if (alike) found = most_of(found, f->confused - later);
    if (spared) found = most_of(found, f->bare - (brief(x) ? f->bare_short : 0.0));
    if (x->first != y->first && found > 0) found -= f->first_letter;
    if (found < f->least) return 0.0;
    return (kin(ours->raw, x->size) | kin(in->text + y->text, y->size)) == (PATRONYMIC | SURNAME) ? 0.0 : found;
}

/* likeness.likeness and _respelt for one pair. */
static double likeness(const asked *ours, const spelling *y, const vocabulary *in, const likings *f) {
    const spelling *x = ours->word;
    if (x->spelt == y->spelt) return 1.0;
    if (x->hash != y->hash) return near(ours, y, in, f);
    i64 apart = distance(&ours->text, in->text + y->text, y->size, 10), longer = further(x->size, y->size);
    return f->respelt - ((double)longer < f->short_letters && !(known(x) && known(y)) ? f->short_edit * (double)apart / (double)longer : 0.0);
}

enum { DELETIONS = 1 + MOST * (MOST + 1) / 2 };

/* vocabulary.deletions of one word of up to MOST - 1 letters: the hashes of what is left with as many letters out. */
static i64 deletions(const uint8_t *text, i64 n, i64 edits, u64 *values) {
    u64 back = inverse(), back2 = back * back, before[MOST] = {0}, power = 1;
    i64 count = 0;
    for (i64 i = 0; i < n; i++, power *= BASE) before[i + 1] = before[i] + ((u64)text[i] + 1) * power;
    u64 all = before[n];
    if (n) values[count++] = all * MIX;
    for (i64 i = 0; edits >= 1 && n > 1 && i < n; i++) {
        values[count++] = (before[i] + back * (all - before[i + 1])) * MIX;
        for (i64 j = i + 1; edits >= 2 && n > 2 && j < n; j++)
            values[count++] = (before[i] + back * (before[j] - before[i + 1]) + back2 * (all - before[j + 1])) * MIX;
    }
    return count;
}

/* likeness._misspellings of one word. */
static i64 misspellings(const vocabulary *in, const spelling *x, i64 longest, u64 *values) {
    i64 count = deletions(in->fold + x->fold, x->length, x->edits, values);
    if (folds_alone(x) || x->edits <= 0) return count;
    return count + deletions(in->text + x->text, nearer(x->size, longest), x->edits, values + count);
}

/* Words that were found for the word that is `now` looked for, each once. */
typedef struct { const spelling *word; i64 *place, count; int32_t *stamp, now; } finds;

static int is_new(const finds *to, i64 y) { return to->stamp[y] != to->now; }
static void find(finds *to, i64 y) {
    if (!is_new(to, y)) return;
    __builtin_prefetch(to->word + y);
    to->stamp[y] = to->now;
    to->place[to->count++] = y;
}

/* Those that share a spelling with a word, as far as its edits go. */
static void find_misspelt(finds *to, const lookup *in, const vocabulary *a, const spelling *x, i64 longest) {
    u64 values[2 * DELETIONS];
    i64 count = lookups(in, values, misspellings(a, x, longest, values));
    for (i64 v = 0; v < count; v++)
        for (i64 k = lookup_first(in, values[v]); k < in->size && in->hash[k] == values[v]; k++) find(to, in->place[k]);
}

/* Those of the same consonants by sound; of few consonants only if they differ in little else. */
static void find_bones(finds *to, const lookup *in, const spelling *x, const vocabulary *b) {
    u64 value = x->bones * MIX;
    i64 first = x->bones ? lookup_first(in, value) : in->size, k = first;
    for (; k < in->size && in->hash[k] == value; k++)
        if (x->sounds >= 3) find(to, in->place[k]); else __builtin_prefetch(b->word + in->place[k]);
    for (i64 end = k, i = x->sounds >= 3 ? end : first; i < end; i++) {
        const spelling *y = b->word + in->place[i];
        if (abs(x->size - y->size) <= 1 && !differ(x->letters ^ y->letters, 2)) find(to, in->place[i]);
    }
}

/* Those that are the word without its inner vowels, or of which it is that. */
static void find_spared(finds *to, const lookup *in, const spelling *x, const vocabulary *b) {
    u64 value = x->spare * MIX;
    for (i64 k = x->spare ? lookup_first(in, value) : in->size; k < in->size && in->hash[k] == value; k++)
        if (bare(x) != bare(b->word + in->place[k])) find(to, in->place[k]);
}

/* Of words of `b`, the words of `b` that are like each. */
typedef struct { const i64 *off, *theirs; const double *similarity; } alike;

/* Finder.like: for the words of `a` from `start`, the words of `b` that are like each; `same` is the word of `b` that it is,
 * -1 for none. Returns the word it stopped at, -1 without memory. */
i64 like_words(const vocabulary *a, const vocabulary *b, const lookup *spellings, const lookup *bones, const lookup *spare,
               const alike *known, const i64 *same, const likings *f, i64 longest, i64 start, i64 *off, i64 *theirs,
               double *similarity, i64 room) {
    size_t words = (size_t)b->words + 1;
    finds to = {.word = b->word, .place = malloc(words * sizeof *to.place), .stamp = malloc(words * sizeof *to.stamp)};
    asked *ours = calloc(1, sizeof *ours);
    i64 total = 0, x = -1;
    if (!to.place || !to.stamp || !ours) goto end;
    memset(to.stamp, 0xFF, words * sizeof *to.stamp);
    for (x = start; x < a->words && room - total >= b->words; x++) {
        ours->word = a->word + x;
        ours->letters = a->fold + ours->word->fold;
        ours->raw = a->text + ours->word->text;
        to.now = (int32_t)x;
        to.count = 0;
        off[x - start] = total;
        if (same[x] >= 0) {
            i64 first = known->off[same[x]], count = known->off[same[x] + 1] - first;
            memcpy(theirs + total, known->theirs + first, (size_t)count * sizeof *theirs);
            memcpy(similarity + total, known->similarity + first, (size_t)count * sizeof *similarity);
            total += count;
            continue;
        }
        find_misspelt(&to, spellings, a, ours->word, longest);
        find_bones(&to, bones, ours->word, b);
        find_spared(&to, spare, ours->word, b);
        if (!to.count) continue;
        pattern_set(&ours->fold, a->fold + ours->word->fold, ours->word->length);
        pattern_set(&ours->text, a->text + ours->word->text, ours->word->size);
        for (i64 k = 0; k < to.count; k++) {
            if (k + 6 < to.count) __builtin_prefetch(b->fold + b->word[to.place[k + 6]].fold);
            double like = likeness(ours, b->word + to.place[k], b, f);
            if (like <= 0) continue;
            i64 at = total++;
            for (; at > off[x - start] && theirs[at - 1] > to.place[k]; at--) { /* those kept stay sorted */
                theirs[at] = theirs[at - 1];
                similarity[at] = similarity[at - 1];
            }
            theirs[at] = to.place[k];
            similarity[at] = like;
        }
        pattern_clear(&ours->fold);
        pattern_clear(&ours->text);
    }
    off[x - start] = total;
end:
    free(to.place); free(to.stamp); free(ours);
    return x;
}

/* ------------------------------------------------------------------------------------------------ the search */
typedef struct {
    i64 rows, words;
    const i64 *off, *word, *size, *letter, *run_off, *run_start, *run_words;
    const u64 *run_hash, *spelt, *legal, *number, *native;
    const double *weight, *total;
    const int32_t *letters;          /* of each row's words together */
    const uint8_t *initial, *initials, *text;
    const i64 *text_off;
    const int8_t *how;
} side;

/* A row that has a word or run; what meeting it adds to the row, in steps; and of the row its kind with whether it has
 * initials, and the last bits of the words that do not lead it with the share of each, in parts of 255. */
enum { SPARED = 3, ANY_WORD = 0xFFFF };
typedef struct { int32_t row; uint16_t adds, word[SPARED]; uint8_t share[SPARED], known; } posting;
typedef struct { const i64 *off; const posting *at; } postings;

typedef struct { int32_t word; float weight; } placed; /* a word in a row of theirs */

typedef struct {
    side side;
    const i64 *kind;
    postings words, lead_words, runs, lead_runs;
    lookup squashed;
    const placed *places;   /* of the words of all rows */
} listed;

typedef struct {
    side side;
    const i64 *like_off, *like; const double *similarity;
    const u64 *join;                 /* of each word: its hash where it meets a run of theirs */
    const i64 *join_run, *run_word;  /* the run of theirs that a word meets, -1 for none; the word that a run meets */
    const i64 *cost; const double *reach, *enough;
    const i64 *twin;                 /* of a row that is read as cut, the one that is not and is the same else; -1 for none */
} query;

typedef struct {
    double coverage[KINDS], added[KINDS], contradiction[KINDS], information_least[KINDS], information_part[KINDS];
    double syllables, joined, respelt, initial, initial_needs, initial_needs_company, syllable, cut_word, cut_coverage, read_as_korean;
    double inexact, lone, order, syllable_order, syllable_missing, syllable_dropped, spacing, legal_dropped, legal_differs, transliterated, hangul_differs, chinese_differs,
        part, cut, number_differs, number_missing, untold, initials;
    i64 cheap;
} figures;

typedef struct { i64 ours, our_words, theirs, their_words; double similarity, weight; } meeting;

/* Of a row of theirs, side by side: the share that must be met to be exact, the points to be reached; bits for its words. */
typedef struct { float exact, least; int8_t kind, initials, syllables; u64 words; } bounds;
typedef struct { int32_t row, spared; } touch; /* a row of theirs with what of its spared words may meet, in steps */
/* Postings to be gone through for a row of ours: what each meeting adds to ours, how alike it is in parts of 65536, and
 * by kind and initials the steps of theirs from which it may be enough alone. */
typedef struct { const posting *at, *end; u64 mine, alike; const uint16_t *alone; } probe;

enum { LEVELS = 128, INITIALS = 1, CLASSES = 2 * KINDS };
enum { READ_AS_SYLLABLES = 1, MAY_BE_EXACT = 2, READ_AS_CUT = 4, WAYS = 8 }; /* of a row of ours */
typedef uint16_t lone[LEVELS + 1][CLASSES];

typedef struct { double similarity; int32_t place, next; } likely; /* of a word of ours, in the list of a word of theirs */

typedef struct {
    const listed *in; const query *q; const figures *f;
    u64 *sum;              /* per row of theirs what was added so far: to ours, to theirs */
    u64 *met_once;         /* for each 64 rows of theirs, bits for those that were met, then for those that are touched */
    lone *lone;            /* by the bits of WAYS */
    probe *probes;
    u64 meets[(ANY_WORD + 1) / 64]; /* bits for the words of theirs that may meet words of our row */
    touch *touched;
    int32_t *pairs;
    int32_t *head;         /* per word of theirs the first of our words that it meets */
    likely *likes;
    meeting *met; i64 room;
    uint8_t *letters[2]; i64 letters_room[2];
    u64 *power; i64 powers;
    bounds *bounds;
    int joined;            /* whether a word of our row meets a run of theirs */
} work;

static double weigh(const side *s, i64 row, i64 place, i64 words) {
    const i64 *at = s->word + s->off[row] + place;
    double found = s->weight[at[0]];
    for (i64 i = 1; i < words; i++) found += s->weight[at[i]];
    return found;
}

/* Scorer._share_of_better: how the readings of the pair came about is in `how`. */
static double share_of_better(const figures *f, i64 kind, int our_how, int their_how, double ours, double theirs) {
    double usual = f->coverage[kind], share = theirs > ours ? least_of(usual, f->added[kind]) : usual;
    if ((our_how | their_how) & SYLLABLES) share = f->syllables;
    int cut = our_how & CUT && least_of(ours, theirs) >= f->initial_needs - 1e-9;
    return cut ? most_of(share, f->cut_coverage) : share;
}

/* pairs._covered */
static double covered(double share, double ours, double theirs) {
    return share * most_of(ours, theirs) + (1 - share) * least_of(ours, theirs);
}

static int meet(work *w, i64 *count, i64 ours, i64 our_words, i64 theirs, i64 their_words, double similarity) {
    if (*count == w->room) {
        meeting *more = realloc(w->met, (size_t)w->room * 2 * sizeof *more);
        if (!more) return 0;
        w->met = more; w->room *= 2;
    }
    w->met[(*count)++] = (meeting){ours, our_words, theirs, their_words, similarity, 0};
    return 1;
}

/* Meeter.meetings for one pair; -1 without memory. */
static i64 meetings(work *w, i64 row, i64 other) {
    const side *a = &w->q->side, *b = &w->in->side;
    const i64 *ours = a->word + a->off[row], *theirs = b->word + b->off[other];
    i64 n = a->off[row + 1] - a->off[row], m = b->off[other + 1] - b->off[other], count = 0;
    for (i64 j = 0; j < m; j++)
        for (int32_t k = w->head[theirs[j]]; k >= 0; k = w->likes[k].next)
            if (!meet(w, &count, w->likes[k].place, 1, j, 1, w->likes[k].similarity)) return -1;
    for (i64 i = 0; i < n; i++) {
        u64 value = w->q->join[ours[i]];
        for (i64 r = value ? b->run_off[other] : b->run_off[other + 1]; r < b->run_off[other + 1]; r++)
            if (b->run_hash[r] == value && !meet(w, &count, i, 1, b->run_start[r], b->run_words[r], w->f->joined)) return -1;
    }
    for (i64 r = a->run_off[row]; r < a->run_off[row + 1]; r++)
        for (i64 j = 0; j < m; j++)
            if (a->run_hash[r] == b->spelt[theirs[j]] && !meet(w, &count, a->run_start[r], a->run_words[r], j, 1, w->f->joined))
                return -1;
    return count;
}

/* What runs of words add to promising: how alike what each word of ours (x) and theirs (y) meets may be. */
static void joined_meets(const work *w, i64 row, i64 other, double *x, double *y) {
    const side *a = &w->q->side, *b = &w->in->side;
    double joined = w->f->joined;
    const i64 *mine = a->word + a->off[row], *yours = b->word + b->off[other];
    i64 n = a->off[row + 1] - a->off[row], m = b->off[other + 1] - b->off[other];
    for (i64 i = 0; i < n; i++) {
        u64 value = w->q->join[mine[i]];
        for (i64 r = value ? b->run_off[other] : b->run_off[other + 1]; r < b->run_off[other + 1]; r++)
            if (b->run_hash[r] == value) {
                x[i] = most_of(x[i], joined);
                for (i64 j = b->run_start[r]; j < b->run_start[r] + b->run_words[r]; j++) y[j] = most_of(y[j], joined);
            }
    }
    for (i64 r = a->run_off[row]; r < a->run_off[row + 1]; r++)
        for (i64 j = 0; j < m; j++)
            if (a->run_hash[r] == b->spelt[yours[j]]) {
                y[j] = most_of(y[j], joined);
                for (i64 i = a->run_start[r]; i < a->run_start[r] + a->run_words[r]; i++) x[i] = most_of(x[i], joined);
            }
}

/* Scorer._cut_words: our last word is the beginning of theirs, in a text that may be cut. */
static int cut_word(const side *a, i64 row, i64 x, const side *b, i64 y) {
    return a->how[row] & CUT && a->size[x] > 1 && a->size[x] < b->size[y]
        && !memcmp(a->text + a->text_off[x], b->text + b->text_off[y], (size_t)a->size[x]);
}

/* What initials and a word that was cut add to promising: any word that may meet one, as alike as that is. */
static void initial_meets(const work *w, i64 row, i64 other, double *x, double *y) {
    const side *a = &w->q->side, *b = &w->in->side;
    for (i64 i = a->off[row]; i < a->off[row + 1]; i++)
        for (i64 j = b->off[other]; j < b->off[other + 1]; j++) {
            i64 mine = a->word[i], yours = b->word[j];
            if (a->letter[mine] != b->letter[yours]) continue;
            int cut = i == a->off[row + 1] - 1 && cut_word(a, row, mine, b, yours);
            if (!cut && a->initial[mine] == b->initial[yours]) continue;
            double alike = cut ? w->f->cut_word : w->f->initial;
            x[i - a->off[row]] = most_of(x[i - a->off[row]], alike);
            y[j - b->off[other]] = most_of(y[j - b->off[other]], alike);
        }
}

/* Of a pair, what its words may add up to: alike, and met or of no weight. */
typedef struct { double ours, theirs, met_ours, met_theirs, total, other_total; } sums;

static void add_up(sums *to, const side *a, i64 row, const double *x, const placed *yours, i64 m, const double *y) {
    for (i64 i = a->off[row]; i < a->off[row + 1]; i++) {
        double weight = a->weight[a->word[i]], alike = x[i - a->off[row]];
        if (alike > 0) to->ours += alike * weight;
        if (alike > 0 || weight <= LIGHT) to->met_ours += weight;
    }
    for (i64 j = 0; j < m; j++) {
        to->other_total += yours[j].weight;
        if (y[j] > 0) to->theirs += y[j] * yours[j].weight;
        if (y[j] > 0 || yours[j].weight <= LIGHT) to->met_theirs += yours[j].weight;
    }
    to->ours = least_of(to->ours / to->total, 1);
    to->theirs = least_of(to->theirs / to->other_total, 1);
}

/* The most points that a pair may come to, less what must be deducted for words that meet nothing. */
static double most_points(const figures *f, const sums *of, const bounds *bound, int how, int inexact) {
    double share = how & SYLLABLES ? f->syllables : f->coverage[bound->kind];
    double top = 100 * covered(how & CUT ? most_of(share, f->cut_coverage) : share, of->ours, of->theirs);
    if (inexact || of->ours < (f->joined - 1e-6) * (1 - LIGHT / of->total) || of->theirs < bound->exact) top -= f->inexact;
    double missing = most_of(1 - of->met_ours / of->total, 0), over = most_of(1 - of->met_theirs / of->other_total - 1e-6, 0);
    return top - 100 * f->contradiction[bound->kind] * sqrt(missing * over);
}

/* Scorer.promising, with each word counted once, by the likest that it meets, and with what must be deducted for words
 * that meet nothing: whether the pair, word by word, may reach its least. */
static int promising(const work *w, i64 row, i64 other, const bounds *bound) {
    const side *a = &w->q->side, *b = &w->in->side;
    const figures *f = w->f;
    const placed *yours = w->in->places + b->off[other];
    i64 n = a->off[row + 1] - a->off[row], m = b->off[other + 1] - b->off[other];
    double x[MOST], y[MOST];
    for (i64 i = 0; i < n; i++) x[i] = 0;
    for (i64 j = 0; j < m; j++) {
        y[j] = 0;
        for (int32_t k = w->head[yours[j].word]; k >= 0; k = w->likes[k].next) {
            const likely *one = w->likes + k;
            x[one->place] = most_of(x[one->place], one->similarity);
            y[j] = most_of(y[j], one->similarity);
        }
    }
    if (w->joined) joined_meets(w, row, other, x, y);
    int how = a->how[row] | (bound->syllables ? SYLLABLES : 0), begun = a->initials[row] || bound->initials;
    sums word_by_word = {0, 0, 0, 0, a->total[row], 0};
    add_up(&word_by_word, a, row, x, yours, m, y);
    if (most_points(f, &word_by_word, bound, how, 0) >= bound->least) return 1;
    if (!begun || least_of(word_by_word.ours, word_by_word.theirs) < f->initial_needs - 1e-5) return 0;
    initial_meets(w, row, other, x, y);
    sums with_initials = {0, 0, 0, 0, a->total[row], 0};
    add_up(&with_initials, a, row, x, yours, m, y);
    return most_points(f, &with_initials, bound, how, f->initial < f->joined - 1e-6) >= bound->least;
}

static int earlier(const meeting *a, const meeting *b) {
    if (a->similarity != b->similarity) return a->similarity > b->similarity;
    if (a->weight != b->weight) return a->weight > b->weight;
    if (a->ours != b->ours) return a->ours < b->ours;
    return a->theirs < b->theirs;
}

static u64 bits(i64 first, i64 count) { return ((1ull << count) - 1) << first; }

/* align.best for one pair: leaves the meetings that hold, in the order in which they were chosen. */
static i64 best(meeting *met, i64 count, u64 *used_ours, u64 *used_theirs) {
    i64 held = 0;
    for (i64 i = 1; i < count; i++) { /* by insertion: few, and equals keep their order */
        meeting m = met[i];
        i64 j = i;
        for (; j > 0 && earlier(&m, met + j - 1); j--) met[j] = met[j - 1];
        met[j] = m;
    }
    for (i64 i = 0; i < count; i++) {
        u64 ours = bits(met[i].ours, met[i].our_words), theirs = bits(met[i].theirs, met[i].their_words);
        if ((*used_ours & ours) || (*used_theirs & theirs)) continue;
        *used_ours |= ours; *used_theirs |= theirs;
        met[held++] = met[i];
    }
    return held;
}

/* Scorer._initials: adds to the `held` meetings those of initials with words; -1 without memory. */
static i64 with_initials(work *w, i64 row, i64 other, i64 held, u64 used_ours, u64 used_theirs) {
    const side *a = &w->q->side, *b = &w->in->side;
    if (!a->initials[row] && !b->initials[other]) return held;
    double ours = 0, theirs = 0;
    for (i64 k = 0; k < held; k++) {
        const meeting *m = w->met + k;
        ours += weigh(a, row, m->ours, m->our_words) * m->similarity;
        theirs += weigh(b, other, m->theirs, m->their_words) * m->similarity;
    }
    double needed = w->in->kind[other] == PERSON || a->how[row] & CUT ? w->f->initial_needs : w->f->initial_needs_company;
    if (least_of(ours / a->total[row], theirs / b->total[other]) < needed - 1e-9) return held;
    i64 n = a->off[row + 1] - a->off[row], l = b->off[other + 1] - b->off[other], count = held;
    for (i64 i = 0; i < n; i++)
        for (i64 j = 0; j < l; j++) {
            i64 x = a->word[a->off[row] + i], y = b->word[b->off[other] + j];
            if (a->letter[x] != b->letter[y] || (used_ours >> i | used_theirs >> j) & 1) continue;
            int cut = i == n - 1 && cut_word(a, row, x, b, y);
            if (!cut && (a->initial[x] == b->initial[y] || a->letter[x] <= 0)) continue;
            if (!((a->weight[x] > LIGHT || a->initial[x]) && (b->weight[y] > LIGHT || b->initial[y]))) continue;
            if (!meet(w, &count, i, 1, j, 1, cut ? w->f->cut_word : w->f->initial)) return -1;
            w->met[count - 1].weight = -(double)j; /* an initial is rather the first given name's */
        }
    return held + best(w->met + held, count - held, &used_ours, &used_theirs);
}

/* Rows.light for one row. */
static double light_of(const side *s, i64 row) {
    double found = 0;
    for (i64 i = s->off[row]; i < s->off[row + 1]; i++) if (s->weight[s->word[i]] <= LIGHT) found += s->weight[s->word[i]];
    return found;
}

static i64 telling_of(const side *s, i64 row) {
    i64 found = 0;
    for (i64 i = s->off[row]; i < s->off[row + 1]; i++) if (s->weight[s->word[i]] >= TELLING) found += s->size[s->word[i]];
    return found;
}

static uint8_t *squashed(work *w, int which, const side *s, i64 row, i64 size) {
    if (size > w->letters_room[which]) {
        uint8_t *more = realloc(w->letters[which], (size_t)size * 2);
        if (!more) return NULL;
        w->letters[which] = more; w->letters_room[which] = size * 2;
    }
    uint8_t *to = w->letters[which];
    for (i64 i = s->off[row]; i < s->off[row + 1]; i++) {
        i64 word = s->word[i], length = s->text_off[word + 1] - s->text_off[word];
        memcpy(to, s->text + s->text_off[word], (size_t)length);
        to += length;
    }
    return w->letters[which];
}

/* Scorer._whole for one pair: whether the names meet as one word, and the points; -1 without memory. */
static int whole(work *w, i64 row, i64 other, double *points) {
    const side *a = &w->q->side, *b = &w->in->side;
    const figures *f = w->f;
    i64 n = a->letters[row], m = b->letters[other];
    *points = 0;
    if (n - m > 1 || m - n > 1 || nearer(n, m) < SQUASHED_LEAST || a->number[row] != b->number[other]) return 0;
    const uint8_t *x = squashed(w, 0, a, row, n), *y = squashed(w, 1, b, other, m);
    if (!x || !y) return -1;
    i64 apart = within_one(x, n, y, m), telling = nearer(telling_of(a, row), telling_of(b, other));
    *points = 100 * f->joined * (1 - (double)apart / (double)further(n, m)) - f->spacing - (apart > 0 ? f->inexact : 0.0);
    return apart == 0 || (apart == 1 && telling >= SQUASHED_EDIT && !((a->how[row] | b->how[other]) & SYLLABLES));
}

/* Scorer.score for one pair whose meetings are in w->met; NAN without memory. */
static double score(work *w, i64 row, i64 other, i64 count) {
    const side *a = &w->q->side, *b = &w->in->side;
    const figures *f = w->f;
    i64 kind = w->in->kind[other], syllables = (a->how[row] | b->how[other]) & SYLLABLES, kept = 0;
    for (i64 k = 0; k < count; k++)
        if (!syllables || w->met[k].similarity >= f->syllable) w->met[kept++] = w->met[k];
    count = kept;
    for (i64 k = 0; k < count; k++) w->met[k].weight = weigh(a, row, w->met[k].ours, w->met[k].our_words);
    u64 used_ours = 0, used_theirs = 0;
    i64 held = best(w->met, count, &used_ours, &used_theirs);
    held = with_initials(w, row, other, held, used_ours, used_theirs);
    if (held < 0) return NAN;
    meeting *met = w->met;
    for (i64 i = 1; i < held; i++) { /* by place in ours */
        meeting m = met[i];
        i64 j = i;
        for (; j > 0 && m.ours < met[j - 1].ours; j--) met[j] = met[j - 1];
        met[j] = m;
    }
    double ours = 0, theirs = 0, met_ours = 0, met_theirs = 0, known = 0, light_ours = 0, light_theirs = 0;
    i64 heavy = 0, tells = 0, misspelt = 0, falls = 0, first = -1, last = -1;
    int unlike = 0, spaced = 0, begun = 0; /* begun: as in Scorer._begun */
    for (i64 k = 0; k < held; k++) {
        double similarity = met[k].similarity, x = weigh(a, row, met[k].ours, met[k].our_words);
        double y = weigh(b, other, met[k].theirs, met[k].their_words), lesser = least_of(x, y);
        ours += x * similarity; theirs += y * similarity; met_ours += x; met_theirs += y;
        light_ours += x <= LIGHT ? x : 0.0; light_theirs += y <= LIGHT ? y : 0.0;
        if (lesser > LIGHT) {
            heavy++;
            known += similarity * lesser;
            if (first < 0) first = met[k].theirs; else falls += met[k].theirs < last;
            last = met[k].theirs;
        }
        if (lesser >= TELLING) { tells++; misspelt += similarity < f->respelt; }
        unlike |= similarity < f->joined - 1e-9;
        begun |= a->initial[a->word[a->off[row] + met[k].ours]] && !met[k].theirs;
        spaced |= met[k].our_words > 1 || met[k].their_words > 1;
    }
    double total = a->total[row], their_total = b->total[other];
    ours /= total; theirs /= their_total;
    double missing = 1 - met_ours / total, over = 1 - met_theirs / their_total;
    double share = heavy > 1 ? share_of_better(f, kind, a->how[row], b->how[other], ours, theirs) : 0.0;
    double words = 100 * covered(share, ours, theirs);
    int left_out = missing * total > LIGHT || over * their_total > LIGHT;
    int turned = (a->how[row] | b->how[other]) & TURNED;
    double unmet = most_of(missing * total - (light_of(a, row) - light_ours) - 1e-9, 0) / total;
    unmet *= most_of(over * their_total - (light_of(b, other) - light_theirs) - 1e-9, 0) / their_total;
    double contradiction = -100 * f->contradiction[kind] * sqrt(unmet);
    double inexact = -f->inexact * (left_out || unlike);
    inexact -= syllables && left_out && kind == PERSON ? f->syllable_missing : 0.0;
    int dropped = (a->how[row] & SPELT_OUT && missing * total > 1e-6) || (b->how[other] & SPELT_OUT && over * their_total > 1e-6);
    inexact -= dropped && !left_out ? f->syllable_dropped : 0.0;
    double lone = tells == 1 && misspelt == 1 ? -f->lone : 0.0;
    double spacing = spaced ? -f->spacing : 0.0;
    int rotated = falls == 1 && last < first;
    double order = falls > 0 && !(turned && rotated) ? -(syllables && !rotated ? f->syllable_order : f->order) : 0.0;
    double sum = words + contradiction + inexact + lone + spacing + order, points;
    int one = whole(w, row, other, &points);
    if (one < 0) return NAN;
    if (one && points > sum) sum = points; else one = 0;

    u64 x = a->legal[row], y = b->legal[other];
    if (x != y && kind != PERSON) sum -= !x || !y ? f->legal_dropped : f->legal_differs;
    x = a->native[row]; y = b->native[other];
    int both = x && y && !((x ^ y) & 1);
    if (!both && ((a->how[row] | b->how[other]) & TRANSLITERATED)) sum -= f->transliterated;
    if (both && x != y) sum -= x & 1 ? f->chinese_differs : f->hangul_differs;
    if (a->how[row] & PART) sum -= f->part;
    if (a->how[row] & CUT) sum -= f->cut;
    x = a->number[row]; y = b->number[other];
    if (kind == VESSEL && x != y) sum -= !x || !y ? f->number_missing : f->number_differs;
    sum = least_of(most_of(sum, 0), 100);
    if (!both && ((a->how[row] | b->how[other]) & KOREAN)) sum -= most_of(sum - f->read_as_korean, 0);

    int all = missing * total <= LIGHT && over * their_total <= LIGHT;
    double need = all ? f->information_least[kind] : f->information_part[kind], less = 0;
    if (!all && begun && missing * total <= LIGHT && kind == PERSON) need = f->initials;
    if (known < need - 1e-9 && !(all && !unlike) && !one) less = 1 - known / need;
    if (left_out && !tells && kind != PERSON && !one) less = most_of(less, f->untold);
    sum += -sum * less;
    return rint(sum * 100) / 100;
}

/* index.needed_words for one row: the words to be looked up everywhere. */
static void needed_words(const query *q, i64 row, double enough, i64 cheap, uint8_t *needed) {
    i64 start = q->side.off[row], n = q->side.off[row + 1] - start, order[MOST];
    double running = 0;
    for (i64 i = 0; i < n; i++) {
        i64 cost = q->cost[q->side.word[start + i]], j = i;
        for (; j > 0 && q->cost[q->side.word[start + order[j - 1]]] < cost; j--) order[j] = order[j - 1];
        order[j] = i;
    }
    for (i64 i = 0; i < n; i++) {
        running += q->reach[start + order[i]];
        needed[order[i]] = !(running < enough - 1e-9 && q->cost[q->side.word[start + order[i]]] > cheap);
    }
}

static u64 bit_of(i64 word) { return 1ull << ((u64)word * BASE >> 58); }

static i64 up(double x) { i64 n = (i64)x; return n + ((double)n < x); }

/* The share of theirs that must be met for `least` where so much of ours is, by search._may_reach; over 1 for none. */
static double theirs_needed(double share, double ours, double least) {
    return ours >= least ? most_of((least - share * ours) / (1 - share), 0) : (least - (1 - share) * ours) / share;
}

/* Fills w->lone: the steps of theirs from which one meeting may be enough, by the share of ours, rounded up. */
static void set_lone(work *w) {
    const figures *f = w->f;
    double least[KINDS];
    for (int kind = 0; kind < KINDS; kind++) least[kind] = 101;
    for (i64 row = 0; row < w->in->side.rows; row++)
        least[w->bounds[row].kind] = least_of(least[w->bounds[row].kind], w->bounds[row].least);
    for (int way = 0; way < WAYS; way++)
        for (int level = 0; level <= LEVELS; level++)
            for (int class = 0; class < CLASSES; class++) {
                double share = way & READ_AS_SYLLABLES ? f->syllables : most_of(f->syllables, f->coverage[class >> 1]);
                double ours = (double)level / LEVELS, all = least[class >> 1] + (way & MAY_BE_EXACT ? 0 : f->inexact);
                double needed = theirs_needed(way & READ_AS_CUT ? most_of(share, f->cut_coverage) : share, ours, all / 100);
                if (class & INITIALS && ours >= f->initial_needs - 1e-5) needed = least_of(needed, f->initial_needs - 1e-5);
                w->lone[way][level][class] = (uint16_t)(needed > 1 + 1e-6 ? UINT16_MAX : most_of(needed * (STEPS - 1) - 4, 0));
            }
}

/* What is the same for all probes of a row of ours: the share of it that is spared, and that must be met to be exact. */
typedef struct { double spared, exact; int way; } probing;

/* The postings of a word or run of theirs as a probe; meeting it covers so much of ours. */
static probe probe_of(const work *w, const probing *of, const postings *from, i64 unit, double covers, double similarity) {
    const posting *at = from->at + from->off[unit];
    double ours = covers + of->spared;
    i64 level = nearer((i64)(ours * LEVELS) + 1, LEVELS);
    __builtin_prefetch(at);
    return (probe){at, from->at + from->off[unit + 1], (u64)up(covers * (STEPS - 1)) << 26, (u64)up(similarity * 65536),
                   w->lone[of->way | (ours + 1e-9 < of->exact ? 0 : MAY_BE_EXACT)][level]};
}

static int may_meet(const work *w, uint16_t word) { return w->meets[word >> 6] >> (word & 63) & 1; }

/* What of the words that do not lead its row may meet words of ours, in steps. */
static i64 spared_of(const work *w, const posting *at) {
    i64 found = 0;
    for (int i = 0; i < SPARED; i++) found += may_meet(w, at->word[i]) * at->share[i];
    return 33 * found; /* 33 * 255 > STEPS - 1 */
}

/* Leaves in w->touched the rows that have several of what is probed, or one that may be enough, and adds up what they
 * have: most rows have one that is not, and are gone over without being looked at. */
static i64 post(work *w, i64 probes, int initials) {
    i64 touched = 0;
    for (i64 p = 0; p < probes; p++) {
        const probe *one = w->probes + p;
        for (const posting *at = one->at; at < one->end; at++) {
            u64 *met = w->met_once + (at->row >> 6) * 2, bit = 1ull << (at->row & 63), again = met[0] & bit;
            met[0] |= bit;
            i64 theirs = (i64)((at->adds * one->alike + 65535) >> 16), least = one->alone[at->known | initials];
            if (!again && theirs + 33 * (at->share[0] + at->share[1] + at->share[2]) < least) continue;
            if (met[1] & bit) continue;
            i64 spared = spared_of(w, at);
            if (!again && theirs + spared < least) continue;
            met[1] |= bit;
            w->touched[touched++] = (touch){at->row, (int32_t)spared};
        }
    }
    for (i64 p = 0; p < probes; p++) {
        const probe *one = w->probes + p;
        for (const posting *at = one->at; at < one->end; at++) {
            u64 *met = w->met_once + (at->row >> 6) * 2;
            met[0] = 0;
            if (met[1] >> (at->row & 63) & 1) w->sum[at->row] += one->mine + ((at->adds * one->alike + 65535) >> 16);
        }
    }
    for (i64 t = 0; t < touched; t++) w->met_once[(w->touched[t].row >> 6) * 2 + 1] = 0;
    return touched;
}

/* search._may_reach for one pair; of a row with a twin only where what was cut off may count. */
static inline int reaches(const figures *f, double ours, double theirs, double share, double exact, const bounds *b, int initials, int twin) {
    double lesser = least_of(ours, theirs);
    if (twin && lesser < f->initial_needs - 1e-6) return 0;
    double top = 100 * (share * most_of(ours, theirs) + (1 - share) * lesser);
    if (ours < exact || theirs < b->exact) top -= f->inexact;
    return top >= b->least || (initials && lesser >= f->initial_needs - 1e-6);
}

static void met_by(work *w, i64 word) { w->meets[(word & ANY_WORD) >> 6] |= 1ull << (word & 63); }

/* Clears w->meets of all but ANY_WORD. */
static void clear_meets(work *w, i64 row, i64 any) {
    const query *q = w->q;
    if (any) memset(w->meets, 0, sizeof w->meets);
    for (i64 i = q->side.off[row]; i < q->side.off[row + 1]; i++)
        for (i64 k = q->like_off[q->side.word[i]]; k < q->like_off[q->side.word[i] + 1]; k++)
            w->meets[(q->like[k] & ANY_WORD) >> 6] = 0;
    for (i64 r = q->side.run_off[row]; r < q->side.run_off[row + 1]; r++) w->meets[(q->run_word[r] & ANY_WORD) >> 6] = 0;
    met_by(w, ANY_WORD);
}

/* Of a name that was read from syllables only words that are nearly the same meet: see score. */
static int may_count(const figures *f, int syllables, double similarity) { return !syllables || similarity >= f->syllable; }

/* search.candidates for one row: leaves in w->pairs the rows of theirs that may reach their `least`. */
static i64 candidates(work *w, i64 row) {
    const listed *in = w->in;
    const query *q = w->q;
    const figures *f = w->f;
    const side *a = &q->side;
    i64 start = a->off[row], n = a->off[row + 1] - start, probes = 0, pairs = 0;
    double total = a->total[row], enough = q->enough[row] * total, reach = 0, unit = 1.0 / (STEPS - 1);
    int twin = q->twin[row] >= 0, syllables = (a->how[row] & SYLLABLES) != 0, cut = (a->how[row] & CUT) != 0;
    probing of = {0, (f->joined - 1e-6) * (1 - LIGHT / total), (syllables ? READ_AS_SYLLABLES : 0) | (cut ? READ_AS_CUT : 0)};
    uint8_t needed[MOST];
    for (i64 i = 0; i < n; i++) reach += q->reach[start + i];
    if (twin && reach < (f->initial_needs - 1e-6) * total) return 0;
    if (!n || reach < enough - 1e-9) memset(needed, 0, sizeof needed); else needed_words(q, row, enough, f->cheap, needed);
    for (i64 i = 0; i < n; i++) if (!needed[i]) of.spared += q->reach[start + i] / total;
    for (i64 i = 0; i < n; i++)
        for (i64 k = q->like_off[a->word[start + i]]; k < q->like_off[a->word[start + i] + 1]; k++)
            __builtin_prefetch((needed[i] ? in->words.off : in->lead_words.off) + q->like[k]);
    u64 meets[MOST]; /* the words that each that is not looked up everywhere may meet, as bits */
    double rest[MOST];
    i64 rests = 0, any = 0; /* whether runs of theirs may meet, so that any word may */
    for (i64 i = 0; i < n; i++) {
        i64 word = a->word[start + i];
        double weight = needed[i] ? a->weight[word] / total : 0;
        u64 mask = 0;
        for (i64 k = q->like_off[word]; k < q->like_off[word + 1]; k++) {
            const postings *from = needed[i] ? &in->words : &in->lead_words;
            if (!may_count(f, syllables, q->similarity[k])) continue;
            mask |= bit_of(q->like[k]);
            met_by(w, q->like[k]);
            w->probes[probes++] = probe_of(w, &of, from, q->like[k], q->similarity[k] * weight, q->similarity[k]);
        }
        if (q->join_run[word] >= 0) {
            const postings *from = needed[i] ? &in->runs : &in->lead_runs;
            w->probes[probes++] = probe_of(w, &of, from, q->join_run[word], f->joined * weight, f->joined);
            mask = ~0ull;
            any = 1;
        }
        if (needed[i] || !(q->reach[start + i] > 0)) continue;
        for (i64 r = a->run_off[row]; r < a->run_off[row + 1]; r++)
            if (a->run_start[r] <= i && i < a->run_start[r] + a->run_words[r]) mask = ~0ull;
        meets[rests] = mask;
        rest[rests++] = q->reach[start + i] / total;
    }
    for (i64 r = a->run_off[row]; r < a->run_off[row + 1]; r++) {
        int must = 0;
        met_by(w, q->run_word[r]);
        for (i64 i = 0; i < a->run_words[r]; i++) must |= needed[a->run_start[r] + i];
        double weight = must ? weigh(a, row, a->run_start[r], a->run_words[r]) : 0;
        const postings *from = must ? &in->words : &in->lead_words;
        w->probes[probes++] = probe_of(w, &of, from, q->run_word[r], f->joined * weight / total, f->joined);
    }
    if (any) memset(w->meets, 0xFF, sizeof w->meets);
    i64 touched = post(w, probes, a->initials[row]);
    clear_meets(w, row, any);
    for (i64 t = 0; t < touched; t++) {
        i64 other = w->touched[t].row;
        if (t + 16 < touched) {
            __builtin_prefetch(w->sum + w->touched[t + 16].row);
            __builtin_prefetch(w->bounds + w->touched[t + 16].row);
        }
        u64 sum = w->sum[other];
        w->sum[other] = 0;
        const bounds *b = w->bounds + other;
        double ours = (double)(i64)(sum >> 26 & 0x3FFFFFF) * unit + of.spared;
        double theirs = least_of((double)((i64)(sum & 0x3FFFFFF) + w->touched[t].spared) * unit, 1);
        double share = syllables || b->syllables ? f->syllables : f->coverage[b->kind];
        if (cut) share = most_of(share, f->cut_coverage);
        int initials = a->initials[row] || b->initials;
        if (!reaches(f, least_of(ours, 1), theirs, share, of.exact, b, initials, twin)) continue;
        for (i64 i = 0; i < rests; i++) if (!(b->words & meets[i])) ours -= rest[i];
        if (!rests || reaches(f, least_of(ours, 1), theirs, share, of.exact, b, initials, twin)) {
            w->pairs[pairs++] = (int32_t)other;
            __builtin_prefetch(in->side.off + other);
        }
    }
    return pairs;
}

/* search.by_squashed for one row: adds to w->pairs after the first `pairs`. */
static i64 by_squashed(work *w, i64 row, i64 pairs) {
    const side *a = &w->q->side;
    const lookup *in = &w->in->squashed;
    i64 n = a->letters[row];
    if (n < SQUASHED_LEAST) return pairs;
    const uint8_t *text = squashed(w, 0, a, row, n);
    if (!text) return -1;
    if (n + 1 > w->powers) {
        u64 *more = realloc(w->power, (size_t)(n + 1) * 4 * sizeof *more); /* the second half for what is looked up */
        if (!more) return -1;
        w->power = more; w->powers = (n + 1) * 2;
        w->power[0] = 1;
        for (i64 i = 1; i < w->powers; i++) w->power[i] = w->power[i - 1] * BASE;
    }
    u64 all = 0, before = 0, back = inverse(), *values = w->power + w->powers;
    i64 count = 0;
    for (i64 i = 0; i < n; i++) all += ((u64)text[i] + 1) * w->power[i];
    for (i64 i = -1; i < (n >= SQUASHED_EDIT ? n : 0); i++) {
        u64 value = all;
        if (i >= 0) {
            u64 letter = ((u64)text[i] + 1) * w->power[i];
            value = before + back * (all - before - letter);
            before += letter;
        }
        values[count++] = value * MIX;
    }
    count = lookups(in, values, count);
    for (i64 v = 0; v < count; v++)
        for (i64 k = lookup_first(in, values[v]); k < in->size && in->hash[k] == values[v]; k++)
            if (!w->sum[in->place[k]]) { w->sum[in->place[k]] = 1; w->pairs[pairs++] = in->place[k]; }
    return pairs;
}

/* The most words of theirs that the words of one of our rows are like, all words counted. */
static i64 most_likes(const query *q, i64 start) {
    i64 most = 1;
    for (i64 row = start; row < q->side.rows; row++) {
        i64 some = 0;
        for (i64 i = q->side.off[row]; i < q->side.off[row + 1]; i++)
            some += q->like_off[q->side.word[i] + 1] - q->like_off[q->side.word[i]];
        most = further(most, some);
    }
    return most;
}

/* What is known of a row of theirs before it is looked at, as floats, with room for their rounding. */
static bounds bounds_of(const listed *in, const figures *f, i64 row, double least) {
    const side *b = &in->side;
    u64 words = 0;
    for (i64 i = b->off[row]; i < b->off[row + 1]; i++) words |= bit_of(in->places[i].word);
    double exact = (f->joined - 1e-5) * (1 - LIGHT / b->total[row]);
    return (bounds){(float)exact - 1e-5f, (float)(least - ROUNDED) - 1e-3f, (int8_t)in->kind[row], (int8_t)b->initials[row],
                    (b->how[row] & SYLLABLES) != 0, words};
}

/* Room for the search of rows from `start`; 0 without memory. */
static int work_begin(work *w, i64 start, const double *least) {
    size_t rows = (size_t)w->in->side.rows + 1, words = (size_t)w->in->side.words + 1;
    w->room = 256;
    w->sum = calloc(rows, sizeof *w->sum);
    w->met_once = calloc(rows / 64 * 2 + 2, sizeof *w->met_once);
    w->lone = malloc(WAYS * sizeof *w->lone);
    w->probes = malloc((size_t)(most_likes(w->q, start) + 4 * MOST) * sizeof *w->probes);
    w->touched = malloc(rows * sizeof *w->touched);
    w->pairs = malloc(rows * 2 * sizeof *w->pairs);
    w->head = malloc(words * sizeof *w->head);
    w->met = malloc((size_t)w->room * sizeof *w->met);
    w->likes = malloc((size_t)most_likes(w->q, start) * sizeof *w->likes);
    w->bounds = malloc(rows * sizeof *w->bounds);
    if (!w->sum || !w->met_once || !w->lone || !w->probes || !w->touched || !w->pairs || !w->head || !w->met || !w->likes || !w->bounds) return 0;
    for (i64 row = 0; row < w->in->side.rows; row++) w->bounds[row] = bounds_of(w->in, w->f, row, least[row]);
    set_lone(w);
    met_by(w, ANY_WORD);
    memset(w->head, 0xFF, words * sizeof *w->head);
    return 1;
}

static void work_end(work *w) {
    free(w->sum); free(w->met_once); free(w->lone); free(w->probes); free(w->touched); free(w->pairs); free(w->head); free(w->met); free(w->likes); free(w->bounds);
    free(w->letters[0]); free(w->letters[1]); free(w->power);
}

/* Lists, for each word of theirs, the words of our row that are like it; and whether any may be a run of words. */
static void set_likes(work *w, i64 row) {
    const query *q = w->q;
    const i64 *off = q->side.off;
    int32_t likes = 0;
    int syllables = (q->side.how[row] & SYLLABLES) != 0;
    w->joined = q->side.run_off[row + 1] > q->side.run_off[row];
    for (i64 i = off[row]; i < off[row + 1]; i++) {
        i64 word = q->side.word[i];
        w->joined |= q->join[word] != 0;
        for (i64 k = q->like_off[word]; k < q->like_off[word + 1]; k++) {
            if (!may_count(w->f, syllables, q->similarity[k])) continue;
            w->likes[likes] = (likely){q->similarity[k], (int32_t)(i - off[row]), w->head[q->like[k]]};
            w->head[q->like[k]] = likes++;
        }
    }
}

static void clear_likes(work *w, i64 row) {
    const query *q = w->q;
    for (i64 i = q->side.off[row]; i < q->side.off[row + 1]; i++)
        for (i64 k = q->like_off[q->side.word[i]]; k < q->like_off[q->side.word[i] + 1]; k++) w->head[q->like[k]] = -1;
}

/* The rows of theirs to be scored with our row: leaves them in w->pairs, and the words that are like ours listed
 * if there are any; -1 without memory. */
static i64 chosen(work *w, i64 row) {
    i64 near = candidates(w, row), kept = 0;
    if (near) set_likes(w, row);
    for (i64 p = 0; p < near; p++) {
        i64 other = w->pairs[p];
        if (p + 4 < near) __builtin_prefetch(w->in->places + w->in->side.off[w->pairs[p + 4]]);
        if (!promising(w, row, other, w->bounds + other)) continue;
        w->sum[other] = 1;
        w->pairs[kept++] = (int32_t)other;
    }
    i64 all = w->q->twin[row] < 0 ? by_squashed(w, row, kept) : kept;
    if (all > 0 && !near) set_likes(w, row);
    if (all <= 0 && near) clear_likes(w, row);
    for (i64 p = 0; p < all; p++) w->sum[w->pairs[p]] = 0;
    return all;
}

/* search._search for our rows from `start`: pairs that score at least `least` of their row, by row and theirs. Returns
 * the row it stopped at, -1 without memory. */
i64 search_rows(const listed *in, const query *q, const figures *f, const double *least, i64 start, i64 *rows,
                i64 *others, double *scores, i64 room, i64 *found) {
    i64 row = -1, count = 0;
    work w = {.in = in, .q = q, .f = f};
    if (!work_begin(&w, start, least)) goto end;
    for (row = start; row < q->side.rows && room - count >= in->side.rows; row++) {
        i64 all = chosen(&w, row), first = count;
        if (all < 0) { row = -1; goto end; }
        for (i64 p = 0; p < all; p++) {
            i64 met = meetings(&w, row, w.pairs[p]);
            double points = met < 0 ? NAN : score(&w, row, w.pairs[p], met);
            if (isnan(points)) { row = -1; goto end; }
            if (points < least[w.pairs[p]] - 1e-9) continue;
            i64 at = count++;
            for (; at > first && others[at - 1] > w.pairs[p]; at--) { others[at] = others[at - 1]; scores[at] = scores[at - 1]; }
            rows[count - 1] = row; others[at] = w.pairs[p]; scores[at] = points;
        }
        if (all) clear_likes(&w, row);
    }
end:
    *found = count;
    work_end(&w);
    return row;
}

/* ------------------------------------------------------------------------------------------------ words of texts */
enum { LEADS = 1 << 14 };
typedef struct { const uint8_t *text; i64 size; u64 hash; } token;
typedef struct { i64 first, count, new_first, new_count; } phrase; /* places in a list of tokens */

typedef struct {
    token *legal, *roman, *tokens; phrase *phrases;
    i64 legals, romans, phrased;
    uint8_t leads[LEADS]; /* whether a phrase may begin with a word of this hash */
    uint8_t *raw, *undotted, *plain; token *line, *spare; i64 room;
    token *known; int32_t *slots; i64 words, slot_bits, most;
} texts;

static int letter(uint8_t c) { return c >= 'a' && c <= 'z'; }
static int digit(uint8_t c) { return c >= '0' && c <= '9'; }
static int plain_letter(uint8_t c) { return letter(c) || digit(c); }
static int upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }

static token token_of(const uint8_t *text, i64 size) {
    u64 hash = 0xCBF29CE484222325ull;
    for (i64 i = 0; i < size; i++) hash = (hash ^ text[i]) * 0x100000001B3ull;
    return (token){text, size, hash ^ hash >> 29};
}
static int same(const token *a, const token *b) {
    return a->hash == b->hash && a->size == b->size && !memcmp(a->text, b->text, (size_t)a->size);
}

/* The words of a text that stand between blanks. */
static i64 tokens_of(const uint8_t *text, i64 size, token *to) {
    i64 count = 0;
    for (i64 i = 0; i < size;) {
        i64 start = i;
        while (i < size && text[i] != ' ') i++;
        if (i > start) to[count++] = token_of(text + start, i - start);
        i++;
    }
    return count;
}

/* The words of a text that stand on a line each. */
static i64 lines_of(const uint8_t *text, i64 size, token *to) {
    i64 count = 0;
    for (i64 i = 0, start = 0; i < size; i++)
        if (text[i] == '\n') { to[count++] = token_of(text + start, i - start); start = i + 1; }
    return count;
}

/* Small letters, signs in words, quotes gone, a blank where shouted letters end: names._SHOUTED. */
static i64 lowered(const uint8_t *from, i64 n, uint8_t *to) {
    uint8_t *at = to;
    for (i64 i = 0; i < n; i++) {
        uint8_t c = from[i];
        if (upper(c) && i >= 2 && upper(from[i - 1]) && upper(from[i - 2]) && i + 2 < n && letter(from[i + 1]) && letter(from[i + 2]))
            *at++ = ' ';
        if (upper(c)) *at++ = (uint8_t)(c + 32);
        else if (c == '&') { memcpy(at, " and ", 5); at += 5; }
        else if (c == '+') { memcpy(at, " plus ", 6); at += 6; }
        else if (c == '@') { memcpy(at, " at ", 4); at += 4; }
        else if (c != '\'' && c != '`' && c != '"') *at++ = c == '\n' ? ' ' : c;
    }
    *at = 0;
    return at - to;
}

/* names._DOTTED and names._undotted: 's.a.r.l.' as 'sarl'; with blanks between, only where that is a legal form. */
static i64 undotted(const texts *t, const uint8_t *from, i64 n, uint8_t *to) {
    uint8_t *at = to;
    for (i64 i = 0; i < n;) {
        i64 end = -1;
        if (letter(from[i]) && from[i + 1] == '.' && (!i || !plain_letter(from[i - 1])))
            for (i64 j = i + 1; j < n && from[j] == '.';) {
                i64 k = j + 1 + (from[j + 1] == ' ');
                if (k >= n || !letter(from[k])) break;
                j = k + 1;
                if (!plain_letter(from[j])) end = j;
            }
        if (end < 0) { *at++ = from[i++]; continue; }
        if (from[end] == '.') end++;
        uint8_t *start = at;
        int blank = 0, legal = 0;
        for (i64 k = i; k < end; k++) { blank |= from[k] == ' '; if (letter(from[k])) *at++ = from[k]; }
        token joined = token_of(start, at - start);
        for (i64 k = 0; blank && k < t->legals; k++) legal |= same(&joined, t->legal + k);
        if (blank && !legal) {
            at = start;
            for (i64 k = i; k < end; k++) *at++ = from[k] == '.' ? ' ' : from[k];
        } else *at++ = ' ';
        i = end;
    }
    *at = 0;
    return at - to;
}

/* names._SLASHED: 'm/v' as 'mv'. */
static i64 unslashed(const uint8_t *from, i64 n, uint8_t *to) {
    uint8_t *at = to;
    for (i64 i = 0; i < n; i++) {
        if (letter(from[i]) && from[i + 1] == '/' && i + 2 < n && letter(from[i + 2]) && !plain_letter(from[i + 3])
            && (!i || !plain_letter(from[i - 1]))) {
            *at++ = from[i]; *at++ = from[i + 2];
            i += 2;
        } else *at++ = from[i];
    }
    *at = 0;
    return at - to;
}

static int vowel(uint8_t c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

/* names._MISREAD and names._letter: the letter that a scanner read as the digit at this place, 0 where it is a digit. */
static uint8_t misread(const uint8_t *text, i64 i) {
    uint8_t before = i ? text[i - 1] : 0, as = text[i] == '0' ? 'o' : text[i] == '2' ? 'z' : text[i] == '5' ? 's'
        : text[i] == '8' ? 'b' : text[i] != '1' ? 0 : vowel(before) || vowel(text[i + 1]) ? 'l' : 'i';
    if (!as || !letter(text[i + 1])) return 0;
    if (letter(before)) return text[i] == '0' || text[i] == '1' || (i > 1 && letter(text[i - 2])) || letter(text[i + 2]) ? as : 0;
    return !digit(before) && letter(text[i + 2]) && letter(text[i + 3]) ? as : 0;
}

/* Digits that are letters misread, as these; what is neither letter nor digit, as a blank. */
static i64 plainly(const uint8_t *from, i64 n, uint8_t *to) {
    for (i64 i = 0; i < n; i++) {
        uint8_t as = digit(from[i]) ? misread(from, i) : 0;
        to[i] = as ? as : plain_letter(from[i]) ? from[i] : ' ';
    }
    return n;
}

/* Bits for the words of a line, by their hashes. */
static u64 held_by(const token *line, i64 count) {
    u64 held = 0;
    for (i64 i = 0; i < count; i++) held |= 1ull << (line[i].hash & 63);
    return held;
}

/* Phrases as one word, each phrase wherever it stands before the next is tried; -1 where there is no room. */
static i64 rephrased(texts *t, i64 count) {
    int may = 0;
    u64 held = held_by(t->line, count);
    for (i64 i = 0; i < count; i++) may |= t->leads[t->line[i].hash & (LEADS - 1)];
    for (i64 p = 0; may && p < t->phrased; p++) {
        const phrase *one = t->phrases + p;
        const token *sought = t->tokens + one->first, *put = t->tokens + one->new_first;
        if (!(held >> (sought->hash & 63) & 1)) continue;
        i64 to = 0, found = 0;
        for (i64 i = 0; i + one->count <= count && !found; i++) found = same(t->line + i, sought);
        if (!found) continue;
        for (i64 i = 0; i < count;) {
            i64 k = 0;
            while (k < one->count && i + k < count && same(t->line + i + k, sought + k)) k++;
            if (k < one->count) { t->spare[to++] = t->line[i++]; continue; }
            if (to + one->new_count + count - i > t->room) return -1;
            for (k = 0; k < one->new_count; k++) t->spare[to++] = put[k];
            i += one->count;
            if (i < count) t->spare[to++] = t->line[i++]; /* the blank before it was part of the phrase */
        }
        token *spare = t->line; t->line = t->spare; t->spare = spare;
        count = to;
        held = held_by(t->line, count);
    }
    return count;
}

/* names._ROMAN_WORD: a Roman number of a ship as it is otherwise written. */
static token arabic(const texts *t, const token *word) {
    for (i64 k = 0; k < t->romans; k += 2) if (same(t->roman + k, word)) return t->roman[k + 1];
    return *word;
}

/* names._SERVANT: how many letters of a word stand for 'abdul' before another, 0 for none. */
static i64 servant(const token *word) {
    const uint8_t *text = word->text;
    i64 size = word->size, at = 4;
    if (size < 9 || memcmp(text, "abd", 3) || !vowel(text[3])) return 0;
    if (text[3] == 'o' && text[4] == 'u') at = 5;
    i64 rest = text[at] == 'l' ? at + 1 : at, least = text[at] == 'l' ? 4 : 5;
    if (text[at] != 'l' && text[at] != 'r') return 0;
    if (text[at] == 'l' && text[rest] == 'l' && text[rest + 1] == 'a' && (text[rest + 2] == 'h' || text[rest + 2] == 'e' || text[rest + 2] == 'y'))
        return 0;
    for (i64 i = rest; i < rest + least; i++) if (i >= size || !letter(text[i])) return 0;
    return rest;
}

static i64 known_as(texts *t, const token *word) {
    u64 mask = (1ull << t->slot_bits) - 1, at = word->hash & mask;
    for (; t->slots[at] >= 0; at = (at + 1) & mask) if (same(t->known + t->slots[at], word)) return t->slots[at];
    if (t->words == t->most) return -1;
    t->slots[at] = (int32_t)t->words;
    t->known[t->words] = *word;
    return t->words++;
}

/* names.words: of each line its words, as places among the distinct words, whose letters go to `letters`. `phrases` has
 * a phrase and what it means on alternate lines, so has `roman`, and `legal` a legal form on each. Returns the number of distinct words, -1
 * where there is no room or no memory. */
i64 words_of(const uint8_t *text, const i64 *text_off, i64 lines, const uint8_t *ship, const uint8_t *phrases,
             i64 phrases_size, const uint8_t *legal, i64 legal_size, const uint8_t *roman, i64 roman_size, i64 *off, int32_t *word, i64 room, uint8_t *letters,
             i64 *letters_off, i64 most) {
    texts t = {.most = most};
    i64 longest = 0, flat = 0, stored = 0, found = -1, breaks = 0;
    for (i64 l = 0; l < lines; l++) longest = further(longest, text_off[l + 1] - text_off[l]);
    for (i64 i = 0; i < phrases_size; i++) breaks += phrases[i] == '\n';
    t.room = 6 * longest + 64;
    for (t.slot_bits = 8; (1ll << t.slot_bits) < 2 * most; t.slot_bits++) {}
    size_t size = (size_t)t.room;
    t.raw = malloc(size + 8); t.undotted = malloc(size + 8); t.plain = malloc(size + 8);
    t.line = malloc(size * sizeof(token)); t.spare = malloc(size * sizeof(token));
    t.legal = malloc(((size_t)legal_size + 1) * sizeof(token));
    t.roman = malloc(((size_t)roman_size + 1) * sizeof(token));
    t.tokens = malloc(((size_t)phrases_size + 1) * sizeof(token));
    t.phrases = malloc(((size_t)breaks + 1) * sizeof(phrase));
    t.known = malloc((size_t)most * sizeof(token));
    t.slots = malloc(sizeof(int32_t) << t.slot_bits);
    if (!t.raw || !t.undotted || !t.plain || !t.line || !t.spare || !t.legal || !t.roman || !t.tokens || !t.phrases || !t.known || !t.slots)
        goto end;
    memset(t.slots, 0xFF, sizeof(int32_t) << t.slot_bits);
    t.legals = lines_of(legal, legal_size, t.legal);
    t.romans = lines_of(roman, roman_size, t.roman);
    for (i64 i = 0, start = 0, used = 0, meaning = 0; i < phrases_size; i++)
        if (phrases[i] == '\n') {
            i64 count = tokens_of(phrases + start, i - start, t.tokens + used);
            phrase *one = t.phrases + t.phrased;
            if (meaning) { one->new_first = used; one->new_count = count; t.phrased++; }
            else { one->first = used; one->count = count; t.leads[t.tokens[used].hash & (LEADS - 1)] = 1; }
            used += count; meaning = !meaning; start = i + 1;
        }
    for (i64 l = 0; l < lines; l++) {
        off[l] = flat;
        i64 n = lowered(text + text_off[l], text_off[l + 1] - text_off[l], t.raw);
        n = unslashed(t.undotted, undotted(&t, t.raw, n, t.undotted), t.raw);
        n = plainly(t.raw, n, t.plain);
        i64 count = rephrased(&t, tokens_of(t.plain, n, t.line));
        if (count < 0) goto end;
        for (i64 i = 0; i < count; i++) {
            token one = t.line[i];
            i64 split = servant(&one);
            for (i64 from = 0, to; from < one.size; from = to) {
                to = !from && split ? split : one.size;
                if (ship[l] && !(!from && split))
                    for (to = from + 1; to < one.size && digit(one.text[to]) == digit(one.text[to - 1]); to++) {}
                token part = to - from == one.size ? one : token_of(one.text + from, to - from);
                if (!from && split) part = token_of((const uint8_t *)"abdul", 5);
                if (ship[l] && flat > off[l]) part = arabic(&t, &part);
                while (ship[l] && part.size > 1 && *part.text == '0') part = token_of(part.text + 1, part.size - 1);
                i64 before = t.words, place = known_as(&t, &part);
                if (place < 0 || flat == room) goto end;
                if (t.words > before) { /* the letters of a new word are kept where they stay */
                    memcpy(letters + stored, part.text, (size_t)part.size);
                    t.known[place].text = letters + stored;
                    letters_off[place] = stored;
                    stored += part.size;
                }
                word[flat++] = (int32_t)place;
            }
        }
    }
    off[lines] = flat;
    letters_off[t.words] = stored;
    found = t.words;
end:
    free(t.raw); free(t.undotted); free(t.plain); free(t.line); free(t.spare); free(t.legal); free(t.roman); free(t.tokens);
    free(t.phrases); free(t.known); free(t.slots);
    return found;
}

/* ------------------------------------------------------------------------------------------------ spellings of words */
typedef struct { uint8_t old[8], put[8]; i64 old_size, put_size; } respelling;

static i64 respellings(const uint8_t *text, i64 size, respelling *to) { /* old and new on alternate lines; $ ends a word */
    i64 count = 0, second = 0;
    memset(to, 0, sizeof *to);
    for (i64 i = 0; i < size; i++) {
        respelling *one = to + count;
        if (text[i] != '\n') {
            uint8_t c = text[i] == '$' ? '\n' : text[i];
            if (second) one->put[one->put_size++] = c; else one->old[one->old_size++] = c;
        } else if (!(second = !second)) memset(to + ++count, 0, sizeof *to);
    }
    return count;
}

static u64 seen(const uint8_t *text, i64 n) {
    u64 found = 0;
    for (i64 i = 0; i < n; i++) found |= 1ull << (text[i] & 63);
    return found;
}

/* The text with each respelling made wherever it fits before the next is tried; `spare` has as much room. */
static i64 respelt(uint8_t *text, i64 n, uint8_t *spare, const respelling *with, i64 count) {
    u64 letters = seen(text, n);
    for (i64 p = 0; p < count; p++) {
        const respelling *one = with + p;
        u64 needs = 1ull << (one->old[0] & 63) | 1ull << (one->old[one->old_size - 1] & 63);
        if ((letters & needs) != needs) continue;
        i64 to = 0, fits = 0;
        for (i64 i = 0; i < n;) {
            if (i + one->old_size <= n && text[i] == one->old[0] && !memcmp(text + i, one->old, (size_t)one->old_size)) {
                memcpy(spare + to, one->put, (size_t)one->put_size);
                to += one->put_size; i += one->old_size; fits = 1;
            } else spare[to++] = text[i++];
        }
        if (!fits) continue;
        memcpy(text, spare, (size_t)to);
        n = to;
        letters = seen(text, n);
    }
    return n;
}

static i64 single(uint8_t *text, i64 n) { /* a letter that is doubled, once */
    i64 to = 0;
    for (i64 i = 0; i < n; i++) if (!i || text[i] != text[i - 1] || !(letter(text[i]) || upper(text[i]))) text[to++] = text[i];
    return to;
}

enum { BRIEF = 4 }; /* vocabulary._BRIEF */

static int silent(uint8_t c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'h' || digit(c); }

/* vocabulary.spared for one word. */
static i64 without_inner_vowels(const uint8_t *word, i64 n, uint8_t *to) {
    i64 kept = 0;
    for (i64 i = 0; i < n; i++)
        if (!(vowel(word[i]) && i && letter(word[i - 1]) && i + 1 < n && letter(word[i + 1]))) to[kept++] = word[i];
    return kept;
}

static u64 hash_of(const uint8_t *text, i64 n) {
    u64 found = 0, power = 1;
    for (i64 i = 0; i < n; i++, power *= BASE) found += ((u64)text[i] + 1) * power;
    return found;
}

/* Vocabulary.of: the spelling that is folded is the word itself where `at` is -1, else the one at this place of `meant`.
 * Returns the size of all folds, -1 without memory. `folds` has room for twice the letters of all of these; the last
 * three of the respellings `folding` are made after letters are made single. */
i64 spell_words(const uint8_t *text, const i64 *off, const uint8_t *meant, const i64 *meant_off, const i64 *at, i64 words, i64 longest,
                const uint8_t *folding, i64 folding_size, const uint8_t *sounding, i64 sounding_size, uint8_t *folds,
                i64 *folds_off, u64 *hash, u64 *bones, u64 *spares, u64 *letters, i64 *sounds, int8_t *edits,
                uint8_t *bares, uint8_t *briefs) {
    i64 most = 0, total = 0;
    for (i64 w = 0; w < words; w++) {
        most = further(most, off[w + 1] - off[w]);
        if (at[w] >= 0) most = further(most, meant_off[at[w] + 1] - meant_off[at[w]]);
    }
    uint8_t *buffer = malloc(2 * (size_t)most + 16), *spare = malloc(2 * (size_t)most + 16);
    respelling *fold = malloc(((size_t)folding_size / 2 + 2) * sizeof *fold);
    respelling *sound = malloc(((size_t)sounding_size / 2 + 2) * sizeof *sound);
    if (!buffer || !spare || !fold || !sound) { free(buffer); free(spare); free(fold); free(sound); return -1; }
    i64 fold_count = respellings(folding, folding_size, fold), sound_count = respellings(sounding, sounding_size, sound);
    for (i64 w = 0; w < words; w++) {
        const uint8_t *word = text + off[w];
        i64 size = off[w + 1] - off[w], n = at[w] < 0 ? size : meant_off[at[w] + 1] - meant_off[at[w]], alpha = 0;
        for (i64 i = 0; i < size; i++) alpha += letter(word[i]);
        letters[w] = seen(word, size);
        memcpy(buffer, at[w] < 0 ? word : meant + meant_off[at[w]], (size_t)n);
        buffer[n] = '\n';
        n = respelt(buffer, n + 1, spare, fold, fold_count - 3);
        n = respelt(buffer, single(buffer, n), spare, fold + fold_count - 3, 3) - 1;
        n = nearer(n, longest);
        memcpy(folds + total, buffer, (size_t)n);
        folds_off[w] = total;
        total += n;
        hash[w] = hash_of(buffer, n);
        memcpy(buffer, word, (size_t)size);
        i64 heard = respelt(buffer, size, spare, sound, sound_count), to = 0;
        for (i64 i = 0; i < heard; i++) if (!silent(buffer[i])) buffer[to++] = buffer[i];
        sounds[w] = single(buffer, to);
        bones[w] = sounds[w] >= 2 && n >= 4 && alpha == size ? hash_of(buffer, sounds[w]) : 0;
        i64 inner = without_inner_vowels(word, size, buffer), kept = single(buffer, inner);
        spares[w] = kept >= 3 && alpha == size ? hash_of(buffer, kept) : 0;
        bares[w] = inner == size && spares[w] != 0;
        briefs[w] = kept < BRIEF;
        edits[w] = size < 4 || n < 3 ? 0 : size < 7 ? 1 : 2;
        if (alpha < size) edits[w] = alpha >= 3 ? (int8_t)nearer(edits[w], 1) : 0;
    }
    folds_off[words] = total;
    free(buffer); free(spare); free(fold); free(sound);
    return total;
}

/* table._misspelt: marks the words that are within an edit of one of the `forms`. */
i64 near_words(const uint8_t *text, const i64 *off, i64 words, const uint8_t *form, const i64 *form_off, i64 forms,
               uint8_t *found) {
    u64 *letters = malloc(((size_t)forms + 1) * sizeof *letters);
    if (!letters) return -1;
    for (i64 f = 0; f < forms; f++) letters[f] = seen(form + form_off[f], form_off[f + 1] - form_off[f]);
    for (i64 w = 0; w < words; w++) {
        i64 n = off[w + 1] - off[w];
        u64 own = seen(text + off[w], n);
        for (i64 f = 0; f < forms && !found[w]; f++) {
            i64 m = form_off[f + 1] - form_off[f];
            if (n - m > 1 || m - n > 1 || differ(own ^ letters[f], 2)) continue; /* an edit takes one letter and puts another */
            found[w] = within_one(text + off[w], n, form + form_off[f], m) <= 1;
        }
    }
    free(letters);
    return words;
}
