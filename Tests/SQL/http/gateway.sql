BEGIN;
SELECT no_plan();

SELECT http.define_route('GET', '/page', 'http.noop', p_media_types => '{application/json,text/html}');
CREATE TEMPORARY TABLE got AS SELECT r.* FROM http.gateway_routes() AS r;
CREATE TEMPORARY TABLE refused AS SELECT r.* FROM http.gateway_refusals() AS r;

-- Routes
SELECT is((SELECT count(*) FROM got), (SELECT count(*) FROM app.route), 'gateway_routes: all of them');
SELECT results_eq(
    $$SELECT g.name, g.lane, g.read_only, g.statement FROM got AS g WHERE g.template = '/noop'$$,
    $$VALUES ('http.noop', 'fast', true, 'SELECT r.status, r.outcome, r.headers, r.body, r.session_id '
        'FROM http.noop(ROW($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)::http.request) AS r')$$,
    'gateway_routes: a call of the function, and nothing else');
SELECT results_eq(
    $$SELECT g.read_only, g.guarded_statement FROM got AS g WHERE g.name = 'dsrt_v1.login'$$,
    $$VALUES (false, 'SELECT r.status, r.outcome, r.headers, r.body, r.session_id '
        'FROM http.guarded(''dsrt_v1.login'', ROW(set_config(''application_name'', $1, true), '
        '$2, $3, $4, $5, $6, $7, $8, $9, $10)::http.request) AS r')$$,
    'gateway_routes: what may write carries the request id');
SELECT results_eq(
    $$SELECT g.template, g.media_types FROM got AS g WHERE g.template IN ('/docs', '/noop', '/page') ORDER BY g.template$$,
    $$VALUES ('/docs', 'text/html'), ('/noop', 'application/json'), ('/page', 'application/json,text/html')$$,
    'gateway_routes: what Accept chooses from');
SELECT is_empty(
    $$SELECT g.name FROM got AS g WHERE g.read_only AND g.method <> 'GET'$$, 'gateway_routes: only a GET is read-only');

GRANT SELECT ON got TO rapport_api;
SET LOCAL ROLE rapport_api;
SELECT lives_ok(
    format('PREPARE statement_%s AS %s', row_number() OVER (), s), 'gateway_routes: can be prepared: ' || g.name)
  FROM got AS g CROSS JOIN LATERAL unnest(ARRAY[g.statement, g.guarded_statement]) AS s;
RESET ROLE;
SELECT is_empty(
    $$SELECT p.statement FROM pg_prepared_statements AS p
       WHERE p.name LIKE 'statement_%'
         AND p.parameter_types <> '{text,text,text[],text,text,text,text,text,text,text}'::regtype[]$$,
    'gateway_routes: parameters have the types of http.request');
