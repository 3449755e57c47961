-- The processes of document 000, step by step, and how they meet document 001 and the other contracts.
BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

-- User registry: create, the mailed code, a password, log-in, log-out
SELECT pg_temp.body('gather_v1.create_user', '{"email": "jane.doe@example.com", "firstname": "Jane", "lastname": "Doe"}') ->> 'user_id' AS jane \gset
SELECT is(:'jane'::text, md5('jane.doe@example.com'), 'registry: create');
CREATE FUNCTION pg_temp.activated(p_uid text) RETURNS boolean
LANGUAGE sql
AS $function$
    SELECT ((gather_v1.is_activated(ROW('test', 'GET', ARRAY[p_uid], NULL, NULL, NULL, NULL, NULL, NULL, NULL)::http.request)).body::jsonb ->> 'activated')::boolean
$function$;
SELECT is(pg_temp.activated(:'jane'), false, 'registry: not yet activated');
SELECT pg_temp.body('gather_v1.activate', format('{"user_id": "%s", "code": "%s"}', :'jane', pg_temp.mailed('activation', 'jane.doe@example.com'))) ->> 'token' AS token \gset
SELECT is(pg_temp.activated(:'jane'), true, 'registry: activated');
SELECT is(pg_temp.error_code('login_by_email', format('{"user_id": "%s", "password": "12345678"}', :'jane')), 102, 'registry: no password yet');
SELECT is(pg_temp.error_code('update_user', '{"password": "12345678", "username": "jane.doe"}', :'token', 'PUT'), NULL, 'registry: update');
SELECT is(pg_temp.error_code(t.function, format(t.body, :'jane')), NULL, 'registry: log in: ' || t.function || ' ' || t.body)
  FROM (VALUES
    ('login_by_email', '{"email": "jane.doe@example.com", "password": "12345678"}'),
    ('login_by_email', '{"user_id": "%s", "password": "12345678"}'),
    ('login', '{"username": "JANE.DOE", "password": "12345678"}'),
    ('login', '{"username": "jane.doe@example.com", "password": "12345678"}')
  ) AS t (function, body);
SELECT is(pg_temp.body('dsrt_v1.login', '{"user": {"email": "jane.doe@example.com", "password": "12345678"}}') #>> '{user,full_name}', 'Jane Doe', 'registry: log in elsewhere');
SELECT is(pg_temp.error_code('logout', NULL, :'token', 'DELETE'), NULL, 'registry: log out');
SELECT is(pg_temp.error_code('update_user', '{}', :'token', 'PUT'), 101, 'registry: logged out');

-- User reset password: resend, the mailed code, a password
SELECT pg_temp.token(core.find_account('jane.doe@example.com')) AS lost \gset
SELECT is(pg_temp.error_code('resend_code', '{"email": "jane.doe@example.com"}', NULL, 'PUT'), NULL, 'reset: resend');
SELECT is(pg_temp.error_code('login', '{"username": "jane.doe", "password": "12345678"}'), NULL, 'reset: the old password is good until there is a new one');
SELECT pg_temp.body('gather_v1.activate', format('{"email": "jane.doe@example.com", "code": "%s"}', pg_temp.mailed('password_reset', 'jane.doe@example.com'))) ->> 'token' AS token \gset
SELECT is(pg_temp.error_code('update_user', '{"password": "abcdefgh"}', :'token', 'PUT'), NULL, 'reset: update');
SELECT is(pg_temp.error_code('login', '{"username": "jane.doe", "password": "abcdefgh"}'), NULL, 'reset: the new password is good');
SELECT is(pg_temp.error_code('login', '{"username": "jane.doe", "password": "12345678"}'), 102, 'reset: the old one is not');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'lost'), 'reset: all other sessions have ended');
SELECT pg_temp.let_a_minute_pass();
SELECT is(pg_temp.error_code('resend_code', '{"email": "jane.doe@example.com"}', NULL, 'PUT'), NULL, 'reset: another code');
UPDATE app.mailed_code SET expires_at = now();
SELECT count(*) AS done FROM ops.sweep(now() + interval '30 hours') \gset
SELECT is(pg_temp.activated(:'jane'), true, 'reset: a code that expires never deletes an account that was once active');

-- Who forgot the password, and typed wrong ones until they were refused, gets in by a code
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT is(max(pg_temp.error_code('login', '{"username": "ann@example.com", "password": "forgotten"}')), 104, 'reset: ten wrong passwords')
  FROM generate_series(1, 10) AS i;
