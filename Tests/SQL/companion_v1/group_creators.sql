BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

SELECT pg_temp.creator('gc@example.com') AS gc, pg_temp.companion('jane.doe@example.com') AS jane \gset
SELECT pg_temp.token(:gc) AS gc_token, pg_temp.token(:jane) AS jane_token \gset
DELETE FROM app.mail;
-- Who was mailed that the person of an address is a GroupCreator
CREATE FUNCTION pg_temp.told_about(p_email text) RETURNS SETOF text
LANGUAGE sql
AS $function$ SELECT m.recipient FROM app.mail AS m WHERE m.kind = 'group_creator' AND m.parameters ->> 'email' = p_email ORDER BY m.id $function$;

-- create_group_creator: who may is in accounts.sql. Parameters
SELECT is(pg_temp.faults('create_group_creator', t.body, :'gc_token'), t.faults, 'create: ' || left(coalesce(t.body, 'no body'), 60))
FROM (VALUES
    (NULL, ARRAY['email can not be blank']),
    ('{}', ARRAY['email can not be blank']),
    ('{"email": "nobody", "password": "1234567"}', ARRAY['email is invalid', 'password is too short (minimum is 8 characters)']),
    ('{"email": 5, "password": 12345678}', ARRAY['email is invalid', 'password is invalid']),
    (format('{"email": "new@example.com", "password": "%s"}', repeat('x', 129)), ARRAY['password is too long (maximum is 128 characters)']),
    ('{"email": "new@example.com"}', ARRAY['password can not be blank']),
    ('{"email": "new@example.com", "password": ""}', ARRAY['password can not be blank'])
) AS t (body, faults);
SELECT is(core.find_account('new@example.com'), NULL, 'create: a refusal makes nobody');

-- A new account: a GroupCreator once its address is proved
SELECT pg_temp.said('create_group_creator', '{"email": " New@example.com", "password": "long enough"}', :'gc_token') AS said \gset
SELECT core.find_account('new@example.com') AS new \gset
SELECT is(:'said'::text, format('{"success" : true, "user_id" : %s, "done" : "created"}', :new), 'create: the answer');
SELECT results_eq(format('SELECT state, is_group_creator, created_via, pending_until FROM app.account WHERE id = %s', :new),
    $$VALUES ('pending', true, 'companion_v1', now() + interval '24 hours')$$, 'create: pending');
SELECT results_eq($$SELECT pg_temp.told_about('New@example.com')$$, ARRAY['gc@example.com'], 'create: every GroupCreator is told');
SELECT is(pg_temp.told('login', '{"email": "new@example.com", "password": "long enough"}'), '403 NOT_VERIFIED', 'create: no log-in before the code');
SELECT is(pg_temp.told('create_group_creator', '{"email": "new@example.com"}', :'gc_token'), '200', 'create: twice');
SELECT is(pg_temp.said('create_group_creator', '{"email": "new@example.com"}', :'gc_token')::jsonb ->> 'done', 'unchanged', 'create: changes nothing more');
SELECT new_token AS new_token FROM pg_temp.ask('verify_security_code', format('{"email": "new@example.com", "code": "%s"}', pg_temp.mailed('security_code', 'New@example.com'))) \gset
SELECT is(pg_temp.told('unblock_account', format('{"user_id": %s}', :new), :'new_token'), '200', 'create: with the code a GroupCreator');
SELECT is(pg_temp.told('login', '{"email": "new@example.com", "password": "long enough"}'), '200', 'create: the password counts');

-- Somebody who is there
SELECT is(pg_temp.said('create_group_creator', '{"email": "JANE.doe@example.com"}', :'new_token'), format('{"success" : true, "user_id" : %s, "done" : "promoted"}', :jane), 'create: promotes, without a password');
SELECT set_eq($$SELECT pg_temp.told_about('JANE.doe@example.com')$$, ARRAY['gc@example.com', 'New@example.com', 'jane.doe@example.com'], 'create: all of them are told');
SELECT is(pg_temp.told('unblock_account', format('{"user_id": %s}', :jane), :'jane_token'), '200', 'create: her session goes on, as a GroupCreator''s');
SELECT is(pg_temp.told('create_group_creator', '{"email": "jane.doe@example.com", "password": "another one"}', :'gc_token'), '200', 'create: with a password');
SELECT is(pg_temp.told('login', '{"email": "jane.doe@example.com", "password": "long enough"}'), '200', 'create: a proved account keeps its own');

