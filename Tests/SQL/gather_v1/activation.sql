BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.creating(p_change jsonb DEFAULT '{}') RETURNS text
LANGUAGE sql
AS $function$ SELECT ('{"email": "Jane.Doe@example.com", "firstname": "Jane", "lastname": "Doe"}' || p_change)::text $function$;
CREATE FUNCTION pg_temp.activating(p_code text, p_email text DEFAULT 'jane.doe@example.com') RETURNS text
LANGUAGE sql
AS $function$ SELECT jsonb_build_object('email', p_email, 'code', p_code)::text $function$;
SELECT set_config('rapport.cookie_secure', 'off', true) AS secure \gset

-- create_user
SELECT md5('jane.doe@example.com') AS jane_md5 \gset
SELECT is((a.status, a.body, a.headers, a.new_token), (200, format('{"status" : "success", "user_id" : "%s"}', :'jane_md5'), NULL::text, NULL::text),
    'create_user: the MD5 of the address in lower case')
  FROM pg_temp.answer('gather_v1.create_user', pg_temp.creating()) AS a;
SELECT core.find_account('jane.doe@example.com') AS jane \gset
SELECT results_eq(
    format('SELECT state, first_name, last_name, password_hash IS NULL, email_confirmed_at IS NULL, pending_until, created_via FROM app.account WHERE id = %s', :jane),
    $$VALUES ('pending', 'Jane', 'Doe', true, true, now() + interval '24 hours', 'gather_v1')$$, 'create_user: pending for 24 hours, without a password');
SELECT results_eq('SELECT kind, recipient, request_id FROM app.mail', $$VALUES ('activation', 'Jane.Doe@example.com', 'test-request')$$, 'create_user: mails a code');
SELECT ok(core.render_mail(m.id) ~ ('\r\n' || m.secret || '\r\n') AND m.secret ~ '^[0-9]{6}$', 'create_user: six digits, alone on their line') FROM app.mail AS m;
SELECT is((SELECT event FROM app.audit WHERE account_id = :jane), 'account.registered', 'create_user: is in the audit trail');
SELECT is(pg_temp.error_code('login', '{"username": "jane.doe@example.com", "password": "12345678"}'), 102, 'create_user: nobody can log in yet');

SELECT is(pg_temp.refusal('create_user', b), '100 email: can not be blank, firstname: can not be blank, lastname: can not be blank',
    'create_user: every wrong field, in order: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"email": "", "firstname": " ", "lastname": ""}', '{"email": null, "firstname": null, "lastname": null}']) AS b;
SELECT is(pg_temp.refusal('create_user', pg_temp.creating(t.change::jsonb || '{"email": "x@example.com"}')), '100 ' || t.complaint, 'create_user: ' || t.change)
  FROM (VALUES
    ('{"firstname": "abcdefghijklmnopqrstuvwxyz"}', 'firstname: is too long (maximum is 25 characters)'),
    ('{"lastname": "abcdefghijklmnopqrstuvwxyz"}', 'lastname: is too long (maximum is 25 characters)'),
    ('{"firstname": 5}', 'firstname: is invalid'),
    ('{"lastname": ["Doe"]}', 'lastname: is invalid'),
    ('{"lastname": "D\toe"}', 'lastname: is invalid')
  ) AS t (change, complaint);
SELECT is(pg_temp.refusal('create_user', pg_temp.creating(jsonb_build_object('email', e))), '100 ' || c, 'create_user: an address: ' || c)
  FROM (VALUES ('"jane"'::jsonb, 'email: is invalid'), ('5', 'email: is invalid'), (to_jsonb(repeat('x', 250) || '@b.com'), 'email: is too long (maximum is 255 characters)')) AS t (e, c);
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'gather_v1.create_user', b), 'RP400', NULL, 'create_user: malformed ' || b)
  FROM unnest(ARRAY['{', '[]', '"x"', '{"email": "\u0000"}']) AS b;
SELECT is((SELECT count(*) FROM app.account), 1::bigint, 'create_user: a refusal makes nothing');

-- create_user, while the account is not yet active
UPDATE app.account SET middle_name = 'Q', gender = 'female', birth_date = '1990-01-01', contact_number = '5', country = 'US' WHERE id = :jane;
SELECT pg_temp.mailed('activation', 'Jane.Doe@example.com') AS first_code \gset
SELECT is((pg_temp.answer('gather_v1.create_user', pg_temp.creating('{"email": "jane.doe@EXAMPLE.com", "firstname": "Janet", "lastname": "Roe"}'))).body,
    format('{"status" : "success", "user_id" : "%s"}', :'jane_md5'), 'create_user: again: the same answer');
