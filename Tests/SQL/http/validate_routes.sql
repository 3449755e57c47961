BEGIN;
SELECT no_plan();

SELECT is_empty('SELECT * FROM http.validate_routes()', 'validate_routes: nothing is wrong with the registry');

-- A function like any other, and a finding for each thing that can be wrong with one.
CREATE FUNCTION gather_v1.good(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'BEGIN RETURN http.ok(''{}''); END';
ALTER FUNCTION gather_v1.good OWNER TO rapport_owner;
REVOKE ALL ON FUNCTION gather_v1.good FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_v1.good TO rapport_api;

CREATE FUNCTION pg_temp.findings(p_change text, p_path text DEFAULT '/api/v1/good', p_method text DEFAULT 'GET',
    p_more text DEFAULT '') RETURNS SETOF text
LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE p_change;
    EXECUTE format('SELECT http.define_route(%L, %L, ''gather_v1.good'', p_summary => ''x'', p_response => ''{}'' %s)',
        p_method, p_path, p_more);
    RETURN QUERY SELECT f.finding FROM http.validate_routes() AS f;
    DELETE FROM app.route WHERE function = 'gather_v1.good';
END
$function$;

SELECT is_empty($$SELECT pg_temp.findings('SELECT')$$, 'validate_routes: a good one');
SAVEPOINT good;

SELECT results_eq(format('SELECT pg_temp.findings(%L)', c), ARRAY[f], 'validate_functions: ' || f)
  FROM (VALUES
    ('ALTER FUNCTION gather_v1.good RENAME TO gone', 'there is no function gather_v1.good(http.request)'),
    ('ALTER FUNCTION gather_v1.gone RENAME TO good; ALTER FUNCTION gather_v1.good OWNER TO CURRENT_USER',
     'gather_v1.good does not belong to rapport_owner'),
    ('ALTER FUNCTION gather_v1.good OWNER TO rapport_owner; ALTER FUNCTION gather_v1.good SECURITY INVOKER',
     'gather_v1.good is not SECURITY DEFINER'),
    ('ALTER FUNCTION gather_v1.good SECURITY DEFINER; ALTER FUNCTION gather_v1.good RESET search_path',
     'gather_v1.good does not SET search_path = pg_catalog, pg_temp'),
    ('ALTER FUNCTION gather_v1.good SET search_path = public',
     'gather_v1.good does not SET search_path = pg_catalog, pg_temp'),
    ('ALTER FUNCTION gather_v1.good SET search_path = pg_catalog, pg_temp; REVOKE ALL ON FUNCTION gather_v1.good FROM rapport_api',
     'gather_v1.good is not executable by rapport_api'),
    ('GRANT EXECUTE ON FUNCTION gather_v1.good TO rapport_api, PUBLIC', 'gather_v1.good is executable by PUBLIC'),
    ('REVOKE ALL ON FUNCTION gather_v1.good FROM PUBLIC; ALTER FUNCTION gather_v1.good VOLATILE',
     'gather_v1.good is VOLATILE, which a GET is only with p_changes_on_get')
  ) AS t (c, f);
SELECT is_empty($$SELECT pg_temp.findings('SELECT', p_more => ', p_changes_on_get => true')$$,
    'validate_functions: a GET that changes says so');
SELECT is_empty($$SELECT pg_temp.findings('SELECT', p_method => 'POST')$$, 'validate_functions: a POST may be VOLATILE');
ROLLBACK TO good;

SELECT results_eq(format('SELECT pg_temp.findings(%L, %L)', 'SELECT', p), ARRAY[f], format('validate_routes: %s: %s', p, f))
  FROM (VALUES
    ('/api/v1/good/', 'the template is not made of /literal and /{variable} parts without a slash at the end'),
    ('/api/v1//good', 'the template is not made of /literal and /{variable} parts without a slash at the end'),
    ('/api/v1/go od', 'the template is not made of /literal and /{variable} parts without a slash at the end'),
    ('/api/v1/{id}', 'gather_v1.good does not read p_request.path, though the path has variables'),
    ('/good', 'lies in /, which belongs to exchange_v1'),
    ('/api/v1/user/profile/good', 'lies in /api/v1/user/profile/, which belongs to dsrt_v1')) AS t (p, f);

CREATE OR REPLACE FUNCTION gather_v1.good(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'BEGIN RETURN http.ok(to_json(p_request.path[1])); END';
SELECT results_eq($$SELECT pg_temp.findings('SELECT')$$,
    ARRAY['gather_v1.good reads p_request.path, but the path has no variables'], 'validate_functions: no variable to read');
SELECT is_empty($$SELECT pg_temp.findings('SELECT', '/api/v1/{id}')$$, 'validate_functions: a variable that is read');
SELECT is_empty(
    $$SELECT pg_temp.findings('SELECT http.define_route(''GET'', ''/api/v1/{id}/x'', ''gather_v1.good'', p_summary => ''x'',
        p_response => ''{}'')', '/api/v1/{id}/{x}')$$, 'validate_templates: a literal beside a variable');
SELECT results_eq(
    $$SELECT pg_temp.findings('SELECT http.define_route(''GET'', ''/api/v1/{id}/x'', ''gather_v1.good'', p_summary => ''x'',
        p_response => ''{}'')', '/api/v1/{pk}/x')$$, ARRAY['answers the same requests as /api/v1/{id}/x'],
    'validate_templates: the same with other names');
ROLLBACK TO good;

SELECT results_eq(format('SELECT pg_temp.findings(%L, p_method => %L, p_more => %L)', 'SELECT', 'POST', m), ARRAY[f],
    'validate_documents: ' || f)
  FROM (VALUES
    (', p_errors => ''{100,999}''', 'gather_v1 has no error 999'),
    (', p_examples => ''[{"name": "a", "status": 200}]''', 'example "a": needs name, status and response'),
    (', p_examples => ''[{"name": "a", "status": 200, "response": {}, "request": {}}]''', 'example "a": request $: is not allowed'),
    (', p_request => ''{"required": ["x"]}'', p_examples => ''[{"name": "a", "status": 200, "response": {}, "request": {}}]''',
     'example "a": request $.x: is missing'),
    (', p_query => ''{"required": ["x"]}'', p_examples => ''[{"name": "a", "status": 200, "response": {}, "query": {}}]''',
     'example "a": query $.x: is missing'),
    (', p_examples => ''[{"name": "a", "status": 400, "response": {"status": "failed", "error_code": 100}}]''',
     'example "a": response $.desc: is missing')) AS t (m, f);
SELECT results_eq($$SELECT pg_temp.findings(
    'SELECT http.define_route(''PUT'', ''/api/v1/good'', ''gather_v1.good'', p_examples => ''[{"name": "a", "status": 200, "response": 1}]'')')$$,
    ARRAY['has no response schema', 'has no summary'], 'validate_documents: undocumented');
SELECT results_eq($$SELECT pg_temp.findings(
    'SELECT http.define_route(''PUT'', ''/api/v1/good'', ''gather_v1.good'', p_summary => ''x'', p_response => ''{"type": "object"}'',
        p_examples => ''[{"name": "a", "status": 200, "response": 1}]'')')$$,
    ARRAY['example "a": response $: is no object'], 'validate_documents: a response that breaks its schema');

DELETE FROM app.refusal WHERE contract = 'gather_v1' AND kind = 'busy';
UPDATE app.refusal SET kind = 'bored' WHERE contract = 'gather_v1' AND kind = 'time_out';
SELECT results_eq('SELECT f.route, f.finding FROM http.validate_routes() AS f',
    $$VALUES ('/api/v1/', 'gather_v1 does not say what it answers to busy'),
             ('/api/v1/', 'gather_v1 does not say what it answers to time_out'),
             ('gather_v1', 'bored is not a kind of refusal')$$, 'validate_refusals: every kind, no other');
DELETE FROM app.path_space WHERE prefix = '/';
SELECT bag_has('SELECT f.route, f.finding FROM http.validate_routes() AS f',
    $$VALUES ('/', 'no contract has this space, so that some paths belong to nobody')$$, 'validate_refusals: no path is nobody''s');

SELECT * FROM finish();
ROLLBACK;