-- An address that somebody else may have taken
SELECT core.make_account('eve@example.com', 'evil password', 'E', NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS eve \gset
SELECT pg_temp.token(:eve) AS eve_token \gset
SELECT core.make_account('pam@example.com', 'evil password', 'P', NULL, 'companion_v1', 'companion_v1.registration') AS pam \gset
SELECT is(pg_temp.faults('create_group_creator', '{"email": "pam@example.com"}', :'gc_token'), ARRAY['password can not be blank'], 'create: a pending one needs a password');
SELECT is(pg_temp.told('create_group_creator', '{"email": "eve@example.com", "password": "long enough"}', :'gc_token'), '200', 'create: an active one that is not proved');
SELECT is(pg_temp.told('login', '{"email": "eve@example.com", "password": "long enough"}'), '401 WRONG_CREDENTIALS', 'create: does not get it');
SELECT is(pg_temp.told('login', '{"email": "eve@example.com", "password": "evil password"}'), '401 WRONG_CREDENTIALS', 'create: the older one dies');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'eve_token'), 'create: and its sessions');
SELECT is(pg_temp.told('unblock_account', format('{"user_id": %s}', :eve), pg_temp.token(:eve)), '403 NOT_ALLOWED', 'create: no GroupCreator before the code');

-- Whom it does not work for
SELECT pg_temp.companion('disabled@example.com') AS disabled, pg_temp.companion('closed@example.com') AS closed, pg_temp.companion('second@example.com') AS second \gset
SELECT core.disable_account(:disabled, NULL, NULL, NULL, NULL), core.close_account(:closed, NULL, NULL) \g /dev/null
UPDATE app.account SET secondary_email = 'her.other@example.com', secondary_email_confirmed_at = now() WHERE id = :second;
SELECT core.make_account('blocked@example.com', 'long enough', NULL, NULL, 'companion_v1', 'companion_v1.registration') AS blocked \gset
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :blocked;
SELECT is(pg_temp.told('create_group_creator', format('{"email": "%s", "password": "long enough"}', t.email), :'gc_token'), t.expected, 'create: ' || t.email)
FROM (VALUES ('disabled@example.com', '403 ACCOUNT_DISABLED'), ('blocked@example.com', '403 ACCOUNT_BLOCKED'), ('closed@example.com', '409 TAKEN'), ('her.other@example.com', '409 TAKEN')) AS t (email, expected);
SELECT is(pg_temp.said('create_group_creator', '{"email": "closed@example.com"}', :'gc_token')::jsonb #>> '{reason,errors,0,field}', 'email', 'create: taken says which field');

-- remove_group_creator: who may, and parameters, are in accounts.sql
SELECT is(pg_temp.said('remove_group_creator', format('{"user_id": %s}', :new), :'gc_token'), '{"success" : true}', 'remove: the answer');
SELECT is(pg_temp.told('unblock_account', format('{"user_id": %s}', :new), :'new_token'), '403 NOT_ALLOWED', 'remove: a session goes on, as everybody''s');
SELECT is((SELECT details ->> 'by' FROM app.audit WHERE event = 'group_creator.removed' AND account_id = :new), :'gc', 'remove: who did it');
SELECT is(pg_temp.told('remove_group_creator', format('{"user_id": %s}', :new), :'gc_token'), '404 NOT_FOUND', 'remove: one who is none');
SELECT is(pg_temp.told('remove_group_creator', format('{"user_id": %s}', :eve), :'gc_token'), '200', 'remove: one who would become one');
SELECT is(pg_temp.told('remove_group_creator', format('{"user_id": %s}', :gc), :'gc_token'), '200', 'remove: oneself');
SELECT is(pg_temp.told('remove_group_creator', format('{"user_id": %s}', :jane), :'gc_token'), '403 NOT_ALLOWED', 'remove: then no more');
SELECT is(pg_temp.said('remove_group_creator', format('{"user_id": %s}', :jane), :'jane_token'),
    '{"success" : false, "reason" : {"code" : "NOT_ALLOWED", "message" : "This is the last GroupCreator"}}', 'remove: never the last');

-- Roles
SELECT function_privs_are('companion_v1', f, ARRAY['http.request'], r, p, f || ': ' || r)
FROM unnest(ARRAY['create_group_creator', 'remove_group_creator']) AS f
CROSS JOIN (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);

SELECT * FROM finish();
ROLLBACK;
