/* A vendor that answers at once: serves the prepared answers of one file on loopback, so that a measurement sees the client only.

       stub ANSWERS PAGES

   Prints its port, and ends when its standard input does. Speaks just enough HTTP/1.1: kept-alive connections, bodies with a
   Content-Length, one thread for each connection. Written by answers.py, the file holds for each route a line
   "METHOD PATH KIND COUNT" and COUNT times "LENGTH\n" with that many bytes, a whole answer. A path that ends with "/" stands for all
   below it. KIND "rotate" gives one answer after the other. KIND "pages" gives PAGES pages of a list: the number of the page is read
   off the last digits of the cursor in the query, written over each run of DIGITS "@" in the answer, and the last answer is the last page. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define DIGITS 6
#define HEAD 65536
#define ROUTES 64

struct answer { size_t length; char *bytes; };
struct route { char method[8]; char path[120]; int pages; int count; unsigned next; struct answer *answers; };

static struct route routes[ROUTES];
static int known, pages;
static const char missing[] = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

static void fail(const char *what) { perror(what); exit(1); }

static void load(const char *name) {
    FILE *file = fopen(name, "rb");
    char kind[16];
    if (!file) fail(name);
    while (known < ROUTES) {
        struct route *route = &routes[known];
        if (fscanf(file, "%7s %119s %15s %d\n", route->method, route->path, kind, &route->count) != 4) break;
        route->pages = strcmp(kind, "pages") == 0;
        route->answers = calloc(route->count, sizeof *route->answers);
        for (int i = 0; i < route->count; i++) {
            struct answer *answer = &route->answers[i];
            if (fscanf(file, "%zu", &answer->length) != 1 || fgetc(file) != '\n') fail("length");
            answer->bytes = malloc(answer->length);
            if (fread(answer->bytes, 1, answer->length, file) != answer->length) fail("bytes");
        }
        known++;
    }
    fclose(file);
}

static struct route *find(const char *method, const char *path) {
    for (int i = 0; i < known; i++) {
        size_t length = strlen(routes[i].path);
        int below = routes[i].path[length - 1] == '/';
        if (strcmp(routes[i].method, method) == 0 && strncmp(routes[i].path, path, length) == 0 && (below || path[length] == 0))
            return &routes[i];
    }
    return NULL;
}

/* The page after the one whose number ends the cursor; the first without a cursor. */
static int wanted_page(const char *query) {
    const char *cursor = strstr(query, "starting_after="), *found = NULL;
    if (!cursor) cursor = strstr(query, "offset=");
    if (!cursor) return 0;
    for (const char *at = cursor; *at && *at != '&'; at++)
        if (strspn(at, "0123456789") >= DIGITS) found = at;
    return found ? atoi(strndupa(found, DIGITS)) + 1 : 0;
}

static int send_all(int client, const char *bytes, size_t length) {
    while (length) {
        ssize_t sent = send(client, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        bytes += sent;
        length -= sent;
    }
    return 1;
}

static int send_page(int client, struct route *route, int page) {
    struct answer *answer = &route->answers[page >= pages - 1 ? route->count - 1 : page % (route->count - 1)];
    char *copy = malloc(answer->length + 1), *at = copy, digits[16], marker[DIGITS + 1];
    int sent;
    memcpy(copy, answer->bytes, answer->length);
    copy[answer->length] = 0;
    memset(marker, '@', DIGITS);
    marker[DIGITS] = 0;
    snprintf(digits, sizeof digits, "%0*d", DIGITS, page);
    while ((at = strstr(at, marker))) memcpy(at, digits, DIGITS);
    sent = send_all(client, copy, answer->length);
    free(copy);
    return sent;
}

static int answer(int client, const char *method, char *target) {
    char *query = strchr(target, '?');
    struct route *route;
    if (query) *query++ = 0;
    route = find(method, target);
    if (!route) return send_all(client, missing, sizeof missing - 1);
    if (route->pages) return send_page(client, route, wanted_page(query ? query : ""));
    struct answer *chosen = &route->answers[__sync_fetch_and_add(&route->next, 1) % route->count];
    return send_all(client, chosen->bytes, chosen->length);
}

static void *serve(void *given) {
    int client = (int)(long)given, on = 1;
    char *head = malloc(HEAD + 1), method[8], target[4096];
    size_t have = 0;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (;;) {
        char *end, *length_at;
        size_t whole;
        head[have] = 0;
        while (!(end = strstr(head, "\r\n\r\n"))) {
            ssize_t got = have < HEAD ? recv(client, head + have, HEAD - have, 0) : 0;
            if (got <= 0) goto done;
            have += got;
            head[have] = 0;
        }
        length_at = strcasestr(head, "\r\ncontent-length:");
        whole = end + 4 - head + (length_at && length_at < end ? strtoul(length_at + 17, NULL, 10) : 0);
        while (have < whole) {
            ssize_t got = have < HEAD ? recv(client, head + have, HEAD - have, 0) : 0;
            if (got <= 0) goto done;
            have += got;
        }
        if (sscanf(head, "%7s %4095s", method, target) != 2 || !answer(client, method, target)) break;
        memmove(head, head + whole, have - whole);
        have -= whole;
    }
done:
    close(client);
    free(head);
    return NULL;
}

static void *until_input_ends(void *unused) {
    char byte;
    while (read(0, &byte, 1) > 0) {}
    exit(0);
    return unused;
}

int main(int count, char **given) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    pthread_t thread;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (count != 3) { fprintf(stderr, "usage: stub ANSWERS PAGES\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    load(given[1]);
    pages = atoi(given[2]);
    if (bind(server, (struct sockaddr *)&here, size) || listen(server, 1024) || getsockname(server, (struct sockaddr *)&here, &size)) fail("listen");
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    pthread_create(&thread, NULL, until_input_ends, NULL);
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)(long)client) == 0) pthread_detach(thread);
    }
}
