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
SELECT core.issue_mailed_token(:ann, 'confirmation', 'ann@example.com', '7 days', p_flow => 'test') AS c,
    core.issue_mailed_token(:ann, 'password_reset', 'ann@example.com', '24 hours') AS r \gset
SELECT is(core.sweep_mailed_tokens(now() + interval '24 hours' - interval '1 second', 10), 0::bigint, 'sweep_mailed_tokens: not before they are over');
SELECT is(core.sweep_mailed_tokens(now() + interval '24 hours', 10), 1::bigint, 'sweep_mailed_tokens: those that are over');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'c', 'confirmation'), 'sweep_mailed_tokens: leaves the others');
SELECT is(core.sweep_mailed_tokens(now() + interval '7 days', 0), 0::bigint, 'sweep_mailed_tokens: no more than the batch');

-- Mailed codes
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL) AS sent, core.send_code(:ann, 'activation', 'activation', NULL, now() + interval '1 hour') AS later \gset
SELECT pg_temp.mailed('activation', 'ann@example.com') AS activation \gset
SELECT is(core.sweep_mailed_codes(now() + interval '24 hours' - interval '1 second', 10), 0::bigint, 'sweep_mailed_codes: not before they are over');
SELECT is(core.sweep_mailed_codes(now() + interval '25 hours', 1), 1::bigint, 'sweep_mailed_codes: no more than the batch');
SELECT is(core.sweep_mailed_codes(now() + interval '25 hours', 10), 1::bigint, 'sweep_mailed_codes: those that are over');
SELECT is_empty(format('SELECT FROM app.mailed_code WHERE account_id = %s', :ann), 'sweep_mailed_codes: all of them');
SELECT is(pg_temp.entered(:ann, :'activation', p_purpose => 'activation'), 'wrong 9', 'sweep_mailed_codes: one that was deleted is wrong');
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL, now() + interval '2 hours') AS sent \gset
SELECT is(core.sweep_mailed_codes(now() + interval '25 hours', 10), 0::bigint, 'sweep_mailed_codes: a fresh one stays');

