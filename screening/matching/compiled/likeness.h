/* likeness.py: which words are like which, and how like. */

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
    /* the words differ, so that in their own letters they are no nearer than one edit either */
    int told = same_folds || (apart == 1 && further(x->length, y->length) >= longer);
    i64 raw = told ? apart : !any && unlike ? most + 1 : distance(&ours->text, in->text + y->text, y->size, most);
    int close = nearer(apart, raw) <= edits, heard = bones && nearer(apart, raw) <= far;
    if (!close && !heard && !spared && !alike) return 0;
    if (apart > most && most < 4) apart = distance(&ours->fold, in->fold + y->fold, y->length, 4);
    if (raw > most && most < 4) raw = told ? apart : distance(&ours->text, in->text + y->text, y->size, 4);
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
