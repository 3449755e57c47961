internal import Glibc
internal import Postgres

/// The text exposition format of Prometheus.
struct MetricsPage {
    private var text = ""

    /// The whole page.
    static func render(
        _ counters: [Counters], names: [String], health: GatewayState.Health, version: String,
        droppedLogBytes: Int
    ) -> [UInt8] {
        var page = MetricsPage()
        page.requests(counters, names)
        page.family("rapport_connections_accepted_total", "counter", "Connections accepted.")
        page.sample(
            "rapport_connections_accepted_total", counters.reduce(0) { $0 + $1.acceptedConnections }
        )
        page.family("rapport_connections_open", "gauge", "Client connections open now.")
        page.sample("rapport_connections_open", counters.reduce(0) { $0 + $1.openConnections })
        page.database(counters)
        page.family("rapport_access_log_dropped_bytes_total", "counter", "Log bytes dropped.")
        page.sample("rapport_access_log_dropped_bytes_total", droppedLogBytes)
        page.family("rapport_registry_generation", "gauge", "Generation of the route registry.")
        page.sample("rapport_registry_generation", Int(health.generation))
        page.family("rapport_maintenance", "gauge", "1 while maintenance is on.")
        page.sample("rapport_maintenance", health.isMaintenance ? 1 : 0)
        page.family("rapport_build_info", "gauge", "The version of this build.")
        page.sample("rapport_build_info{version=\"" + version + "\"}", 1)
        page.family("process_resident_memory_bytes", "gauge", "Resident memory.")
        page.sample("process_resident_memory_bytes", residentBytes())
        return Array(page.text.utf8)
    }

    private mutating func requests(_ counters: [Counters], _ names: [String]) {
        var endpoints: [String: Counters.Endpoint] = [:]
        for counted in counters {
            for (name, endpoint) in zip(names, counted.endpoints) where endpoint.total > 0 {
                endpoints[name, default: Counters.Endpoint()].merge(endpoint)
            }
        }
        let sorted = endpoints.sorted { $0.key < $1.key }
        family("rapport_requests_total", "counter", "Requests answered, by route and outcome.")
        for (name, endpoint) in sorted {
            for (outcome, count) in endpoint.outcomes.sorted(by: { $0.outcome < $1.outcome }) {
                sample(
                    "rapport_requests_total{route=\"\(name)\",outcome=\"\(outcome)\"}", count)
            }
        }
        let histogram = "rapport_request_duration_seconds"
        family(histogram, "histogram", "From the end of the head to the answer.")
        for (name, endpoint) in sorted {
            var sum = 0
            for (bound, count) in zip(Counters.bounds, endpoint.buckets) {
                sum += count
                sample(
                    histogram + "_bucket{route=\"\(name)\",le=\"\(Double(bound) / 1_000_000)\"}",
                    sum)
            }
            sum += endpoint.buckets.last ?? 0
            sample(histogram + "_bucket{route=\"\(name)\",le=\"+Inf\"}", sum)
            text += histogram + "_sum{route=\"\(name)\"} "
            text += String(Double(endpoint.microseconds) / 1_000_000) + "\n"
            sample(histogram + "_count{route=\"\(name)\"}", sum)
        }
    }

    private mutating func database(_ counters: [Counters]) {
        lanes("rapport_database_waiting", "Calls that wait for a connection.") {
            counters.map(\.pool.waiting)
        }
        lanes("rapport_database_in_flight", "Calls sent and not answered yet.") {
            counters.map(\.pool.inFlight)
        }
        family("rapport_database_losses_total", "counter", "Database connections lost.")
        sample("rapport_database_losses_total", counters.reduce(0) { $0 + $1.pool.losses })
        family("rapport_database_repeats_total", "counter", "Calls run again.")
        sample("rapport_database_repeats_total", counters.reduce(0) { $0 + $1.pool.repeats })
    }

    private mutating func lanes(_ name: String, _ help: String, _ loads: () -> [[Int]]) {
        family(name, "gauge", help)
        for lane in Statement.Lane.allCases {
            let sum = loads().reduce(0) { sum, load in sum + load[lane.rawValue] }
            sample(name + "{lane=\"\(lane)\"}", sum)
        }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n"
    }

    private mutating func sample(_ name: String, _ value: Int) {
        text += name + " " + String(value) + "\n"
    }

    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "re") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let words = line.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " ")))
        guard words.count > 1 else { return 0 }
        let pages = words[1].reduce(0) { $0 * 10 + Int($1) - Int(UInt8(ascii: "0")) }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