SELECT is(pg_temp.error_code('resend_code', '{"email": "ann@example.com"}', NULL, 'PUT'), NULL, 'reset: resend while locked');
SELECT is(pg_temp.error_code('activate', format('{"user_id": %s, "code": "%s"}', :ann, pg_temp.mailed('password_reset', 'ann@example.com'))), NULL, 'reset: the code');
SELECT is(pg_temp.error_code('login', '{"username": "ann@example.com", "password": "secret"}'), NULL, 'reset: lifts the lock');

-- A code never sent back: the account goes with it
SELECT pg_temp.body('gather_v1.create_user', '{"email": "gone@example.com", "firstname": "A", "lastname": "B"}') ->> 'status' AS done \gset
SELECT count(*) AS done FROM ops.sweep(now() + interval '23 hours') \gset
SELECT is(core.account_state(core.find_account('gone@example.com')), 'pending', 'registry: it waits for 24 hours');
SELECT count(*) AS done FROM ops.sweep(now() + interval '24 hours') \gset
SELECT is(core.find_account('gone@example.com'), NULL, 'registry: an account never activated is deleted when its code expires');
SELECT is(pg_temp.error_code('create_user', '{"email": "gone@example.com", "firstname": "A", "lastname": "B"}'), NULL, 'registry: and can be made again');

-- Somebody registers (001) the address of somebody else, who then proves it by a code (000)
SELECT (pg_temp.body('gather_v1.register', '{"username": "stranger", "password": "12345678", "email": "mine@example.com"}') ->> 'user_id')::bigint AS mine \gset
SELECT pg_temp.body('gather_v1.login', '{"username": "stranger", "password": "12345678"}') ->> 'token' AS stranger \gset
SELECT is(pg_temp.error_code('update_user', '{"password": "87654321"}', :'stranger', 'PUT'), NULL, 'stranger: changes the password');
SELECT is(pg_temp.error_code('create_user', '{"email": "mine@example.com", "firstname": "A", "lastname": "B"}'), 106, 'stranger: the address is taken');
SELECT is(pg_temp.error_code('resend_code', '{"email": "mine@example.com"}', NULL, 'PUT'), NULL, 'stranger: its owner asks for a code');
SELECT pg_temp.body('gather_v1.activate', format('{"email": "mine@example.com", "code": "%s"}', pg_temp.mailed('password_reset', 'mine@example.com'))) ->> 'token' AS owner \gset
SELECT is((SELECT account_id FROM core.caller(:'owner')), :mine::bigint, 'stranger: the owner is in');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'stranger'), 'stranger: the stranger is out');
SELECT is(pg_temp.error_code('login', format('{"username": "stranger", "password": "%s"}', p)), 102, 'stranger: ' || p || ' opens nothing any more')
  FROM unnest(ARRAY['12345678', '87654321']) AS p;
SELECT is((SELECT count(*) FROM core.confirm_email(pg_temp.mailed('confirmation', 'mine@example.com')) AS c WHERE c.account_id IS NOT NULL), 0::bigint,
    'stranger: the link of that registration is void');
SELECT is(pg_temp.error_code('update_user', '{"password": "my secret"}', :'owner', 'PUT'), NULL, 'stranger: the owner sets a password');
SELECT is(pg_temp.error_code('login', '{"username": "stranger", "password": "my secret"}'), NULL, 'stranger: which is good');

-- The same by the reset of another contract
SELECT pg_temp.body('gather_v1.register', '{"username": "stranger2", "password": "12345678", "email": "ours@example.com"}') ->> 'status' AS done \gset
SELECT core.request_password_reset('ours@example.com', '/reset?token=', NULL, NULL) IS NOT NULL AS done \gset
SELECT isnt(core.reset_password(pg_temp.mailed('password_reset', 'ours@example.com'), 'my secret', 'dsrt_v1.reset', NULL, NULL), NULL, 'stranger: a reset by link');
SELECT is(pg_temp.error_code('login', '{"username": "stranger2", "password": "12345678"}'), 102, 'stranger: the first password is dead');
SELECT is(pg_temp.error_code('login', '{"username": "stranger2", "password": "my secret"}'), NULL, 'stranger: the one of the reset is good');

SELECT * FROM finish();
ROLLBACK;
