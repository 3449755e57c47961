BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.body(p_answer http.response) RETURNS jsonb
LANGUAGE sql AS 'SELECT (p_answer).body::jsonb';
\set errors '[{"field": "a", "message": "A is blank"}]'

SELECT is(pg_temp.body(http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID')),
    '{"message": "Access token is invalid or expired", "http_status_code": 401, "error": {"code": "ACCESS_TOKEN_INVALID"}}',
    'problem: always_200');
SELECT is(pg_temp.body(http.problem('dsrt_v1', 'BAD_PARAMETERS', 'Failed', :'errors')),
    '{"message": "Failed", "http_status_code": 400,
      "error": {"code": "BAD_PARAMETERS", "errors": [{"field": "a", "message": "A is blank"}]}}',
    'problem: always_200 with errors');
SELECT is(pg_temp.body(http.problem('gather_v1', '101')),
    '{"status": "failed", "desc": "login required", "error_code": 101}', 'problem: status');
SELECT is(pg_temp.body(http.problem('gather_v1', '100', NULL, :'errors')),
    '{"status": "failed", "desc": "invalid parameters", "error_code": 100,
      "errors": [{"field": "a", "message": "A is blank"}]}', 'problem: status with errors');
SELECT is(pg_temp.body(http.problem('companion_v1', 'NOT_FOUND')),
    '{"success": false, "reason": {"code": "NOT_FOUND", "message": "There is no such thing"}}', 'problem: success');
SELECT is(pg_temp.body(http.problem('exchange_v1', 'invalid', 'No', :'errors')),
    '{"message": "No", "errors": [{"field": "a", "message": "A is blank"}]}', 'problem: plain with errors');
SELECT is(pg_temp.body(http.problem('exchange_v1', 'not_found')), '{"message": "Not found"}', 'problem: plain');

-- Details
\set details '{"locked_until": "2030-01-01T00:00:00.000Z"}'
SELECT is((http.problem(c, k, 'No', e::json, NULL, :'details')).body, b, 'problem: details in ' || c)
  FROM (VALUES
    ('dsrt_v1', 'ACCESS_DENINED', NULL, '{"message" : "No", "http_status_code" : 403, "error" : {"code" : "ACCESS_DENINED", "locked_until": "2030-01-01T00:00:00.000Z"}}'),
    ('gather_v1', '104', NULL, '{"status" : "failed", "desc" : "No", "error_code" : 104, "locked_until": "2030-01-01T00:00:00.000Z"}'),
    ('gather_v1', '100', '[1]', '{"status" : "failed", "desc" : "No", "error_code" : 100, "errors" : [1], "locked_until": "2030-01-01T00:00:00.000Z"}'),
    ('companion_v1', 'ACCOUNT_LOCKED', NULL, '{"success" : false, "reason" : {"code" : "ACCOUNT_LOCKED", "message" : "No", "locked_until": "2030-01-01T00:00:00.000Z"}}'),
    ('exchange_v1', 'locked', NULL, '{"message" : "No", "locked_until": "2030-01-01T00:00:00.000Z"}')) AS v (c, k, e, b);
SELECT is((http.problem('exchange_v1', 'locked', 'No', NULL, NULL, '{}')).body, '{"message" : "No"}', 'problem: empty details');
SELECT is((r.status, r.headers, r.body::jsonb ->> 'locked_until'), (423, E'Retry-After: 90\n'::text, core.time_text(now() + interval '90 seconds')), 'locked_problem: until when')
  FROM http.locked_problem('gather_v1', '104', now() + interval '90 seconds') AS r;
SELECT is((r.headers, r.body), (E'Retry-After: 1\n'::text, format('{"message" : "No", "lockedUntil": "%s"}', core.time_text(now()))), 'locked_problem: in a member of that name, and at least a second')
  FROM http.locked_problem('exchange_v1', 'locked', now(), 'No', p_member => 'lockedUntil') AS r;

SELECT is((r.status, r.outcome, r.session_id), (200, 401, 7::bigint), 'problem: always_200 on the wire')
  FROM http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID', p_session_id => 7) AS r;
SELECT is((r.status, r.outcome), (401, 401), 'problem: the outcome on the wire')
  FROM http.problem('gather_v1', '101') AS r;
SELECT is((r.status, r.outcome), (200, 200), 'problem: a failed log-in of gather_v1 is 200')
  FROM http.problem('gather_v1', '102') AS r;
SELECT throws_ok($$SELECT http.problem('dsrt_v1', 'NO_SUCH')$$, 'RP500', NULL, 'problem: only from the catalogue');

SELECT is((r.status, r.outcome, r.headers, r.body::jsonb ->> 'message'),
    (200, 503, E'Retry-After: 1\n'::text, 'The server is busy, please try again'::text), 'refuse: with headers')
  FROM http.refuse('dsrt_v1', 'busy') AS r;
SELECT throws_ok($$SELECT http.refuse('dsrt_v1', 'no_such')$$, 'RP500', NULL, 'refuse: known kinds only');

SELECT * FROM finish();
ROLLBACK;
