/* Names as rows of words, what is searched and what is asked (structures.py), and what a search has in hand. */

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
