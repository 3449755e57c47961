BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Sessions
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT pg_temp.token(:ann) AS fresh, pg_temp.token(:ann) AS idle, pg_temp.token(:ann) AS old \gset
UPDATE app.session SET last_seen_at = now() - interval '30 days' WHERE token_hash = core.token_hash(:'idle');
UPDATE app.session SET expires_at = now() WHERE token_hash = core.token_hash(:'old');
UPDATE app.session SET last_seen_at = now() - interval '30 days' + interval '1 second' WHERE token_hash = core.token_hash(:'fresh');
SELECT is(core.sweep_sessions(now(), 1), 1::bigint, 'sweep_sessions: no more than the batch');
SELECT is(core.sweep_sessions(now(), 10), 1::bigint, 'sweep_sessions: idle ones and old ones');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'fresh'), 'sweep_sessions: leaves what counts');

-- Mailed tokens
SELECT core.issue_mailed_token(:ann, 'confirmation', 'ann@example.com', '7 days') AS c, core.issue_mailed_token(:ann, 'password_reset', 'ann@example.com', '24 hours') AS r \gset
SELECT is(core.sweep_mailed_tokens(now() + interval '24 hours', 10), 1::bigint, 'sweep_mailed_tokens: those that are over');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'c', 'confirmation'), 'sweep_mailed_tokens: leaves the others');

-- Registrations
SELECT core.make_account('never@example.com', 'secret', 'N', NULL, 'dsrt_v1', 'x') AS never \gset
SELECT core.send_confirmation(:never, '/x?t=', NULL) IS NOT NULL AS done \gset
SELECT core.make_account('other@example.com', 'secret', 'O', NULL, 'other_v1', 'x') AS other \gset
SELECT is(core.sweep_unconfirmed_accounts(now() + interval '7 days' - interval '1 second', 10), 0::bigint, 'sweep_unconfirmed_accounts: not before 7 days');
SELECT core.request_password_reset('never@example.com', '/x?t=', NULL, NULL, now() + interval '6 days 12 hours') IS NOT NULL AS done \gset
SELECT is(core.sweep_unconfirmed_accounts(now() + interval '7 days', 10), 0::bigint, 'sweep_unconfirmed_accounts: not while a link could still prove it');
SELECT core.make_account('late@example.com', 'secret', 'L', NULL, 'dsrt_v1', 'x') AS late \gset
SELECT core.issue_mailed_token(:late, 'password_reset', 'late@example.com', '24 hours', now() + interval '7 days') IS NOT NULL AS done \gset
SELECT is(core.sweep_unconfirmed_accounts(now() + interval '7 days', 10), 1::bigint, 'sweep_unconfirmed_accounts: a link mailed after 7 days puts nothing off');
SELECT is(core.account_state(:late), NULL, 'sweep_unconfirmed_accounts: so that nobody keeps an address by asking for links');
SELECT is(core.sweep_unconfirmed_accounts(now() + interval '8 days', 10), 1::bigint, 'sweep_unconfirmed_accounts: after that');
SELECT ok(NOT core.is_address_taken('never@example.com'), 'sweep_unconfirmed_accounts: the address is free');
SELECT is(core.account_state(:other), 'pending', 'sweep_unconfirmed_accounts: only this contract''s');
SELECT is(core.account_state(:ann), 'active', 'sweep_unconfirmed_accounts: nobody who confirmed');

-- Closed accounts
SELECT pg_temp.person('bob@example.com') AS bob \gset
UPDATE app.account SET username = 'Bob' WHERE id = :bob;
SELECT core.update_profile(:bob, 'B', 'O', 'B', '1990-01-01', 'male', '123', 'US') IS NOT NULL AS done \gset
SELECT core.post_mail('confirmation', 'bob@example.com', :bob, NULL, NULL, NULL) AS bob_mail \gset
SELECT core.note('test.event', :bob, '192.0.2.9') IS NOT NULL AS done \gset
SELECT core.close_account(:bob, '192.0.2.9', NULL) IS NOT NULL AS done \gset
SELECT is(core.sweep_closed_accounts(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_closed_accounts: not before 30 days');
SELECT ok(core.is_address_taken('bob@example.com'), 'sweep_closed_accounts: until then the address is taken');
SELECT is(core.sweep_closed_accounts(now() + interval '30 days', 10), 1::bigint, 'sweep_closed_accounts: then');
SELECT is(core.sweep_closed_accounts(now() + interval '30 days', 10), 0::bigint, 'sweep_closed_accounts: once');
SELECT ok(NOT core.is_address_taken('bob@example.com'), 'sweep_closed_accounts: the address is free');
SELECT is(core.account_state(:bob), 'closed', 'sweep_closed_accounts: the number stays');
SELECT is((SELECT string_agg(k.key, ',' ORDER BY k.key) FROM app.account AS a, jsonb_each(to_jsonb(a)) AS k
        WHERE a.id = :bob AND k.value <> 'null'),
    'activated_at,closed_at,created_at,created_via,erased_at,id,is_group_creator,password_set_at,state,updated_at',
    'sweep_closed_accounts: nothing personal stays');
SELECT is_empty(format('SELECT FROM app.mail WHERE account_id = %s', :bob), 'sweep_closed_accounts: nor its mails');
SELECT is_empty(format('SELECT FROM app.audit WHERE account_id = %s AND address IS NOT NULL', :bob), 'sweep_closed_accounts: nor network addresses');

-- Mail
SELECT core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '24 hours') AS undelivered,
    core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '24 hours') AS claimed,
    core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '23 hours') AS young \gset
UPDATE app.mail SET claimed_by = 1, claimed_until = now() + interval '1 minute' WHERE id = :claimed;
SELECT is(core.sweep_undelivered_mail(now(), 10), 1::bigint, 'sweep_undelivered_mail: gives up after 24 hours what nobody delivers at this moment');
SELECT results_eq(format('SELECT state, secret FROM app.mail WHERE id = %s', :undelivered), $$VALUES ('failed', NULL)$$, 'sweep_undelivered_mail: the secret is wiped');
SELECT is((SELECT state FROM app.mail WHERE id = :young), 'pending', 'sweep_undelivered_mail: younger ones wait');
SELECT is(core.sweep_mail(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_mail: settled mails stay 30 days');
SELECT is(core.sweep_mail(now() + interval '30 days', 10), 1::bigint, 'sweep_mail: then they go, and no pending one');

-- Audit
DELETE FROM app.audit;
SELECT core.note('test.event', NULL) IS NOT NULL AS done \gset
SELECT is(core.sweep_audit(now() + interval '90 days' - interval '1 second', 10), 0::bigint, 'sweep_audit: stays 90 days');
SELECT is(core.sweep_audit(now() + interval '90 days', 10), 1::bigint, 'sweep_audit: then it goes');

SELECT * FROM finish();
ROLLBACK;
