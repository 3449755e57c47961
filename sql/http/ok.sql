-- The answer of success.

CREATE FUNCTION http.ok(
    p_body json,
    p_session_id bigint DEFAULT NULL,
    p_new_token text DEFAULT NULL
) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT ROW(200, 200, NULL, p_body::text, p_session_id, p_new_token)::http.response;
$function$;
COMMENT ON FUNCTION http.ok(json, bigint, text) IS
    'Answer 200 with a body made by json_build_object; with the session that was used or made, '
    'and the token if one was issued.';
