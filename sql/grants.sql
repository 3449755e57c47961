-- Every GRANT and REVOKE, on one screen. What is not granted here, nobody but the owner may do.
-- (Functions are made without EXECUTE for PUBLIC: see schemas.sql.)

REVOKE ALL ON SCHEMA
    app, core, http, dsrt_v1, gather_v1, companion_v1, exchange_v1, jobs, ops, report_v1
FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA app, ops, report_v1 FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA
    core, http, dsrt_v1, gather_v1, companion_v1, exchange_v1, jobs, ops
FROM PUBLIC;

-- rapport_api: what servers call.
GRANT USAGE ON SCHEMA http, dsrt_v1, gather_v1, companion_v1, exchange_v1, jobs TO rapport_api;
GRANT EXECUTE ON FUNCTION
    http.gateway_state(), http.gateway_routes(), http.gateway_refusals(), http.gateway_faults(),
    http.guarded(text, http.request), http.seen(bigint[])
TO rapport_api;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO rapport_api;

DO $grants$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT DISTINCT to_regprocedure(r.function || '(http.request)')
          FROM app.route AS r
         WHERE to_regprocedure(r.function || '(http.request)') IS NOT NULL
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO rapport_api', v_function);
    END LOOP;
END
$grants$;

-- rapport_report: what reporting tools read.
GRANT USAGE ON SCHEMA report_v1 TO rapport_report;
GRANT SELECT ON ALL TABLES IN SCHEMA report_v1 TO rapport_report;
