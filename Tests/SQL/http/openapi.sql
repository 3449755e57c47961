BEGIN;
SELECT no_plan();

SELECT http.define_schema('test.Thing', '{"type": "object"}');
SELECT http.define_route('POST', '/api/v1/things/{pk}/parts/{id}', 'gather_v1.error_codes', p_credential => 'optional',
    p_summary => 'Make', p_description => 'Makes.', p_deprecated => true, p_since => '1.2',
    p_query => '{"required": ["q"], "properties": {"q": {"type": "string"}, "n": {"type": "integer"}}}',
    p_request => '{"type": "object", "required": ["x"]}', p_response => '{"$ref": "#/components/schemas/test.Thing"}',
    p_examples => '[{"name": "good", "request": {"x": null}, "status": 200, "response": {"a": null}},
                    {"name": "bad", "status": 400, "response": {"status": "failed", "desc": "no", "error_code": 100}}]',
    p_errors => ARRAY['100', '102', '104']);
SELECT http.define_route('GET', '/api/v1/page', 'gather_v1.error_codes', p_summary => 'Read',
    p_media_types => '{application/json,text/html}', p_response => '{"type": "object"}', p_errors => ARRAY['100', '102'],
    p_examples => '[{"name": "good", "status": 200, "response": {}}]');
SELECT set_config('rapport.public_url', 'https://rapport.example', true);

CREATE TEMPORARY TABLE got AS SELECT r.status, r.headers, r.body::jsonb AS api FROM http.openapi(NULL) AS r;
CREATE TEMPORARY TABLE operation AS
    SELECT g.api -> 'paths' -> '/api/v1/things/{pk}/parts/{id}' -> 'post' AS it FROM got AS g;

SELECT is((g.status, g.headers, g.api ->> 'openapi'), (200, NULL::text, '3.1.0'::text), 'openapi: 3.1') FROM got AS g;
SELECT is(g.api -> 'servers', '[{"url": "https://rapport.example"}]', 'openapi: the public address') FROM got AS g;
SELECT bag_eq(
    $$SELECT upper(o.key) || ' ' || p.key FROM got AS g, jsonb_each(g.api -> 'paths') AS p, jsonb_each(p.value) AS o$$,
    $$SELECT r.method || ' ' || r.path FROM app.route AS r$$, 'openapi: every route');
SELECT is_empty(
    $$SELECT o.value ->> 'operationId' FROM got AS g, jsonb_each(g.api -> 'paths') AS p, jsonb_each(p.value) AS o
       GROUP BY 1 HAVING count(*) > 1$$, 'openapi: operations have ids of their own');
SELECT is_empty(
    $$SELECT DISTINCT m[1] FROM got AS g, regexp_matches(g.api::text, '#/components/schemas/([^"]+)"', 'g') AS m
       WHERE NOT g.api -> 'components' -> 'schemas' ? m[1]$$, 'openapi: no reference leads nowhere');

SELECT is(it - ARRAY['parameters', 'requestBody', 'responses', 'security', 'operationId'],
    '{"tags": ["gather_v1"], "summary": "Make", "description": "Makes.", "deprecated": true, "x-since": "1.2"}',
    'openapi_operation: what it is') FROM operation;
SELECT is(it -> 'security', '[{"bearer": []}, {"x_access_token": []}, {"access_token": []}, {"cookie": []}, {}]',
    'openapi_operation: an optional session') FROM operation;
SELECT is(it -> 'parameters', '[
    {"name": "pk", "in": "path", "required": true, "schema": {"type": "string"}},
    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
    {"name": "n", "in": "query", "required": false, "schema": {"type": "integer"}},
    {"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}]', 'openapi_parameters: path and query')
  FROM operation;
SELECT is(it -> 'requestBody' -> 'content' -> 'application/json',
    '{"schema": {"type": "object", "required": ["x"]}, "examples": {"good": {"value": {"x": null}}}}', 'openapi_request: JSON')
  FROM operation;
SELECT ok(it -> 'requestBody' -> 'content' ? 'application/x-www-form-urlencoded', 'openapi_request: forms') FROM operation;
SELECT is(it #> '{responses,200,content,application/json,examples}',
    '{"good": {"value": {"a": null}},
      "error 102": {"value": {"status": "failed", "desc": "user name or password incorrect", "error_code": 102}}}',
    'openapi_responses: success, nulls included, beside errors of the same status') FROM operation;
SELECT is(it #> '{responses,200,content,application/json,schema}',
    '{"anyOf": [{"$ref": "#/components/schemas/test.Thing"}, {"$ref": "#/components/schemas/gather_v1.Problem"}]}',
    'openapi_responses: either of them') FROM operation;
SELECT is(it #> '{responses,400,content,application/json}',
    '{"schema": {"$ref": "#/components/schemas/gather_v1.Problem"}, "examples": {
        "bad": {"value": {"status": "failed", "desc": "no", "error_code": 100}},
        "error 100": {"value": {"status": "failed", "desc": "invalid parameters", "error_code": 100}}}}',
    'openapi_responses: a problem') FROM operation;
SELECT is((SELECT array_agg(s ORDER BY s) FROM jsonb_object_keys(it -> 'responses') AS s), '{200,400,423}',
    'openapi_responses: by status') FROM operation;
SELECT is(g.api #> '{paths,/api/v1/user/profile/me,get,security}',
    '[{"bearer": []}, {"x_access_token": []}, {"access_token": []}, {"cookie": []}]', 'openapi: a session is needed')
  FROM got AS g;
SELECT is(g.api #> '{paths,/noop,get,security}', '[]', 'openapi: none is needed') FROM got AS g;
SELECT is(g.api #> '{paths,/docs,get,responses,200,content}',
    '{"text/html": {"schema": {"type": "string"}, "examples": {}}}', 'openapi_responses: a page is HTML') FROM got AS g;
SELECT is(g.api #> '{paths,/api/v1/page,get,responses,200,content,text/html}', '{"schema": {"type": "string"}}',
    'openapi_responses: success as a page, too') FROM got AS g;
SELECT is(g.api #> '{paths,/api/v1/page,get,responses,200,content,application/json,schema}',
    '{"anyOf": [{"type": "object"}, {"$ref": "#/components/schemas/gather_v1.Problem"}]}',
    'openapi_responses: the response schema is that of JSON') FROM got AS g;
SELECT is((SELECT array_agg(t) FROM jsonb_object_keys(g.api #> '{paths,/api/v1/page,get,responses,400,content}') AS t),
    '{application/json}', 'openapi_responses: a problem is no page') FROM got AS g;

SELECT * FROM finish();
ROLLBACK;
