// DPDK's lookups, 32 at a time: rte_fib, rte_fib6, rte_ipsec_sad and rte_acl. The tables are those of
// benches/tables, in files. A sample is of eight bursts. Usage: dpdk_lookup EAL-ARGUMENTS -- FOLDER [NAME...]
#include "turns.h"
#include <rte_acl.h>
#include <rte_byteorder.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_fib.h>
#include <rte_fib6.h>
#include <rte_ip.h>
#include <rte_ipsec_sad.h>
#include <rte_malloc.h>
#include <rte_version.h>

enum { COLD = 1 << 20, HOT = 4096, FLOWS = 1 << 16, SAMPLE = 8 * BURST };
enum { ROUTES4 = 900000, ROUTES6 = 200000, MOST_SAS = 1000000, MOST_POLICIES = 10000 };

static const char *folder;
static char **wanted;
static uint64_t *numbers;

// As Rows::wants of benches/turns.
static int wants(const char *name)
{
    if (!wanted[0])
        return 1;
    for (char **it = wanted; *it; it++)
        if (!strncmp(name, *it, RTE_MIN(strlen(name), strlen(*it))))
            return 1;
    return 0;
}

static void *allocate(size_t bytes)
{
    void *memory = aligned_alloc(64, RTE_ALIGN_CEIL(bytes, 64));
    if (!memory)
        FAIL("no memory");
    return memory;
}

static void *read_file(const char *name, size_t bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    void *memory = allocate(bytes);
    if (!file || fread(memory, 1, bytes, file) != bytes)
        FAIL("%s can't be read", path);
    fclose(file);
    return memory;
}

// Keys to be looked up in turn: the first 4096 again and again, or all.
struct keys { void *table; void *keys; unsigned count, place; };

static unsigned next(struct keys *it)
{
    unsigned place = it->place;
    it->place = (place + SAMPLE) % it->count;
    return place;
}

static void add_hot_and_cold(const char *name, const char *contestant, sample_fn *sample, void *table, void *keys,
                             unsigned cold)
{
    for (int is_cold = 0; is_cold < 2; is_cold++) {
        char full[96];
        struct keys *it = allocate(sizeof *it);
        *it = (struct keys){ table, keys, is_cold ? cold : HOT, 0 };
        snprintf(full, sizeof full, "%s/%s", name, is_cold ? "cold" : "hot");
        if (wants(full))
            add_row(full, contestant, SAMPLE, sample, it);
    }
}

#define SAMPLE_OF(NAME, LOOKUP)                                                  \
    static uint64_t NAME(void *context)                                          \
    {                                                                            \
        struct keys *it = context;                                               \
        unsigned first = next(it);                                               \
        uint64_t start = now();                                                  \
        for (unsigned k = first; k < first + SAMPLE; k += BURST) {               \
            LOOKUP;                                                              \
            __asm__ volatile("" ::"r"(found) : "memory");                        \
        }                                                                        \
        return now() - start;                                                    \
    }

SAMPLE_OF(fib4, uint64_t found[BURST]; rte_fib_lookup_bulk(it->table, (uint32_t *)it->keys + k, found, BURST))
SAMPLE_OF(fib6, uint64_t found[BURST]; rte_fib6_lookup_bulk(it->table, (uint8_t(*)[16])it->keys + k, found, BURST))
SAMPLE_OF(sad, void *found[BURST];
          rte_ipsec_sad_lookup(it->table, (const union rte_ipsec_sad_key **)it->keys + k, found, BURST))
SAMPLE_OF(acl, uint32_t found[BURST]; rte_acl_classify(it->table, (const uint8_t **)it->keys + k, found, BURST, 1))

static void add_fib4(void)
{
    static const struct { enum rte_fib_lookup_type type; const char *contestant; } ways[] = {
        { RTE_FIB_LOOKUP_DIR24_8_SCALAR_MACRO, "rte_fib scalar" },
        { RTE_FIB_LOOKUP_DIR24_8_VECTOR_AVX512, "rte_fib AVX-512" },
    };
    struct { uint32_t address, length; } *routes = read_file("routes4", ROUTES4 * sizeof *routes);
    uint32_t *keys = read_file("keys4", COLD * sizeof *keys);
    // How to look up is of the table, so there is one for each way.
    for (int w = 0; w < 2; w++) {
        char name[16];
        struct rte_fib_conf conf = { .type = RTE_FIB_DIR24_8, .max_routes = 1 << 20,
                                     .dir24_8 = { .nh_sz = RTE_FIB_DIR24_8_4B, .num_tbl8 = 1 << 15 } };
        snprintf(name, sizeof name, "fib4-%d", w);
        struct rte_fib *fib = rte_fib_create(name, 0, &conf);
        if (!fib)
            FAIL("rte_fib_create: %s", rte_strerror(rte_errno));
        if (rte_fib_select_lookup(fib, ways[w].type)) {
            printf("absent\tfib/ipv4\t%s\tthe CPU can't\n", ways[w].contestant);
            continue;
        }
        for (int i = 0; i < ROUTES4; i++)
            if (rte_fib_add(fib, routes[i].address, routes[i].length, 1 + i % 1000))
                FAIL("rte_fib_add refuses route %d", i);
        add_hot_and_cold("fib/ipv4/900000", ways[w].contestant, fib4, fib, keys, COLD);
    }
}

