/* SAs of a struct, beside those of a document: the same bytes, the same faults. C99 and C++17. */
#include <iiptran.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(int holds, const char *what, const char *name) {
  if (!holds) {
    fprintf(stderr, "%s: %s\n", name, what);
    failures++;
  }
}

static uint8_t key[64];

/* An SA of each algorithm, with the numbers of IANA's registry of IKEv2 and the names of documents. */
static const struct {
  const char *transform;
  uint16_t encryption, key_bits, integrity;
  size_t key_length, integrity_key_length;
} transforms[] = {
    {"aes-128-gcm-16", 20, 128, 0, 20, 0},
    {"aes-256-gcm-16", 20, 256, 0, 36, 0},
    {"aes-192-gcm-12", 19, 192, 0, 28, 0},
    {"aes-128-gcm-8", 18, 128, 0, 20, 0},
    {"aes-256-gcm-16-iiv", 30, 256, 0, 36, 0},
    {"aes-128-ccm-16", 16, 128, 0, 19, 0},
    {"aes-128-ccm-12", 15, 128, 0, 19, 0},
    {"aes-256-ccm-8", 14, 256, 0, 35, 0},
    {"aes-128-ccm-8-iiv", 29, 128, 0, 19, 0},
    {"chacha20-poly1305", 28, 0, 0, 36, 0},
    {"chacha20-poly1305-iiv", 31, 0, 0, 36, 0},
    {"aes-256-gmac", 21, 256, 0, 36, 0},
    {"aes-256-cbc + hmac-sha2-256-128", 12, 256, 12, 32, 32},
    {"aes-128-cbc + hmac-sha2-384-192", 12, 128, 13, 16, 48},
    {"aes-128-ctr + hmac-sha2-512-256", 13, 128, 14, 20, 64},
    {"aes-192-cbc + hmac-sha1-96", 12, 192, 2, 24, 20},
    {"aes-128-cbc + aes-xcbc-96", 12, 128, 5, 16, 16},
    {"null + aes-cmac-96", 11, 0, 8, 0, 16},
};
enum { TRANSFORMS = sizeof transforms / sizeof transforms[0] };

static iiptran_sa_config_t config_of(int index) {
  iiptran_sa_config_t config;
  memset(&config, 0, sizeof config);
  config.spi = 0x1000;
  config.encryption = transforms[index].encryption;
  config.key_bits = transforms[index].key_bits;
  config.integrity = transforms[index].integrity;
  config.key = key;
  config.key_length = transforms[index].key_length;
  config.integrity_key = key;
  config.integrity_key_length = transforms[index].integrity_key_length;
  return config;
}

