BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.entering(p_email text, p_code text) RETURNS text
LANGUAGE sql
AS $function$ SELECT json_build_object('email', p_email, 'code', p_code)::text $function$;

-- As if the latest code had gone out two minutes ago
CREATE FUNCTION pg_temp.wait_for_next_code() RETURNS void
LANGUAGE sql
AS $function$ UPDATE app.mailed_code SET created_at = created_at - interval '2 minutes' $function$;

-- register
SELECT * FROM pg_temp.ask('register', '{"user": {"email": " Jane.Doe@Example.com ", "password": "long enough", "id": 5, "is_group_creator": true}}') \gset register_
SELECT core.find_account('jane.doe@example.com') AS jane \gset
SELECT is(:'register_body'::text, format(
    '{"success" : true, "user_id" : %s, "message" : "A 6 digit security code is on its way to your email. Please enter the security code"}', :jane), 'register: the answer');
SELECT is(:register_status, 200, 'register: 200');
SELECT results_eq(format('SELECT email, state, created_via, pending_until, is_group_creator, email_confirmed_at, password_flow FROM app.account WHERE id = %s', :jane),
    $$VALUES ('Jane.Doe@Example.com', 'pending', 'companion_v1', now() + interval '24 hours', false, NULL::timestamptz, 'companion_v1.registration')$$, 'register: pending for 24 hours');
SELECT is_empty(format('SELECT FROM app.session WHERE account_id = %s', :jane), 'register: opens no session');
SELECT matches(pg_temp.mailed('security_code', 'Jane.Doe@Example.com'), '^[0-9]{6}$', 'register: six digits are mailed');
SELECT results_eq('SELECT kind, account_id FROM app.mail', format('VALUES (%L, %s::bigint)', 'security_code', :jane), 'register: and nothing else');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'account.registered' AND account_id = :jane), 1::bigint, 'register: noted');
SELECT is(pg_temp.said('register', '{"user": {"email": "JANE.doe@example.com", "password": "long enough"}}'),
    '{"success" : false, "reason" : {"code" : "TAKEN", "message" : "This email is already registered", "errors" : [{"field" : "email", "message" : "has already been taken"}]}}',
    'register: twice');
SELECT is(pg_temp.told('register', '{"user": {"email": "jane.doe@example.com", "password": "long enough"}}'), '409 TAKEN', 'register: 409');
SELECT pg_temp.person('closed@example.com') AS closed, pg_temp.person('owner@example.com') AS owner \gset
SELECT core.close_account(:closed, NULL, NULL) IS NOT NULL AS done \gset
UPDATE app.account SET secondary_email = 'second@example.com', secondary_email_confirmed_at = now() WHERE id = :owner;
SELECT is(pg_temp.told('register', format('{"user": {"email": "%s", "password": "long enough"}}', e)), '409 TAKEN', 'register: ' || e)
FROM unnest(ARRAY['closed@example.com', 'owner@example.com', 'second@example.com']) AS e;

