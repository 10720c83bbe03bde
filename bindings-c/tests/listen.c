/* Counts the frames on an interface by what they are, until SIGTERM: "esp 10, arp 4, other 0". */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static volatile sig_atomic_t ended;

static void end(int signal) {
  (void)signal;
  ended = 1;
}

int main(int count, char **arguments) {
  unsigned esp = 0, arp = 0, other = 0;
  struct sockaddr_ll local, from;
  struct sigaction action;
  uint8_t frame[2048];
  int listener = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
  memset(&local, 0, sizeof local);
  local.sll_family = AF_PACKET;
  local.sll_protocol = htons(ETH_P_ALL);
  local.sll_ifindex = count == 2 ? (int)if_nametoindex(arguments[1]) : 0;
  if (local.sll_ifindex == 0 || bind(listener, (struct sockaddr *)&local, sizeof local) != 0) {
    perror("listen");
    return 1;
  }
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  sigaction(SIGTERM, &action, NULL);
  printf("ready\n");
  fflush(stdout);
  while (!ended) {
    socklen_t length = sizeof from;
    ssize_t size = recvfrom(listener, frame, sizeof frame, 0, (struct sockaddr *)&from, &length);
    if (size < 0) continue;
    if (from.sll_protocol == htons(ETH_P_ARP)) {
      arp++;
    } else if (from.sll_protocol == htons(ETH_P_IP) && size > 20 && frame[9] == 50) {
      esp++;
    } else {
      other++;
    }
  }
  printf("esp %u, arp %u, other %u\n", esp, arp, other);
  return 0;
}
