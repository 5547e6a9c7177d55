/* Tests of the rules: every line is a text and what is to be found in it. */
#include "find.h"

#include <stdio.h>
#include <string.h>

typedef struct test {
    const char *text;
    const char *found; /* kind and words of each, joined by " | " */
} test;

static const test TESTS[] = {
    {"Write to anna.lee@example.com today.", "EMAIL anna.lee@example.com"},
    {"(press@mail.example.co.uk)", "EMAIL press@mail.example.co.uk"},
    {"\xe2\x80\x9c" "a+b_c@x-y.org\xe2\x80\x9d", "EMAIL a+b_c@x-y.org"},
    {"mailto:desk@example.org?subject=x", "EMAIL desk@example.org"},
    {"a@b.com, c@d.net; e@f.de", "EMAIL a@b.com | EMAIL c@d.net | EMAIL e@f.de"},
    {"\xe9\x82\xae\xe7\xae\xb1" "info@example.cn\xe3\x80\x82", "EMAIL info@example.cn"},
    {"Ends here: x@example.com.", "EMAIL x@example.com"},
    {"...dots@example.com", "EMAIL dots@example.com"},
    {"me@xn--bcher-kva.xn--p1ai", "EMAIL me@xn--bcher-kva.xn--p1ai"},
    {"no @handle, no user@localhost, no a@b, no a@@b.com", ""},
    {"no a..b@example.com, no a.@example.com, no a@-b.com", ""},
    {"caf\xc3\xa9@example.com", ""},
    {"git@host.example.com:group/name.git", ""},
    {"x@example.com: so it says", "EMAIL x@example.com"},
    {"one@two@three.com", "EMAIL two@three.com"},
    {"price 3@1.50", ""},
    {"See https://example.com/a_(b)?q=1#top.", "URL https://example.com/a_(b)?q=1#top"},
    {"(see http://example.com/x)", "URL http://example.com/x"},
    {"HTTPS://EXAMPLE.COM, next", "URL HTTPS://EXAMPLE.COM"},
    {"<ftp://user@files.example.org/pub/>", "URL ftp://user@files.example.org/pub/"},
    {"at www.example.com/news!", "URL www.example.com/news"},
    {"www.example is no host, www. neither", ""},
    {"\xe7\xbd\x91\xe5\x9d\x80https://example.cn/\xe6\x96\xb0\xe9\x97\xbb\xe3\x80\x82\xe5\xa5\xbd",
     "URL https://example.cn/\xe6\x96\xb0\xe9\x97\xbb"},
    {"\xc2\xabhttp://example.fr/\xc2\xbb", "URL http://example.fr/"},
    {"http://[::1]:80/x and http://localhost:8080", "URL http://[::1]:80/x | URL http://localhost:8080"},
    {"http:// alone, xhttp://a.b, http:/one, https://", ""},
    {"Is it 'http://example.com'?", "URL http://example.com"},
    {"[(http://example.com/a(b)c)(d)])...", "URL http://example.com/a(b)c)(d"},
    {"+49 30 1234567", "PHONE +49 30 1234567"},
    {"Ring +1 (212) 555-0100.", "PHONE +1 (212) 555-0100"},
    {"+442079460958,", "PHONE +442079460958"},
    {"+33\xc2\xa0" "1\xc2\xa0" "23\xc2\xa0" "45\xc2\xa0" "67\xc2\xa0" "89", "PHONE +33\xc2\xa0" "1\xc2\xa0" "23\xc2\xa0" "45\xc2\xa0" "67\xc2\xa0" "89"},
    {"(212) 555-0100 or 415-555-0132", "PHONE (212) 555-0100 | PHONE 415-555-0132"},
    {"1-800-555-0199 and 212.555.0100", "PHONE 1-800-555-0199 | PHONE 212.555.0100"},
    {"0049 30 123456", "PHONE 0049 30 123456"},
    {"+4930123456 (office), +4930123456 (2 lines)", "PHONE +4930123456 | PHONE +4930123456"},
    {"tel (456789023", ""},
    {"Tel.: 030/123456", "PHONE 030/123456"},
    {"call 555 0199", "PHONE 555 0199"},
    {"recall 555 0199, phone number 555 0199", ""},
    {"On 2020-01-01 at 10:30:00, 1,250.50 or 12.5% of 100 200 3000", ""},
    {"ISBN 978-3-16-148410-0, IP 192.168.100.100, version 1.2.3", ""},
    {"+5 degrees, +12.5 points, 1+2345678 x", ""},
    {"pages 123-456-7890123, A212-555-0100, $212-555-0100", ""},
    {"112-555-0100 and 212-055-0100", ""},
    {"from 200 300 4000 to 1234567890123456", ""},
    {"+1234567890123456 is too long", ""},
    {"", ""},
    {"@", ""},
    {"+", ""},
    {"(((((((", ""},
    {"http", ""},
};

static const char *const KINDS[] = {"EMAIL", "URL", "PHONE"};

static int run(const test *test) {
    char found[512] = "";
    size_t len = strlen(test->text), from = 0;
    contact contact;
    for (; contact_next((const uint8_t *)test->text, len, from, &contact); from = contact.end) {
        size_t there = strlen(found);
        snprintf(found + there, sizeof found - there, "%s%s %.*s", there == 0 ? "" : " | ", KINDS[contact.kind],
            (int)(contact.end - contact.start), test->text + contact.start);
    }
    if (strcmp(found, test->found) == 0) return 0;
    printf("in       %s\nfound    %s\nexpected %s\n", test->text, found, test->found);
    return 1;
}

/* Texts put together at random: what is found must be in order, not empty and on character boundaries. */
static int run_random(uint32_t *state) {
    static const char *const PARTS[] = {"@", "a", "b.com", ".", "-", "http://", "www.", "(", ")", "]", "+", "1", "23", "456",
        "7890", " ", "\xc3\xa9", "\xe3\x80\x82", "\xe6\x96\xb0", "\xf0\x9f\x98\x80", "tel ", "\xc2\xa0", ":", "/"};
    char text[256] = "";
    size_t end = 0, from = 0;
    contact contact;
    while (end < sizeof text - 16) {
        const char *part = PARTS[(*state = *state * 1664525u + 1013904223u) / 65536u % (sizeof PARTS / sizeof *PARTS)];
        memcpy(text + end, part, strlen(part));
        end += strlen(part);
    }
    for (; contact_next((const uint8_t *)text, end, from, &contact); from = contact.end) {
        const int cut = ((uint8_t)text[contact.start] & 0xC0) == 0x80 || ((uint8_t)text[contact.end] & 0xC0) == 0x80;
        if (contact.start < from || contact.end <= contact.start || contact.end > end || cut) {
            printf("in       %s\nfound    bytes %zu to %zu\n", text, contact.start, contact.end);
            return 1;
        }
    }
    return 0;
}

int main(void) {
    int failed = 0;
    uint32_t state = 1;
    for (int i = 0; i < 100000 && failed < 5; i++) failed += run_random(&state);
    for (size_t i = 0; i < sizeof TESTS / sizeof *TESTS; i++) failed += run(&TESTS[i]);
    printf("%zu tests, %d failed\n", sizeof TESTS / sizeof *TESTS, failed);
    return failed != 0;
}
