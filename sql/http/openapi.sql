-- GET /openapi.json: the registry, told as OpenAPI 3.1.

CREATE FUNCTION http.openapi_parameters(p_route app.route) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(json_agg(p.parameter ORDER BY p.place, p.position), '[]')
      FROM (SELECT 1, v.position, json_build_object(
                       'name', v.name[1], 'in', 'path', 'required', true,
                       'schema', json_build_object('type', 'string'))
              FROM regexp_matches(p_route.path, '[{]([^}]*)[}]', 'g')
                   WITH ORDINALITY AS v (name, position)
             UNION ALL
            SELECT 2, q.position, json_build_object(
                       'name', q.name, 'in', 'query',
                       'required', coalesce(p_route.query_schema -> 'required' ? q.name, false),
                       'schema', q.schema)
              FROM jsonb_each(p_route.query_schema -> 'properties')
                   WITH ORDINALITY AS q (name, schema, position)
           ) AS p (place, position, parameter);
$function$;
COMMENT ON FUNCTION http.openapi_parameters(app.route) IS
    'The parameters of an operation: the template''s variables, then what the query schema names.';

CREATE FUNCTION http.openapi_request(p_route app.route) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT json_build_object(
               'required', p_route.request_schema ? 'required',
               'content', json_build_object(
                   'application/json', json_build_object(
                       'schema', p_route.request_schema,
                       'examples', coalesce((
                           SELECT json_object_agg(
                                      e.example ->> 'name',
                                      json_build_object('value', e.example -> 'request'))
                             FROM jsonb_array_elements(p_route.examples) AS e (example)
                            WHERE e.example ? 'request'), '{}')),
                   'application/x-www-form-urlencoded',
                   json_build_object('schema', p_route.request_schema)))
     WHERE p_route.request_schema IS NOT NULL;
$function$;
COMMENT ON FUNCTION http.openapi_request(app.route) IS
    'The request body of an operation, NULL if it takes none.';

CREATE FUNCTION http.openapi_responses(p_route app.route) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    WITH style AS (
        SELECT c.style FROM app.contract AS c WHERE c.name = p_route.contract
    ), answer AS (
        SELECT http.wire_status(s.style, (e.example ->> 'status')::integer) AS status,
               (e.example ->> 'status')::integer < 400 AS succeeds,
               e.example ->> 'name' AS name, e.example -> 'response' AS body
          FROM style AS s
         CROSS JOIN jsonb_array_elements(p_route.examples) AS e (example)
         UNION ALL
        SELECT http.wire_status(s.style, c.outcome), false, 'error ' || c.code,
               http.render_problem(s.style, c.code, c.outcome, c.message)::jsonb
          FROM style AS s
         CROSS JOIN app.error AS c
         WHERE c.contract = p_route.contract AND c.code = ANY (p_route.errors)
    ), content AS (
        SELECT a.status, bool_or(a.succeeds) AS succeeds, bool_and(a.succeeds) AS only_succeeds,
               json_object_agg(a.name, json_build_object('value', a.body) ORDER BY a.name)
                   FILTER (WHERE a.name IS NOT NULL) AS examples
          FROM (SELECT a.* FROM answer AS a
                 UNION ALL
                SELECT 200, true, NULL, NULL
                 WHERE NOT EXISTS (SELECT FROM answer AS a WHERE a.succeeds)) AS a
         GROUP BY a.status
    )
    SELECT json_object_agg(c.status, json_build_object(
               'description', CASE WHEN c.only_succeeds THEN 'Success'
                                   WHEN c.succeeds THEN 'Success, or a problem'
                                   ELSE 'Problem' END,
               'content', (
                   SELECT json_object_agg(t.media_type, CASE
                              WHEN c.succeeds AND t.media_type <> m.described
                              THEN json_build_object('schema', json_build_object('type', 'string'))
                              ELSE json_build_object(
                                  'schema', d.schema, 'examples', coalesce(c.examples, '{}')) END
                              ORDER BY t.position)
                     FROM unnest(CASE WHEN c.succeeds THEN p_route.media_types
                                      ELSE ARRAY['application/json'] END)
                          WITH ORDINALITY AS t (media_type, position))) ORDER BY c.status)
      FROM content AS c
     CROSS JOIN (SELECT jsonb_build_object(
                            '$ref', format('#/components/schemas/%s.Problem', p_route.contract))
                ) AS p (problem)
     CROSS JOIN LATERAL (SELECT CASE
                    WHEN c.only_succeeds THEN p_route.response_schema
                    WHEN c.succeeds THEN jsonb_build_object(
                        'anyOf', jsonb_build_array(p_route.response_schema, p.problem))
                    ELSE p.problem END) AS d (schema)
     CROSS JOIN (SELECT CASE WHEN 'application/json' = ANY (p_route.media_types)
                             THEN 'application/json'
                             ELSE p_route.media_types[1] END) AS m (described);