PREPARE written_statement(text) AS SELECT r.id FROM (SELECT (ROW(set_config('application_name', $1, true),
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::http.request).*) AS r;
SELECT results_eq($$EXECUTE written_statement('request-7')$$, ARRAY['request-7'], 'statement: the id passes through');
SELECT is(current_setting('application_name'), 'request-7', 'statement: and stands in application_name');

-- Refusals
SELECT is((SELECT count(*) FROM refused), (SELECT 17 * count(*) FROM app.path_space),
    'gateway_refusals: every space has every kind');
SELECT is_empty($$SELECT * FROM refused AS r WHERE r.body::jsonb IS NULL$$, 'gateway_refusals: bodies are JSON');
SELECT is_empty($$SELECT * FROM refused AS r WHERE r.prefix LIKE '/api/v1/user/%/' AND r.status <> 200$$,
    'gateway_refusals: dsrt_v1 is always 200');
SELECT is_empty($$SELECT * FROM refused AS r WHERE r.prefix IN ('/', '/api/v1/', '/api/user/') AND r.status <> r.outcome$$,
    'gateway_refusals: the others are what they mean');
SELECT results_eq(
    $$SELECT r.kind, r.outcome FROM refused AS r WHERE r.prefix = '/' ORDER BY r.outcome, r.kind$$,
    $$VALUES ('malformed', 400), ('not_found', 404), ('method_not_allowed', 405), ('not_acceptable', 406),
             ('request_timeout', 408), ('too_large', 413), ('uri_too_long', 414), ('unsupported_media_type', 415),
             ('expectation_failed', 417), ('fields_too_large', 431), ('server_error', 500), ('not_implemented', 501),
             ('busy', 503), ('maintenance', 503), ('time_out', 503), ('unavailable', 503), ('version_not_supported', 505)$$,
    'gateway_refusals: the statuses');
SELECT results_eq(
    $$SELECT r.kind, (r.body::jsonb ->> 'http_status_code')::integer, r.body::jsonb #>> '{error,code}'
        FROM refused AS r WHERE r.prefix = '/api/v1/user/profile/' ORDER BY r.kind$$,
    $$VALUES ('busy', 503, 'SERVER_MAINTENANCE'), ('expectation_failed', 417, 'BAD_REQUEST'),
             ('fields_too_large', 431, 'BAD_REQUEST'), ('maintenance', 503, 'SERVER_MAINTENANCE'),
             ('malformed', 400, 'BAD_REQUEST'), ('method_not_allowed', 405, 'ENDPOINT_NOT_EXISTS'),
             ('not_acceptable', 406, 'NOT_ACCEPTABLE'), ('not_found', 404, 'ENDPOINT_NOT_EXISTS'),
             ('not_implemented', 501, 'BAD_REQUEST'), ('request_timeout', 408, 'BAD_REQUEST'),
             ('server_error', 500, 'SERVER_ERROR'), ('time_out', 503, 'SERVER_MAINTENANCE'),
             ('too_large', 413, 'BAD_REQUEST'), ('unavailable', 503, 'SERVER_MAINTENANCE'),
             ('unsupported_media_type', 400, 'BAD_REQUEST'), ('uri_too_long', 414, 'BAD_REQUEST'),
             ('version_not_supported', 505, 'BAD_REQUEST')$$,
    'gateway_refusals: dsrt_v1 as its contract says');
SELECT is_empty(
    $$SELECT * FROM refused AS r WHERE r.outcome = 503 AND coalesce(r.headers, '') !~ 'Retry-After: [0-9]+\n'$$,
    'gateway_refusals: a 503 says when to come back');
SELECT bag_eq(
    $$SELECT s.prefix FROM app.path_space AS s WHERE s.contract = 'dsrt_v1'$$,
    $$SELECT '/api/v1/user/' || n || '/' FROM unnest(ARRAY['authentication', 'registration', 'profile', 'password',
        'friendship', 'death_notice']) AS n$$, 'path spaces: dsrt_v1');
SELECT bag_eq(
    $$SELECT s.prefix, s.contract FROM app.path_space AS s WHERE s.contract <> 'dsrt_v1'$$,
    $$VALUES ('/', 'exchange_v1'), ('/api/v1/', 'gather_v1'), ('/api/user/', 'companion_v1')$$, 'path spaces: the others');

-- Faults
SELECT is_empty(
    $$SELECT f.* FROM http.gateway_faults() AS f
       WHERE f.sqlstate !~ '^([0-9A-Z]{2}|[0-9A-Z]{5})$' OR f.kind NOT IN (SELECT r.kind FROM refused AS r)$$,
    'gateway_faults: codes and classes, known kinds');
SELECT is((SELECT f.kind FROM http.gateway_faults() AS f WHERE f.sqlstate = 'RP400'), 'malformed', 'gateway_faults: RP400');
SELECT is((SELECT f.kind FROM http.gateway_faults() AS f WHERE f.sqlstate = '57014'), 'time_out', 'gateway_faults: 57014');

SELECT * FROM finish();
ROLLBACK;
