/*
 * One SA, both sides of it in one program: a packet is sealed and opened again, in place.
 *
 *   cc loopback.c $(pkg-config --cflags --libs iiptran) && ./a.out
 */
#include <iiptran.h>

#include <stdio.h>
#include <string.h>

static const char sa_document[] =
    "spi = 0x1000\n"
    "transform = \"aes-128-gcm-16\"\n"
    "key = \"000102030405060708090a0b0c0d0e0f10111213\"\n";

/* 192.0.2.1 to 192.0.2.2: two bytes of an unassigned protocol. */
static const uint8_t clear[] = {0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0xf5, 0xe7,
                                192,  0, 2, 1,  192, 0, 2, 2, 0xaa, 0xbb};

static int failed(const char *call, iiptran_status_t status, iiptran_config_error_t *error) {
  iiptran_words_t text = error ? iiptran_config_error_cause(error) : iiptran_status_text(status);
  fprintf(stderr, "%s: %.*s\n", call, (int)text.length, text.text);
  iiptran_config_error_free(error);
  return 1;
}

int main(void) {
  iiptran_config_error_t *error = NULL;
  iiptran_outbound_sa_t *sender;
  iiptran_inbound_sa_t *receiver;
  iiptran_sealed_t sealed;
  iiptran_status_t status;
  uint8_t buffer[IIPTRAN_HEADROOM + sizeof clear + IIPTRAN_TAILROOM];
  iiptran_packet_t packet;

  status = iiptran_outbound_sa_new(sa_document, strlen(sa_document), &error, &sender);
  if (status != IIPTRAN_OK) return failed("outbound SA", status, error);
  status = iiptran_inbound_sa_new(sa_document, strlen(sa_document), &error, &receiver);
  if (status != IIPTRAN_OK) return failed("inbound SA", status, error);

  packet.buffer = buffer;
  packet.capacity = sizeof buffer;
  packet.offset = IIPTRAN_HEADROOM;
  packet.length = sizeof clear;
  memcpy(buffer + packet.offset, clear, sizeof clear);

  status = iiptran_outbound_sa_seal(sender, 0, NULL, &packet, &sealed);
  if (status != IIPTRAN_OK) return failed("seal", status, NULL);
  printf("sealed: %zu bytes, sequence number %llu\n", packet.length,
         (unsigned long long)sealed.sequence);

  status = iiptran_inbound_sa_open(receiver, 0, &packet, NULL);
  if (status != IIPTRAN_OK) return failed("open", status, NULL);
  printf("opened: %zu bytes\n", packet.length);
  if (packet.length != sizeof clear || memcmp(buffer + packet.offset, clear, sizeof clear) != 0) {
    fprintf(stderr, "the packet is not what it was\n");
    return 1;
  }
  iiptran_outbound_sa_free(sender);
  iiptran_inbound_sa_free(receiver);
  return 0;
}