static const char *hex(size_t length) {
  static char texts[2][129];
  static int next;
  char *text = texts[next++ % 2];
  for (size_t i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", key[i]);
  text[2 * length] = 0;
  return text;
}

static iiptran_packet_t new_packet(uint8_t *buffer, size_t size) {
  static const uint8_t clear[] = {0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0xf5, 0xe7,
                                  192,  0, 2, 1,  192, 0, 2, 2, 0xaa, 0xbb};
  iiptran_packet_t packet = {buffer, size, IIPTRAN_HEADROOM, sizeof clear};
  memset(buffer, 0, size);
  memcpy(buffer + packet.offset, clear, sizeof clear);
  return packet;
}

static void host_01_a_struct_gives_the_bytes_of_a_document(void) {
  static uint8_t ours[2048], theirs[2048];
  static const uint8_t ends[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};
  for (int i = 0; i < TRANSFORMS; i++) {
    for (int variant = 0; variant < 2; variant++) {
      const char *name = transforms[i].transform;
      char document[1024];
      iiptran_sa_config_t config = config_of(i);
      iiptran_outbound_sa_t *sender = NULL, *other = NULL;
      iiptran_inbound_sa_t *receiver = NULL;
      iiptran_packet_t packet = new_packet(ours, sizeof ours);
      iiptran_packet_t expected = new_packet(theirs, sizeof theirs);
      const char *more = "";
      iiptran_opened_t opened;
      if (variant == 1) { /* Everything else that both can say. */
        more = ", \"mode\": \"tunnel\", \"source\": \"192.0.2.1\", \"destination\": \"192.0.2.2\", \"extended-sequence\": true,"
               " \"start\": 4294967298, \"udp-encapsulation\": { \"source\": 4501, \"destination\": 4502 }, \"window\": 128,"
               " \"lifetime\": { \"hard\": { \"packets\": 1 } }";
        config.mode = IIPTRAN_MODE_TUNNEL;
        config.source.version = config.destination.version = 4;
        memcpy(config.source.bytes, ends[0], 4);
        memcpy(config.destination.bytes, ends[1], 4);
        config.extended_sequence = 1;
        config.start = UINT64_C(4294967298);
        config.udp_source = 4501;
        config.udp_destination = 4502;
        config.window = 128;
        config.hard.packets = 1;
      }
      snprintf(document, sizeof document,
               "{ \"spi\": 4096, \"transform\": \"%s\", \"key\": \"%s\", \"integrity-key\": \"%s\"%s }", name,
               hex(config.key_length), hex(config.integrity_key_length), more);
      expect(iiptran_outbound_sa_from_config(&config, NULL, &sender) == IIPTRAN_OK, "outbound", name);
      expect(iiptran_inbound_sa_from_config(&config, NULL, &receiver) == IIPTRAN_OK, "inbound", name);
      expect(iiptran_outbound_sa_new(document, strlen(document), NULL, &other) == IIPTRAN_OK, "document", name);
      expect(iiptran_outbound_sa_seal(sender, 0, NULL, &packet, NULL) == IIPTRAN_OK, "seal", name);
      expect(iiptran_outbound_sa_seal(other, 0, NULL, &expected, NULL) == IIPTRAN_OK, "seal", name);
      expect(packet.length == expected.length && packet.offset == expected.offset &&
                 memcmp(ours + packet.offset, theirs + expected.offset, packet.length) == 0,
             "the bytes differ", name);
      expect(iiptran_inbound_sa_open(receiver, 0, &packet, &opened) == IIPTRAN_OK && packet.length == 22,
             "open", name);
      expect(opened.sequence == config.start + 1, "sequence number", name);
      if (variant == 1) {
        packet = new_packet(ours, sizeof ours);
        expect(iiptran_outbound_sa_seal(sender, 0, NULL, &packet, NULL) == IIPTRAN_DROP_LIFETIME_EXCEEDED,
               "its lifetime is one packet", name);
      }
      iiptran_outbound_sa_free(sender);
      iiptran_outbound_sa_free(other);
      iiptran_inbound_sa_free(receiver);
    }
  }
}

static int is(iiptran_words_t words, const char *text) {
  return words.length == strlen(text) && memcmp(words.text, text, words.length) == 0;
}

/* The fault of the struct; that of the document too, unless it is NULL. */
static void fault(const iiptran_sa_config_t *config, const char *document, const char *path,
                  const char *cause) {
  iiptran_config_error_t *error = NULL, *other = NULL;
  iiptran_inbound_sa_t *sa = NULL;
  expect(iiptran_inbound_sa_from_config(config, &error, &sa) == IIPTRAN_CONFIG_ERROR, "no fault", path);
  expect(sa == NULL && is(iiptran_config_error_path(error), path), "another path", path);
  if (cause != NULL) expect(is(iiptran_config_error_cause(error), cause), "another cause", cause);
  if (document != NULL) {
    expect(iiptran_inbound_sa_new(document, strlen(document), &other, &sa) == IIPTRAN_CONFIG_ERROR, "no fault",
           document);
    iiptran_words_t ours = iiptran_config_error_cause(error), theirs = iiptran_config_error_cause(other);
    expect(is(iiptran_config_error_path(other), path) && ours.length == theirs.length &&
               memcmp(ours.text, theirs.text, ours.length) == 0,
           "the document's fault is another", document);
    iiptran_config_error_free(other);
  }
  iiptran_config_error_free(error);
}

static void host_02_a_struct_has_the_faults_of_a_document(void) {
  const char *good = "\"key\": \"000102030405060708090a0b0c0d0e0f10111213\"";
  char document[256];
  iiptran_sa_config_t config = config_of(0);
  config.spi = 255;
  snprintf(document, sizeof document, "{ \"spi\": 255, \"transform\": \"aes-128-gcm-16\", %s }", good);
  fault(&config, document, "spi", NULL);
  config = config_of(0);
  config.key_length = 16;
  fault(&config, "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"key\": \"000102030405060708090a0b0c0d0e0f\" }",
        "key", NULL);
  config = config_of(0);
  config.window = 3000000;
  snprintf(document, sizeof document, "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"window\": 3000000, %s }",
           good);
  fault(&config, document, "window", NULL);
  config = config_of(0);
  config.extended_sequence = 1;
  config.window = IIPTRAN_WINDOW_OFF;
  snprintf(document, sizeof document,
           "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"extended-sequence\": true, \"window\": \"off\", %s }", good);
  fault(&config, document, "window", NULL);
  config = config_of(0);
  config.mode = IIPTRAN_MODE_TUNNEL;
  snprintf(document, sizeof document, "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"mode\": \"tunnel\", %s }",
           good);
  fault(&config, document, "mode", NULL);
  config = config_of(0);
  config.integrity = IIPTRAN_AUTH_HMAC_SHA2_256_128;
  fault(&config, NULL, "transform",
        "the encryption algorithm authenticates by itself: no integrity algorithm goes with it");
  config.encryption = 3;
  config.key_bits = 0;
  fault(&config, NULL, "transform", "\"3des\" MUST NOT be used (RFC 8221)");
  config = config_of(0);
  config.key_bits = 64;
  fault(&config, NULL, "transform", "a key length of 64 bits: AES has 128, 192 or 256");
}

static void host_04_a_struct_with_wrong_pointers_is_refused(void) {
  iiptran_sa_config_t config = config_of(0);
  iiptran_outbound_sa_t *sa = NULL;
  expect(iiptran_outbound_sa_from_config(NULL, NULL, &sa) == IIPTRAN_BAD_POINTER, "config", "NULL");
  expect(iiptran_outbound_sa_from_config(&config, NULL, NULL) == IIPTRAN_BAD_POINTER, "sa", "NULL");
  config.key = NULL;
  expect(iiptran_outbound_sa_from_config(&config, NULL, &sa) == IIPTRAN_BAD_POINTER, "key", "NULL");
  config = config_of(0);
  config.name = "\xff";
  config.name_length = 1;
  expect(iiptran_outbound_sa_from_config(&config, NULL, &sa) == IIPTRAN_NOT_UTF8, "name", "0xff");
  config = config_of(0);
  config.mode = 2;
  expect(iiptran_outbound_sa_from_config(&config, NULL, &sa) == IIPTRAN_BAD_ARGUMENT, "mode", "2");
  config = config_of(0);
  config.destination.version = 5;
  expect(iiptran_outbound_sa_from_config(&config, NULL, &sa) == IIPTRAN_BAD_ARGUMENT, "version", "5");
  expect(sa == NULL, "something was written", "sa");
}

int main(void) {
  for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)i;
  host_01_a_struct_gives_the_bytes_of_a_document();
  host_02_a_struct_has_the_faults_of_a_document();
  host_04_a_struct_with_wrong_pointers_is_refused();
  if (failures == 0) printf("structs and documents agree in %d transforms\n", TRANSFORMS);
  return failures != 0;
}
