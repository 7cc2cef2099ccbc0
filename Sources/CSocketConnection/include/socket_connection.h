#ifndef CLEBSCH_SOCKET_CONNECTION_H
#define CLEBSCH_SOCKET_CONNECTION_H

/// What became of an attempt to connect: a descriptor, or why there is none.
struct clebsch_connection {
  /// The socket, which is closed on exec; -1 if there is none.
  int descriptor;
  /// The errno of the failure, or 0.
  int error;
  /// The code of getaddrinfo, for gai_strerror, or 0.
  int resolver_error;
};

/// Connects to the UNIX socket at a path; ENAMETOOLONG if the path does not fit.
struct clebsch_connection clebsch_connect_unix(const char *path);

/// Connects by TCP to the first address of a host that accepts, with small packets sent at once.
struct clebsch_connection clebsch_connect_internet(const char *host, const char *port);

#endif
