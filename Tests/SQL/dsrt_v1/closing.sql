BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT pg_temp.token(:john) AS token \gset

-- Without a session
SELECT is(pg_temp.code('dsrt_v1.close_account', '{', t), 'ACCESS_TOKEN_INVALID', 'close_account: ' || coalesce(t, 'no token')) FROM unnest(ARRAY['nonsense', NULL]) AS t;

-- close_account
SELECT is((pg_temp.answer('dsrt_v1.close_account', '{"password": "wrong"}', :'token')).body,
    '{"message" : "Could not close account. The provided password is wrong", "http_status_code" : 400, "error" : {"code" : "BAD_PARAMETERS"}}', 'close_account: the documented failure');
SELECT is((SELECT details ->> 'where' FROM app.audit WHERE event = 'password.wrong'), 'dsrt_v1.close_account', 'close_account: a wrong password is remembered');
SELECT is(pg_temp.complaints('dsrt_v1.close_account', '{}', :'token'), ARRAY['password: Password can not be blank'], 'close_account: no password');
SELECT is(pg_temp.body('dsrt_v1.close_account', '{"password": 5}', :'token') ->> 'message', 'Could not close account. The provided password is wrong', 'close_account: a wrong type');
SELECT is(core.account_state(:john), 'active', 'close_account: nothing was closed');
SELECT is((pg_temp.answer('dsrt_v1.close_account', '{"password": "secret"}', :'token')).body,
    '{"message" : "You account has been closed. Thank you for use DSRT", "http_status_code" : 200}', 'close_account: the documented answer');
SELECT is(pg_temp.code('dsrt_v1.me', NULL, :'token', 'GET'), 'ACCESS_TOKEN_INVALID', 'close_account: the session has ended');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "secret"}}'), 'UNAUTHORIZED', 'close_account: log-in as of an unknown person');
SELECT is(pg_temp.complaints('dsrt_v1.register', '{"user": {"email": "john.doe@example.com", "password": "secret", "first_name": "J"}}'), ARRAY['email: Email has already been taken'], 'close_account: the address stays taken');

-- A lock, and the last who runs the place
SELECT pg_temp.person('gc@example.com') AS gc, pg_temp.person('gc2@example.com') AS gc2 \gset
SELECT done FROM core.make_group_creator('gc@example.com', NULL, true) \gset
SELECT pg_temp.token(:gc) AS gc_token \gset
SELECT is((pg_temp.answer('dsrt_v1.close_account', '{"password": "secret"}', :'gc_token')).body,
    '{"message" : "Could not close account. You are the last one who runs the place", "http_status_code" : 403, "error" : {"code" : "ACCESS_DENINED"}}', 'close_account: not the last GroupCreator');
SELECT is(core.account_state(:gc), 'active', 'close_account: who stays');
SELECT done FROM core.make_group_creator('gc2@example.com', NULL, true) \gset
SELECT pg_temp.code('dsrt_v1.close_account', '{"password": "wrong"}', :'gc_token') FROM generate_series(1, 10) \g /dev/null
SELECT pg_temp.body('dsrt_v1.close_account', '{"password": "secret"}', :'gc_token') AS locked \gset
SELECT is(:'locked'::jsonb #>> '{error,code}', 'ACCESS_DENINED', 'close_account: ten wrong passwords lock');
SELECT isnt(:'locked'::jsonb #>> '{error,locked_until}', NULL, 'close_account: and it says until when');
SELECT core.forget_wrong_passwords(:gc) IS NOT NULL AS done \gset
SELECT is(pg_temp.code('dsrt_v1.close_account', '{"password": "secret"}', :'gc_token'), NULL, 'close_account: one of two GroupCreators');

-- Roles
SELECT function_privs_are('dsrt_v1', 'close_account', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'close_account: rapport_api may call it');
SELECT function_privs_are('dsrt_v1', 'close_account', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'close_account: rapport_report may not');

SELECT * FROM finish();
ROLLBACK;
