/* Edit distances: score.distances. */

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
