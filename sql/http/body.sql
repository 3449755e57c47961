-- Reading what a client sent: the body and the query string, as JSON objects.

CREATE FUNCTION http.parse_object(p_text text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
AS $function$
DECLARE
    v_object jsonb;
BEGIN
    IF p_text IS NULL THEN
        RETURN jsonb '{}';
    END IF;

    BEGIN
        v_object := p_text::jsonb;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        -- No JSON, NUL, a lone surrogate, a number or a depth beyond everything: or nothing at all.
        IF p_text ~ '^[ \t\r\n]*$' THEN
            RETURN jsonb '{}';
        END IF;
    END;

    -- The walk for depth costs more than parsing; a text with few brackets cannot be deep enough.
    IF jsonb_typeof(v_object) = 'object' AND (
        length(p_text) <= 128
        OR length(p_text) - length(replace(replace(p_text, '{', ''), '[', '')) <= 64
        OR NOT jsonb_path_exists(v_object, 'strict $.**{65}'))
    THEN
        RETURN v_object;
    END IF;

    RAISE EXCEPTION 'not a JSON object, or one that cannot be kept'
        USING ERRCODE = 'RP400', DETAIL = 'request.malformed',
              HINT = 'Send one JSON object in UTF-8, at most 64 levels deep, without NUL.';
END
$function$;
COMMENT ON FUNCTION http.parse_object(text) IS
    'JSON object text to jsonb; NULL and blanks are {}. What is not an object, or deeper than 64 '
    'levels, raises RP400, which servers answer as malformed.';

CREATE FUNCTION http.body(p_request http.request) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
AS $function$
    SELECT http.parse_object(p_request.body);
$function$;
COMMENT ON FUNCTION http.body(http.request) IS 'The body as a JSON object: see http.parse_object.';

CREATE FUNCTION http.query(p_request http.request) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
AS $function$
    SELECT http.parse_object(p_request.query);
$function$;
COMMENT ON FUNCTION http.query(http.request) IS
    'The query string as a JSON object: see http.parse_object.';

CREATE FUNCTION http.body_object(p_request http.request, p_member text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
AS $function$
DECLARE
    v_object jsonb := http.body(p_request) -> p_member;
BEGIN
    RETURN CASE WHEN jsonb_typeof(v_object) = 'object' THEN v_object ELSE '{}' END;
END
$function$;
COMMENT ON FUNCTION http.body_object(http.request, text) IS
    'An object in the body, as user; one that is missing, or is no object, has no fields.';
