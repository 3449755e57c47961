BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com') AS john, pg_temp.person('ann@example.com') AS ann \gset
SELECT session_id AS session, token FROM core.open_session(:john, 'dsrt_v1', '192.0.2.1', 'pgTAP', 'r-1') \gset

-- Without a session
SELECT is((pg_temp.answer('dsrt_v1.export_profile', NULL, 'nonsense', 'GET')).body,
    '{"message" : "Access token is invalid or expired", "http_status_code" : 401, "error" : {"code" : "ACCESS_TOKEN_INVALID"}}', 'export: a wrong token');
SELECT is(pg_temp.code('dsrt_v1.export_profile', NULL, NULL, 'GET'), 'ACCESS_TOKEN_INVALID', 'export: no token');

-- The caller's own
SELECT * FROM pg_temp.answer('dsrt_v1.export_profile', NULL, :'token', 'GET') \gset export_
SELECT is(:'export_body'::text, format('{"http_status_code" : 200, "export" : %s}', core.export_person(:john)), 'export: all that is known of the caller');
SELECT is(:'export_body'::jsonb #>> '{export,account,email}', 'john.doe@example.com', 'export: the account');
SELECT is(:'export_body'::jsonb #>> '{export,session,0,id}', :'session', 'export: the session that asks');
SELECT ok(strpos(:'export_body', 'ann@example.com') = 0, 'export: of nobody else');
SELECT ok(strpos(:'export_body', :'token') = 0, 'export: not the token');
SELECT is(:export_session_id, :session, 'export: tells which session was used');
SELECT is(pg_temp.body('dsrt_v1.export_profile', NULL, :'token', 'HEAD') ->> 'http_status_code', '200', 'export: HEAD');
UPDATE app.account SET is_group_creator = true WHERE id = :ann;
SELECT is(pg_temp.body('dsrt_v1.export_profile', format('{"user_id": %s}', :john), pg_temp.token(:ann), 'GET', format('{"user_id": "%s"}', :john)) #>> '{export,account,id}', :'ann', 'export: a GroupCreator too gets only their own');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :john;
SELECT is(pg_temp.code('dsrt_v1.export_profile', NULL, :'token', 'GET'), 'ACCESS_TOKEN_INVALID', 'export: only of the active');

-- The route
SELECT results_eq($$SELECT credential, lane, time_limit_ms FROM app.route WHERE method = 'GET' AND path = '/api/v1/user/profile/export'$$, $$VALUES ('required', 'slow', 15000)$$, 'export: in the slow lane');
SELECT volatility_is('dsrt_v1', 'export_profile', ARRAY['http.request'], 'stable', 'export: only reads');
SELECT is_empty(format('SELECT m FROM app.route AS r CROSS JOIN LATERAL http.matches_schema(r.response_schema, %L) AS m WHERE r.function = ''dsrt_v1.export_profile''', :'export_body'), 'export: is as its schema says');
SELECT is_empty($$
    SELECT t.name, c.name
    FROM app.route AS r
    CROSS JOIN LATERAL jsonb_each(r.examples #> '{0,response,export}') AS t (name, content)
    CROSS JOIN LATERAL jsonb_object_keys(CASE jsonb_typeof(t.content) WHEN 'array' THEN t.content -> 0 ELSE t.content END) AS c (name)
    WHERE r.function = 'dsrt_v1.export_profile'
        AND NOT EXISTS (SELECT FROM core.gdpr_map() AS m WHERE m.table_name = t.name AND m.column_name = c.name AND m.is_exported)$$,
    'export: its example shows what there is');

-- Roles
SELECT function_privs_are('dsrt_v1', 'export_profile', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'export: rapport_api may call it');
SELECT function_privs_are('dsrt_v1', 'export_profile', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'export: rapport_report may not');
SET LOCAL ROLE rapport_api;
SELECT is((SELECT (r.body::json) ->> 'http_status_code' FROM dsrt_v1.export_profile(ROW('r', 'GET', NULL, NULL, NULL, 'nonsense', NULL, NULL, NULL, NULL)::http.request) AS r), '401', 'export: as rapport_api');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
