-- The answer of failure, worded from the catalogue in the style of its contract.

CREATE FUNCTION http.with_members(p_object json, p_errors json, p_details jsonb) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_errors IS NULL AND p_details IS NULL THEN p_object
           ELSE (left(p_object::text, -1)
               || coalesce(', "errors" : ' || p_errors::text, '')
               || coalesce(
                   ', ' || nullif(substr(p_details::text, 2, length(p_details::text) - 2), ''), '')
               || '}')::json END;
$function$;
COMMENT ON FUNCTION http.with_members(json, json, jsonb) IS
    'The object with errors, where there are any, and the members of p_details after its own.';

CREATE FUNCTION http.render_problem(
    p_style text,
    p_code text,
    p_outcome integer,
    p_message text,
    p_errors json DEFAULT NULL,
    p_details jsonb DEFAULT NULL
) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE p_style
        WHEN 'always_200' THEN json_build_object(
            'message', p_message, 'http_status_code', p_outcome, 'error',
            http.with_members(json_build_object('code', p_code), p_errors, p_details))
        WHEN 'status' THEN http.with_members(
            json_build_object(
                'status', 'failed', 'desc', p_message, 'error_code', p_code::integer),
            p_errors, p_details)
        WHEN 'success' THEN json_build_object(
            'success', false, 'reason',
            http.with_members(
                json_build_object('code', p_code, 'message', p_message), p_errors, p_details))
        WHEN 'plain' THEN http.with_members(
            json_build_object('message', p_message), p_errors, p_details)
        END;
$function$;
COMMENT ON FUNCTION http.render_problem(text, text, integer, text, json, jsonb) IS
    'A problem as JSON. always_200: {message, http_status_code, error {code, errors?}}; status: '
    '{status: "failed", desc, error_code, errors?}; success: {success: false, reason {code, '
    'message, errors?}}; plain: {message, errors?}. Details stand where errors do.';

CREATE FUNCTION http.wire_status(p_style text, p_outcome integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_style = 'always_200' THEN 200 ELSE p_outcome END;
$function$;
COMMENT ON FUNCTION http.wire_status(text, integer) IS
    'The HTTP status with which a style tells an outcome.';

CREATE FUNCTION http.problem(
    p_contract text,
    p_code text,
    p_message text DEFAULT NULL,
    p_errors json DEFAULT NULL,
    p_session_id bigint DEFAULT NULL,
    p_details jsonb DEFAULT NULL
) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_problem http.response;
BEGIN
    SELECT http.wire_status(c.style, e.outcome), e.outcome, e.headers,
           http.render_problem(
               c.style, e.code, e.outcome, coalesce(p_message, e.message), p_errors,
               p_details)::text,
           p_session_id, NULL
      INTO v_problem
      FROM app.error AS e
     INNER JOIN app.contract AS c ON c.name = e.contract
     WHERE e.contract = p_contract AND e.code = p_code;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'contract % has no error %', p_contract, p_code
            USING ERRCODE = 'RP500', DETAIL = 'registry.unknown_error';
    END IF;
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION http.problem(text, text, text, json, bigint, jsonb) IS
    'Answer with an error of the contract''s catalogue; p_message says it better than the '
    'catalogue, p_errors is a list of {field, message}, p_details are further members, as '
    'locked_until.';

CREATE FUNCTION http.locked_problem(
    p_contract text,
    p_code text,
    p_locked_until timestamptz,
    p_message text DEFAULT NULL,
    p_session_id bigint DEFAULT NULL,
    p_member text DEFAULT 'locked_until'
) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_problem http.response := http.problem(
        p_contract, p_code, p_message, NULL, p_session_id,
        jsonb_build_object(p_member, core.time_text(p_locked_until)));
BEGIN
    v_problem.headers := concat(
        v_problem.headers, 'Retry-After: ',
        greatest(1, ceil(extract(epoch FROM p_locked_until - now())))::bigint, E'\n');
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION http.locked_problem(text, text, timestamptz, text, bigint, text) IS
    'Answer that something is locked for a while: until when, in the member p_member, and Retry-After.';

CREATE FUNCTION http.refuse(p_contract text, p_kind text) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_refusal http.response;
BEGIN
    SELECT http.wire_status(c.style, r.outcome), r.outcome, r.headers,
           http.render_problem(c.style, r.code, r.outcome, r.message)::text,
           NULL::bigint, NULL
      INTO v_refusal
      FROM app.refusal AS r
     INNER JOIN app.contract AS c ON c.name = r.contract
     WHERE r.contract = p_contract AND r.kind = p_kind;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'contract % has no refusal %', p_contract, p_kind
            USING ERRCODE = 'RP500', DETAIL = 'registry.unknown_kind';
    END IF;
    RETURN v_refusal;
END
$function$;
COMMENT ON FUNCTION http.refuse(text, text) IS
    'Answer with what the contract says to a kind of http.refusal_kinds.';