SELECT results_eq('SELECT id, email, first_name, last_name, middle_name, gender, birth_date, contact_number, country FROM app.account',
    format($$VALUES (%s::bigint, 'Jane.Doe@example.com', 'Janet', 'Roe', 'Q', 'female', date '1990-01-01', '5', 'US')$$, :jane), 'create_user: again: the names are replaced, nothing else');
SELECT is(pg_temp.mails('activation', 'Jane.Doe@example.com'), 1::bigint, 'create_user: again within a minute: no second mail');
SELECT pg_temp.let_a_minute_pass();
SELECT is(pg_temp.error_code('create_user', pg_temp.creating()), NULL, 'create_user: a minute later');
SELECT is(pg_temp.mails('activation', 'Jane.Doe@example.com'), 2::bigint, 'create_user: a minute later: a second mail');
SELECT pg_temp.mailed('activation', 'Jane.Doe@example.com') AS code \gset
SELECT is((SELECT array_agg(event ORDER BY id) FROM app.audit WHERE account_id = :jane AND event <> 'password.wrong'),
    ARRAY['account.registered', 'code.requested', 'code.requested'], 'create_user: registered once');
SELECT is(pg_temp.error_code('activate', pg_temp.activating(:'first_code')), 105, 'create_user: the old code dies with the new one');
UPDATE app.account SET wrong_codes = 0 WHERE id = :jane;

-- activate
SELECT is(pg_temp.refusal('activate', b), '100 user_id: or email is needed, code: can not be blank', 'activate: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"user_id": "", "email": "", "code": ""}', '{"user_id": null, "email": null, "code": null}']) AS b;
SELECT is(pg_temp.refusal('activate', format('{"user_id": "%s", "code": %s}', :'jane_md5', c)), '100 code: is invalid', 'activate: a code that is none: ' || c)
  FROM unnest(ARRAY['"12345"', '"1234567"', '1234567', '"abcdef"', 'true', '["123456"]']) AS c;
SELECT is(pg_temp.refusal('activate', '{"user_id": true, "code": "12"}'), '100 user_id: is invalid, code: is invalid', 'activate: wrong types');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'gather_v1.activate', b), 'RP400', NULL, 'activate: malformed ' || b)
  FROM unnest(ARRAY['{', '[]', '"x"', '{"code": "\u0000"}']) AS b;
SELECT is((SELECT wrong_codes FROM app.account WHERE id = :jane), 0, 'activate: what is no code is not counted');

SELECT is((a.status, a.body, a.headers), (400, '{"status" : "failed", "desc" : "code wrong or expired", "error_code" : 105, "attempts_left": 9}'::text, NULL::text),
    'activate: a wrong code')
  FROM pg_temp.answer('gather_v1.activate', pg_temp.activating(pg_temp.other_code(:'code'))) AS a;
SELECT is((a.status, a.body), (400, '{"status" : "failed", "desc" : "code wrong or expired", "error_code" : 105, "attempts_left": 9}'::text), 'activate: of nobody')
  FROM pg_temp.answer('gather_v1.activate', '{"user_id": "d41d8cd98f00b204e9800998ecf8427e", "code": "123456"}') AS a;
SELECT * FROM pg_temp.answer('gather_v1.activate', format('{"user_id": "%s", "code": "%s"}', :'jane_md5', :'code')) \gset act_
SELECT is(:'act_body'::text, format('{"status" : "success", "uid" : "%s", "user_id" : "%s", "token" : "%s"}', :jane, :'jane_md5', :'act_new_token'), 'activate: the right code');
SELECT is(:'act_headers'::text, gather_v1.session_cookie(:'act_new_token'), 'activate: sets the cookie');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'act_new_token'), format('VALUES (%s::bigint, %s::bigint)', :act_session_id, :jane), 'activate: opens a session');
SELECT results_eq(format('SELECT contract, code_proved_at FROM app.session WHERE id = %s', :act_session_id), $$VALUES ('gather_v1', now())$$, 'activate: by a code');
SELECT results_eq(format('SELECT state, email_confirmed_at, activated_at, wrong_codes, pending_until IS NULL FROM app.account WHERE id = %s', :jane),
    $$VALUES ('active', now(), now(), 0, true)$$, 'activate: active, the address proved, the count 0');
SELECT is(pg_temp.error_code('activate', pg_temp.activating(:'code')), 105, 'activate: a code is good once');

