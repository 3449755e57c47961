-- The whole ladder of wrong codes, hour by hour.
BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.entered_often(p_account_id bigint, p_code text, p_times integer, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql
AS $function$
DECLARE
    v_answers text[];
BEGIN
    FOR i IN 1..p_times LOOP
        v_answers := v_answers || pg_temp.entered(p_account_id, p_code, p_at);
    END LOOP;
    RETURN v_answers;
END
$function$;
CREATE FUNCTION pg_temp.locks(p_account_id bigint) RETURNS bigint
LANGUAGE sql AS $function$ SELECT count(*) FROM app.mail AS m WHERE m.account_id = p_account_id AND m.kind = 'lockout' $function$;

\set start '2030-01-01 12:00:00+00'
SELECT core.make_account('ann@example.com', 'password', 'Ann', NULL, 'companion_v1', 'companion_v1.registration', :'start', p_pending_for => interval '24 hours') AS ann \gset
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL, :'start') AS sent \gset
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code, pg_temp.not_code(pg_temp.mailed('security_code', 'ann@example.com')) AS wrong \gset

-- Never active: 10 → an hour
SELECT is(pg_temp.entered_often(:ann, :'wrong', 9, :'start'), ARRAY['wrong 9', 'wrong 8', 'wrong 7', 'wrong 6', 'wrong 5', 'wrong 4', 'wrong 3', 'wrong 2', 'wrong 1'], 'ladder: nine wrong codes count down');
SELECT results_eq(format('SELECT v.verdict, v.attempts_left, v.locked_until FROM core.verify_code(%s, %L, %L, %L, NULL, NULL, %L) AS v', :ann, 'security_code', :'wrong', 'x', :'start'),
    $$VALUES ('locked', NULL::integer, timestamptz '2030-01-01 13:00:00+00')$$, 'ladder: the 10th locks for an hour');
SELECT is(pg_temp.locks(:ann), 1::bigint, 'ladder: and sends a mail');
SELECT is((SELECT parameters FROM app.mail WHERE kind = 'lockout'), '{"count": 10, "until": "2030-01-01 13:00"}', 'ladder: which says until when');
SELECT is(pg_temp.entered(:ann, :'code', :'start'::timestamptz + interval '59 minutes 59 seconds'), 'locked', 'ladder: meanwhile even the right code is not looked at');
SELECT is(pg_temp.entered_often(:ann, :'wrong', 5, :'start'::timestamptz + interval '30 minutes'), array_fill('locked'::text, ARRAY[5]), 'ladder: nor a wrong one counted');
SELECT is((SELECT wrong_codes FROM app.account WHERE id = :ann), 10, 'ladder: the count stands');
SELECT ok(NOT core.send_code(:ann, 'security_code', 'security_code', NULL, :'start'::timestamptz + interval '30 minutes'), 'ladder: resend mails nothing meanwhile');
SELECT is((SELECT l.verdict FROM core.log_in(:ann, NULL, 'password', 'companion_v1', '192.0.2.1', NULL, NULL, :'start'::timestamptz + interval '30 minutes') AS l), 'locked', 'ladder: log-in with the right password says locked');
SELECT is((SELECT l.verdict FROM core.log_in(:ann, NULL, 'guess', 'companion_v1', '192.0.2.1', NULL, NULL, :'start'::timestamptz + interval '30 minutes') AS l), 'wrong', 'ladder: with a wrong one it says nothing of it');

-- 15 → a day
\set second '2030-01-01 13:00:00+00'
SELECT is((SELECT l.verdict FROM core.log_in(:ann, NULL, 'password', 'companion_v1', '192.0.2.1', NULL, NULL, :'second') AS l), 'pending', 'ladder: after the hour log-in says not activated');
SELECT is(pg_temp.entered_often(:ann, :'wrong', 4, :'second'), ARRAY['wrong 4', 'wrong 3', 'wrong 2', 'wrong 1'], 'ladder: after the hour four more');
SELECT results_eq(format('SELECT v.verdict, v.attempts_left, v.locked_until FROM core.verify_code(%s, %L, %L, %L, NULL, NULL, %L) AS v', :ann, 'security_code', :'wrong', 'x', :'second'),
    $$VALUES ('locked', NULL::integer, timestamptz '2030-01-02 13:00:00+00')$$, 'ladder: the 15th locks for 24 hours');
SELECT is(pg_temp.locks(:ann), 2::bigint, 'ladder: and sends a mail');
SELECT is(core.sweep_pending_accounts(:'second'::timestamptz + interval '24 hours', 10), 0::bigint, 'ladder: the code is over, yet a locked account is not deleted');
SELECT is(core.sweep_pending_accounts(:'second'::timestamptz + interval '47 hours 59 minutes', 10), 0::bigint, 'ladder: nor within 24 hours after that');

