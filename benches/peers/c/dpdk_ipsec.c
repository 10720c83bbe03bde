// DPDK's librte_ipsec: ESP in tunnel mode over IPv4 with RTE_SECURITY_ACTION_TYPE_CPU_CRYPTO, anti-replay on.
//
// A burst is what rte_ipsec_pkt_cpu_prepare and rte_ipsec_pkt_process do to it. Writing the packets into
// their mbufs, and the lengths of their headers, is not timed.
#include "turns.h"
#include <rte_cryptodev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_ipsec.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_security.h>
#include <rte_version.h>

#define IV_OFFSET (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
enum { WINDOW = 128 };

enum algorithm { AES_128_GCM, CHACHA20_POLY1305, CBC_HMAC, ALGORITHMS };
static const char *const names[ALGORITHMS] = { "aes-128-gcm", "chacha20-poly1305", "aes-128-cbc+hmac-sha2-256" };
static uint8_t key[32] = "0123456789abcdef0123456789abcdef";

struct device { const char *name, *contestant; int id; struct rte_mempool *sessions; };
static struct rte_mempool *mbufs;

struct sa { struct rte_ipsec_session session; struct rte_crypto_sym_xform transforms[2]; };

struct way {
    const struct size *size;
    struct sa *outbound, *inbound;
    struct rte_mbuf *mbufs[BURST];
};

static void aead(struct rte_crypto_sym_xform *it, enum algorithm algorithm, int is_outbound)
{
    it->type = RTE_CRYPTO_SYM_XFORM_AEAD;
    it->aead.op = is_outbound ? RTE_CRYPTO_AEAD_OP_ENCRYPT : RTE_CRYPTO_AEAD_OP_DECRYPT;
    it->aead.algo = algorithm == AES_128_GCM ? RTE_CRYPTO_AEAD_AES_GCM : RTE_CRYPTO_AEAD_CHACHA20_POLY1305;
    it->aead.key.data = key;
    it->aead.key.length = algorithm == AES_128_GCM ? 16 : 32;
    it->aead.iv.offset = IV_OFFSET;
    it->aead.iv.length = 12;
    it->aead.digest_length = 16;
    it->aead.aad_length = 8;
}

// Encrypts, then authenticates; the other way round inbound.
static void cbc_hmac(struct rte_crypto_sym_xform it[2], int is_outbound)
{
    struct rte_crypto_sym_xform *cipher = &it[!is_outbound], *auth = &it[is_outbound];
    cipher->type = RTE_CRYPTO_SYM_XFORM_CIPHER;
    cipher->cipher.op = is_outbound ? RTE_CRYPTO_CIPHER_OP_ENCRYPT : RTE_CRYPTO_CIPHER_OP_DECRYPT;
    cipher->cipher.algo = RTE_CRYPTO_CIPHER_AES_CBC;
    cipher->cipher.key.data = key;
    cipher->cipher.key.length = 16;
    cipher->cipher.iv.offset = IV_OFFSET;
    cipher->cipher.iv.length = 16;
    auth->type = RTE_CRYPTO_SYM_XFORM_AUTH;
    auth->auth.op = is_outbound ? RTE_CRYPTO_AUTH_OP_GENERATE : RTE_CRYPTO_AUTH_OP_VERIFY;
    auth->auth.algo = RTE_CRYPTO_AUTH_SHA256_HMAC;
    auth->auth.key.data = key;
    auth->auth.key.length = 32;
    auth->auth.digest_length = 16;
    it[0].next = &it[1];
}

// NULL, and why in `fault`, if the device can't.
static struct sa *new_sa(const struct device *device, enum algorithm algorithm, int is_outbound, const char **fault)
{
    static struct rte_ipv4_hdr outer = { .version_ihl = 0x45, .time_to_live = 64, .next_proto_id = IPPROTO_ESP };
    outer.src_addr = RTE_BE32(0xc0000201);
    outer.dst_addr = RTE_BE32(0xc0000202);
    struct sa *sa = rte_zmalloc(NULL, sizeof *sa, RTE_CACHE_LINE_SIZE);
    if (algorithm == CBC_HMAC)
        cbc_hmac(sa->transforms, is_outbound);
    else
        aead(sa->transforms, algorithm, is_outbound);

    struct rte_ipsec_sa_prm parameters = {
        .ipsec_xform = {
            .spi = 0x1000,
            .salt = 0x01020304,
            .direction = is_outbound ? RTE_SECURITY_IPSEC_SA_DIR_EGRESS : RTE_SECURITY_IPSEC_SA_DIR_INGRESS,
            .proto = RTE_SECURITY_IPSEC_SA_PROTO_ESP,
            .mode = RTE_SECURITY_IPSEC_SA_MODE_TUNNEL,
            .tunnel = { .type = RTE_SECURITY_IPSEC_TUNNEL_IPV4 },
            .replay_win_sz = is_outbound ? 0 : WINDOW,
        },
        .crypto_xform = sa->transforms,
        .tun = { .hdr_len = sizeof outer, .next_proto = IPPROTO_IPIP, .hdr = &outer },
    };
    parameters.ipsec_xform.tunnel.ipv4.src_ip.s_addr = outer.src_addr;
    parameters.ipsec_xform.tunnel.ipv4.dst_ip.s_addr = outer.dst_addr;
    int size = rte_ipsec_sa_size(&parameters);
    *fault = "rte_ipsec_sa_size fails";
    if (size < 0)
        return NULL;
    sa->session.sa = rte_zmalloc(NULL, size, RTE_CACHE_LINE_SIZE);
    *fault = "rte_ipsec_sa_init fails";
    if (rte_ipsec_sa_init(sa->session.sa, &parameters, size) < 0)
        return NULL;
    sa->session.type = RTE_SECURITY_ACTION_TYPE_CPU_CRYPTO;
    sa->session.crypto.dev_id = device->id;
    *fault = "the device has no such algorithm";
    sa->session.crypto.ses = rte_cryptodev_sym_session_create(device->id, sa->transforms, device->sessions);
    if (!sa->session.crypto.ses)
        return NULL;
    *fault = "rte_ipsec_session_prepare fails";
    return rte_ipsec_session_prepare(&sa->session) ? NULL : sa;
}

