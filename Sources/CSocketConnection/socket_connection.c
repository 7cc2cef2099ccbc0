#define _GNU_SOURCE
#include "socket_connection.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct clebsch_connection failure(int error, int resolver_error) {
  struct clebsch_connection result = {-1, error, resolver_error};
  return result;
}

static struct clebsch_connection connect_to(
    int family, int protocol, const struct sockaddr *address, socklen_t length) {
  int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) return failure(errno, 0);
  if (connect(descriptor, address, length) != 0) {
    int error = errno;
    close(descriptor);
    return failure(error, 0);
  }
  struct clebsch_connection result = {descriptor, 0, 0};
  return result;
}

struct clebsch_connection clebsch_connect_unix(const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) return failure(ENAMETOOLONG, 0);
  strcpy(address.sun_path, path);
  return connect_to(AF_UNIX, 0, (const struct sockaddr *)&address, sizeof address);
}

struct clebsch_connection clebsch_connect_internet(const char *host, const char *port) {
  struct addrinfo hints;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  struct addrinfo *addresses = 0;
  int code = getaddrinfo(host, port, &hints, &addresses);
  if (code != 0) return failure(code == EAI_SYSTEM ? errno : 0, code);
  struct clebsch_connection result = failure(EADDRNOTAVAIL, 0);
  for (struct addrinfo *a = addresses; a != 0 && result.descriptor < 0; a = a->ai_next)
    result = connect_to(a->ai_family, a->ai_protocol, a->ai_addr, a->ai_addrlen);
  freeaddrinfo(addresses);
  if (result.descriptor >= 0) {
    // A header of twelve bytes that waits for more would cost 40 ms a step.
    int on = 1;
    setsockopt(result.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return result;
}
