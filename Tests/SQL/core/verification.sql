BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.ask(p_email text, p_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM core.request_verification(p_email, '/verify?token=', 'exchange_v1.registration', '192.0.2.9', 'again', p_at);
    RETURN (SELECT count(*) FROM app.mail WHERE kind = 'verification' AND request_id = 'again');
END
$function$;

SELECT core.make_account('new@example.com', 'secret', NULL, NULL, 'exchange_v1', 'exchange_v1.registration') AS new \gset
SELECT core.send_confirmation(:new, '/verify?token=', 'exchange_v1.registration', 'first', 'verification') IS NOT NULL AS done \gset
SELECT pg_temp.mailed('verification', 'new@example.com') AS first \gset

SELECT is(pg_temp.ask('new@example.com', now() + interval '59 seconds'), 0::bigint, 'request_verification: one mail a minute, the first one counted');
SELECT is(pg_temp.ask('NEW@Example.com', now() + interval '61 seconds'), 1::bigint, 'request_verification: after a minute, in any case of letters');
SELECT is(pg_temp.ask('new@example.com', now() + interval '120 seconds'), 1::bigint, 'request_verification: again one a minute');
SELECT pg_temp.mailed('verification', 'new@example.com') AS second \gset
SELECT isnt(:'second'::text, :'first', 'request_verification: a new link');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'first', 'verification'), 'request_verification: the one under way lives on');
SELECT is((SELECT pending_until FROM app.account WHERE id = :new), now() + interval '7 days 61 seconds', 'request_verification: and the account waits for it');
SELECT is(core.verify_email(:'second', now() + interval '7 days 60 seconds'), :new::bigint, 'request_verification: good for 7 days');
SELECT is(pg_temp.ask('new@example.com', now() + interval '1 hour'), 1::bigint, 'request_verification: nothing for who is verified');
SELECT is(core.verify_email(:'second'), :new::bigint, 'request_verification: whose link goes on being good');

-- Who gets one
SELECT core.make_account('old@example.com', 'secret', NULL, NULL, 'exchange_v1', 'exchange_v1.registration', now() - interval '7 days', p_pending_for => interval '8 days') AS old \gset
SELECT is(pg_temp.ask('old@example.com'), 1::bigint, 'request_verification: nothing for a registration of 7 days ago');
SELECT core.make_account('gather@example.com', 'secret', NULL, NULL, 'gather_v1', 'gather_v1.registration', now() - interval '1 year', p_pending_for => NULL) AS active \gset
SELECT is(pg_temp.ask('gather@example.com'), 1::bigint, 'request_verification: nothing where the proof would cost a password of another flow');
UPDATE app.account SET password_flow = 'exchange_v1.registration' WHERE id = :active;
SELECT is(pg_temp.ask('gather@example.com'), 2::bigint, 'request_verification: for who is active without proof, whenever');
SELECT core.verify_email(pg_temp.mailed('verification', 'gather@example.com')) AS same \gset
UPDATE app.account SET email_confirmed_at = NULL, state = s.state, disabled_at = now(), blocked_at = now() FROM (VALUES ('disabled')) AS s (state) WHERE id = :active;
SELECT is(pg_temp.ask('gather@example.com', now() + interval '1 hour'), 2::bigint, 'request_verification: nothing for a disabled account');
UPDATE app.account SET state = 'blocked' WHERE id = :active;
SELECT is(pg_temp.ask('gather@example.com', now() + interval '1 hour'), 2::bigint, 'request_verification: nothing for a blocked one');
UPDATE app.account SET state = 'active' WHERE id = :active;
SELECT core.close_account(:active, NULL, NULL) IS NOT NULL AS done \gset
SELECT is(pg_temp.ask('gather@example.com', now() + interval '1 hour'), 2::bigint, 'request_verification: nothing for a closed one');
SELECT is(pg_temp.ask('nobody@example.com'), 2::bigint, 'request_verification: nor for nobody');

-- Ten links at a time
SELECT core.make_account('ten@example.com', NULL, NULL, NULL, 'exchange_v1', 'exchange_v1.registration') AS ten \gset
SELECT is(max(pg_temp.ask('ten@example.com', now() + n * interval '2 minutes')), 12::bigint, 'request_verification: ten links that are good at a time') FROM generate_series(1, 12) AS n;
SELECT is(pg_temp.ask('ten@example.com', now() + interval '7 days 2 minutes'), 12::bigint, 'request_verification: a registration of 7 days ago');

-- The trail
SELECT results_eq(
    $$SELECT account_id, count(*) FROM app.audit WHERE event = 'verification.requested' AND address = '192.0.2.9' AND request_id = 'again' AND account_id IS DISTINCT FROM (SELECT a.id FROM app.account AS a WHERE a.email = 'ten@example.com') GROUP BY 1 ORDER BY 1$$,
    format('VALUES (%s::bigint, 3::bigint), (%s, 1), (NULL, 8)', :new, :active), 'request_verification: writes the same whoever is asked for');

SELECT * FROM finish();
ROLLBACK;
