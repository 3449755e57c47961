import Foundation
import Testing

@testable import Gateway

@Suite struct OperatorPagesTests {
    @Test(arguments: [
        ("/healthz", OperatorAnswer.Page.health), ("/healthz/", .health),
        ("/readyz", .readiness), ("/metrics", .metrics),
    ])
    func pages(path: String, page: OperatorAnswer.Page) {
        #expect(Array(path.utf8).withUnsafeBytes { OperatorAnswer.Page(path: $0) } == page)
    }

    @Test(arguments: ["/", "/health", "/healthzz", "healthz"])
    func otherPaths(path: String) {
        #expect(Array(path.utf8).withUnsafeBytes { OperatorAnswer.Page(path: $0) } == nil)
    }

    @Test func countersAddUpOverLoopsAndBuckets() {
        var one = Counters()
        one.count(1, outcome: 200, microseconds: 400)
        one.count(1, outcome: 404, microseconds: 3000)
        var two = Counters()
        two.count(1, outcome: 200, microseconds: 10_000_000)
        let page = String(
            decoding: MetricsPage.render(
                [one, two], names: ["gateway", "f"], health: GatewayState.Health(), version: "1",
                droppedLogBytes: 0), as: UTF8.self)
        #expect(page.contains("rapport_requests_total{route=\"f\",outcome=\"200\"} 2\n"))
        #expect(page.contains("rapport_requests_total{route=\"f\",outcome=\"404\"} 1\n"))
        #expect(page.contains("_bucket{route=\"f\",le=\"0.0005\"} 1\n"))
        #expect(page.contains("_bucket{route=\"f\",le=\"5.0\"} 2\n"))
        #expect(page.contains("_bucket{route=\"f\",le=\"+Inf\"} 3\n"))
        #expect(page.contains("_count{route=\"f\"} 3\n"))
        #expect(!page.contains("route=\"gateway\""), "what was never asked for is not listed")
    }

    @Test func readinessNeedsADatabaseOfItsOwnAgeOrNewer() {
        let state = GatewayState(loops: 1)
        #expect(state.unreadiness(now: 0, expectedSchema: 2) != nil)
        state.publish(Counters(), isConnected: true, loop: 0)
        state.update { health in
            health.lastContact = 1000
            health.schemaVersion = 2
        }
        #expect(state.unreadiness(now: 1500, expectedSchema: 2) == nil)
        #expect(state.unreadiness(now: 1500, expectedSchema: 1) == nil)
        #expect(state.unreadiness(now: 1500, expectedSchema: 3) != nil)
        #expect(state.unreadiness(now: 9000, expectedSchema: 2) != nil)
        state.publish(Counters(), isConnected: false, loop: 0)
        #expect(state.unreadiness(now: 1500, expectedSchema: 2) != nil)
    }
}
