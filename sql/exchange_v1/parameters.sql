-- What requests of this contract carry, and how it refuses them. See http.read_text.

CREATE FUNCTION exchange_v1.read_number(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_default integer,
    p_max integer,
    OUT value integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_count integer := cardinality(errors);
    v_text text;
BEGIN
    SELECT r.errors, r.value
      INTO errors, v_text
      FROM http.read_text(errors, p_source, p_field, p_digits => true) AS r;
    IF cardinality(errors) > v_count THEN
        RETURN;
    ELSIF v_text IS NULL THEN
        value := p_default;
    ELSIF v_text ~ '^[0-9]{1,10}$' AND v_text::bigint BETWEEN 1 AND p_max THEN
        value := v_text::integer;
    ELSE
        errors := errors || http.wrong_field(p_field, NULL, 'is not a number from 1 to ' || p_max);
    END IF;
END
$function$;
COMMENT ON FUNCTION exchange_v1.read_number(json[], jsonb, text, integer, integer) IS
    'A parameter that is a whole number from 1 to p_max; p_default where it is missing or empty. As http.read_text.';

CREATE FUNCTION exchange_v1.read_page(INOUT errors json[], p_query jsonb, OUT page integer, OUT per integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    SELECT r.errors, r.value
      INTO errors, page
      FROM exchange_v1.read_number(errors, p_query, 'page', 1, 2147483647) AS r;
    SELECT r.errors, r.value
      INTO errors, per
      FROM exchange_v1.read_number(errors, p_query, 'per', 20, 100) AS r;
END
$function$;
COMMENT ON FUNCTION exchange_v1.read_page(json[], jsonb) IS
    'The parameters page (from 1 on) and per (1 to 100, 20 where it is missing) of a list. As http.read_text.';

CREATE FUNCTION exchange_v1.page_fields(p_path text, p_page integer, p_per integer, p_total bigint) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_last bigint := greatest(1, (p_total + p_per - 1) / p_per);
    v_before text := '<' || http.public_path(p_path) || '?page=';
    v_after text := '&per=' || p_per || '>; rel="';
BEGIN
    RETURN concat(
        'X-Total-Count: ', p_total, E'\n',
        'Link: ' || nullif(concat_ws(
            ', ',
            v_before || 1 || v_after || 'first"',
            v_before || CASE WHEN p_page > 1 THEN least(p_page - 1, v_last) END || v_after || 'prev"',
            v_before || CASE WHEN p_page < v_last THEN p_page + 1 END || v_after || 'next"',
            v_before || v_last || v_after || 'last"'), '') || E'\n');
END
$function$;
COMMENT ON FUNCTION exchange_v1.page_fields(text, integer, integer, bigint) IS
    'The fields of a list that is a bare array: X-Total-Count and, for a page of it, Link (first, prev, next, last; '
    'RFC 8288). Page and per are NULL where all of it is answered.';
CREATE FUNCTION exchange_v1.read_new_password(INOUT errors json[], p_source jsonb, OUT value text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT r.errors, r.value
      FROM http.read_text(errors, p_source, 'password', NULL, 8, 128, p_required => true, p_trim => false) AS r
$function$;
COMMENT ON FUNCTION exchange_v1.read_new_password(json[], jsonb) IS
    'The parameter password where a new one is set: 8 to 128 characters. As http.read_text.';

CREATE FUNCTION exchange_v1.refuse_parameters(p_errors json[], p_session_id bigint DEFAULT NULL) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.problem('exchange_v1', 'invalid', NULL, array_to_json(p_errors), p_session_id)
$function$;
COMMENT ON FUNCTION exchange_v1.refuse_parameters(json[], bigint) IS 'Answer 400 with the wrong fields.';

SELECT http.define_schema('exchange_v1.Message', '{
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}}
}');
