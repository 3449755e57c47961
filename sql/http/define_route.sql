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
    p_since text DEFAULT '1.0',
    p_deprecated boolean DEFAULT false
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    INSERT INTO app.route (
        method, path, function, contract, space, credential, lane, time_limit_ms, body_limit,
        summary, description, query_schema, request_schema, response_schema, examples, errors,
        changes_on_get, since, deprecated)
    SELECT p_method, p_path, p_function, split_part(p_function, '.', 1), s.prefix, p_credential,
           p_lane, p_time_limit_ms, p_body_limit, p_summary, p_description, p_query, p_request,
           p_response, p_examples, p_errors, p_changes_on_get, p_since, p_deprecated
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
    boolean, text, boolean) IS
    'Registers a contract function (schema.name, in the schema of its contract) for a method and '
    'a path template. p_query, p_request and p_response are JSON Schemas of query, body and '
    'successful answer; http.validate_routes checks it all.';