-- 20 → blocked
\set third '2030-01-02 13:00:00+00'
SELECT ok(core.send_code(:ann, 'security_code', 'security_code', NULL, :'third'), 'ladder: after the day a new code');
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code, pg_temp.not_code(pg_temp.mailed('security_code', 'ann@example.com')) AS wrong \gset
SELECT is(pg_temp.entered_often(:ann, :'wrong', 5, :'third'), ARRAY['wrong 4', 'wrong 3', 'wrong 2', 'wrong 1', 'blocked'], 'ladder: the 20th blocks');
SELECT is(pg_temp.locks(:ann), 2::bigint, 'ladder: without a third mail');
SELECT is(core.account_state(:ann), 'blocked', 'ladder: blocked');
SELECT is(pg_temp.entered(:ann, :'code', :'third'::timestamptz + interval '30 days'), 'blocked', 'ladder: for good');
SELECT is((SELECT wrong_codes FROM app.account WHERE id = :ann), 20, 'ladder: nothing is counted any more');
SELECT ok(NOT core.send_code(:ann, 'security_code', 'security_code', NULL, :'third'::timestamptz + interval '1 day'), 'ladder: resend mails nothing');
SELECT is((SELECT l.verdict FROM core.log_in(:ann, NULL, 'password', 'companion_v1', '192.0.2.1', NULL, NULL, :'third') AS l), 'blocked', 'ladder: log-in says blocked after the right password');
SELECT is(core.sweep_pending_accounts(:'third'::timestamptz + interval '90 days', 10), 0::bigint, 'ladder: a blocked account is not deleted');
SELECT is(core.unblock_account(:ann, NULL, NULL, NULL, :'third'), 'unblocked', 'ladder: until it is unblocked');
SELECT ok(core.send_code(:ann, 'security_code', 'security_code', NULL, :'third'), 'ladder: then it gets a code');
SELECT is(pg_temp.entered(:ann, pg_temp.not_code(pg_temp.mailed('security_code', 'ann@example.com')), :'third'), 'wrong 9', 'ladder: the count begins anew');
SELECT is(pg_temp.entered(:ann, pg_temp.mailed('security_code', 'ann@example.com'), :'third'), 'right', 'ladder: and the right one activates');

-- Once active: code entry only, never a block
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL, :'third') AS sent \gset
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code, pg_temp.not_code(pg_temp.mailed('security_code', 'ann@example.com')) AS wrong \gset
SELECT pg_temp.token(:ann) AS token \gset
SELECT is((pg_temp.entered_often(:ann, :'wrong', 10, :'third'))[9:], ARRAY['wrong 1', 'locked'], 'ladder: once active, the 10th locks');
SELECT is((SELECT l.verdict FROM core.log_in(:ann, NULL, 'password', 'companion_v1', '192.0.2.1', NULL, NULL, :'third') AS l), 'open', 'ladder: log-in goes on');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'ladder: sessions go on');
\set fourth '2030-01-02 14:00:00+00'
SELECT is(pg_temp.entered_often(:ann, :'wrong', 5, :'fourth'), ARRAY['wrong 4', 'wrong 3', 'wrong 2', 'wrong 1', 'locked'], 'ladder: the 15th locks');
SELECT is((SELECT codes_locked_until FROM app.account WHERE id = :ann), :'fourth'::timestamptz + interval '24 hours', 'ladder: for 24 hours');
SELECT is(pg_temp.entered_often(:ann, :'wrong', 5, :'fourth'::timestamptz + interval '24 hours'), ARRAY['wrong 4', 'wrong 3', 'wrong 2', 'wrong 1', 'locked'], 'ladder: the 20th too');
SELECT is(pg_temp.entered_often(:ann, :'wrong', 5, :'fourth'::timestamptz + interval '48 hours'), ARRAY['wrong 4', 'wrong 3', 'wrong 2', 'wrong 1', 'locked'], 'ladder: and every fifth after it');
SELECT is((SELECT codes_locked_until FROM app.account WHERE id = :ann), :'fourth'::timestamptz + interval '72 hours', 'ladder: for 24 hours each');
SELECT is(pg_temp.locks(:ann), 6::bigint, 'ladder: each with a mail');
SELECT is(core.account_state(:ann), 'active', 'ladder: never a block');
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL, :'fourth'::timestamptz + interval '72 hours') AS sent \gset
SELECT is(pg_temp.entered(:ann, pg_temp.mailed('security_code', 'ann@example.com'), :'fourth'::timestamptz + interval '72 hours'), 'right', 'ladder: a right code after all');
SELECT results_eq(format('SELECT wrong_codes, codes_locked_until FROM app.account WHERE id = %s', :ann), 'VALUES (0, NULL::timestamptz)', 'ladder: sets the count to 0');

-- The rows decide
UPDATE app.lockout_step SET failures = 3, lock_for = '5 minutes' WHERE ladder = 'code_once_active' AND failures = 10;
SELECT is(pg_temp.entered_often(:ann, 'x', 3, :'start'), ARRAY['wrong 2', 'wrong 1', 'locked'], 'app.lockout_step: changed rows count at once');
SELECT is((SELECT codes_locked_until FROM app.account WHERE id = :ann), :'start'::timestamptz + interval '5 minutes', 'app.lockout_step: the lock too');
SELECT throws_ok($$UPDATE app.lockout_step SET blocks = true, lock_for = NULL WHERE ladder = 'code_once_active'$$, '23514', NULL, 'app.lockout_step: nobody once active is blocked');
SELECT throws_ok($$UPDATE app.lockout_step SET blocks = true, lock_for = NULL WHERE ladder = 'password_pair'$$, '23514', NULL, 'app.lockout_step: nor by passwords');
SELECT throws_ok($$INSERT INTO app.lockout_step (ladder, failures) VALUES ('code_once_active', 4)$$, '23514', NULL, 'app.lockout_step: a step locks or blocks');

SELECT * FROM finish();
ROLLBACK;
