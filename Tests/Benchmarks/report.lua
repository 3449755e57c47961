-- The last line of a wrk run, in one form for bench.sh:
-- RESULT requests seconds p50_ms p99_ms errors
function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print(string.format("RESULT %d %.6f %.3f %.3f %d",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, failed))
end
