BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- new_code
SELECT is((SELECT count(*) FROM generate_series(1, 200) WHERE core.new_code() !~ '^[0-9]{6}$'), 0::bigint, 'new_code: six digits');
SELECT cmp_ok((SELECT count(DISTINCT core.new_code()) FROM generate_series(1, 200)), '>', 190::bigint, 'new_code: random');

-- send_code
SELECT core.make_account('ann@example.com', 'password', 'Ann', NULL, 'companion_v1', 'companion_v1.registration', p_pending_for => interval '24 hours') AS ann \gset
SELECT ok(core.send_code(:ann, 'security_code', 'security_code', 'r-1'), 'send_code: sent');
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS first \gset
SELECT ok(:'first' ~ '^[0-9]{6}$', 'send_code: a code in the mail');
SELECT results_eq(format('SELECT code_hash LIKE %L, expires_at = now() + interval %L, address FROM app.mailed_code WHERE account_id = %s', '$2a$%', '24 hours', :ann),
    $$VALUES (true, true, 'ann@example.com')$$, 'send_code: kept as a bcrypt hash, for 24 hours');
SELECT is((SELECT parameters FROM app.mail WHERE kind = 'security_code'), '{}', 'send_code: no name to an unproved address');
SELECT ok(NOT core.send_code(:ann, 'security_code', 'security_code', 'r-1', now() + interval '59 seconds'), 'send_code: not twice within a minute');
SELECT is(pg_temp.entered(:ann, pg_temp.not_code(:'first')), 'wrong 9', 'send_code: the first one still counts');
SELECT ok(core.send_code(:ann, 'security_code', 'security_code', 'r-1', now() + interval '60 seconds'), 'send_code: again after a minute');
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'security_code'), 2::bigint, 'send_code: two mails');
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code \gset
SELECT CASE WHEN :'first' <> :'code' THEN 'the old one dies' ELSE 'the same by chance' END AS luck \gset
SELECT is(CASE WHEN :'luck' = 'the old one dies' THEN pg_temp.entered(:ann, :'first') ELSE 'wrong 8' END, 'wrong 8', 'send_code: ' || :'luck');
SELECT is((SELECT pending_until = now() + interval '24 hours 60 seconds' FROM app.account WHERE id = :ann), true, 'send_code: as long as the code is good, the account is kept');
SELECT ok(NOT core.send_code(NULL, 'security_code', 'security_code', 'r-1'), 'send_code: to nobody');
SELECT throws_ok(format('SELECT core.send_code(%s, %L, %L, NULL)', :ann, 'guess', 'security_code'), '23514', NULL, 'send_code: known purposes');

-- verify_code: right
SELECT is(pg_temp.entered(:ann, :'code', p_purpose => 'activation'), 'wrong 7', 'verify_code: not for another purpose');
SELECT is(pg_temp.entered(:ann, :'code', now() + interval '24 hours 60 seconds'), 'wrong 6', 'verify_code: not when it is over');
SELECT is(pg_temp.entered(:ann, :'code', now() + interval '24 hours 59 seconds'), 'right', 'verify_code: until then');
SELECT results_eq(format('SELECT state, wrong_codes, email_confirmed_at IS NOT NULL, pending_until FROM app.account WHERE id = %s', :ann),
    $$VALUES ('active', 0, true, NULL::timestamptz)$$, 'verify_code: active, proved, count 0');
SELECT is(pg_temp.tried(:ann, 'password'), 'right', 'verify_code: the password of the same flow lives');
SELECT is(pg_temp.entered(:ann, :'code'), 'wrong 9', 'verify_code: once');
SELECT is(pg_temp.entered(NULL, '123456'), 'wrong 9', 'verify_code: of nobody');
SELECT is(pg_temp.entered(-1, '123456'), 'wrong 9', 'verify_code: nor of who is gone');
SELECT is(pg_temp.entered(:ann, NULL), 'wrong 8', 'verify_code: nothing is wrong');
SELECT ok(core.send_code(:ann, 'security_code', 'security_code', NULL), 'send_code: after a right code at once');
SELECT is((SELECT parameters ->> 'name' FROM app.mail WHERE account_id = :ann ORDER BY id DESC LIMIT 1), 'Ann', 'send_code: a proved address is greeted by name');