SELECT is(pg_temp.faults('register', b), ARRAY['email can not be blank', 'password can not be blank'], 'register: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"user": {}}', '{"user": null}', '{"user": []}', '{"email": "x@example.com", "password": "long enough"}', '{"user": {"email": " ", "password": ""}}']) AS b;
SELECT is(pg_temp.faults('register', t.body), t.faults, 'register: ' || left(t.body, 70))
FROM (VALUES
    ('{"user": {"email": 5, "password": 12345678}}', ARRAY['email is invalid', 'password is invalid']),
    ('{"user": {"email": "nobody", "password": "1234567"}}', ARRAY['email is invalid', 'password is too short (minimum is 8 characters)']),
    (format('{"user": {"email": "x@example.com", "password": "%s"}}', repeat('x', 129)), ARRAY['password is too long (maximum is 128 characters)']),
    (format('{"user": {"email": "%s@example.com", "password": "long enough"}}', repeat('x', 250)), ARRAY['email is too long (maximum is 255 characters)']),
    ('{"user": {"email": "jane.doe@example.com", "password": "short"}}', ARRAY['password is too short (minimum is 8 characters)'])
) AS t (body, faults);
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L)', 'register', b), 'RP400', NULL, 'register: malformed ' || b) FROM unnest(ARRAY['{', '[]']) AS b;
SELECT is(pg_temp.told('register', format('{"user": {"email": "%s", "password": "%s"}}', t.email, t.password)), '200', 'register: ' || left(t.password, 8))
FROM (VALUES ('eight@example.com', '12345678'), ('many@example.com', repeat('ä', 128))) AS t (email, password);

-- verify_security_code
SELECT pg_temp.mailed('security_code', 'Jane.Doe@Example.com') AS code \gset
SELECT is(pg_temp.said('verify_security_code', pg_temp.entering('jane.doe@example.com', pg_temp.not_code(:'code'))),
    '{"success" : false, "reason" : {"code" : "WRONG_CODE", "message" : "The code is wrong or expired", "attempts_left": 9}}', 'verify: a wrong one');
SELECT is(pg_temp.said('verify_security_code', pg_temp.entering('nobody@example.com', '123456')),
    '{"success" : false, "reason" : {"code" : "WRONG_CODE", "message" : "The code is wrong or expired", "attempts_left": 9}}', 'verify: of an unknown address');
SELECT is(pg_temp.faults('verify_security_code', b), ARRAY['email can not be blank', 'code can not be blank'], 'verify: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"email": "", "code": ""}', '{"user": {"email": "jane.doe@example.com"}}']) AS b;
SELECT is(pg_temp.faults('verify_security_code', t.body), t.faults, 'verify: ' || t.body)
FROM (VALUES ('{"email": "nobody", "code": "12345"}', ARRAY['email is invalid', 'code is invalid']), ('{"email": ["x"], "code": "abcdef"}', ARRAY['email is invalid', 'code is invalid'])) AS t (body, faults);
SELECT throws_ok($$SELECT pg_temp.ask('verify_security_code', '[]')$$, 'RP400', NULL, 'verify: malformed');
SELECT is((SELECT wrong_codes FROM app.account WHERE id = :jane), 1, 'verify: what is no code does not count');

SELECT * FROM pg_temp.ask('verify_security_code', format('{"email": "JANE.DOE@example.com", "code": %s}', (:'code')::integer), p_user_agent => 'Companion/1 CFNetwork/1490 Darwin/23') \gset verify_
SELECT is(:'verify_body'::text, format(
    '{"success" : true, "user_id" : %s, "token" : "%s", "page" : "PROFILE", "platform" : "iphone"}', :jane, :'verify_new_token'), 'verify: the right one, as a JSON number');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'verify_new_token'), format('VALUES (%s::bigint, %s::bigint)', :verify_session_id, :jane), 'verify: a session');
SELECT is((SELECT code_proved_at FROM app.session WHERE id = :verify_session_id), now(), 'verify: opened by a code');
SELECT results_eq(format('SELECT state, email_confirmed_at, wrong_codes, last_active_at, used_iphone, used_android FROM app.account WHERE id = %s', :jane),
    $$VALUES ('active', now(), 0, now(), true, false)$$, 'verify: active and proved, counters 0, active now');
SELECT is(pg_temp.told('verify_security_code', pg_temp.entering('jane.doe@example.com', :'code')), '400 WRONG_CODE 9', 'verify: good once');
SELECT is(pg_temp.told('login', '{"email": "jane.doe@example.com", "password": "long enough"}'), '200', 'verify: the password counts');
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u::text ~ ('long enough|\$2a\$|' || :'code' || '|' || :'verify_new_token')), 0::bigint, 'verify: the audit trail has no secret');

-- resend_security_code
SELECT is(pg_temp.said('resend_security_code', '{"email": "Jane.Doe@example.com"}'),
    '{"success" : true, "message" : "If this email is registered, a 6 digit security code is on its way to it"}', 'resend: the answer');
