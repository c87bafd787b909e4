/* search.search: all pairs of names that score enough. */

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
