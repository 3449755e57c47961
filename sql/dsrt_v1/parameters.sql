-- Reading parameters the way this contract refuses them: one entry a field, in the order they are read.

CREATE FUNCTION dsrt_v1.wrong_field(p_field text, p_label text, p_says text) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT json_build_object('field', p_field, 'message', p_label || ' ' || p_says)
$function$;
COMMENT ON FUNCTION dsrt_v1.wrong_field(text, text, text) IS
    'An entry of error.errors: the field, and a sentence about it that begins with its label.';

CREATE FUNCTION dsrt_v1.user_of(p_request http.request) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
AS $function$
DECLARE
    v_user jsonb := http.body(p_request) -> 'user';
BEGIN
    RETURN CASE WHEN jsonb_typeof(v_user) = 'object' THEN v_user ELSE '{}' END;
END
$function$;
COMMENT ON FUNCTION dsrt_v1.user_of(http.request) IS
    'The object user of the body; one that is missing, or is no object, has no fields.';

CREATE FUNCTION dsrt_v1.read_text(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_label text,
    p_min integer DEFAULT 1,
    p_max integer DEFAULT NULL,
    p_required boolean DEFAULT false,
    p_blank text DEFAULT 'can not be blank',
    p_digits boolean DEFAULT false,
    p_trim boolean DEFAULT true,
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_problem text;
BEGIN
    SELECT r.value, r.problem
      INTO value, v_problem
      FROM core.read_text(p_source -> p_field, p_min, p_max, p_digits, p_trim) AS r;
    IF v_problem IS NULL OR (v_problem = 'blank' AND NOT p_required) THEN
        RETURN;
    END IF;
    errors := errors || dsrt_v1.wrong_field(p_field, p_label, CASE v_problem
        WHEN 'blank' THEN p_blank
        WHEN 'too_short' THEN 'is too short (minimum is ' || p_min || ' characters)'
        WHEN 'too_long' THEN 'is too long (maximum is ' || p_max || ' characters)'
        ELSE 'is invalid'
    END);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.read_text(
    json[], jsonb, text, text, integer, integer, boolean, text, boolean, boolean) IS
    'A text parameter: see core.read_text. NULL where it is missing, blank or wrong; its first problem is appended to errors.';

CREATE FUNCTION dsrt_v1.read_email(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_label text,
    p_required boolean DEFAULT false,
    p_blank text DEFAULT 'can not be blank',
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, value
      FROM dsrt_v1.read_text(
          errors, p_source, p_field, p_label, p_max => 255, p_required => p_required,
          p_blank => p_blank) AS r;
    IF NOT core.is_email(value) THEN
        errors := errors || dsrt_v1.wrong_field(p_field, p_label, 'is invalid');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION dsrt_v1.read_email(json[], jsonb, text, text, boolean, text) IS
    'A parameter that is an e-mail address: as dsrt_v1.read_text.';

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
      FROM dsrt_v1.read_text('{}', v_source, p_field, p_label, p_required => true) AS r;
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
