/* The rules aim at precision: what is marked should be usable. Domains without a scheme or `www.`, and numbers that
 * look like a telephone number only by their length, are left alone. */
#include "find.h"

#include <string.h>

typedef struct view {
    const uint8_t *text;
    size_t len;
} view;

/* Longest local part of an address (RFC 5321), and longest domain. */
enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 255 };

static int is_digit(int c) { return c >= '0' && c <= '9'; }
static int is_letter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static int is_alnum(int c) { return is_digit(c) || is_letter(c); }
static int is_local(int c) { return is_alnum(c) || (c > 0 && strchr("._%+-", c) != NULL); }

/* The byte at `i`, 0 beyond the ends. */
static int at(view v, size_t i) { return i < v.len ? v.text[i] : 0; }
static int before(view v, size_t i) { return i > 0 ? v.text[i - 1] : 0; }

/* Whether a letter of an alphabet with spaces (Latin, Greek, Cyrillic beyond ASCII) begins at `i`: two bytes from
 * U+00C0 to U+052F. Writing without spaces may stand right beside an address. */
static int is_foreign_letter(int lead) { return lead >= 0xC3 && lead <= 0xD4; }

/* Whether a word could be going on across `i`, so that nothing begins there. */
static int inside_word(view v, size_t i) {
    if (is_alnum(before(v, i)) || before(v, i) == '_') return 1;
    return i >= 2 && v.text[i - 1] >= 0x80 && is_foreign_letter(v.text[i - 2]);
}

/* Whether the text at `i` is `word` (lower case), in any case. */
static int is_word(view v, size_t i, const char *word) {
    for (; *word != 0; word++, i++) {
        int c = at(v, i);
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != *word) return 0;
    }
    return 1;
}

/* The end of a domain that begins at `from`, with at least two labels and letters at its end; `from` if it is none. */
static size_t domain_end(view v, size_t from) {
    size_t i = from, label = from, end = from, labels = 0;
    int letters = 1;
    for (; i - from <= LONGEST_DOMAIN; i++) {
        int c = at(v, i);
        if (is_alnum(c) || c == '-') {
            letters = letters && is_letter(c);
            continue;
        }
        if (i == label || v.text[label] == '-' || v.text[i - 1] == '-') break;
        labels++;
        if (labels >= 2 && i - label >= 2 && (letters || is_word(v, label, "xn--"))) end = i;
        if (c != '.' || !is_alnum(at(v, i + 1))) break;
        label = i + 1;
        letters = 1;
    }
    return end == i ? end : from;
}

/* An address around the `@` at `i`, of which nothing lies before `from`. */
static int email_at(view v, size_t i, size_t from, contact *found) {
    size_t start = i, end;
    while (start > from && i - start <= LONGEST_LOCAL && is_local(v.text[start - 1])) start--;
    while (start < i && !is_alnum(v.text[start]) && v.text[start] != '_') start++;
    if (start == i || i - start > LONGEST_LOCAL || v.text[i - 1] == '.' || inside_word(v, start)) return 0;
    for (size_t k = start; k + 1 < i; k++)
        if (v.text[k] == '.' && v.text[k + 1] == '.') return 0;
    end = domain_end(v, i + 1);
    if (end == i + 1 || at(v, end) == '@' || is_foreign_letter(at(v, end))) return 0;
    /* user@host:path names a file, not a mailbox. */
    if (at(v, end) == ':' && (is_alnum(at(v, end + 1)) || at(v, end + 1) == '/' || at(v, end + 1) == '~')) return 0;
    found->start = start;
    found->end = end;
    found->kind = CONTACT_EMAIL;
    return 1;
}

/* Whether the character of three bytes at `i` is punctuation or a space of Unicode: U+2000..206F, U+3000..303F (but not
 * the repetition mark and number zero), U+FF00..FF0F and other full-width marks. */
static int is_wide_mark(view v, size_t i) {
    int a = at(v, i), b = at(v, i + 1), c = at(v, i + 2);
    if (a == 0xE2) return b == 0x80 || (b == 0x81 && c < 0xB0);
    if (a == 0xE3) return b == 0x80 && c != 0x85 && c != 0x87;
    if (a == 0xEF) return b == 0xBC ? c < 0x90 || c > 0x99 : b == 0xBD && c > 0x9A;
    return 0;
}

/* Where the characters that may be in a web address end. */
static size_t url_reach(view v, size_t i) {
    for (; i < v.len; i++) {
        int c = v.text[i];
        if (c <= ' ' || c == 0x7F || strchr("<>\"{}|\\^`", c) != NULL || is_wide_mark(v, i)) break;
        /* No-break space, and the marks of quotation and others up to U+00BF. */
        if (c == 0xC2) break;
    }
    return i;
}

/* Leaves out what is punctuation of the sentence: marks at the end, and brackets that were not opened inside. */
static size_t url_trim(view v, size_t start, size_t end) {
    size_t round = 0, square = 0; /* brackets closed more often than opened */
    for (size_t i = start; i < end; i++) round += v.text[i] == ')', square += v.text[i] == ']';
    for (size_t i = start; i < end; i++) {
        round -= round > 0 && v.text[i] == '(';
        square -= square > 0 && v.text[i] == '[';
    }
    for (; end > start; end--) {
        const int c = v.text[end - 1];
        if (c == ')' && round > 0) round--;
        else if (c == ']' && square > 0) square--;
        else if (strchr(".,;:!?'*_~", c) == NULL) break;
    }
    return end;
}

