BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

SELECT pg_temp.companion('jane.doe@example.com') AS jane \gset
SELECT pg_temp.token(:jane) AS token, pg_temp.token(:jane) AS other \gset

-- was_opened_by_code
SELECT session_id AS proved FROM core.open_session(:jane, 'companion_v1', NULL, NULL, NULL, p_by_code => true) \gset
SELECT is(core.was_opened_by_code(:proved, now() + t.after), t.expected, 'was_opened_by_code: after ' || t.after)
FROM (VALUES (interval '0', true), ('14 minutes 59 seconds', true), ('15 minutes', false)) AS t (after, expected);
SELECT is(core.was_opened_by_code(c.session_id), false, 'was_opened_by_code: not by a password') FROM core.caller(:'token') AS c;
SELECT is(core.was_opened_by_code(NULL), false, 'was_opened_by_code: no session');

-- change_password
SELECT is(pg_temp.told('change_password', '{"old_password": "long enough", "new_password": "quite another"}', t), '401 LOGIN_REQUIRED', 'change_password: ' || coalesce('token ' || t, 'no token'))
FROM unnest(ARRAY['nonsense', NULL]) AS t;
SELECT is(pg_temp.faults('change_password', b, :'token'), ARRAY['old_password can not be blank', 'new_password can not be blank'], 'change_password: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"old_password": "", "new_password": ""}', '{"user": {"old_password": "long enough"}}']) AS b;
SELECT is(pg_temp.faults('change_password', t.body, :'token'), t.faults, 'change_password: ' || left(t.body, 60))
FROM (VALUES
    ('{"old_password": 1, "new_password": 12345678}', ARRAY['old_password is invalid', 'new_password is invalid']),
    ('{"old_password": "long enough", "new_password": "1234567"}', ARRAY['new_password is too short (minimum is 8 characters)']),
    (format('{"old_password": "long enough", "new_password": "%s"}', repeat('x', 129)), ARRAY['new_password is too long (maximum is 128 characters)'])
) AS t (body, faults);
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L, %L)', 'change_password', '[]', :'token'), 'RP400', NULL, 'change_password: malformed');
SELECT is(pg_temp.said('change_password', '{"old_password": "wrong", "new_password": "quite another"}', :'token'),
    '{"success" : false, "reason" : {"code" : "WRONG_CREDENTIALS", "message" : "The old password is wrong"}}', 'change_password: a wrong old one');
SELECT is(pg_temp.told('change_password', '{"old_password": "wrong", "new_password": "quite another"}', :'token'), '401 WRONG_CREDENTIALS', 'change_password: 401');
SELECT is((SELECT failures FROM app.password_failure WHERE subject = 'account:' || :jane), 2, 'change_password: it counts as in a log-in');
SELECT is(pg_temp.told('login', '{"email": "jane.doe@example.com", "password": "long enough"}'), '200', 'change_password: a refusal changes nothing');

SELECT is(pg_temp.said('change_password', '{"old_password": "long enough", "new_password": "quite another"}', :'token'), '{"success" : true}', 'change_password: done');
SELECT is(pg_temp.told('login', format('{"email": "jane.doe@example.com", "password": "%s"}', t.password)), t.expected, 'change_password: then ' || t.password)
FROM (VALUES ('long enough', '401 WRONG_CREDENTIALS'), ('quite another', '200')) AS t (password, expected);
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'change_password: this session goes on');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'other'), 'change_password: the others end');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.changed' AND account_id = :jane), 1::bigint, 'change_password: noted');
SELECT is(pg_temp.told('change_password', format('{"old_password": "quite another", "new_password": "%s"}', repeat('ä', 128)), :'token'), '200', 'change_password: 128 characters of two bytes');
SELECT is(pg_temp.tried(:jane, repeat('ä', 127)), 'wrong', 'change_password: all of them count');

-- Too many wrong ones, here as anywhere
SELECT is(array_agg(pg_temp.told('change_password', '{"old_password": "wrong", "new_password": "quite another"}', :'token', '198.51.100.7') ORDER BY n),
    array_fill('401 WRONG_CREDENTIALS'::text, ARRAY[9]) || '423 ACCOUNT_LOCKED'::text, 'change_password: the 10th wrong one locks')
FROM generate_series(1, 10) AS n;
SELECT is(pg_temp.told('login', format('{"email": "jane.doe@example.com", "password": "%s"}', repeat('ä', 128)), NULL, '198.51.100.7'), '423 ACCOUNT_LOCKED', 'change_password: log-in from there too');
SELECT is(a.body::jsonb -> 'reason' ? 'locked_until', true, 'change_password: until when')
FROM pg_temp.ask('change_password', '{"old_password": "wrong", "new_password": "quite another"}', :'token', p_address => '198.51.100.7') AS a;

-- The reset: resend, verify, change without the old one
SELECT pg_temp.told('resend_security_code', '{"email": "jane.doe@example.com"}') AS done \gset
SELECT new_token AS token FROM pg_temp.ask('verify_security_code',
    format('{"email": "jane.doe@example.com", "code": "%s"}', pg_temp.mailed('security_code', 'jane.doe@example.com'))) \gset
SELECT is((SELECT count(*) FROM app.password_failure WHERE subject = 'account:' || :jane), 0::bigint, 'reset: the right code lifts the locks');
SELECT is(pg_temp.faults('change_password', '{"old_password": 5}', :'token'), ARRAY['new_password can not be blank'], 'reset: the old one is not looked at');
SELECT is(pg_temp.told('change_password', '{"new_password": "after a reset"}', :'token'), '200', 'reset: nor needed');
SELECT is(pg_temp.told('login', '{"email": "jane.doe@example.com", "password": "after a reset"}'), '200', 'reset: it counts');
SELECT is(pg_temp.told('change_password', '{"old_password": "wrong", "new_password": "once again!"}', :'token'), '200', 'reset: within 15 minutes also a wrong one will do');
UPDATE app.session SET code_proved_at = now() - interval '15 minutes' WHERE token_hash = core.token_hash(:'token');
SELECT is(pg_temp.faults('change_password', '{"new_password": "another time"}', :'token'), ARRAY['old_password can not be blank'], 'reset: after 15 minutes it is needed');
SELECT is(pg_temp.told('change_password', '{"old_password": "wrong", "new_password": "another time"}', :'token'), '401 WRONG_CREDENTIALS', 'reset: and must be right');
SELECT is(pg_temp.told('change_password', '{"old_password": "once again!", "new_password": "another time"}', :'token'), '200', 'reset: which it was');

-- Nothing secret in the audit trail
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u::text ~ 'wrong"|quite another|after a reset|another time|\$2a\$'), 0::bigint, 'audit: no password or hash');

-- Roles
SELECT function_privs_are('companion_v1', 'change_password', ARRAY['http.request'], r, p, 'change_password: ' || r)
FROM (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);

SELECT * FROM finish();
ROLLBACK;
