internal import CLinux
import Glibc

/// The only door into a loop from another thread: messages that its thread receives in order.
public final class Mailbox<Message: Sendable>: Sendable {
    private let wakeUp: Descriptor
    private let waiting = Lock<[Message]>([])

    /// Creates an empty mailbox.
    public init() throws(SystemError) {
        let raw = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard raw >= 0 else { throw SystemError("eventfd") }
        wakeUp = Descriptor(owning: raw)
    }

    /// Leaves a message; any thread may.
    public func post(_ message: Message) {
        waiting.withLock { messages in messages.append(message) }
        eventfd_write(wakeUp.raw, 1)
    }

    /// Has a loop call `receive` for each message; to be called once, on the loop's thread.
    public func open(
        on loop: EventLoop, _ receive: @escaping (Message) -> Void
    ) throws(SystemError) {
        _ = try loop.register(wakeUp.raw, for: .reading, Receiver(self, receive))
    }

    private func takeAll() -> [Message] {
        var count: eventfd_t = 0
        unsafe eventfd_read(wakeUp.raw, &count)
        return waiting.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }

    private final class Receiver: EventHandler {
        let mailbox: Mailbox
        let receive: (Message) -> Void

        init(_ mailbox: Mailbox, _ receive: @escaping (Message) -> Void) {
            self.mailbox = mailbox
            self.receive = receive
        }

        func ready(_ readiness: Readiness) {
            for message in mailbox.takeAll() { receive(message) }
        }
    }
}