SELECT is(pg_temp.said('resend_security_code', '{"email": "nobody@example.com"}'), pg_temp.said('resend_security_code', '{"email": "jane.doe@example.com"}'), 'resend: of an unknown address, alike');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :jane), 2::bigint, 'resend: one mail a minute');
SELECT is((SELECT array_agg(account_id ORDER BY id) FROM app.audit WHERE event = 'code.requested'), ARRAY[:jane, NULL, :jane]::bigint[], 'resend: noted whether or not there is anybody');
SELECT pg_temp.mailed('security_code', 'Jane.Doe@Example.com') AS old, pg_temp.wait_for_next_code() AS waited \gset
SELECT is(pg_temp.told('resend_security_code', '{"email": "jane.doe@example.com"}'), '200', 'resend: a minute later');
SELECT pg_temp.mailed('security_code', 'Jane.Doe@Example.com') AS new \gset
SELECT is(pg_temp.told('verify_security_code', pg_temp.entering('jane.doe@example.com', :'old')), CASE WHEN :'old' = :'new' THEN '200' ELSE '400 WRONG_CODE 8' END, 'resend: the old code dies');
SELECT is(pg_temp.faults('resend_security_code', t.body), ARRAY[t.fault], 'resend: ' || t.body)
FROM (VALUES ('{}', 'email can not be blank'), ('{"email": "nobody"}', 'email is invalid'), ('{"email": 5}', 'email is invalid')) AS t (body, fault);
SELECT throws_ok($$SELECT pg_temp.ask('resend_security_code', '[]')$$, 'RP400', NULL, 'resend: malformed');
SELECT core.disable_account(:owner, NULL, NULL, NULL, NULL) AS done \gset
SELECT is(pg_temp.told('resend_security_code', format('{"email": "%s"}', e)), '200', 'resend: ' || e) FROM unnest(ARRAY['owner@example.com', 'closed@example.com']) AS e;
SELECT is_empty(format('SELECT FROM app.mail WHERE account_id IN (%s, %s)', :owner, :closed), 'resend: nothing for whom no code can help');

-- An expired code
SELECT pg_temp.told('register', '{"user": {"email": "late@example.com", "password": "long enough"}}') AS done \gset
UPDATE app.mailed_code SET expires_at = now() WHERE account_id = core.find_account('late@example.com');
SELECT is(pg_temp.told('verify_security_code', pg_temp.entering('late@example.com', pg_temp.mailed('security_code', 'late@example.com'))), '400 WRONG_CODE 9', 'verify: expired');

-- A password that somebody else may have set
SELECT core.make_account('victim@example.com', 'stranger''s', 'V', NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS victim \gset
SELECT pg_temp.token(:victim) AS stranger, pg_temp.told('resend_security_code', '{"email": "victim@example.com"}') AS resent \gset
SELECT is(pg_temp.told('verify_security_code', pg_temp.entering('victim@example.com', pg_temp.mailed('security_code', 'victim@example.com'))), '200', 'verify: an address proved in another flow');
SELECT is(pg_temp.told('login', '{"email": "victim@example.com", "password": "stranger''s"}'), '401 WRONG_CREDENTIALS', 'verify: the password of before dies');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'stranger'), 'verify: and its sessions');

