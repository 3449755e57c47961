import Glibc

extension ChildProcess {
    /// A started child: feeds its standard input and empties its outputs, all at once, so that
    /// neither side waits for the other, until it ends or its time is over.
    struct Exchange: ~Copyable {
        private let process: pid_t
        private let input: [UInt8]
        private var sent = 0
        private var writing: Descriptor?
        private var writingRaw: Int32
        private var output: Stream
        private var errors: Stream

        /// One of the child's outputs.
        private struct Stream: ~Copyable {
            private let reading: Descriptor
            private var hasEnded = false
            private(set) var bytes: [UInt8] = []

            init(_ reading: consuming Descriptor) { self.reading = reading }

            /// The number to poll; negative, and so ignored, after the end.
            var raw: Int32 { hasEnded ? -1 : reading.raw }

            /// Reads what is there.
            mutating func read() {
                var chunk = [UInt8](repeating: 0, count: 16384)
                while !hasEnded {
                    let count = unsafe Glibc.read(reading.raw, &chunk, chunk.count)
                    if count > 0 {
                        bytes += chunk[..<min(count, outputLimit - bytes.count)]
                    } else if count == 0 {
                        hasEnded = true
                    } else if errno == EAGAIN {
                        return
                    } else if errno != EINTR {
                        hasEnded = true
                    }
                }
            }
        }

        init(
            process: pid_t, input: [UInt8], writing: consuming Descriptor,
            output: consuming Descriptor, errors: consuming Descriptor
        ) {
            self.process = process
            self.input = input
            for raw in [writing.raw, output.raw, errors.raw] {
                _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
            }
            writingRaw = writing.raw
            self.writing = consume writing
            self.output = Stream(output)
            self.errors = Stream(errors)
        }

        /// Goes on until the child has ended, or kills it: at `deadline` (monotonic milliseconds)
        /// or when it is cancelled.
        ///
        /// Its end is asked for, not waited for by the end of its outputs: a process that it left
        /// behind may hold those open for hours.
        mutating func run(until deadline: Int64, isCancelled: () -> Bool) -> Outcome {
            let signals = BrokenPipeSignal()
            defer { signals.restore() }
            var pause: Int32 = 1
            write()
            while true {
                if let status = status(WNOHANG) { return outcome(Self.ending(status)) }
                let remaining = deadline - MonotonicClock.milliseconds()
                if remaining <= 0 || isCancelled() {
                    kill(-process, SIGKILL)
                    _ = status(0)
                    return outcome(remaining <= 0 ? .timedOut : .cancelled)
                }
                let isActive = wait(milliseconds: min(pause, Int32(clamping: remaining)))
                pause = isActive ? 1 : min(pause * 2, 20)
            }
        }

        private mutating func wait(milliseconds: Int32) -> Bool {
            var polls = [
                pollfd(fd: writingRaw, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.raw, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&polls, 3, milliseconds) > 0 else { return false }
            if polls[0].revents != 0 { write() }
            if polls[1].revents != 0 { output.read() }
            if polls[2].revents != 0 { errors.read() }
            return true
        }

        /// Writes what fits; a child that reads no more has had enough.
        private mutating func write() {
            while writingRaw >= 0 {
                guard sent < input.count else { return closeInput() }
                let count = unsafe input.withUnsafeBytes { bytes in
                    unsafe Glibc.write(
                        writingRaw, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
                }
                if count >= 0 {
                    sent += count
                } else if errno == EAGAIN {
                    return
                } else if errno != EINTR {
                    closeInput()
                }
            }
        }

        private mutating func closeInput() {
            writing = nil
            writingRaw = -1
        }

        private func status(_ options: Int32) -> Int32? {
            var status: Int32 = 0
            while true {
                let ended = unsafe waitpid(process, &status, options)
                if ended == process { return status }
                if ended < 0 && errno == EINTR { continue }
                // Without a child to wait for there is no status; 127 is a shell's word for that.
                return ended < 0 ? 127 << 8 : nil
            }
        }

        private mutating func outcome(_ ending: Ending) -> Outcome {
            output.read()
            errors.read()
            return Outcome(ending: ending, output: output.bytes, errors: errors.bytes)
        }

        /// The fields of a wait status, which C has as macros.
        private static func ending(_ status: Int32) -> Ending {
            let signal = status & 0x7f
            return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
        }
    }

    /// Keeps SIGPIPE away while a thread writes to pipes whose readers may be gone.
    private struct BrokenPipeSignal {
        private var previous = sigset_t()
        private var blocked = sigset_t()

        init() {
            unsafe sigemptyset(&blocked)
            unsafe sigaddset(&blocked, SIGPIPE)
            unsafe pthread_sigmask(SIG_BLOCK, &blocked, &previous)
        }

        /// Takes back a signal that came, and lets later ones through as before.
        func restore() {
            var (blocked, previous) = (blocked, previous)
            var now = timespec()
            if unsafe sigismember(&previous, SIGPIPE) == 0 {
                unsafe sigtimedwait(&blocked, nil, &now)
            }
            unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        }
    }
}
