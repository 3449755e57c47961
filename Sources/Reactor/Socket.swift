internal import CLinux
import Glibc

/// System calls on sockets that never wait.
public enum Socket {
    /// What a read or write came to.
    public enum Outcome: Equatable, Sendable {
        /// So many bytes were moved.
        case moved(Int)
        /// Nothing can be moved now.
        case wouldBlock
        /// The peer sends no more.
        case ended
        /// The connection is gone.
        case failed(Int32)
    }

    /// Opens a listening TCP socket that several loops of one process may share a port with.
    ///
    /// - Parameters:
    ///   - host: an IPv4 or IPv6 address, or a name.
    ///   - port: 0 lets the system choose.
    public static func listen(host: String, port: UInt16) throws(SystemError) -> Descriptor {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0,
            let address = unsafe found
        else {
            throw SystemError("resolve " + host, code: EADDRNOTAVAIL)
        }
        defer { unsafe freeaddrinfo(found) }
        let raw = unsafe socket(
            address.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError("socket") }
        let descriptor = Descriptor(owning: raw)
        set(raw, SOL_SOCKET, SO_REUSEADDR)
        set(raw, SOL_SOCKET, SO_REUSEPORT)
        guard unsafe bind(raw, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            throw SystemError("bind " + host + ":" + String(port))
        }
        guard Glibc.listen(raw, 1024) == 0 else { throw SystemError("listen") }
        return descriptor
    }

    /// The port that a socket is bound to.
    public static func port(of descriptor: borrowing Descriptor) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor.raw, address, &length)
            }
        }
        return address(storage).port
    }

    /// Whether something already listens at an address, which SO_REUSEPORT would hide.
    public static func isTaken(host: String, port: UInt16) -> Bool {
        guard port != 0 else { return false }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0,
            let address = unsafe found
        else {
            return false
        }
        defer { unsafe freeaddrinfo(found) }
        let raw = unsafe socket(
            address.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return false }
        let probe = Descriptor(owning: raw)
        set(probe.raw, SOL_SOCKET, SO_REUSEADDR)
        // Without SO_REUSEPORT the bind fails while anybody listens.
        return unsafe bind(probe.raw, address.pointee.ai_addr, address.pointee.ai_addrlen) != 0
            && errno == EADDRINUSE
    }

    /// Takes the next waiting connection, with the peer's address as text; nil when none waits.
    public static func accept(
        from listener: Int32
    ) throws(SystemError) -> (raw: Int32, address: String)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let raw = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe clinux_accept4(
                    listener, address, &length,
                    Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            }
        }
        guard raw >= 0 else {
            switch errno {
            // ECONNABORTED and its like are the peer's fault; the listener goes on.
            case EAGAIN, EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH: return nil
            default: throw SystemError("accept")
            }
        }
        set(raw, Int32(IPPROTO_TCP), TCP_NODELAY)
        return (raw, address(storage).text)
    }

    /// Reads what has arrived.
    public static func read(_ raw: Int32, into room: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = unsafe recv(raw, room.baseAddress, room.count, 0)
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed(errno)
        }
    }

    /// Writes as much as the system takes.
    public static func write(_ raw: Int32, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let count = unsafe send(
                raw, bytes.baseAddress, bytes.count, Int32(bitPattern: UInt32(MSG_NOSIGNAL)))
            if count >= 0 { return .moved(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed(errno)
        }
    }

    /// Refuses who would connect from now on.
    public static func endListening(_ raw: Int32) { shutdown(raw, Int32(SHUT_RDWR)) }

    /// Tells the peer that nothing more comes, while still reading.
    public static func endSending(_ raw: Int32) { shutdown(raw, Int32(SHUT_WR)) }

    private static func set(_ raw: Int32, _ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        unsafe setsockopt(raw, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(_ storage: sockaddr_storage) -> (text: String, port: UInt16) {
        var storage = storage
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = Int32(storage.ss_family)
        let port = unsafe withUnsafePointer(to: &storage) { pointer -> UInt16 in
            if family == AF_INET6 {
                return unsafe pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                    var host = unsafe six.pointee.sin6_addr
                    unsafe inet_ntop(AF_INET6, &host, &text, socklen_t(text.count))
                    return unsafe UInt16(bigEndian: six.pointee.sin6_port)
                }
            }
            return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { four in
                var host = unsafe four.pointee.sin_addr
                unsafe inet_ntop(AF_INET, &host, &text, socklen_t(text.count))
                return unsafe UInt16(bigEndian: four.pointee.sin_port)
            }
        }
        let end = text.firstIndex(of: 0) ?? text.endIndex
        return (String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self), port)
    }
}
