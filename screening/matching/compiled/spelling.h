/* vocabulary.Vocabulary: words with what it takes to compare them; and which are nearly legal forms. */

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
