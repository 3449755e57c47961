internal import CLinux
import Glibc

/// What a descriptor is ready for, or is watched for.
public struct Readiness: OptionSet, Sendable {
    /// The bits as epoll has them.
    public let rawValue: UInt32

    /// Takes epoll's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes, or a connection, or the end of the stream, can be read.
    public static let reading = Readiness(rawValue: EPOLLIN.rawValue)
    /// Bytes can be written.
    public static let writing = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The connection failed; told whether asked for or not.
    public static let failed = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}

/// Something that a loop tells when its descriptor is ready.
public protocol EventHandler: AnyObject {
    /// The descriptor is ready. The handler may unregister itself or others in here.
    func ready(_ readiness: Readiness)
}

/// One thread's loop over epoll: descriptors that are ready, a coarse tick, and the end of each turn.
///
/// Confined to the thread that runs it; `Mailbox` is the only way in from another one.
public final class EventLoop {
    /// Names a registration; a late event for a descriptor that was closed and opened anew in the
    /// same turn carries the old generation and is dropped.
    public struct Registration: Equatable, Sendable {
        let slot: UInt32
        let generation: UInt32
    }

    private struct Slot {
        var handler: (any EventHandler)?
        var raw: Int32 = -1
        var generation: UInt32 = 0
    }

    private let epoll: Descriptor
    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var isRunning = false

    /// Milliseconds of the monotonic clock at the start of this turn.
    public private(set) var now = MonotonicClock.milliseconds()
    /// Called about every `tickMilliseconds`.
    public var onTick: () -> Void = {}
    /// Called at the end of each turn, before the loop sleeps: the place to write answers.
    public var onTurnEnd: () -> Void = {}
    /// How far apart ticks are.
    public let tickMilliseconds: Int64 = 100

    /// Creates a loop that watches nothing yet.
    public init() throws(SystemError) {
        let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard raw >= 0 else { throw SystemError("epoll_create1") }
        epoll = Descriptor(owning: raw)
    }

    /// Watches a descriptor until `unregister`; the loop keeps the handler alive.
    public func register(
        _ raw: Int32, for interest: Readiness, _ handler: any EventHandler
    ) throws(SystemError) -> Registration {
        let slot = free.popLast() ?? UInt32(slots.count)
        if slot == slots.count { slots.append(Slot()) }
        slots[Int(slot)].handler = handler
        slots[Int(slot)].raw = raw
        let registration = Registration(slot: slot, generation: slots[Int(slot)].generation)
        var event = unsafe Self.event(interest, registration)
        guard unsafe epoll_ctl(epoll.raw, EPOLL_CTL_ADD, raw, &event) == 0 else {
            let error = SystemError("epoll_ctl")
            release(registration)
            throw error
        }
        return registration
    }

    /// Changes what a descriptor is watched for.
    public func watch(_ registration: Registration, for interest: Readiness) {
        guard let raw = descriptor(registration) else { return }
        var event = unsafe Self.event(interest, registration)
        _ = unsafe epoll_ctl(epoll.raw, EPOLL_CTL_MOD, raw, &event)
    }

    /// Stops watching; to be called before the descriptor is closed.
    public func unregister(_ registration: Registration) {
        guard let raw = descriptor(registration) else { return }
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(epoll.raw, EPOLL_CTL_DEL, raw, &event)
        release(registration)
    }

    /// Runs turns until `stop()`.
    public func run() {
        let capacity = 256
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { unsafe events.deallocate() }
        isRunning = true
        now = MonotonicClock.milliseconds()
        var nextTick = now + tickMilliseconds
        while isRunning {
            let wait = Int32(max(0, min(tickMilliseconds, nextTick - now)))
            let count = unsafe epoll_wait(epoll.raw, events, Int32(capacity), wait)
            now = MonotonicClock.milliseconds()
            if count > 0 {
                for index in 0..<Int(count) {
                    unsafe deliver(
                        events[index].data.u64, Readiness(rawValue: events[index].events))
                }
            }
            if now >= nextTick {
                nextTick = now + tickMilliseconds
                onTick()
            }
            onTurnEnd()
        }
    }

    /// Ends `run()` after the current turn.
    public func stop() { isRunning = false }

    private func deliver(_ key: UInt64, _ readiness: Readiness) {
        let slot = Int(UInt32(truncatingIfNeeded: key))
        guard slots[slot].generation == UInt32(truncatingIfNeeded: key >> 32),
            let handler = slots[slot].handler
        else { return }
        handler.ready(readiness)
    }

    private func descriptor(_ registration: Registration) -> Int32? {
        let slot = slots[Int(registration.slot)]
        return slot.generation == registration.generation && slot.handler != nil ? slot.raw : nil
    }

    private func release(_ registration: Registration) {
        slots[Int(registration.slot)].handler = nil
        slots[Int(registration.slot)].generation &+= 1
        free.append(registration.slot)
    }

    private static func event(
        _ interest: Readiness, _ registration: Registration
    ) -> epoll_event {
        var event = unsafe epoll_event()
        unsafe event.events = interest.rawValue
        unsafe event.data.u64 = UInt64(registration.generation) << 32 | UInt64(registration.slot)
        return unsafe event
    }
}
