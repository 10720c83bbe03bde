// Rows that take turns: what benches/turns is for Rust, line for line. See there for the protocol.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BURST = 32, SIZES = 5, TURN_NS = 2000000, WARM_UP = 4, FEWEST_SAMPLES = 3, MOST_SAMPLES = 4096, MOST_ROWS = 512 };

struct size { const char *name; uint16_t bytes[BURST]; };

static struct size sizes[SIZES] = {
    { "64", { 64 } }, { "256", { 256 } }, { "576", { 576 } }, { "1400", { 1400 } },
    { "imix", { 64, 64, 576, 64, 64, 576, 1400, 64, 576, 64, 64, 64, 576, 64, 576, 64,
                64, 576, 64, 64, 1400, 64, 576, 64, 576, 64, 64, 576, 64, 576, 64, 1400 } },
};

// Does its work once and tells how long that took, in nanoseconds.
typedef uint64_t sample_fn(void *context);

struct row { sample_fn *sample; void *context; unsigned units; };
static struct row rows[MOST_ROWS];
static int row_count;

static inline uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// Ends a program that can't measure what it has promised.
#define FAIL(...) do { fprintf(stderr, __VA_ARGS__); fputc('\n', stderr); exit(1); } while (0)

static void add_row(const char *name, const char *contestant, unsigned units, sample_fn *sample, void *context)
{
    if (row_count == MOST_ROWS)
        FAIL("more than %d rows", MOST_ROWS);
    rows[row_count++] = (struct row){ sample, context, units };
    printf("row\t%s\t%s\n", name, contestant);
}

static int compare_samples(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void turn(struct row *row, uint64_t empty)
{
    static double samples[MOST_SAMPLES];
    int count = 0, warm_up = WARM_UP, is_late;
    uint64_t start = now();
    do {
        uint64_t sample = row->sample(row->context);
        is_late = now() - start >= TURN_NS;
        if (warm_up > 0 && !is_late)
            warm_up--;
        else
            samples[count++] = (double)(sample > empty ? sample - empty : 0) / row->units;
    } while (count < MOST_SAMPLES && !(is_late && count >= FEWEST_SAMPLES));
    qsort(samples, count, sizeof samples[0], compare_samples);
    printf("%.3f\t%.3f\n", samples[0], samples[count / 2]);
    fflush(stdout);
}

// Answers until there are no more questions.
static void serve(void)
{
    uint64_t empty = UINT64_MAX;
    for (int i = 0; i < 10000; i++) {
        uint64_t start = now(), time = now() - start;
        if (time < empty)
            empty = time;
    }
    printf("ready\n");
    fflush(stdout);
    char line[32];
    while (fgets(line, sizeof line, stdin)) {
        int number = atoi(line);
        if (number < 0 || number >= row_count)
            FAIL("there is no row %s", line);
        turn(&rows[number], empty);
    }
}

// To be called first: sizes of one length repeat it.
static inline void fill_sizes(void)
{
    for (int s = 0; s < SIZES; s++)
        for (int i = 0; i < BURST; i++)
            if (!sizes[s].bytes[i])
                sizes[s].bytes[i] = sizes[s].bytes[0];
}
