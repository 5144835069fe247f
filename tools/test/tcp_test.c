/* SPDX-License-Identifier: Apache-2.0 */
/* TCP reassembly: what is delivered, as a line of text, for segments that come in every order but the right one. */
#include "tools/tcp.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static char events[8u << 20];
static size_t events_len;
static unsigned opened;

static void note(const char *text, size_t len)
{
    if (events_len + len < sizeof events) {
        memcpy(events + events_len, text, len);
        events_len += len;
        events[events_len] = 0;
    }
}

static void *on_open(void *context, const endpoint ends[2])
{
    char text[32];
    (void)context;
    note(text, (size_t)snprintf(text, sizeof text, "open%u ", ends[0].port));
    opened++;
    return &opened;
}

static void on_data(void *connection, unsigned direction, csign_bytes bytes, size_t frame)
{
    char text[32];
    CHECK(connection == &opened, "the connection is the one opened");
    note(text, (size_t)snprintf(text, sizeof text, "%c%zu:", direction ? 'B' : 'A', frame));
    note((const char *)bytes.data, bytes.len);
    note(" ", 1);
}

static void on_gap(void *connection, unsigned direction, uint32_t missing, size_t frame)
{
    char text[48];
    (void)connection;
    note(text, (size_t)snprintf(text, sizeof text, "gap%c%zu:%u ", direction ? 'B' : 'A', frame, (unsigned)missing));
}

static void on_close(void *connection)
{
    (void)connection;
    note("close ", 6);
}

static tcp_reassembly *tcp;
static size_t frame;

static void begin(void)
{
    static const tcp_consumer consumer = {NULL, on_open, on_data, on_gap, on_close};
    events_len = 0;
    events[0] = 0;
    frame = 0;
    tcp = tcp_new(&consumer, TCP_WAITING_SEGMENTS);
}

/* side 'A' is port 1000, the client; 'B' the server. Sequence and acknowledgement numbers are absolute. */
static void send_cut(char side, uint32_t seq, uint32_t ack, uint8_t flags, const char *text, size_t cut)
{
    tcp_segment s = {.seq = seq, .ack = ack, .flags = flags, .cut = cut, .frame = ++frame};
    s.from.port = side == 'A' ? 1000 : 445;
    s.to.port = side == 'A' ? 445 : 1000;
    s.payload = (csign_bytes){(const uint8_t *)text, strlen(text)};
    tcp_add(tcp, &s);
}

static void send(char side, uint32_t seq, uint32_t ack, const char *text)
{
    send_cut(side, seq, ack, TCP_ACK, text, 0);
}

static void handshake(uint32_t a, uint32_t b) /* frames 1, 2 */
{
    send_cut('A', a - 1, 0, TCP_SYN, "", 0);
    send_cut('B', b - 1, a, TCP_SYN | TCP_ACK, "", 0);
}

static void end(const char *expected)
{
    tcp_finish(tcp);
    CHECK(strcmp(events, expected) == 0, "\n  got      %s\n  expected %s", events, expected);
}

static void test_order(void)
{
    begin();
    handshake(100, 500);
    send('A', 100, 500, "one");
    send('B', 500, 103, "two");
    end("open1000 A3:one B4:two close ");

    begin(); /* reordered in one direction */
    handshake(100, 500);
    send('A', 106, 500, "ghi");
    send('A', 103, 500, "def");
    send('A', 100, 500, "abc");
    end("open1000 A5:abc A4:def A3:ghi close ");

    begin(); /* sequence numbers wrap */
    handshake(0xFFFFFFFE, 0xFFFFFFFF);
    send('A', 1, 0xFFFFFFFF, "def");
    send('A', 0xFFFFFFFE, 0xFFFFFFFF, "abc");
    send('B', 0xFFFFFFFF, 4, "xy");
    end("open1000 A4:abc A3:def B5:xy close ");

    begin(); /* the capture has the answer before the question */
    handshake(100, 500);
    send('B', 500, 103, "answer");
    send('A', 100, 500, "ask");
    send('B', 506, 107, "more");
    send('A', 103, 506, "next");
    end("open1000 A4:ask B3:answer A6:next B5:more close ");

    begin(); /* data before the SYN */
    send('A', 100, 500, "ask");
    send_cut('A', 99, 0, TCP_SYN, "", 0);
    send_cut('B', 499, 100, TCP_SYN | TCP_ACK, "", 0);
    send('B', 500, 103, "two");
    end("open1000 gapA1:0 A1:ask B4:two close ");
}

