-- GET /api/v1/error_codes

CREATE FUNCTION gather_v1.error_codes(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN http.ok(json_build_object(
        'status', 'success',
        'error_codes', (
            SELECT json_agg(json_build_object(
                       'error_code', e.code::integer, 'desc', e.message, 'http_status', e.outcome)
                       ORDER BY e.code::integer)
              FROM app.error AS e
             WHERE e.contract = 'gather_v1')));
END
$function$;
COMMENT ON FUNCTION gather_v1.error_codes(http.request) IS
    'GET /api/v1/error_codes: every error_code of this contract.';

SELECT http.define_route(
    'GET', '/api/v1/error_codes', 'gather_v1.error_codes',
    p_credential => 'none',
    p_summary => 'List the error codes',
    p_response => '{
        "type": "object",
        "required": ["status", "error_codes"],
        "properties": {
            "status": {"const": "success"},
            "error_codes": {"type": "array", "items": {
                "type": "object",
                "required": ["error_code", "desc", "http_status"],
                "properties": {
                    "error_code": {"type": "integer"},
                    "desc": {"type": "string"},
                    "http_status": {"type": "integer"}
                }
            }}
        }
    }',
    p_examples => '[{
        "name": "excerpt", "status": 200,
        "response": {"status": "success", "error_codes": [
            {"error_code": 101, "desc": "login required", "http_status": 401}]}
    }]');