$function$;
COMMENT ON FUNCTION http.openapi_responses(app.route) IS
    'The responses of an operation by HTTP status: examples of success, and every error it can '
    'answer as it is worded. Success stands under each media type that the route offers; the '
    'response schema is that of JSON, or of the first where JSON is not among them.';

CREATE FUNCTION http.openapi_security_schemes() RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT '{
        "bearer": {"type": "http", "scheme": "bearer"},
        "x_access_token": {"type": "apiKey", "in": "header", "name": "X-Access-Token"},
        "access_token": {"type": "apiKey", "in": "header", "name": "access_token"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "sessionid"}
    }'::json;
$function$;
COMMENT ON FUNCTION http.openapi_security_schemes() IS
    'The four ways to present a session token; the first one present counts.';

CREATE FUNCTION http.openapi_operation(p_route app.route, p_operation_id text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT jsonb_strip_nulls(jsonb_build_object(
               'operationId', p_operation_id,
               'tags', jsonb_build_array(p_route.contract),
               'summary', p_route.summary,
               'description', p_route.description,
               'deprecated', CASE WHEN p_route.deprecated THEN true END,
               'x-since', p_route.since))
           || jsonb_build_object(
               'parameters', http.openapi_parameters(p_route),
               'responses', http.openapi_responses(p_route),
               'security', CASE p_route.credential
                   WHEN 'none' THEN '[]'
                   WHEN 'optional' THEN s.schemes || '[{}]'
                   ELSE s.schemes END)
           || CASE WHEN p_route.request_schema IS NULL THEN '{}'
                   ELSE jsonb_build_object('requestBody', http.openapi_request(p_route)) END
      FROM (SELECT jsonb_agg(jsonb_build_object(k.name, '[]'::jsonb)) AS schemes
              FROM json_object_keys(http.openapi_security_schemes()) AS k (name)) AS s;
$function$;
COMMENT ON FUNCTION http.openapi_operation(app.route, text) IS
    'One route as an OpenAPI operation.';

CREATE FUNCTION http.openapi(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN http.ok(json_build_object(
        'openapi', '3.1.0',
        'info', json_build_object(
            'title', 'Rapport',
            'version', coalesce((SELECT b.version FROM app.build AS b), 'unreleased')),
        'servers', json_build_array(json_build_object(
            'url', coalesce(nullif(current_setting('rapport.public_url', true), ''), '/'))),
        'tags', (
            SELECT json_agg(json_build_object('name', t.name) ORDER BY t.name)
              FROM (SELECT DISTINCT r.contract FROM app.route AS r) AS t (name)),
        'paths', (
            SELECT json_object_agg(p.path, p.operations ORDER BY p.path)
              FROM (SELECT r.path, json_object_agg(
                               lower(r.method), http.openapi_operation(r.route, r.operation_id)
                               ORDER BY r.method)
                      FROM (SELECT a.path, a.method, a AS route, a.function || CASE
                                   WHEN row_number() OVER same_function = 1 THEN ''
                                   ELSE '_' || row_number() OVER same_function END AS operation_id
                              FROM app.route AS a
                            WINDOW same_function AS (
                                PARTITION BY a.function ORDER BY a.path, a.method)) AS r
                     GROUP BY r.path) AS p (path, operations)),
        'components', json_build_object(
            'securitySchemes', http.openapi_security_schemes(),
            'schemas', (
                SELECT json_object_agg(s.name, s.schema ORDER BY s.name)
                  FROM (SELECT c.name || '.Problem', http.problem_schema(c.style)
                          FROM app.contract AS c
                         UNION ALL
                        SELECT s.name, s.schema FROM app.route_schema AS s) AS s (name, schema)))));
END
$function$;
COMMENT ON FUNCTION http.openapi(http.request) IS
    'GET /openapi.json: OpenAPI 3.1 of all contracts, made from the registry.';

SELECT http.define_route(
    'GET', '/openapi.json', 'http.openapi',
    p_credential => 'none',
    p_lane => 'slow',
    p_summary => 'Describe every route',
    p_description => 'OpenAPI 3.1 of all contracts, made from the registry of routes.',
    p_response => '{
        "type": "object",
        "required": ["openapi", "info", "paths", "components"],
        "properties": {"openapi": {"const": "3.1.0"}, "paths": {"type": "object"}}
    }');