static void add_fib6(void)
{
    static const struct { enum rte_fib6_lookup_type type; const char *contestant; } ways[] = {
        { RTE_FIB6_LOOKUP_TRIE_SCALAR, "rte_fib6 scalar" },
        { RTE_FIB6_LOOKUP_TRIE_VECTOR_AVX512, "rte_fib6 AVX-512" },
    };
    struct { uint8_t address[16]; uint32_t length; } *routes = read_file("routes6", ROUTES6 * sizeof *routes);
    uint8_t *keys = read_file("keys6", COLD * 16);
    for (int w = 0; w < 2; w++) {
        char name[16];
        struct rte_fib6_conf conf = { .type = RTE_FIB6_TRIE, .max_routes = 1 << 18,
                                      .trie = { .nh_sz = RTE_FIB6_TRIE_4B, .num_tbl8 = 1 << 19 } };
        snprintf(name, sizeof name, "fib6-%d", w);
        struct rte_fib6 *fib = rte_fib6_create(name, 0, &conf);
        if (!fib)
            FAIL("rte_fib6_create: %s", rte_strerror(rte_errno));
        if (rte_fib6_select_lookup(fib, ways[w].type)) {
            printf("absent\tfib/ipv6\t%s\tthe CPU can't\n", ways[w].contestant);
            continue;
        }
        for (int i = 0; i < ROUTES6; i++)
            if (rte_fib6_add(fib, routes[i].address, routes[i].length, 1 + i % 1000))
                FAIL("rte_fib6_add refuses route %d", i);
        add_hot_and_cold("fib/ipv6/200000", ways[w].contestant, fib6, fib, keys, COLD);
    }
}

static void add_sad(unsigned count, int type, const char *what)
{
    static struct { uint32_t spi, destination; } *sas;
    static char dummy;
    char name[64];
    snprintf(name, sizeof name, "sad/%s/%u", what, count);
    if (!wants(name))
        return;
    if (!sas)
        sas = read_file("sas", MOST_SAS * sizeof *sas);
    struct rte_ipsec_sad_conf conf = { .max_sa = { 8, 8, 8 } };
    conf.max_sa[type] = count + 8;
    // Names must not be long.
    char short_name[32];
    snprintf(short_name, sizeof short_name, "sad%u-%d", count, type);
    struct rte_ipsec_sad *table = rte_ipsec_sad_create(short_name, &conf);
    if (!table)
        FAIL("rte_ipsec_sad_create: %s", rte_strerror(rte_errno));
    union rte_ipsec_sad_key *keys = allocate(count * sizeof *keys);
    for (unsigned i = 0; i < count; i++) {
        keys[i].v4.spi = rte_cpu_to_be_32(sas[i].spi);
        keys[i].v4.dip = rte_cpu_to_be_32(sas[i].destination);
        if (rte_ipsec_sad_add(table, &keys[i], type, &dummy))
            FAIL("rte_ipsec_sad_add refuses SA %u of %u", i, count);
    }
    const union rte_ipsec_sad_key **picked = allocate(COLD * sizeof *picked);
    for (unsigned k = 0; k < COLD; k++)
        picked[k] = &keys[numbers[k] % count];
    add_hot_and_cold(name, "rte_ipsec_sad", sad, table, picked, COLD);
}

struct tuple { uint8_t protocol, padding[3]; uint32_t source, destination; uint16_t source_port, destination_port; };
RTE_ACL_RULE_DEF(rule, 5);
static const struct rte_acl_field_def fields[5] = {
    { RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, offsetof(struct tuple, protocol) },
    { RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, offsetof(struct tuple, source) },
    { RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, offsetof(struct tuple, destination) },
    { RTE_ACL_FIELD_TYPE_RANGE, 2, 3, 3, offsetof(struct tuple, source_port) },
    { RTE_ACL_FIELD_TYPE_RANGE, 2, 4, 3, offsetof(struct tuple, destination_port) },
};