static void test_copies(void)
{
    begin(); /* retransmitted whole, in part, more; keepalive probes */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    send('A', 100, 500, "abc");
    send('A', 101, 500, "bcde");
    send('A', 104, 500, "X");
    send('A', 100, 500, "abcdefg");
    end("open1000 A3:abc A5:de A7:fg close ");

    begin(); /* overlapping while waiting: nothing twice */
    handshake(100, 500);
    send('A', 103, 500, "def");
    send('A', 104, 500, "efgh");
    send('A', 102, 500, "cde");
    send('A', 100, 500, "ab");
    end("open1000 A6:ab A5:cde A3:f A4:gh close ");
}

static void test_loss(void)
{
    begin(); /* nobody waits for ever: the hole is named, what follows is there, in causal order */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    send('A', 108, 500, "xyz");
    send('B', 500, 111, "answer");
    end("open1000 A3:abc gapA4:5 A4:xyz B5:answer close ");

    begin(); /* a lost answer: the next question acknowledges it */
    handshake(100, 500);
    send('A', 100, 500, "ask");
    send('A', 103, 510, "next");
    send('B', 510, 107, "answer");
    end("open1000 A3:ask A4:next gapB5:10 B5:answer close ");

    begin(); /* the capture cut the frame */
    handshake(100, 500);
    send_cut('A', 100, 500, TCP_ACK, "abc", 7);
    send('A', 110, 500, "more");
    end("open1000 A3:abc gapA3:7 A4:more close ");

    begin(); /* nothing follows the hole, but it is acknowledged; a FIN counts for one */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    send('B', 500, 111, "");
    send('A', 103, 501, "");
    end("open1000 A3:abc gapA4:8 close ");

    begin(); /* starts in the middle */
    send('B', 77777, 5, "mid");
    send('A', 5, 77780, "dle");
    end("open445 gapA1:0 A1:mid gapB2:0 B2:dle close ");

    begin(); /* wild numbers, as an injected or damaged segment has them, stop nothing that is real */
    handshake(100, 500);
    send('A', 100 + 0x10000000, 500, "wild");
    send('B', 500, 0x70000000, "ack");
    send('A', 100, 500, "abc");
    send('A', 103, 503, "def");
    end("open1000 A5:abc B4:ack A6:def gapA3:268435450 A3:wild close ");
}

/* The retransmission of one segment comes behind so many others of a long message. */
static void test_late(unsigned behind)
{
    enum { SEGMENT = 1000 };
    char text[SEGMENT + 1], expected[64];
    memset(text, 'x', SEGMENT);
    text[SEGMENT] = 0;
    begin();
    handshake(100, 500);
    for (unsigned i = 1; i <= behind; i++)
        send('B', 500 + i * SEGMENT, 100, text);
    CHECK(events_len == 0, "they wait");
    send('B', 500, 100, text);
    snprintf(expected, sizeof expected, "open1000 B%u:xx", behind + 3);
    CHECK(strncmp(events, expected, strlen(expected)) == 0, "%.40s", events);
    tcp_finish(tcp);
    CHECK(strstr(events, "gap") == NULL && events_len > (size_t)SEGMENT * (behind + 1), "nothing is missing");
}

