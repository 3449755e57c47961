-- The ladder of wrong codes, as clients of this contract see it.
BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

-- The code that was mailed last.
CREATE FUNCTION pg_temp.live_code(p_email text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT m.secret FROM app.mail AS m WHERE m.recipient = p_email AND m.secret IS NOT NULL ORDER BY m.id DESC LIMIT 1
$function$;
-- A wrong code is sent: 'error_code attempts_left', or 'error_code seconds' to wait.
CREATE FUNCTION pg_temp.guess(p_email text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT concat_ws(
        ' ', a.body::jsonb ->> 'error_code', a.body::jsonb ->> 'attempts_left',
        extract(epoch FROM (a.body::jsonb ->> 'locked_until')::timestamptz - date_trunc('milliseconds', now()))::integer)
      FROM pg_temp.answer('gather_v1.activate', jsonb_build_object(
          'email', p_email, 'code', pg_temp.other_code(pg_temp.live_code(p_email)))::text) AS a
$function$;
CREATE FUNCTION pg_temp.guesses(p_email text, p_count integer) RETURNS text[]
LANGUAGE sql
AS $function$ SELECT array_agg(pg_temp.guess(p_email)) FROM generate_series(1, p_count) AS i $function$;
CREATE FUNCTION pg_temp.right_code(p_email text) RETURNS integer
LANGUAGE sql
AS $function$
    SELECT pg_temp.error_code('activate', jsonb_build_object('email', p_email, 'code', pg_temp.live_code(p_email))::text)
$function$;
CREATE FUNCTION pg_temp.let_the_lock_end(p_email text) RETURNS void
LANGUAGE sql
AS $function$ UPDATE app.account SET codes_locked_until = now() WHERE email = p_email $function$;
CREATE FUNCTION pg_temp.resent(p_email text) RETURNS text
LANGUAGE sql
AS $function$ SELECT pg_temp.body('gather_v1.resend_code', jsonb_build_object('email', p_email)::text, NULL, 'PUT') ->> 'status' $function$;

-- An account that was never active
SELECT is(pg_temp.error_code('create_user', format('{"email": "%s@example.com", "firstname": "A", "lastname": "B"}', n)), NULL, 'ladder: ' || n)
  FROM unnest(ARRAY['new', 'lucky', 'patient']) AS n;
SELECT is(pg_temp.guesses('new@example.com', 9), ARRAY['105 9', '105 8', '105 7', '105 6', '105 5', '105 4', '105 3', '105 2', '105 1'], 'ladder: nine wrong codes');
SELECT is(pg_temp.guess('new@example.com'), '104 3600', 'ladder: the 10th locks for an hour');
SELECT is(pg_temp.mails('lockout', 'new@example.com'), 1::bigint, 'ladder: and sends a mail');
SELECT is((a.status, a.body, a.headers), (423, format('{"status" : "failed", "desc" : "account locked", "error_code" : 104, "locked_until": "%s"}',
    core.time_text(now() + interval '1 hour')), E'Retry-After: 3600\n'::text), 'ladder: 423, and when to come back')
  FROM pg_temp.answer('gather_v1.activate', '{"email": "new@example.com", "code": "123456"}') AS a;
SELECT is(pg_temp.right_code('new@example.com'), 104, 'ladder: while it is locked the right code is not looked at');
SELECT is(pg_temp.guesses('new@example.com', 30), array_fill('104 3600'::text, ARRAY[30]), 'ladder: nor are wrong ones');
SELECT is((SELECT wrong_codes FROM app.account WHERE email = 'new@example.com'), 10, 'ladder: nor are they counted');
SELECT pg_temp.let_a_minute_pass();
SELECT is(pg_temp.resent('new@example.com'), 'success', 'ladder: resend answers as ever');
SELECT is(pg_temp.mails('activation', 'new@example.com'), 1::bigint, 'ladder: but mails nothing');
SELECT pg_temp.let_the_lock_end('new@example.com');
SELECT is(pg_temp.resent('new@example.com'), 'success', 'ladder: after the lock');
SELECT is(pg_temp.mails('activation', 'new@example.com'), 2::bigint, 'ladder: resend mails again');
SELECT is(pg_temp.guesses('new@example.com', 5), ARRAY['105 4', '105 3', '105 2', '105 1', '104 86400'], 'ladder: the 15th locks for 24 hours');
SELECT is(pg_temp.mails('lockout', 'new@example.com'), 2::bigint, 'ladder: and sends a mail');
SELECT pg_temp.let_the_lock_end('new@example.com');
SELECT is(pg_temp.guesses('new@example.com', 5), ARRAY['105 4', '105 3', '105 2', '105 1', '112'], 'ladder: the 20th blocks, and says so');
SELECT is(core.account_state(core.find_account('new@example.com')), 'blocked', 'ladder: blocked');
SELECT is((a.status, a.body), (403, '{"status" : "failed", "desc" : "account blocked or disabled", "error_code" : 112}'::text), 'ladder: 112')
  FROM pg_temp.answer('gather_v1.activate', '{"email": "new@example.com", "code": "123456"}') AS a;
SELECT pg_temp.let_a_minute_pass();
SELECT is(pg_temp.resent('new@example.com'), 'success', 'ladder: blocked, resend answers as ever');
SELECT is(pg_temp.mails('activation', 'new@example.com'), 2::bigint, 'ladder: and mails nothing');
SELECT is(core.unblock_account(core.find_account('new@example.com'), NULL, NULL, NULL), 'unblocked', 'ladder: a GroupCreator unblocks');
SELECT is(pg_temp.resent('new@example.com'), 'success', 'ladder: then resend');
SELECT is(pg_temp.guess('new@example.com'), '105 9', 'ladder: the count is 0 again');
SELECT is(pg_temp.right_code('new@example.com'), NULL, 'ladder: and a right code activates');

-- A right code on the way
SELECT is(cardinality(pg_temp.guesses('lucky@example.com', 9)), 9, 'ladder: nine wrong codes of another');
SELECT is(pg_temp.right_code('lucky@example.com'), NULL, 'ladder: the tenth is right');
SELECT is((SELECT wrong_codes FROM app.account WHERE email = 'lucky@example.com'), 0, 'ladder: the count is 0');
SELECT is((pg_temp.guesses('patient@example.com', 10))[10], '104 3600', 'ladder: locked');
SELECT pg_temp.let_the_lock_end('patient@example.com');
SELECT is(pg_temp.right_code('patient@example.com'), NULL, 'ladder: after the hour the right code is right');

-- An account that was active once
SELECT pg_temp.person('old@example.com') AS old \gset
SELECT pg_temp.token(:old) AS token \gset
SELECT is(pg_temp.resent('old@example.com'), 'success', 'ladder: a code to reset the password');
SELECT is(pg_temp.guesses('old@example.com', 10), ARRAY['105 9', '105 8', '105 7', '105 6', '105 5', '105 4', '105 3', '105 2', '105 1', '104 3600'], 'ladder: once active: the same to the 10th');
SELECT is(pg_temp.error_code('login', '{"username": "old@example.com", "password": "secret"}'), NULL, 'ladder: once active: log-in goes on');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'ladder: once active: so do its sessions');
SELECT pg_temp.let_the_lock_end('old@example.com');
SELECT is((pg_temp.guesses('old@example.com', 5))[5], '104 86400', 'ladder: once active: the 15th locks for 24 hours');
SELECT pg_temp.let_the_lock_end('old@example.com');
SELECT is(pg_temp.guesses('old@example.com', 5), ARRAY['105 4', '105 3', '105 2', '105 1', '104 86400'], 'ladder: once active: so does the 20th');
SELECT is(core.account_state(:old), 'active', 'ladder: once active: it is never blocked');

SELECT * FROM finish();
ROLLBACK;