SELECT is(pg_temp.error_code('create_user', format('{"email": "%s@example.com", "firstname": "A", "lastname": "B"}', n)), NULL, 'create_user: ' || n)
  FROM unnest(ARRAY['by.number', 'by.digits', 'by.email', 'too.late']) AS n;
SELECT is(pg_temp.error_code('activate', format(t.body, core.find_account(t.email), pg_temp.mailed('activation', t.email))), NULL, 'activate: ' || t.email)
  FROM (VALUES
    ('by.number@example.com', '{"user_id": %1$s, "code": "%2$s"}'),
    ('by.digits@example.com', '{"user_id": "%1$s", "code": " %2$s "}'),
    ('by.email@example.com', '{"email": "BY.Email@example.com", "code": "%2$s"}')
  ) AS t (email, body);
UPDATE app.mailed_code SET expires_at = now() WHERE address = 'too.late@example.com';
SELECT is(pg_temp.error_code('activate', pg_temp.activating(pg_temp.mailed('activation', 'too.late@example.com'), 'too.late@example.com')), 105, 'activate: too late');
SELECT is(pg_temp.error_code('create_user', '{"email": "number@example.com", "firstname": "A", "lastname": "B"}'), NULL, 'create_user: number');
UPDATE app.mailed_code SET code_hash = core.hash_password('012345') WHERE address = 'number@example.com';
SELECT is(pg_temp.error_code('activate', '{"email": "number@example.com", "code": 12345}'), NULL, 'activate: a code as a number, without its leading zero');

-- create_user, when it is no longer pending
SELECT pg_temp.person('other@example.com') AS other \gset
UPDATE app.account SET secondary_email = 'second@example.com', secondary_email_confirmed_at = now() WHERE id = :other;
SELECT is(pg_temp.error_code('create_user', '{"email": "third@example.com", "firstname": "A", "lastname": "B"}'), NULL, 'create_user: third');
SELECT core.find_account('third@example.com') AS third \gset
SELECT is((a.status, a.body), (409, '{"status" : "failed", "desc" : "username or email taken", "error_code" : 106, "errors" : [{"field" : "email", "message" : "has already been taken"}]}'::text),
    'create_user: ' || c)
  FROM (VALUES ('an active address', 'jane.doe@example.com'), ('somebody''s secondary address', 'Second@example.com')) AS t (c, e)
 CROSS JOIN LATERAL pg_temp.answer('gather_v1.create_user', pg_temp.creating(jsonb_build_object('email', e))) AS a;
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :third;
SELECT is(pg_temp.error_code('create_user', pg_temp.creating('{"email": "third@example.com"}')), 106, 'create_user: a blocked one');
SELECT core.disable_account(:third, NULL, NULL, NULL, NULL) AS done \gset
SELECT is(pg_temp.error_code('create_user', pg_temp.creating('{"email": "third@example.com"}')), 106, 'create_user: a disabled one');
SELECT core.close_account(:third, NULL, NULL) AS done \gset
SELECT is(pg_temp.error_code('create_user', pg_temp.creating('{"email": "third@example.com"}')), 106, 'create_user: a closed one');
SELECT results_eq(format('SELECT first_name FROM app.account WHERE id IN (%s, %s) ORDER BY id', :jane, :third), $$VALUES ('Jane'), ('A')$$, 'create_user: their names stay');
SELECT core.make_account('half@example.com', 'password', 'Half', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS half \gset
SELECT is(pg_temp.error_code('create_user', pg_temp.creating('{"email": "half@example.com"}')), NULL, 'create_user: who registered elsewhere and is not active yet');
SELECT is(pg_temp.error_code('activate', pg_temp.activating(pg_temp.mailed('activation', 'half@example.com'), 'half@example.com')), NULL, 'activate: who registered elsewhere');
SELECT is((SELECT password_hash FROM app.account WHERE id = :half), NULL, 'activate: a password set in another flow dies, for a stranger may have set it');

-- resend_code
CREATE FUNCTION pg_temp.resent(p_email text) RETURNS text
LANGUAGE sql
AS $function$ SELECT (pg_temp.answer('gather_v1.resend_code', jsonb_build_object('email', p_email)::text, NULL, 'PUT')).body $function$;
SELECT is(pg_temp.error_code('create_user', '{"email": "lost@example.com", "firstname": "A", "lastname": "B"}'), NULL, 'create_user: lost');
SELECT core.find_account('lost@example.com') AS lost, pg_temp.mailed('activation', 'lost@example.com') AS lost_code \gset
SELECT is(pg_temp.resent('lost@example.com'), '{"status" : "success"}', 'resend_code: within the minute of create');
SELECT is(pg_temp.mails('activation', 'lost@example.com'), 1::bigint, 'resend_code: they share the limit');
SELECT pg_temp.let_a_minute_pass();
UPDATE app.account SET pending_until = now() + interval '1 hour' WHERE id = :lost;
SELECT is(pg_temp.resent('LOST@example.com'), '{"status" : "success"}', 'resend_code: a minute later');
SELECT is(pg_temp.mails('activation', 'lost@example.com'), 2::bigint, 'resend_code: another activation code');
SELECT is((SELECT pending_until FROM app.account WHERE id = :lost), now() + interval '24 hours', 'resend_code: the account waits for it');
SELECT is(pg_temp.error_code('activate', pg_temp.activating(pg_temp.mailed('activation', 'lost@example.com'), 'lost@example.com')), NULL, 'resend_code: the new code is good');
SELECT is(pg_temp.error_code('activate', pg_temp.activating(:'lost_code', 'lost@example.com')), 105, 'resend_code: the old one is not');
SELECT is(pg_temp.resent('lost@example.com'), '{"status" : "success"}', 'resend_code: of an active account');
SELECT is((pg_temp.mails('activation', 'lost@example.com'), pg_temp.mails('password_reset', 'lost@example.com')), (2::bigint, 1::bigint), 'resend_code: a code to reset the password');

SELECT count(*) AS mails FROM app.mail \gset
SELECT is(pg_temp.resent(e), '{"status" : "success"}', 'resend_code: alike for ' || e)
  FROM unnest(ARRAY['nobody@example.com', 'third@example.com', 'second@example.com', 'lost@example.com']) AS e;
UPDATE app.account SET codes_locked_at = now(), codes_locked_until = now() + interval '1 hour' WHERE id = :other;
SELECT is(pg_temp.resent('other@example.com'), '{"status" : "success"}', 'resend_code: alike while codes are locked');
SELECT core.disable_account(:lost, NULL, NULL, NULL, NULL) AS done \gset
SELECT is(pg_temp.resent('lost@example.com'), '{"status" : "success"}', 'resend_code: alike for a disabled account');
SELECT is((SELECT count(*) FROM app.mail), :mails::bigint, 'resend_code: and mails nothing to any of them');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'code.requested' AND (account_id = :lost OR account_id = :other OR account_id IS NULL)), 9::bigint,
    'resend_code: writes a row of the audit trail each time');
