-- Reading parameters one by one: its value, or an entry of the errors that a problem lists, in the order
-- they are read. With a label the message is a sentence about it.

CREATE FUNCTION http.wrong_field(p_field text, p_label text, p_says text) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT json_build_object('field', p_field, 'message', concat_ws(' ', p_label, p_says))
$function$;
COMMENT ON FUNCTION http.wrong_field(text, text, text) IS
    'An entry of errors: the field, and what is wrong, after its label where it has one.';

CREATE FUNCTION http.read_text(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_label text DEFAULT NULL,
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
    errors := errors || http.wrong_field(p_field, p_label, CASE v_problem
        WHEN 'blank' THEN p_blank
        WHEN 'too_short' THEN 'is too short (minimum is ' || p_min || ' characters)'
        WHEN 'too_long' THEN 'is too long (maximum is ' || p_max || ' characters)'
        ELSE 'is invalid'
    END);
END
$function$;
COMMENT ON FUNCTION http.read_text(
    json[], jsonb, text, text, integer, integer, boolean, text, boolean, boolean) IS
    'A text parameter: see core.read_text. NULL where it is missing, blank or wrong; its first problem is appended to errors.';

CREATE FUNCTION http.read_email(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_label text DEFAULT NULL,
    p_required boolean DEFAULT false,
    p_blank text DEFAULT 'can not be blank',
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_text(
          errors, p_source, p_field, p_label, p_max => 255, p_required => p_required,
          p_blank => p_blank) AS r;
    IF NOT core.is_email(value) THEN
        errors := errors || http.wrong_field(p_field, p_label, 'is invalid');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_email(json[], jsonb, text, text, boolean, text) IS
    'A parameter that is an e-mail address: as http.read_text.';

CREATE FUNCTION http.read_username(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_min integer,
    p_max integer,
    p_required boolean DEFAULT false,
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_text(
          errors, p_source, p_field, NULL, p_min, p_max, p_required => p_required) AS r;
    IF value !~ '^[A-Za-z0-9_.-]+$' THEN
        errors := errors || http.wrong_field(
            p_field, NULL, 'may only have letters, digits, "_", "." and "-"');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_username(json[], jsonb, text, integer, integer, boolean) IS
    'A parameter that is a username: ASCII letters, digits, _ . and -. As http.read_text.';

CREATE FUNCTION http.read_choice(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_choices text[],
    p_label text DEFAULT NULL,
    p_required boolean DEFAULT false,
    OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_text(errors, p_source, p_field, p_label, p_required => p_required) AS r;
    IF value <> ALL (p_choices) THEN
        errors := errors || http.wrong_field(p_field, p_label, 'is not included in the list');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_choice(json[], jsonb, text, text[], text, boolean) IS
    'A parameter that is one of a few words. As http.read_text.';

CREATE FUNCTION http.read_past_date(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_label text DEFAULT NULL,
    p_required boolean DEFAULT false,
    p_at timestamptz DEFAULT now(),
    OUT value date)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_text text;
BEGIN
    SELECT r.errors, r.value
      INTO errors, v_text
      FROM http.read_text(errors, p_source, p_field, p_label, p_required => p_required) AS r;
    IF v_text IS NULL THEN
        RETURN;
    END IF;
    value := core.parse_date(v_text);
    IF value IS NULL THEN
        errors := errors || http.wrong_field(p_field, p_label, 'is not a date');
    ELSIF value > (p_at AT TIME ZONE 'UTC')::date THEN
        errors := errors || http.wrong_field(p_field, p_label, 'is invalid');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_past_date(json[], jsonb, text, text, boolean, timestamptz) IS
    'A parameter that is a date yyyy-mm-dd, not in the future. As http.read_text.';

CREATE FUNCTION http.read_id(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_required boolean DEFAULT false,
    OUT value bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_text text;
BEGIN
    SELECT r.errors, r.value
      INTO errors, v_text
      FROM http.read_text(errors, p_source, p_field, p_required => p_required, p_digits => true)
          AS r;
    IF v_text ~ '^[0-9]{1,18}$' THEN
        value := v_text::bigint;
    ELSIF v_text IS NOT NULL THEN
        errors := errors || http.wrong_field(p_field, NULL, 'is invalid');
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_id(json[], jsonb, text, boolean) IS
    'A parameter that is a number by which something is known, as JSON number or digits. As '
    'http.read_text.';

CREATE FUNCTION http.read_boolean(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_default boolean DEFAULT NULL,
    OUT value boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_value jsonb := p_source -> p_field;
BEGIN
    value := CASE
        WHEN coalesce(jsonb_typeof(v_value), 'null') = 'null' THEN p_default
        WHEN v_value IN ('true', '"true"', '"1"', '1') THEN true
        WHEN v_value IN ('false', '"false"', '"0"', '0') THEN false
    END;
    IF value IS NULL AND coalesce(jsonb_typeof(v_value), 'null') <> 'null' THEN
        errors := errors || http.wrong_field(p_field, NULL, 'is invalid');
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_boolean(json[], jsonb, text, boolean) IS
    'A parameter that is true or false; forms, which know only text, send true, false, 1 or 0.';

CREATE FUNCTION http.read_code(INOUT errors json[], p_source jsonb, OUT value text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, value
      FROM http.read_text(errors, p_source, 'code', p_required => true, p_digits => true) AS r;
    -- A number has lost its leading zeros; else one code in ten could not be sent as a number.
    IF jsonb_typeof(p_source -> 'code') = 'number' AND length(value) < 6 THEN
        value := lpad(value, 6, '0');
    END IF;
    IF value !~ '^[0-9]{6}$' THEN
        errors := errors || http.wrong_field('code', NULL, 'is invalid');
        value := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.read_code(json[], jsonb) IS
    'The parameter code: six digits, as text or as a JSON number. As http.read_text.';
