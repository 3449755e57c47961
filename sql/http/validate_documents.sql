-- What the registry tells readers, held against itself: summaries, schemas, examples, error codes.

CREATE FUNCTION http.problem_schema(p_style text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT jsonb_build_object(
        'type', 'object', 'required', k.required, 'properties',
        k.properties || CASE WHEN p_style IN ('status', 'plain') THEN k.errors ELSE '{}' END)
      FROM (SELECT s.required::jsonb, s.properties::jsonb, '{"errors": {
                "type": "array", "items": {
                    "type": "object", "required": ["field", "message"],
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}}
                }}}'::jsonb AS errors
              FROM (VALUES
                ('always_200', '["message", "http_status_code", "error"]', '{
                    "message": {"type": "string"},
                    "http_status_code": {"type": "integer"},
                    "error": {"type": "object", "required": ["code"], "properties": {
                        "code": {"type": "string"}, "errors": {"type": "array"}}}}'),
                ('status', '["status", "desc", "error_code"]', '{
                    "status": {"const": "failed"},
                    "desc": {"type": "string"},
                    "error_code": {"type": "integer"}}'),
                ('success', '["success", "reason"]', '{
                    "success": {"const": false},
                    "reason": {"type": "object", "required": ["code", "message"], "properties": {
                        "code": {"type": "string"}, "message": {"type": "string"},
                        "errors": {"type": "array"}}}}'),
                ('plain', '["message"]', '{"message": {"type": "string"}}')
              ) AS s (style, required, properties)
             WHERE s.style = p_style) AS k;
$function$;
COMMENT ON FUNCTION http.problem_schema(text) IS
    'JSON Schema of what http.render_problem makes in a style.';

CREATE FUNCTION http.validate_documents() RETURNS TABLE (route text, finding text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    WITH documented AS (
        SELECT r.method || ' ' || r.path AS route, r.summary, r.query_schema, r.request_schema,
               r.response_schema, r.examples, r.errors, r.contract, c.style
          FROM app.route AS r
         INNER JOIN app.contract AS c ON c.name = r.contract
    ), example AS (
        SELECT d.route, e.value AS example, format('example %s: ', e.value -> 'name') AS label,
               (e.value ->> 'status')::integer < 400 AND NOT e.value ? 'problem' AS succeeds,
               d.query_schema, d.request_schema,
               d.response_schema, d.style
          FROM documented AS d
         CROSS JOIN LATERAL jsonb_array_elements(d.examples) AS e (value)
    )
    SELECT d.route, 'has no summary' FROM documented AS d WHERE coalesce(d.summary, '') = ''
     UNION ALL
    SELECT d.route, 'has no response schema' FROM documented AS d WHERE d.response_schema IS NULL
     UNION ALL
    SELECT d.route, format('%s has no error %s', d.contract, c.code)
      FROM documented AS d
     CROSS JOIN LATERAL unnest(d.errors) AS c (code)
     WHERE NOT EXISTS (SELECT FROM app.error AS e
                        WHERE e.contract = d.contract AND e.code = c.code)
     UNION ALL
    SELECT e.route, e.label || 'needs name, status and response'
      FROM example AS e
     WHERE NOT e.example ?& ARRAY['name', 'status', 'response']
     UNION ALL
    SELECT e.route, e.label || 'request ' || m
      FROM example AS e
     CROSS JOIN LATERAL http.matches_schema(
         coalesce(e.request_schema, 'false'), e.example -> 'request') AS m
     WHERE e.succeeds AND e.example ? 'request'
     UNION ALL
    SELECT e.route, e.label || 'query ' || m
      FROM example AS e
     CROSS JOIN LATERAL http.matches_schema(
         coalesce(e.query_schema, 'false'), e.example -> 'query') AS m
     WHERE e.succeeds AND e.example ? 'query'
     UNION ALL
    SELECT e.route, e.label || 'response ' || m
      FROM example AS e
     CROSS JOIN LATERAL http.matches_schema(
         CASE WHEN e.succeeds THEN coalesce(e.response_schema, 'true')
              ELSE http.problem_schema(e.style) END,
         e.example -> 'response') AS m
     WHERE e.example ? 'response';
$function$;
COMMENT ON FUNCTION http.validate_documents() IS
    'Routes that lack a summary or a response schema, name an unknown error, or give an example '
    'that breaks its schema. The status of an example is the outcome: below 400 request, query '
    'and response follow the route''s schemas, else the response is a problem; so it is with a '
    'member problem, for the refusals that a contract tells with status 200.';