SELECT is(pg_temp.refusal('resend_code', b), '100 email: can not be blank', 'resend_code: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"email": " "}', '{"email": null}']) AS b;
SELECT is(pg_temp.refusal('resend_code', b), '100 email: is invalid', 'resend_code: ' || b) FROM unnest(ARRAY['{"email": "nobody"}', '{"email": 5}']) AS b;
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'gather_v1.resend_code', b), 'RP400', NULL, 'resend_code: malformed ' || b) FROM unnest(ARRAY['{', '[]']) AS b;

-- is_activated
CREATE FUNCTION pg_temp.activated(p_uid text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT (gather_v1.is_activated(ROW('test', 'GET', ARRAY[p_uid], NULL, NULL, NULL, NULL, NULL, NULL, NULL)::http.request)).body
$function$;
SELECT is(pg_temp.activated(u), '{"status" : "success", "activated" : true}', 'is_activated: an active account')
  FROM unnest(ARRAY[:'jane'::text, :'jane_md5', upper(:'jane_md5')]) AS u;
SELECT is(pg_temp.activated(u), '{"status" : "success", "activated" : false}', 'is_activated: ' || c)
  FROM (VALUES ('pending', md5('too.late@example.com')), ('disabled', :'lost'), ('closed', :'third'), ('an unknown number', '0'), ('a long number', repeat('9', 40)),
    ('an unknown MD5', repeat('0', 32)), ('an address', 'jane.doe@example.com'), ('anything', 'ä/%00'), ('nothing', '')) AS t (c, u);

-- Roles
SELECT function_privs_are('gather_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
  FROM unnest(ARRAY['create_user', 'activate', 'resend_code', 'is_activated']) AS f;
SELECT function_privs_are('gather_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
  FROM unnest(ARRAY['create_user', 'activate', 'resend_code', 'is_activated']) AS f;

SELECT * FROM finish();
ROLLBACK;
