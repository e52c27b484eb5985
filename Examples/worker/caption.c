// Captions pictures by driving `blip worker`, as docs/worker.md describes it: cc -o caption caption.c
// ./caption /path/to/blip photo.jpg...    prints the worker's JSON, a line a picture, in order
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// A frame without payload.
static void send_frame(FILE *worker, const char *json) {
    uint32_t header[2] = {htonl((uint32_t)strlen(json)), 0};
    if (fwrite(header, sizeof header, 1, worker) != 1 || fputs(json, worker) < 0) fail("write");
}

// The JSON of the next frame, which the caller frees; NULL at the end.
static char *receive_frame(FILE *worker) {
    uint32_t header[2];
    if (fread(header, sizeof header, 1, worker) != 1) return NULL;
    size_t length = ntohl(header[0]), payload = ntohl(header[1]);
    char *json = calloc(length + 1, 1);
    if (!json || fread(json, 1, length, worker) != length) fail("read");
    for (; payload; payload--) getc(worker);
    return json;
}

// A path as JSON has it.
static void append_escaped(char *json, const char *path) {
    char *end = json + strlen(json);
    for (; *path; path++) {
        if ((unsigned char)*path < 0x20) {
            end += sprintf(end, "\\u%04x", *path);
            continue;
        }
        if (*path == '"' || *path == '\\') *end++ = '\\';
        *end++ = *path;
    }
    *end = 0;
}

int main(int count, char **arguments) {
    if (count < 3) return fprintf(stderr, "usage: caption BLIP PICTURE...\n"), 64;
    int requests[2], results[2];
    if (pipe(requests) || pipe(results)) fail("pipe");
    pid_t worker = fork();
    if (worker == 0) {
        dup2(requests[0], STDIN_FILENO);
        dup2(results[1], STDOUT_FILENO);
        for (int i = 0; i < 2; i++) close(requests[i]), close(results[i]);
        execl(arguments[1], "blip", "worker", NULL);
        fail(arguments[1]);
    }
    close(requests[0]);
    close(results[1]);
    signal(SIGPIPE, SIG_IGN);
    // One process writes while the other reads, so that neither waits for ever.
    pid_t writer = fork();
    if (writer == 0) {
        close(results[0]);
        FILE *out = fdopen(requests[1], "w");
        send_frame(out, "{\"type\":\"hello\",\"version\":1,\"order\":\"input\"}");
        for (int i = 2; i < count; i++) {
            char *json = malloc(64 + 6 * strlen(arguments[i]));
            sprintf(json, "{\"id\":%d,\"task\":\"caption\",\"path\":\"", i - 1);
            append_escaped(json, arguments[i]);
            send_frame(out, strcat(json, "\"}"));
            free(json);
        }
        return fclose(out) ? 1 : 0;
    }
    close(requests[1]);
    FILE *in = fdopen(results[0], "r");
    free(receive_frame(in));  // hello
    for (char *json; (json = receive_frame(in)); free(json)) puts(json);
    int status;
    waitpid(writer, NULL, 0);
    waitpid(worker, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
