/* Finds e-mail addresses, web addresses and telephone numbers in UTF-8 text. */
#ifndef EXAMPLE_FIND_H
#define EXAMPLE_FIND_H

#include <stddef.h>
#include <stdint.h>

enum contact_kind { CONTACT_EMAIL, CONTACT_URL, CONTACT_PHONE, CONTACT_KINDS };

/* Bytes start..end of the text. */
typedef struct contact {
    size_t start;
    size_t end;
    enum contact_kind kind;
} contact;

/* The first contact that begins at or after `from`: 1 and `found`, or 0 if there is none. Takes time linear in the
 * text when each call goes on at the end of what the last one found. */
int contact_next(const uint8_t *text, size_t len, size_t from, contact *found);

#endif