/* Many that wait, while others pass: takes no time to speak of. */
static void test_many_blocked(void)
{
    begin();
    handshake(100, 500);
    for (unsigned i = 0; i < TCP_WAITING_SEGMENTS; i++)
        send('A', 100, 600 + i, "x");
    for (unsigned i = 0; i < 98; i++)
        send('B', 500 + i, 100, "y");
    CHECK(strstr(events, "A") == NULL, "they acknowledge what has not come");
    send('B', 598, 100, "y");
    CHECK(strstr(events, "B4197:y A3:x ") != NULL && strstr(events, "gap") == NULL, "%.80s", events + events_len - 80);
    tcp_finish(tcp);
}

static void test_limits(void)
{
    begin(); /* bounded: a hole is given up when too much waits behind it */
    handshake(100, 500);
    for (unsigned i = 0; i <= TCP_WAITING_SEGMENTS; i++)
        send('A', 110 + i, 500, "x");
    CHECK(strncmp(events, "open1000 gapA3:10 A3:x ", 23) == 0, "%.60s", events);
    tcp_finish(tcp);

    begin(); /* and by bytes */
    handshake(100, 500);
    size_t len = 65535, sent = 0;
    char *big = malloc(len + 1);
    CHECK(big != NULL, "memory");
    memset(big, 'x', len);
    big[len] = 0;
    for (; sent <= TCP_WAITING_BYTES; sent += len)
        send('A', (uint32_t)(110 + sent), 500, big);
    CHECK(strncmp(events, "open1000 gapA3:10 A3:x", 22) == 0, "%.60s", events);
    tcp_finish(tcp);
    free(big);
}

static void test_connections(void)
{
    begin(); /* the same ports again, with something still waiting on the old connection */
    handshake(100, 500);
    send('A', 100, 500, "old");
    send('A', 105, 500, "late");
    handshake(9000, 7000);
    send('A', 9000, 7000, "new");
    send('B', 7000, 9003, "yes");
    end("open1000 A3:old gapA4:2 A4:late close open1000 A7:new B8:yes close ");

    begin(); /* a SYN sent twice is not a new connection */
    handshake(100, 500);
    handshake(100, 500);
    send('A', 100, 500, "abc");
    handshake(100, 500);
    send('A', 103, 500, "def");
    end("open1000 A5:abc A8:def close ");

    begin(); /* the new connection's SYN is lost, its SYN-ACK is not */
    handshake(100, 500);
    send('A', 100, 500, "old");
    send_cut('B', 6999, 9000, TCP_SYN | TCP_ACK, "", 0);
    send('A', 9000, 7000, "new");
    end("open1000 A3:old close open1000 A5:new close ");

    begin(); /* a reset's payload is not part of the stream */
    handshake(100, 500);
    send_cut('A', 100, 500, TCP_RST, "no", 0);
    send('A', 100, 500, "abc");
    end("open1000 A4:abc close ");
}

/* One segment of another connection, from this client port. */
static void send_from(uint16_t port, char side, uint8_t flags)
{
    tcp_segment s = {.seq = 1, .ack = 1, .flags = flags, .frame = ++frame};
    s.from.port = side == 'A' ? port : 445;
    s.to.port = side == 'A' ? 445 : port;
    tcp_add(tcp, &s);
}

