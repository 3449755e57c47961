-- What requests of this contract carry, and how it refuses them. See http.read_text.

CREATE FUNCTION dsrt_v1.read_link_token(
    p_request http.request,
    p_field text,
    p_label text,
    OUT errors json[],
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
AS $function$
DECLARE
    v_source jsonb := http.query(p_request);
BEGIN
    IF p_request.method = 'POST' THEN
        v_source := v_source || http.body(p_request);
    END IF;
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_text('{}', v_source, p_field, p_label, p_required => true) AS r;
END
$function$;
COMMENT ON FUNCTION dsrt_v1.read_link_token(http.request, text, text) IS
    'The token of a mailed link: in the query, as the link has it, or in the body of a POST.';

CREATE FUNCTION dsrt_v1.refuse_parameters(
    p_message text,
    p_errors json[],
    p_session_id bigint DEFAULT NULL) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.problem(
        'dsrt_v1', 'BAD_PARAMETERS', p_message, array_to_json(p_errors), p_session_id)
$function$;
COMMENT ON FUNCTION dsrt_v1.refuse_parameters(text, json[], bigint) IS
    'Answer 400 BAD_PARAMETERS with the wrong fields.';
