-- Last: proves the registry, and tells the servers that there is a new one.

DO $publish$
DECLARE
    v_findings text;
BEGIN
    SELECT string_agg(f.route || ': ' || f.finding, E'\n' ORDER BY f.route, f.finding)
      INTO v_findings
      FROM http.validate_routes() AS f;
    IF v_findings IS NOT NULL THEN
        RAISE EXCEPTION E'the registry of routes is wrong:\n%', v_findings
            USING ERRCODE = 'RP500', DETAIL = 'registry.invalid';
    END IF;

    UPDATE app.gateway_state AS s SET generation = s.generation + 1;
    PERFORM pg_notify('rapport', s.generation::text) FROM app.gateway_state AS s;
END
$publish$;
