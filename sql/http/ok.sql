-- The answer of success.

CREATE FUNCTION http.ok(
    p_body json,
    p_session_id bigint DEFAULT NULL,
    p_new_token text DEFAULT NULL,
    p_status integer DEFAULT 200
) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT ROW(p_status, p_status, NULL, p_body::text, p_session_id, p_new_token)::http.response;
$function$;
COMMENT ON FUNCTION http.ok(json, bigint, text, integer) IS
    'Answer 200, or the given status, with a body made by json_build_object; with the session that '
    'was used or made, and the token if one was issued.';
