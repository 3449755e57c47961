#pragma once
// The Linux calls that Swift's Glibc module leaves out. _GNU_SOURCE stays undefined: it would change
// structures that Swift's own module has already seen; what it hides is declared here.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static inline int clinux_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(fd, address, length, flags);
}

/// Has the calling thread, when it wakes, wait for its turn instead of interrupting who runs.
static inline void clinux_schedule_in_batches(void) {
    struct sched_param parameters = {0};
    (void)sched_setscheduler(0, 3 /* SCHED_BATCH */, &parameters);
}

/// Names the calling thread; at most 15 bytes count.
static inline void clinux_name_thread(const char *name) {
    extern int pthread_setname_np(pthread_t, const char *);
    (void)pthread_setname_np(pthread_self(), name);
}

static inline int clinux_pipe2(int ends[2], int flags) {
    extern int pipe2(int[2], int);
    return pipe2(ends, flags);
}

/// The working directory of the process to be started.
static inline int clinux_spawn_in(posix_spawn_file_actions_t *actions, const char *directory) {
    extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}

/// The process to be started keeps no descriptor from `first` on, whoever opened it.
static inline int clinux_spawn_closing(posix_spawn_file_actions_t *actions, int first) {
    extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