static void refill(struct way *way)
{
    for (int i = 0; i < BURST; i++) {
        struct rte_mbuf *m = way->mbufs[i];
        uint16_t bytes = way->size->bytes[i];
        rte_pktmbuf_reset(m);
        char *data = rte_pktmbuf_append(m, bytes);
        memset(data, 0x5a, bytes);
        struct rte_ipv4_hdr *header = (void *)data;
        *header = (struct rte_ipv4_hdr){ .version_ihl = 0x45, .time_to_live = 64, .next_proto_id = IPPROTO_UDP,
                                         .src_addr = RTE_BE32(0x0a010005), .dst_addr = RTE_BE32(0x0a020005) };
        header->total_length = rte_cpu_to_be_16(bytes);
        m->l2_len = 0;
        m->l3_len = sizeof *header;
    }
}

static uint64_t run(struct sa *sa, struct rte_mbuf **mbufs)
{
    uint64_t start = now();
    uint16_t prepared = rte_ipsec_pkt_cpu_prepare(&sa->session, mbufs, BURST);
    uint16_t done = rte_ipsec_pkt_process(&sa->session, mbufs, prepared);
    uint64_t time = now() - start;
    if (done != BURST)
        FAIL("librte_ipsec lost %d of %d packets: %s", BURST - done, BURST, rte_strerror(rte_errno));
    return time;
}

static uint64_t out(void *it)
{
    struct way *way = it;
    refill(way);
    return run(way->outbound, way->mbufs);
}

static uint64_t in(void *it)
{
    struct way *way = it;
    refill(way);
    run(way->outbound, way->mbufs);
    for (int i = 0; i < BURST; i++) {
        way->mbufs[i]->l2_len = 0;
        way->mbufs[i]->l3_len = sizeof(struct rte_ipv4_hdr);
        way->mbufs[i]->ol_flags = 0;
    }
    uint64_t time = run(way->inbound, way->mbufs);
    for (int i = 0; i < BURST; i++) {
        const uint8_t *data = rte_pktmbuf_mtod(way->mbufs[i], const uint8_t *);
        uint16_t bytes = way->size->bytes[i];
        if (rte_pktmbuf_data_len(way->mbufs[i]) != bytes || data[bytes - 1] != 0x5a || data[20] != 0x5a)
            FAIL("a packet came back changed");
    }
    return time;
}

static int start(struct device *device)
{
    struct rte_cryptodev_config config = { .nb_queue_pairs = 1 };
    device->id = rte_cryptodev_get_dev_id(device->name);
    if (device->id < 0)
        return -1;
    device->sessions = rte_cryptodev_sym_session_pool_create(
        device->contestant + 5, 128, rte_cryptodev_sym_get_private_session_size(device->id), 0, 0, 0);
    struct rte_cryptodev_qp_conf queue = { .nb_descriptors = 1024, .mp_session = device->sessions };
    return rte_cryptodev_configure(device->id, &config) || rte_cryptodev_queue_pair_setup(device->id, 0, &queue, 0)
        || rte_cryptodev_start(device->id) ? -1 : 0;
}

static void add_rows(const struct device *device, enum algorithm algorithm)
{
    char name[96];
    for (int s = 0; s < SIZES; s++)
        for (int is_inbound = 0; is_inbound < 2; is_inbound++) {
            struct way *way = rte_zmalloc(NULL, sizeof *way, RTE_CACHE_LINE_SIZE);
            const char *fault;
            way->size = &sizes[s];
            way->outbound = new_sa(device, algorithm, 1, &fault);
            way->inbound = way->outbound ? new_sa(device, algorithm, 0, &fault) : NULL;
            if (!way->inbound) {
                printf("absent\tesp/%s\t%s\t%s\n", names[algorithm], device->contestant, fault);
                return;
            }
            if (rte_pktmbuf_alloc_bulk(mbufs, way->mbufs, BURST))
                FAIL("no mbufs");
            snprintf(name, sizeof name, "esp/%s/%s/%s", names[algorithm], sizes[s].name, is_inbound ? "in" : "out");
            add_row(name, device->contestant, BURST, is_inbound ? in : out, way);
        }
}

int main(int count, char **arguments)
{
    struct device devices[] = { { "crypto_aesni_gcm", "DPDK aesni_gcm", -1, NULL },
                                { "crypto_aesni_mb", "DPDK aesni_mb", -1, NULL } };
    fill_sizes();
    if (rte_eal_init(count, arguments) < 0)
        FAIL("rte_eal_init: %s", rte_strerror(rte_errno));
    mbufs = rte_pktmbuf_pool_create("mbufs", 4095, 64, 0, 2048 + RTE_PKTMBUF_HEADROOM, 0);
    for (int d = 0; d < 2; d++) {
        printf("about\t%s\tlibrte_ipsec of %s, CPU_CRYPTO\n", devices[d].contestant, rte_version());
        if (start(&devices[d])) {
            printf("absent\tesp\t%s\tthe device can't be started\n", devices[d].contestant);
            continue;
        }
        add_rows(&devices[d], AES_128_GCM);
        if (d == 1) {
            add_rows(&devices[d], CHACHA20_POLY1305);
            add_rows(&devices[d], CBC_HMAC);
        }
    }
    serve();
    return 0;
}
