import Glibc
import Synchronization

/// Free ports of the loopback interface.
enum Ports {
    /// Below the range from which the kernel takes the ports of outgoing connections, and never the
    /// same one twice: two servers on one port would share it (SO_REUSEPORT) and both seem to work.
    private static let next = Mutex(12_000 + Int(getpid()) * 61 % 18_000)

    /// A port that nobody listens on.
    static func free() -> Int {
        next.withLock { port in
            repeat { port = port >= 32_000 ? 12_000 : port + 1 } while !isFree(port)
            return port
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
