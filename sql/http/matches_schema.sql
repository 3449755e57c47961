-- JSON Schema, as far as the registry's schemas go: it holds examples to them when the code is
-- published.

CREATE FUNCTION http.has_type(p_type text, p_value jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN p_type <> 'integer' THEN jsonb_typeof(p_value) = p_type
        WHEN jsonb_typeof(p_value) <> 'number' THEN false
        ELSE p_value::numeric % 1 = 0 END;
$function$;
COMMENT ON FUNCTION http.has_type(text, jsonb) IS 'Whether a value has a JSON Schema type.';

CREATE FUNCTION http.matches_simple(p_schema jsonb, p_value jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT 'is not one of ' || (p_schema ->> 'enum')
     WHERE NOT (p_schema -> 'enum') @> jsonb_build_array(p_value)
     UNION ALL
    SELECT 'is not ' || (p_schema -> 'const')::text WHERE p_schema -> 'const' <> p_value
     UNION ALL
    SELECT format('breaks %s %s', k.key, k.value)
      FROM jsonb_each(p_schema) AS k (key, value)
     CROSS JOIN LATERAL (SELECT p_value #>> '{}') AS v (text)
     WHERE NOT CASE jsonb_typeof(p_value)
        WHEN 'string' THEN CASE k.key
            WHEN 'minLength' THEN char_length(v.text) >= k.value::integer
            WHEN 'maxLength' THEN char_length(v.text) <= k.value::integer
            WHEN 'pattern' THEN v.text ~ (k.value #>> '{}')
            WHEN 'format' THEN http.matches_format(k.value #>> '{}', v.text)
            ELSE true END
        WHEN 'number' THEN CASE k.key
            WHEN 'minimum' THEN v.text::numeric >= k.value::numeric
            WHEN 'maximum' THEN v.text::numeric <= k.value::numeric
            ELSE true END
        WHEN 'array' THEN CASE k.key
            WHEN 'minItems' THEN jsonb_array_length(p_value) >= k.value::integer
            WHEN 'maxItems' THEN jsonb_array_length(p_value) <= k.value::integer
            ELSE true END
        ELSE true END;
$function$;
COMMENT ON FUNCTION http.matches_simple(jsonb, jsonb) IS
    'Violations of the keywords that look at one value alone: enum, const, lengths, bounds, '
    'pattern, format.';

CREATE FUNCTION http.matches_schema(p_schema jsonb, p_value jsonb, p_at text DEFAULT '$')
RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_types jsonb := p_schema -> 'type';
    v_name text := substr(p_schema ->> '$ref', length('#/components/schemas/') + 1);
    v_referred jsonb;
    v_keyword text;
    v_matching integer;
BEGIN
    IF jsonb_typeof(p_schema) = 'boolean' THEN
        IF p_schema = 'false' THEN
            RETURN NEXT p_at || ': is not allowed';
        END IF;
        RETURN;
    END IF;

    IF p_schema ? '$ref' THEN
        SELECT s.schema INTO v_referred FROM app.route_schema AS s WHERE s.name = v_name;
        IF NOT FOUND THEN
            RETURN NEXT format('%s: refers to %s, which nobody defines', p_at, p_schema -> '$ref');
            RETURN;
        END IF;
        RETURN QUERY SELECT m.* FROM http.matches_schema(v_referred, p_value, p_at) AS m;
    END IF;

    IF jsonb_typeof(v_types) = 'string' THEN
        v_types := jsonb_build_array(v_types);
    END IF;
    IF NOT EXISTS (SELECT FROM jsonb_array_elements_text(v_types) AS t (name)
                    WHERE http.has_type(t.name, p_value)) AND v_types IS NOT NULL
    THEN
        RETURN NEXT format('%s: is no %s', p_at, p_schema ->> 'type');
        RETURN;
    END IF;
    RETURN QUERY SELECT p_at || ': ' || s FROM http.matches_simple(p_schema, p_value) AS s;

    FOREACH v_keyword IN ARRAY ARRAY['anyOf', 'oneOf'] LOOP
        CONTINUE WHEN NOT p_schema ? v_keyword;
        SELECT count(*)
          INTO v_matching
          FROM jsonb_array_elements(p_schema -> v_keyword) AS o (schema)
         WHERE NOT EXISTS (SELECT FROM http.matches_schema(o.schema, p_value, p_at));
        IF v_matching = 0 OR (v_keyword = 'oneOf' AND v_matching > 1) THEN
            RETURN NEXT format('%s: matches %s of %s', p_at, v_matching, v_keyword);
        END IF;
    END LOOP;

    IF jsonb_typeof(p_value) = 'object' THEN
        RETURN QUERY SELECT m.* FROM http.matches_members(p_schema, p_value, p_at) AS m;
    ELSIF jsonb_typeof(p_value) = 'array' AND p_schema ? 'items' THEN
        RETURN QUERY
            SELECT m.*
              FROM jsonb_array_elements(p_value) WITH ORDINALITY AS i (value, number)
             CROSS JOIN LATERAL http.matches_schema(
                 p_schema -> 'items', i.value, format('%s[%s]', p_at, i.number - 1)) AS m;
    END IF;
END
$function$;
COMMENT ON FUNCTION http.matches_schema(jsonb, jsonb, text) IS
    'Violations of a JSON Schema by a value, none if it matches. Knows type, enum, const, '
    'properties, required, additionalProperties, items, lengths, bounds, pattern, format, anyOf, '
    'oneOf, and $ref to http.define_schema.';

CREATE FUNCTION http.matches_members(p_schema jsonb, p_value jsonb, p_at text) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    RETURN QUERY
        SELECT format('%s.%s: is missing', p_at, q.name)
          FROM jsonb_array_elements_text(p_schema -> 'required') AS q (name)
         WHERE NOT p_value ? q.name;
    RETURN QUERY
        SELECT m.*
          FROM jsonb_each(p_value) AS e (name, value)
         CROSS JOIN LATERAL http.matches_schema(
             coalesce(p_schema -> 'properties' -> e.name, p_schema -> 'additionalProperties',
                      'true'),
             e.value, p_at || '.' || e.name) AS m;
END
$function$;
COMMENT ON FUNCTION http.matches_members(jsonb, jsonb, text) IS
    'Violations by the members of an object: required, properties, additionalProperties.';
