internal import Reactor

/// An answer of the server itself: `/healthz`, `/readyz`, `/metrics`.
struct OperatorAnswer {
    enum Page: String, CaseIterable {
        case health = "/healthz"
        case readiness = "/readyz"
        case metrics = "/metrics"

        /// The page at a path; a trailing slash does not matter.
        init?(path: UnsafeRawBufferPointer) {
            var end = path.count
            if end > 1, path[end - 1] == UInt8(ascii: "/") { end -= 1 }
            let bare = path.slice(0, end)
            let page = Self.allCases.first { bare.elementsEqual($0.rawValue.utf8) }
            guard let page else { return nil }
            self = page
        }
    }

    let status: Int
    let contentType: StaticString
    let body: [UInt8]

    init(
        _ page: Page, state: GatewayState, catalogue: Catalogue, settings: GatewaySettings,
        now: Int64, droppedLogBytes: Int
    ) {
        switch page {
        case .health:
            status = 200
            contentType = "application/json; charset=utf-8"
            body = Array("{\"status\":\"ok\"}".utf8)
        case .readiness:
            contentType = "application/json; charset=utf-8"
            let reason = state.unreadiness(now: now, expectedSchema: settings.schemaVersion)
            status = reason == nil ? 200 : 503
            body = Array(
                (reason.map { "{\"status\":\"unavailable\",\"reason\":\"\($0)\"}" }
                    ?? "{\"status\":\"ready\"}").utf8)
        case .metrics:
            status = 200
            contentType = "text/plain; version=0.0.4; charset=utf-8"
            body = MetricsPage.render(
                state.allCounters, names: catalogue.routeNames, health: state.currentHealth,
                version: settings.version, droppedLogBytes: droppedLogBytes)
        }
    }
}