-- A right code clears the wrong passwords, and a password of another flow dies at the first proof
SELECT pg_temp.tried(:ann, 'wrong') FROM generate_series(1, 10) \g /dev/null
SELECT is(pg_temp.tried(:ann, 'password'), 'locked', 'verify_code: while the password is locked');
SELECT is(pg_temp.entered(:ann, pg_temp.mailed('security_code', 'ann@example.com')), 'right', 'verify_code: a right code');
SELECT is(pg_temp.tried(:ann, 'password'), 'right', 'verify_code: lifts that lock');
SELECT core.make_account('eve@example.com', 'password', 'E', NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS eve \gset
SELECT pg_temp.token(:eve) AS eve_token \gset
SELECT core.send_code(:eve, 'security_code', 'security_code', NULL) AS sent \gset
SELECT is(pg_temp.entered(:eve, pg_temp.mailed('security_code', 'eve@example.com')), 'right', 'verify_code: first proof, in another flow');
SELECT is(pg_temp.tried(:eve, 'password'), 'wrong', 'verify_code: the password from before dies');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'eve_token'), 'verify_code: and its sessions');

-- A new password ends codes, and does not open the way for one mail after the other
SELECT pg_temp.person('fay@example.com') AS fay \gset
SELECT session_id AS fay_session FROM core.open_session(:fay, 'gather_v1', NULL, NULL, NULL) \gset
SELECT core.send_code(:fay, 'activation', 'password_reset', NULL) AS sent \gset
SELECT pg_temp.mailed('password_reset', 'fay@example.com') AS fay_code \gset
SELECT core.set_password(:fay, 'another', 'test', :fay_session) AS done \gset
SELECT is(pg_temp.entered(:fay, :'fay_code', p_purpose => 'activation'), 'wrong 9', 'set_password: a code under way is over');
SELECT ok(NOT core.send_code(:fay, 'activation', 'password_reset', NULL, now() + interval '59 seconds'), 'set_password: and still remembered for a minute');
SELECT is(core.sweep_mailed_codes(now() + interval '59 seconds', 100), 0::bigint, 'sweep_mailed_codes: not within that minute');
SELECT ok(core.send_code(:fay, 'activation', 'password_reset', NULL, now() + interval '60 seconds'), 'send_code: after it');

-- request_code
CREATE FUNCTION pg_temp.asked(p_email text, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM core.request_code(p_email, 'activation', 'activation', 'password_reset', '192.0.2.9', 'asked', p_at);
    RETURN (SELECT array_agg(m.kind ORDER BY m.id) FROM app.mail AS m WHERE m.request_id = 'asked');
END
$function$;
SELECT core.make_account('kim@example.com', NULL, NULL, NULL, 'gather_v1', 'x') AS kim \gset
SELECT is(pg_temp.asked('KIM@example.com', now()), ARRAY['activation'], 'request_code: of a pending account, in any case of letters');
SELECT is(pg_temp.asked('nobody@example.com', now()), ARRAY['activation'], 'request_code: nobody is mailed for an unknown address');
SELECT core.prove_email(:kim, 'x') IS NOT NULL AS done \gset
SELECT is(pg_temp.asked('kim@example.com', now() + interval '1 minute'), ARRAY['activation', 'password_reset'], 'request_code: once active, of the other kind');
SELECT results_eq($$SELECT account_id, count(*) FROM app.audit WHERE event = 'code.requested' AND address = '192.0.2.9' GROUP BY 1 ORDER BY 1$$,
    format('VALUES (%s::bigint, 2::bigint), (NULL, 1)', :kim), 'request_code: is written down whoever is asked for');

SELECT * FROM finish();
ROLLBACK;