static void test_ends(void)
{
    begin(); /* ended, and kept until as many others have ended: what comes late still finds its place */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    send_cut('A', 106, 500, TCP_ACK | TCP_FIN, "", 0);
    send_cut('B', 500, 107, TCP_ACK | TCP_FIN, "", 0);
    for (unsigned i = 0; i + 1 < TCP_ENDED; i++) {
        send_from((uint16_t)(2000 + i), 'A', TCP_ACK | TCP_FIN);
        send_from((uint16_t)(2000 + i), 'B', TCP_ACK | TCP_FIN);
    }
    send('A', 103, 500, "def");
    CHECK(strcmp(events, "open1000 A3:abc A68:def ") == 0, "%s", events);
    for (unsigned i = 0; i < TCP_ENDED; i++) {
        send_from((uint16_t)(3000 + i), 'A', TCP_ACK | TCP_FIN);
        send_from((uint16_t)(3000 + i), 'B', TCP_ACK | TCP_FIN);
    }
    CHECK(strcmp(events, "open1000 A3:abc A68:def close ") == 0, "%s", events);
    end("open1000 A3:abc A68:def close ");

    begin(); /* a FIN of one side only ends nothing */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    send_cut('A', 103, 500, TCP_ACK | TCP_FIN, "", 0);
    for (unsigned i = 0; i < 2 * TCP_ENDED; i++) {
        send_from((uint16_t)(2000 + i), 'A', TCP_ACK | TCP_FIN);
        send_from((uint16_t)(2000 + i), 'B', TCP_ACK | TCP_FIN);
    }
    CHECK(strcmp(events, "open1000 A3:abc ") == 0, "%s", events);
    tcp_finish(tcp);

    begin(); /* of too many open ones the one that has been silent longest is given up */
    handshake(100, 500);
    send('A', 100, 500, "abc");
    for (unsigned i = 0; i < TCP_OPEN; i++)
        send_from((uint16_t)(2000 + i), 'A', TCP_SYN);
    CHECK(strcmp(events, "open1000 A3:abc close ") == 0 && tcp_given_up(tcp) == 1, "%s, %zu", events,
          tcp_given_up(tcp));
    send_from(40000, 'A', TCP_SYN);
    CHECK(tcp_given_up(tcp) == 1, "one without a byte does not count");
    tcp_finish(tcp);
}

/* Streams cut into random pieces, some twice, some overlapping, shuffled within a window: what arrives is what was sent. */
static uint32_t seed = 1;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void test_shuffled(void)
{
    enum { LEN = 300, PIECES = 200 };
    char text[LEN + 1], got[LEN + 1];
    for (unsigned round = 0; round < 500; round++) {
        struct {
            size_t at, len;
        } pieces[PIECES];
        size_t count = 0, at = 0;
        uint32_t start = 0xFFFFFF80u + random_below(256);

        for (size_t i = 0; i < LEN; i++)
            text[i] = (char)('A' + random_below(26));
        text[LEN] = 0;
        while (at < LEN && count < PIECES) {
            size_t back = at < 5 ? 0 : random_below(5), len = 1 + random_below(12);
            pieces[count].at = at - back;
            pieces[count].len = at - back + len > LEN ? LEN - (at - back) : len;
            if (pieces[count].at + pieces[count].len > at)
                at = pieces[count].at + pieces[count].len;
            count++;
        }
        for (size_t i = 0; i + 1 < count; i++) {
            size_t j = i + random_below(count - i < 8 ? (uint32_t)(count - i) : 8);
            size_t a = pieces[i].at, l = pieces[i].len;
            pieces[i].at = pieces[j].at, pieces[i].len = pieces[j].len;
            pieces[j].at = a, pieces[j].len = l;
        }
        begin();
        handshake(start, 500);
        for (size_t i = 0; i < count; i++) {
            char piece[32];
            memcpy(piece, text + pieces[i].at, pieces[i].len);
            piece[pieces[i].len] = 0;
            send('A', start + (uint32_t)pieces[i].at, 500, piece);
        }
        tcp_finish(tcp);
        size_t got_len = 0;
        for (const char *p = events; (p = strchr(p, ':')) != NULL;)
            for (p++; *p != ' ' && got_len < LEN; p++)
                got[got_len++] = *p;
        got[got_len] = 0;
        CHECK(strcmp(got, text) == 0 && strstr(events, "gap") == NULL, "round %u:\n  %s\n  %s", round, got, text);
    }
}

int main(void)
{
    test_order();
    test_copies();
    test_loss();
    test_late(300);
    test_late(2000);
    test_many_blocked();
    test_limits();
    test_connections();
    test_ends();
    test_shuffled();
    return check_end();
}
