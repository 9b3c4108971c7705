/* Leads every name below example.org to this machine, for the program that it is preloaded into: what it fetches from there, a test
   serves. All other names stay as they are. Tests only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  static const char domain[] = ".example.org";
  int (*ask)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
  size_t length = name ? strlen(name) : 0, tail = sizeof domain - 1;
  if (length > tail && strcmp(name + length - tail, domain) == 0) name = "127.0.0.1";
  return ask(name, service, hints, found);
}
