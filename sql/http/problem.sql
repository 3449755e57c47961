-- The answer of failure, worded from the catalogue in the style of its contract.

CREATE FUNCTION http.render_problem(
    p_style text,
    p_code text,
    p_outcome integer,
    p_message text,
    p_errors json DEFAULT NULL
) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN p_style = 'always_200' THEN json_build_object(
            'message', p_message, 'http_status_code', p_outcome, 'error',
            CASE WHEN p_errors IS NULL THEN json_build_object('code', p_code)
                 ELSE json_build_object('code', p_code, 'errors', p_errors) END)
        WHEN p_style = 'status' AND p_errors IS NULL THEN json_build_object(
            'status', 'failed', 'desc', p_message, 'error_code', p_code::integer)
        WHEN p_style = 'status' THEN json_build_object(
            'status', 'failed', 'desc', p_message, 'error_code', p_code::integer,
            'errors', p_errors)
        WHEN p_style = 'success' THEN json_build_object(
            'success', false, 'reason',
            CASE WHEN p_errors IS NULL
                 THEN json_build_object('code', p_code, 'message', p_message)
                 ELSE json_build_object(
                     'code', p_code, 'message', p_message, 'errors', p_errors) END)
        WHEN p_style = 'plain' AND p_errors IS NULL THEN json_build_object('message', p_message)
        WHEN p_style = 'plain' THEN json_build_object('message', p_message, 'errors', p_errors)
        END;
$function$;
COMMENT ON FUNCTION http.render_problem(text, text, integer, text, json) IS
    'A problem as JSON. always_200: {message, http_status_code, error {code, errors?}}; status: '
    '{status: "failed", desc, error_code, errors?}; success: {success: false, reason {code, '
    'message, errors?}}; plain: {message, errors?}.';

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
    p_session_id bigint DEFAULT NULL
) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_problem http.response;
BEGIN
    SELECT http.wire_status(c.style, e.outcome), e.outcome, e.headers,
           http.render_problem(
               c.style, e.code, e.outcome, coalesce(p_message, e.message), p_errors)::text,
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
COMMENT ON FUNCTION http.problem(text, text, text, json, bigint) IS
    'Answer with an error of the contract''s catalogue; p_message says it better than the '
    'catalogue, p_errors is a list of {field, message}.';

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