-- Wrong passwords
SELECT pg_temp.tried(:ann, 'wrong') AS one, pg_temp.tried(:ann, 'wrong', '192.0.2.2', now() + interval '1 day') AS two, pg_temp.tried(NULL, 'wrong') AS nobodys \gset
SELECT is(core.sweep_password_failures(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_password_failures: not before 30 days');
SELECT is(core.sweep_password_failures(now() + interval '30 days', 10), 2::bigint, 'sweep_password_failures: then those from there');
SELECT results_eq(format('SELECT network FROM app.password_failure WHERE subject = core.password_subject(%s, NULL)', :ann), $$VALUES ('192.0.2.2')$$, 'sweep_password_failures: by the last one');
SELECT is(core.sweep_password_pressure(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_password_pressure: not before 30 days');
SELECT is(core.sweep_password_pressure(now() + interval '30 days', 10), 1::bigint, 'sweep_password_pressure: then that on nobody');
SELECT isnt_empty(format('SELECT FROM app.password_pressure WHERE subject = core.password_subject(%s, NULL)', :ann), 'sweep_password_pressure: by the last one');
SELECT is(core.sweep_password_failures(now() + interval '31 days', 10) + core.sweep_password_pressure(now() + interval '31 days', 10), 2::bigint, 'sweep_password_failures: until nothing is left');
SELECT count(core.count_wrong_password('account:' || a, 1, n, now())) AS done FROM unnest(ARRAY['192.0.2.1', '192.0.2.2']) AS n, generate_series(1, 2) AS a \gset
SELECT is(core.sweep_password_failures(now() + interval '30 days', 1), 1::bigint, 'sweep_password_failures: no more than the batch');
SELECT is(core.sweep_password_pressure(now() + interval '30 days', 1), 1::bigint, 'sweep_password_pressure: no more than the batch');

-- Known networks
SELECT core.remember_network(:ann, '192.0.2.1'), core.remember_network(:ann, '192.0.2.2', now() + interval '1 second') \gset done_
SELECT is(core.sweep_known_networks(now() + interval '1 year' - interval '1 second', 10), 0::bigint, 'sweep_known_networks: not before a year');
SELECT is(core.sweep_known_networks(now() + interval '1 year', 10), 1::bigint, 'sweep_known_networks: then');
SELECT is(core.sweep_known_networks(now() + interval '2 years', 0), 0::bigint, 'sweep_known_networks: no more than the batch');
SELECT results_eq(format('SELECT network FROM app.known_network WHERE account_id = %s', :ann), $$VALUES ('192.0.2.2')$$, 'sweep_known_networks: leaves the others');

-- Registrations
SELECT core.make_account('day@example.com', 'secret', 'D', NULL, 'gather_v1', 'x', p_pending_for => '24 hours') AS day,
    core.make_account('week@example.com', 'secret', 'W', NULL, 'dsrt_v1', 'x') AS week,
    core.make_account('active@example.com', 'secret', 'A', NULL, 'gather_v1', 'x', p_pending_for => NULL) AS active \gset
SELECT core.send_confirmation(:day, '/x?t=', 'x', NULL, 'confirmation', now() - interval '7 days') IS NOT NULL AS done \gset
SELECT is(core.sweep_pending_accounts(now() + interval '24 hours' - interval '1 second', 10), 0::bigint, 'sweep_pending_accounts: not before their time');
SELECT is(core.sweep_pending_accounts(now() + interval '24 hours', 10), 1::bigint, 'sweep_pending_accounts: then');
SELECT is(core.account_state(:day), NULL, 'sweep_pending_accounts: the one whose time it was');
SELECT ok(NOT core.is_address_taken('day@example.com'), 'sweep_pending_accounts: the address is free');
SELECT is_empty(format('SELECT FROM app.mail WHERE account_id = %1$s UNION ALL SELECT FROM app.mailed_token WHERE account_id = %1$s', :day), 'sweep_pending_accounts: its mails and links are gone');
SELECT core.request_password_reset('week@example.com', '/x?t=', NULL, NULL, now() + interval '6 days 12 hours') IS NOT NULL AS done \gset
SELECT is(core.sweep_pending_accounts(now() + interval '7 days', 10), 0::bigint, 'sweep_pending_accounts: not while a link could still prove it');
SELECT core.request_password_reset('week@example.com', '/x?t=', NULL, NULL, now() + interval '7 days') IS NOT NULL AS done \gset
SELECT is(core.sweep_pending_accounts(now() + interval '7 days 12 hours', 10), 1::bigint, 'sweep_pending_accounts: asking for links again and again keeps no address');
SELECT is(core.sweep_pending_accounts(now() + interval '1 year', 10), 0::bigint, 'sweep_pending_accounts: nobody who was ever active');
SELECT results_eq(format('SELECT a.state FROM app.account AS a WHERE a.id IN (%s, %s)', :ann, :active), $$VALUES ('active'), ('active')$$, 'sweep_pending_accounts: confirmed or not');

-- Registrations whose codes are locked, or that are blocked
SELECT count(core.make_account(n || '@example.com', NULL, n, NULL, 'companion_v1', 'x', p_pending_for => '24 hours')) AS done FROM unnest(ARRAY['wrong', 'locked', 'disabled']) AS n \gset
SELECT core.find_account('locked@example.com') AS locked, core.find_account('wrong@example.com') AS wrong, core.find_account('disabled@example.com') AS disabled \gset
SELECT core.send_code(:locked, 'security_code', 'security_code', NULL), core.send_code(:wrong, 'security_code', 'security_code', NULL) \gset sent_
SELECT pg_temp.not_code(pg_temp.mailed('security_code', 'locked@example.com')) AS bad \gset
SELECT count(pg_temp.entered(:wrong, 'x')) AS done FROM generate_series(1, 9) \gset
SELECT is(max(pg_temp.entered(:locked, :'bad', now() + interval '23 hours')), 'wrong 9', 'sweep_pending_accounts: wrong codes') FROM generate_series(1, 9);
SELECT is(pg_temp.entered(:locked, :'bad', now() + interval '23 hours'), 'locked', 'sweep_pending_accounts: and the tenth, which locks for an hour');
SELECT core.disable_account(:disabled, NULL, :ann, NULL, NULL) IS NOT NULL AS done \gset
SELECT is(core.sweep_pending_accounts(now() + interval '24 hours', 10), 1::bigint, 'sweep_pending_accounts: wrong codes alone put nothing off');
SELECT is(core.account_state(:wrong), NULL, 'sweep_pending_accounts: that one is gone');
SELECT is(core.account_state(:locked), 'pending', 'sweep_pending_accounts: not while codes are locked');
SELECT is(core.sweep_pending_accounts(now() + interval '48 hours' - interval '1 second', 10), 0::bigint, 'sweep_pending_accounts: nor within 24 hours after the lock ended');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :locked;
SELECT is(core.sweep_pending_accounts(now() + interval '1 year', 10), 0::bigint, 'sweep_pending_accounts: nor while it is blocked, or disabled');
UPDATE app.account SET state = 'pending', blocked_at = NULL WHERE id = :locked;
SELECT is(core.sweep_pending_accounts(now() + interval '48 hours', 0), 0::bigint, 'sweep_pending_accounts: no more than the batch');
SELECT is(core.sweep_pending_accounts(now() + interval '48 hours', 10), 1::bigint, 'sweep_pending_accounts: then');
SELECT is_empty(format('SELECT FROM app.mailed_code WHERE account_id = %s', :locked), 'sweep_pending_accounts: its code with it');

-- Closed accounts
SELECT pg_temp.person('bob@example.com') AS bob, pg_temp.person('eve@example.com') AS eve \gset
UPDATE app.account SET username = 'Bob' WHERE id = :bob;
SELECT core.update_profile(:bob, 'B', 'O', 'B', '1990-01-01', 'male', '123', 'US') IS NOT NULL AS done \gset
SELECT core.close_account(:bob, '192.0.2.9', NULL), core.close_account(:eve, '192.0.2.9', NULL) \gset closed_
SELECT is(core.sweep_closed_accounts(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_closed_accounts: not before 30 days');
SELECT ok(core.is_address_taken('bob@example.com'), 'sweep_closed_accounts: until then the address is taken');
SELECT is(core.sweep_closed_accounts(now() + interval '30 days', 1), 1::bigint, 'sweep_closed_accounts: no more than the batch');
SELECT is(core.sweep_closed_accounts(now() + interval '30 days', 10), 1::bigint, 'sweep_closed_accounts: then the rest');
SELECT is(core.sweep_closed_accounts(now() + interval '30 days', 10), 0::bigint, 'sweep_closed_accounts: once');
SELECT ok(NOT core.is_address_taken('bob@example.com') AND NOT core.is_username_taken('bob'), 'sweep_closed_accounts: address and username are free');
SELECT is(core.account_state(:bob), 'closed', 'sweep_closed_accounts: the number stays');
SELECT is((SELECT erased_at FROM app.account WHERE id = :bob), now() + interval '30 days', 'sweep_closed_accounts: and when it was erased');
SELECT is((SELECT first_name FROM app.account WHERE id = :ann), 'John', 'sweep_closed_accounts: nobody who is not closed');

-- Mail
SELECT core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '24 hours') AS undelivered,
    core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '24 hours') AS claimed,
    core.post_mail('confirmation', 'x@example.com', NULL, 'S', NULL, NULL, now() - interval '23 hours') AS young \gset
UPDATE app.mail SET claimed_by = 1, claimed_until = now() + interval '1 minute' WHERE id = :claimed;
SELECT is(core.sweep_undelivered_mail(now(), 0), 0::bigint, 'sweep_undelivered_mail: no more than the batch');
SELECT is(core.sweep_undelivered_mail(now(), 10), 1::bigint, 'sweep_undelivered_mail: gives up after 24 hours what nobody delivers at this moment');
SELECT results_eq(format('SELECT state, secret FROM app.mail WHERE id = %s', :undelivered), $$VALUES ('failed', NULL)$$, 'sweep_undelivered_mail: the secret is wiped');
SELECT is((SELECT state FROM app.mail WHERE id = :young), 'pending', 'sweep_undelivered_mail: younger ones wait');
SELECT is((SELECT state FROM app.mail WHERE id = :claimed), 'pending', 'sweep_undelivered_mail: so does what is being delivered');
DELETE FROM app.mail WHERE id NOT IN (:undelivered, :young);
SELECT is(core.sweep_mail(now() + interval '30 days' - interval '1 second', 10), 0::bigint, 'sweep_mail: settled mails stay 30 days');
SELECT is(core.sweep_mail(now() + interval '30 days', 0), 0::bigint, 'sweep_mail: no more than the batch');
SELECT is(core.sweep_mail(now() + interval '30 days', 10), 1::bigint, 'sweep_mail: then they go, and no pending one');

-- Audit
DELETE FROM app.audit;
SELECT core.note('test.event', NULL) IS NOT NULL AS done \gset
SELECT is(core.sweep_audit(now() + interval '90 days' - interval '1 second', 10), 0::bigint, 'sweep_audit: stays 90 days');
SELECT is(core.sweep_audit(now() + interval '90 days', 0), 0::bigint, 'sweep_audit: no more than the batch');
SELECT is(core.sweep_audit(now() + interval '90 days', 10), 1::bigint, 'sweep_audit: then it goes');

SELECT * FROM finish();
ROLLBACK;
