-- What requests of this contract carry, and how it refuses them. See http.read_text.

CREATE FUNCTION gather_v1.read_account(
    INOUT errors json[],
    p_source jsonb,
    p_first text,
    p_second text,
    p_by_number boolean DEFAULT true,
    OUT name text,
    OUT account_id bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_count integer := cardinality(errors);
    v_field text;
BEGIN
    FOREACH v_field IN ARRAY ARRAY[p_first, p_second] LOOP
        SELECT r.errors, r.value
          INTO errors, name
          FROM http.read_text(errors, p_source, v_field, p_digits => v_field = 'user_id') AS r;
        EXIT WHEN name IS NOT NULL OR cardinality(errors) > v_count;
    END LOOP;
    IF name IS NOT NULL THEN
        account_id := CASE v_field
            WHEN 'email' THEN core.find_account(name)
            ELSE CASE WHEN p_by_number OR name !~ '^[0-9]{1,18}$'
                THEN core.find_account_by_uid(name) END
        END;
    ELSIF cardinality(errors) = v_count THEN
        errors := errors || http.wrong_field(p_first, NULL, 'or ' || p_second || ' is needed');
    END IF;
END
$function$;
COMMENT ON FUNCTION gather_v1.read_account(json[], jsonb, text, text, boolean) IS
    'Whom a request is about: user_id (the MD5 of the address or, where that is allowed, the number) or email, in the given '
    'order, the first that is there. The account, NULL where nobody is known by what was sent, which is the name. As '
    'http.read_text. Log-in does not take the number: trying all of them would tell which one an address has.';

CREATE FUNCTION gather_v1.refuse_parameters(p_errors json[], p_session_id bigint DEFAULT NULL) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.problem('gather_v1', '100', NULL, array_to_json(p_errors), p_session_id)
$function$;
COMMENT ON FUNCTION gather_v1.refuse_parameters(json[], bigint) IS 'Answer 100 with the wrong fields.';

CREATE FUNCTION gather_v1.refuse_taken(p_fields text[], p_session_id bigint DEFAULT NULL) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.problem(
        'gather_v1', '106', NULL,
        (SELECT json_agg(http.wrong_field(f.field, NULL, 'has already been taken') ORDER BY f.position)
           FROM unnest(p_fields) WITH ORDINALITY AS f (field, position)),
        p_session_id)
$function$;
COMMENT ON FUNCTION gather_v1.refuse_taken(text[], bigint) IS 'Answer 106 with the fields whose value is somebody''s.';
