/* names.words: the plain words of texts. */

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

/* Small letters, signs in words, apostrophes gone, a blank where shouted letters end: names._SHOUTED. */
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
        else if (c != '\'' && c != '`') *at++ = c == '\n' ? ' ' : c;
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
static token arabic(const texts *t, const token *word, i64 known) {
    for (i64 k = 0; k < 2 * known; k += 2) if (same(t->roman + k, word)) return t->roman[k + 1];
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
             i64 phrases_size, const uint8_t *legal, i64 legal_size, const uint8_t *roman, i64 roman_size, i64 numbers, i64 *off, int32_t *word, i64 room, uint8_t *letters,
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
        uint8_t *from = t.raw, *to = t.undotted, *swap;
        if (memchr(from, '.', (size_t)n)) { n = undotted(&t, from, n, to); swap = from; from = to; to = swap; }
        if (memchr(from, '/', (size_t)n)) { n = unslashed(from, n, to); from = to; }
        n = plainly(from, n, t.plain);
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
                if (flat > off[l]) part = arabic(&t, &part, ship[l] ? t.romans / 2 : numbers);
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