static void add_acl(unsigned count)
{
    static struct { uint32_t local, remote; } *policies;
    char name[64], building[64];
    snprintf(name, sizeof name, "spd/policies/%u", count);
    snprintf(building, sizeof building, "build/policies/%u/ms", count);
    if (!wants(name) && !wants(building))
        return;
    if (!policies)
        policies = read_file("policies", MOST_POLICIES * sizeof *policies);
    struct rule *rules = allocate(count * sizeof *rules);
    memset(rules, 0, count * sizeof *rules);
    for (unsigned i = 0; i < count; i++) {
        rules[i].data = (struct rte_acl_rule_data){ .category_mask = 1, .priority = count - i, .userdata = i + 1 };
        rules[i].field[1].value.u32 = policies[i].local;
        rules[i].field[1].mask_range.u32 = 24;
        rules[i].field[2].value.u32 = policies[i].remote;
        rules[i].field[2].mask_range.u32 = 24;
        rules[i].field[3].mask_range.u16 = UINT16_MAX;
        rules[i].field[4].mask_range.u16 = UINT16_MAX;
    }
    struct rte_acl_config config = { .num_categories = 1, .num_fields = 5 };
    memcpy(config.defs, fields, sizeof fields);
    struct rte_acl_ctx *table = NULL;
    uint64_t best = UINT64_MAX;
    for (int attempt = 0; attempt < 3; attempt++) {
        char short_name[32];
        rte_acl_free(table);
        snprintf(short_name, sizeof short_name, "acl%u", count);
        struct rte_acl_param param = { .name = short_name, .rule_size = RTE_ACL_RULE_SZ(5), .max_rule_num = count };
        table = rte_acl_create(&param);
        uint64_t start = now();
        if (!table || rte_acl_add_rules(table, (void *)rules, count) || rte_acl_build(table, &config))
            FAIL("rte_acl with %u rules: %s", count, rte_strerror(rte_errno));
        best = RTE_MIN(best, now() - start);
    }
    printf("value\t%s\trte_acl\t%.3f\n", building, best / 1e6);
    struct tuple *tuples = allocate(FLOWS * sizeof *tuples);
    const uint8_t **picked = allocate(FLOWS * sizeof *picked);
    for (unsigned k = 0; k < FLOWS; k++) {
        uint64_t number = numbers[k];
        tuples[k] = (struct tuple){
            .protocol = IPPROTO_UDP,
            .source = rte_cpu_to_be_32(policies[number % count].local | (number >> 40 & 255)),
            .destination = rte_cpu_to_be_32(policies[number % count].remote | (number >> 48 & 255)),
            .source_port = rte_cpu_to_be_16((uint16_t)(number >> 24)),
            .destination_port = rte_cpu_to_be_16((uint16_t)(number >> 32)),
        };
        picked[k] = (const uint8_t *)&tuples[k];
    }
    uint32_t found[BURST];
    if (rte_acl_classify(table, picked, found, BURST, 1) || !found[0] || !found[BURST - 1])
        FAIL("rte_acl does not find the rules that it was given");
    add_hot_and_cold(name, "rte_acl", acl, table, picked, FLOWS);
}

int main(int count, char **arguments)
{
    int used = rte_eal_init(count, arguments);
    if (used < 0 || used + 1 >= count)
        FAIL("rte_eal_init: %s", used < 0 ? rte_strerror(rte_errno) : "no folder");
    folder = arguments[used + 1];
    wanted = &arguments[used + 2];
    numbers = read_file("numbers", COLD * sizeof *numbers);
    static const char *const contestants[] = { "rte_fib scalar", "rte_fib AVX-512", "rte_fib6 scalar",
                                               "rte_fib6 AVX-512", "rte_ipsec_sad", "rte_acl" };
    for (unsigned i = 0; i < RTE_DIM(contestants); i++)
        printf("about\t%s\t%s\n", contestants[i], rte_version());
    if (wants("fib/ipv4"))
        add_fib4();
    if (wants("fib/ipv6"))
        add_fib6();
    for (unsigned sas = 1; sas <= MOST_SAS; sas = sas == 1000 ? 100000 : sas == 1 ? 1000 : sas * 10) {
        add_sad(sas, RTE_IPSEC_SAD_SPI_ONLY, "spi");
        add_sad(sas, RTE_IPSEC_SAD_SPI_DIP, "spi+destination");
    }
    for (unsigned policies = 10; policies <= MOST_POLICIES; policies *= 10)
        add_acl(policies);
    serve();
    return 0;
}