/* A web address that begins at `i`. */
static int url_at(view v, size_t i, contact *found) {
    static const char *const schemes[] = {"https://", "http://", "ftp://"};
    size_t host = i;
    if (inside_word(v, i) || before(v, i) == '@' || before(v, i) == '.' || before(v, i) == '-') return 0;
    for (size_t k = 0; k < sizeof schemes / sizeof *schemes && host == i; k++)
        if (is_word(v, i, schemes[k])) host = i + strlen(schemes[k]);
    if (host == i && (!is_word(v, i, "www.") || domain_end(v, i + 4) == i + 4)) return 0;
    if (host != i && !is_alnum(at(v, host)) && at(v, host) != '[' && at(v, host) < 0x80) return 0;
    found->start = i;
    found->end = url_trim(v, host, url_reach(v, host));
    found->kind = CONTACT_URL;
    return found->end > host;
}

/* Digits of a number written in groups, and where it ends. Between groups stands one mark, or a bracket with a mark
 * beside it; a group in brackets may be the first or the second. */
typedef struct number {
    size_t end;
    int digits;
    int groups;
    int sizes[8];
} number;

static number number_from(view v, size_t i) {
    number all = {i, 0, 0, {0}}; /* of what is read */
    number n = all;              /* as far as no bracket is open */
    int open = 0;
    while (all.groups < 8 && all.digits <= 15) {
        size_t group;
        int mark;
        if (at(v, i) == '(' && !open && all.groups < 2) open = 1, i++;
        for (group = i; is_digit(at(v, i)) && i - group < 32;) i++;
        if (i == group) break;
        all.sizes[all.groups++] = (int)(i - group);
        all.digits += (int)(i - group);
        if (open && at(v, i) == ')') open = 0, i++;
        all.end = i;
        if (!open) n = all;
        mark = at(v, i) > 0 && strchr(" -./", at(v, i)) != NULL;
        if (mark) i++;
        else if (at(v, i) == 0xC2 && at(v, i + 1) == 0xA0) i += 2;
        else if (at(v, i) != '(' && before(v, i) != ')') break;
    }
    return n;
}

/* Whether a number that ends at `i` ends there for good. */
static int ends_number(view v, size_t i) {
    int c = at(v, i);
    if (is_alnum(c) || c == '_' || c == '%' || is_foreign_letter(c)) return 0;
    return !(c > 0 && strchr("-./,:", c) != NULL && is_digit(at(v, i + 1)));
}

/* Whether the words right before `i` announce a telephone number. */
static int is_announced(view v, size_t i) {
    static const char *const cues[] = {"tel", "telephone", "phone", "fax", "mobile", "cell", "call", "hotline"};
    size_t end = i, start;
    while (end > 0 && i - end < 3 && strchr(" .:", v.text[end - 1]) != NULL) end--;
    for (start = end; start > 0 && end - start < 10 && is_letter(v.text[start - 1]);) start--;
    if (end == i || start == end || inside_word(v, start)) return 0;
    for (size_t k = 0; k < sizeof cues / sizeof *cues; k++)
        if (strlen(cues[k]) == end - start && is_word(v, start, cues[k])) return 1;
    return 0;
}

/* Area, exchange and line of North America: three, three and four digits, the first two from 2 up. */
static int is_north_american(view v, size_t i, const number *n) {
    const int first = n->groups == 4 && n->sizes[0] == 1 && at(v, i) == '1';
    const int *sizes = n->sizes + first;
    size_t area = first ? i + 2 : i, exchange;
    if (n->groups != 3 + first || sizes[0] != 3 || sizes[1] != 3 || sizes[2] != 4) return 0;
    if (at(v, area) == '(') area++;
    for (exchange = area + 3; !is_digit(at(v, exchange));) exchange++;
    /* Three groups between spaces are as good as any three numbers. */
    if (!first && at(v, area + 3) == ' ') return 0;
    return at(v, area) >= '2' && at(v, exchange) >= '2';
}

/* A telephone number that begins at `i`: with its country code, in the form of North America, or announced. */
static int phone_at(view v, size_t i, contact *found) {
    const int plus = at(v, i) == '+';
    const int left = before(v, i);
    number n;
    int good;
    if (inside_word(v, i) || (left > 0 && strchr("+-./,$#=&", left) != NULL) || left == 0xA3 || left == 0xAC) return 0;
    if (left == ':' && i >= 2 && is_digit(v.text[i - 2])) return 0;
    n = number_from(v, i + (size_t)plus);
    if (!ends_number(v, n.end) || n.digits > 15) return 0;
    if (plus) good = n.digits >= 8 && at(v, i + 1) >= '1';
    else if (at(v, i) == '0' && at(v, i + 1) == '0') good = n.digits >= 10 && n.groups >= 2 && at(v, i + 2) >= '1';
    else good = is_north_american(v, i, &n) || (n.digits >= 6 && is_announced(v, i));
    found->start = i;
    found->end = n.end;
    found->kind = CONTACT_PHONE;
    return good;
}

int contact_next(const uint8_t *text, size_t len, size_t from, contact *found) {
    const view v = {text, len};
    for (size_t i = from; i < len; i++) {
        switch (text[i]) {
        case '@':
            if (email_at(v, i, from, found)) return 1;
            break;
        case 'h': case 'H': case 'f': case 'F': case 'w': case 'W':
            if (url_at(v, i, found)) return 1;
            break;
        case '+': case '(':
        case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
            if (phone_at(v, i, found)) return 1;
            /* What is left of a number is none. */
            while (is_digit(at(v, i)) && is_digit(at(v, i + 1))) i++;
            break;
        default: break;
        }
    }
    return 0;
}
