-- GET /noop

CREATE FUNCTION http.noop(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN ROW(200, 200, NULL, '{}', NULL, NULL)::http.response;
END
$function$;
COMMENT ON FUNCTION http.noop(http.request) IS
    'GET /noop: an empty object. It does nothing, so that the road to a function and back can be '
    'measured.';

SELECT http.define_route(
    'GET', '/noop', 'http.noop',
    p_credential => 'none',
    p_summary => 'Do nothing',
    p_description => 'Measures the road from the client to a function and back.',
    p_response => '{"type": "object", "additionalProperties": false}',
    p_examples => '[{"name": "nothing", "status": 200, "response": {}}]');