-- The ladder of one who was never active
SELECT pg_temp.told('register', '{"user": {"email": "ladder@example.com", "password": "long enough"}}') AS done \gset
SELECT core.find_account('ladder@example.com') AS ladder, pg_temp.mailed('security_code', 'ladder@example.com') AS code \gset
CREATE FUNCTION pg_temp.guessing(p_times integer, p_code text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT string_agg(pg_temp.told(
        'verify_security_code', pg_temp.entering('ladder@example.com', pg_temp.not_code(p_code))), ', ' ORDER BY n)
    FROM generate_series(1, p_times) AS n
$function$;
CREATE FUNCTION pg_temp.wait_for_unlock() RETURNS void
LANGUAGE sql
AS $function$ UPDATE app.account SET codes_locked_until = now() WHERE email = 'ladder@example.com' $function$;
SELECT is(pg_temp.guessing(10, :'code'), '400 WRONG_CODE 9, 400 WRONG_CODE 8, 400 WRONG_CODE 7, 400 WRONG_CODE 6, 400 WRONG_CODE 5, 400 WRONG_CODE 4, '
    '400 WRONG_CODE 3, 400 WRONG_CODE 2, 400 WRONG_CODE 1, 423 ACCOUNT_LOCKED', 'ladder: the 10th wrong code locks');
SELECT is(pg_temp.said('verify_security_code', pg_temp.entering('ladder@example.com', :'code')), format(
    '{"success" : false, "reason" : {"code" : "ACCOUNT_LOCKED", "message" : "The account is locked for a while", "locked_until": "%s"}}',
    core.time_text(now() + interval '1 hour')), 'ladder: for an hour, also the right one');
SELECT pg_temp.wait_for_next_code() AS waited, pg_temp.told('resend_security_code', '{"email": "ladder@example.com"}') AS resent \gset
SELECT is(:'resent'::text, '200', 'ladder: resend answers as ever');
SELECT results_eq(format('SELECT kind, count(*) FROM app.mail WHERE account_id = %s GROUP BY kind ORDER BY kind', :ladder),
    $$VALUES ('lockout', 1::bigint), ('security_code', 1)$$, 'ladder: but mails no code, and the lock was told');
SELECT pg_temp.wait_for_unlock() AS waited \gset
SELECT is(pg_temp.guessing(5, :'code'), '400 WRONG_CODE 4, 400 WRONG_CODE 3, 400 WRONG_CODE 2, 400 WRONG_CODE 1, 423 ACCOUNT_LOCKED', 'ladder: after the hour the 15th locks');
SELECT is((SELECT codes_locked_until FROM app.account WHERE id = :ladder), now() + interval '24 hours', 'ladder: for 24 hours');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :ladder AND kind = 'lockout'), 2::bigint, 'ladder: a second mail');
SELECT pg_temp.wait_for_unlock() AS waited \gset
SELECT is(pg_temp.guessing(6, :'code'), '400 WRONG_CODE 4, 400 WRONG_CODE 3, 400 WRONG_CODE 2, 400 WRONG_CODE 1, 403 ACCOUNT_BLOCKED, 403 ACCOUNT_BLOCKED', 'ladder: the 20th blocks');
SELECT is(pg_temp.said('verify_security_code', pg_temp.entering('ladder@example.com', :'code')),
    '{"success" : false, "reason" : {"code" : "ACCOUNT_BLOCKED", "message" : "The account is blocked"}}', 'ladder: for good, also the right one');
SELECT is(pg_temp.told('resend_security_code', '{"email": "ladder@example.com"}'), '200', 'ladder: resend answers as ever');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :ladder AND kind = 'security_code'), 1::bigint, 'ladder: but mails nothing');
SELECT is(pg_temp.told('login', '{"email": "ladder@example.com", "password": "long enough"}'), '403 ACCOUNT_BLOCKED', 'ladder: no log-in');

-- Out of it: a GroupCreator, a new code
SELECT pg_temp.token(pg_temp.creator('gc@example.com')) AS gc_token \gset
SELECT is(pg_temp.told('unblock_account', format('{"user_id": %s}', :ladder), :'gc_token'), '200', 'ladder: a GroupCreator unblocks');
SELECT is(pg_temp.told('login', '{"email": "ladder@example.com", "password": "long enough"}'), '403 NOT_VERIFIED', 'ladder: back at the start');
SELECT pg_temp.told('resend_security_code', '{"email": "ladder@example.com"}') AS done \gset
SELECT pg_temp.mailed('security_code', 'ladder@example.com') AS code \gset
SELECT is(pg_temp.guessing(1, :'code'), '400 WRONG_CODE 9', 'ladder: counting from 0');
SELECT is(pg_temp.told('verify_security_code', pg_temp.entering('ladder@example.com', :'code')), '200', 'ladder: the new code is taken');
SELECT is((SELECT wrong_codes FROM app.account WHERE id = :ladder), 0, 'ladder: and sets the count to 0');

-- Roles
SELECT function_privs_are('companion_v1', f, ARRAY['http.request'], r, p, f || ': ' || r)
FROM unnest(ARRAY['register', 'verify_security_code', 'resend_security_code']) AS f
CROSS JOIN (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);

SELECT * FROM finish();
ROLLBACK;
