-- The registry row that stands beside each contract function, and the schemas that rows share.

CREATE FUNCTION http.define_schema(p_name text, p_schema jsonb) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    INSERT INTO app.route_schema (name, schema) VALUES (p_name, p_schema);
$function$;
COMMENT ON FUNCTION http.define_schema(text, jsonb) IS
    'Registers a shared JSON Schema; routes refer to it by {"$ref": "#/components/schemas/NAME"}. '
    'Name it CONTRACT.Thing.';

CREATE FUNCTION http.define_route(
    p_method text,
    p_path text,
    p_function text,
    p_credential text DEFAULT 'required',
    p_lane text DEFAULT 'fast',
    p_time_limit_ms integer DEFAULT 5000,
    p_body_limit integer DEFAULT 12582912,
    p_summary text DEFAULT NULL,
    p_description text DEFAULT NULL,
    p_query jsonb DEFAULT NULL,
    p_request jsonb DEFAULT NULL,
    p_response jsonb DEFAULT NULL,
    p_examples jsonb DEFAULT '[]',
    p_errors text[] DEFAULT '{}',
    p_changes_on_get boolean DEFAULT false,
    p_media_types text[] DEFAULT '{application/json}',
    p_since text DEFAULT '1.0',
    p_deprecated boolean DEFAULT false
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    c_media_type CONSTANT text := '^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$';
BEGIN
    IF NOT coalesce(cardinality(p_media_types) > 0, false) OR EXISTS (
        SELECT FROM unnest(p_media_types) AS m (media_type)
         WHERE (m.media_type ~ c_media_type) IS NOT TRUE)
    THEN
        RAISE EXCEPTION '% % offers %, which is no list of media types', p_method, p_path,
                coalesce(p_media_types::text, 'NULL')
            USING ERRCODE = 'RP500', DETAIL = 'registry.media_type',
                  HINT = 'One at least, each in lower case and without parameters.';
    END IF;
    INSERT INTO app.route (
        method, path, function, contract, space, credential, lane, time_limit_ms, body_limit,
        summary, description, query_schema, request_schema, response_schema, examples, errors,
        changes_on_get, media_types, since, deprecated)
    SELECT p_method, p_path, p_function, split_part(p_function, '.', 1), s.prefix, p_credential,
           p_lane, p_time_limit_ms, p_body_limit, p_summary, p_description, p_query, p_request,
           p_response, p_examples, p_errors, p_changes_on_get, p_media_types, p_since,
           p_deprecated
      FROM app.path_space AS s
     WHERE starts_with(p_path || '/', s.prefix)
     ORDER BY length(s.prefix) DESC
     LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no path space takes %', p_path
            USING ERRCODE = 'RP500', DETAIL = 'registry.unknown_space',
                  HINT = 'The contracts'' errors.sql files, which define them, come first.';
    END IF;
END
$function$;
COMMENT ON FUNCTION http.define_route(
    text, text, text, text, text, integer, integer, text, text, jsonb, jsonb, jsonb, jsonb, text[],
    boolean, text[], text, boolean) IS
    'Registers a contract function (schema.name, in the schema of its contract) for a method and '
    'a path template. p_query, p_request and p_response are JSON Schemas of query, body and '
    'successful answer. p_media_types are what it can answer, the one it likes best first: Accept '
    'chooses among them, the request tells which, and the function names any other than JSON in '
    'its headers. http.validate_routes checks the rest.';
