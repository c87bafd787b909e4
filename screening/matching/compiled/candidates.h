/* search.candidates: the names that may score enough, told from words that one of two cannot do without. */

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
