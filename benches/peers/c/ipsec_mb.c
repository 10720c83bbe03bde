// Intel IPsec-MB called directly: AES-128-GCM of one packet after the other, in place.
#include "turns.h"
#include <intel-ipsec-mb.h>

static IMB_MGR *mgr;
static struct gcm_key_data key;
static struct gcm_context_data context;

struct burst {
    const struct size *size;
    uint8_t sealed[BURST][2048], body[BURST][2048];
    uint8_t nonce[BURST][12], tag[BURST][16], icv[BURST][16];
};
static const uint8_t aad[8] = { 3, 3, 3, 3, 3, 3, 3, 3 };

static uint64_t seal(void *it)
{
    struct burst *b = it;
    uint64_t start = now();
    for (int i = 0; i < BURST; i++)
        IMB_AES128_GCM_ENC(mgr, &key, &context, b->body[i], b->body[i], b->size->bytes[i], b->nonce[i], aad,
                           sizeof aad, b->tag[i], 16);
    return now() - start;
}

static uint64_t open(void *it)
{
    struct burst *b = it;
    for (int i = 0; i < BURST; i++)
        memcpy(b->body[i], b->sealed[i], b->size->bytes[i]);
    uint64_t start = now(), wrong = 0;
    for (int i = 0; i < BURST; i++) {
        IMB_AES128_GCM_DEC(mgr, &key, &context, b->body[i], b->body[i], b->size->bytes[i], b->nonce[i], aad,
                           sizeof aad, b->tag[i], 16);
        uint64_t found[2], expected[2];
        memcpy(found, b->tag[i], 16);
        memcpy(expected, b->icv[i], 16);
        wrong |= (found[0] ^ expected[0]) | (found[1] ^ expected[1]);
    }
    uint64_t time = now() - start;
    if (wrong)
        FAIL("IPsec-MB opened something else than it had sealed");
    return time;
}

static struct burst *new_burst(const struct size *size)
{
    struct burst *b = calloc(1, sizeof *b);
    if (!b)
        FAIL("no memory");
    b->size = size;
    for (int i = 0; i < BURST; i++) {
        b->nonce[i][11] = i;
        memset(b->body[i], 1, sizeof b->body[i]);
    }
    seal(b);
    memcpy(b->sealed, b->body, sizeof b->body);
    memcpy(b->icv, b->tag, sizeof b->tag);
    return b;
}

int main(void)
{
    static const uint8_t secret[16] = { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 };
    fill_sizes();
    mgr = alloc_mb_mgr(0);
    if (!mgr)
        FAIL("no manager");
    init_mb_mgr_auto(mgr, NULL);
    IMB_AES128_GCM_PRE(mgr, secret, &key);
    printf("about\tIPsec-MB\t%s\n", imb_get_version_str());
    for (int s = 0; s < SIZES; s++) {
        char name[64];
        snprintf(name, sizeof name, "raw/aes-128-gcm/%s/seal", sizes[s].name);
        add_row(name, "IPsec-MB", BURST, seal, new_burst(&sizes[s]));
        snprintf(name, sizeof name, "raw/aes-128-gcm/%s/open", sizes[s].name);
        add_row(name, "IPsec-MB", BURST, open, new_burst(&sizes[s]));
    }
    serve();
    return 0;
}
