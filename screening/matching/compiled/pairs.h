/* pairs.py: the score of a pair of names, and whether it is worth working out. */

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
