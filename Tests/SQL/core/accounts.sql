BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- make_account
SELECT core.make_account('Ann@Example.com', 'secret', 'Ann', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS ann \gset
SELECT results_eq(format('SELECT state, email, email_key COLLATE "default", email_confirmed_at, created_via, password_flow, is_group_creator FROM app.account WHERE id = %s', :ann),
    $$VALUES ('pending', 'Ann@Example.com', 'ann@example.com', NULL::timestamptz, 'dsrt_v1', 'dsrt_v1.registration', false)$$,
    'make_account: pending, unproved');
SELECT is(core.make_account('ANN@example.COM', 'secret', 'A', NULL, 'dsrt_v1', 'x'), NULL, 'make_account: an address is taken in any case of letters');
SELECT is(core.find_account('ann@EXAMPLE.com'), :ann::bigint, 'find_account: in any case of letters');
SELECT is(core.find_account('nobody@example.com'), NULL, 'find_account: nobody');
SELECT throws_ok($$INSERT INTO app.account (email, created_via, pending_until) VALUES ('aNN@example.com', 'x', now())$$, '23505', NULL, 'app.account: addresses are unique');
SELECT throws_ok($$INSERT INTO app.account (created_via, pending_until) VALUES ('x', now())$$, '23514', NULL, 'app.account: an address is needed');
SELECT throws_ok($$INSERT INTO app.account (email, created_via) VALUES ('x@example.com', 'x')$$, '23514', NULL, 'app.account: nobody is pending for ever');
SELECT throws_ok(format($$UPDATE app.account SET state = 'active' WHERE id = %s$$, :ann), '23514', NULL, 'app.account: nobody is active without a time of activation');

-- confirm_email
SELECT core.send_confirmation(:ann, '/confirm?t=', 'dsrt_v1.registration', 'r-1') IS NOT NULL AS done \gset
SELECT results_eq($$SELECT kind, recipient, parameters, state, request_id FROM app.mail$$,
    $$VALUES ('confirmation', 'Ann@Example.com', '{"path": "/confirm?t="}'::jsonb, 'pending', 'r-1')$$, 'send_confirmation: a mail in the outbox');
SELECT pg_temp.mailed('confirmation', 'Ann@Example.com') AS first_token \gset
SELECT core.send_confirmation(:ann, '/confirm?t=', 'dsrt_v1.registration', 'r-1') IS NOT NULL AS done \gset
SELECT pg_temp.mailed('confirmation', 'Ann@Example.com') AS token \gset
SELECT is((core.confirm_email(:'token', now() + interval '7 days')).account_id, NULL, 'confirm_email: within 7 days');
SELECT is((core.confirm_email(:'token', now() + interval '7 days' - interval '1 second')).state, 'active', 'confirm_email: activates');
SELECT ok((SELECT email_confirmed_at IS NOT NULL AND activated_at IS NOT NULL FROM app.account WHERE id = :ann), 'confirm_email: proves the address');
SELECT is((core.confirm_email(:'token')).account_id, NULL, 'confirm_email: once');
SELECT is((core.confirm_email(:'first_token')).account_id, NULL, 'confirm_email: the other links die with it');

-- request_password_reset
SELECT core.request_password_reset('ANN@example.com', '/reset?t=', '192.0.2.1', 'r-2') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'password_reset'), 1::bigint, 'request_password_reset: mails');
SELECT is((SELECT recipient FROM app.mail WHERE kind = 'password_reset'), 'Ann@Example.com', 'request_password_reset: to the address as it was given first');
SELECT core.request_password_reset('ann@example.com', '/reset?t=', '192.0.2.1', 'r-2', now() + interval '59 seconds') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'password_reset'), 1::bigint, 'request_password_reset: not twice within a minute');
SELECT pg_temp.mailed('password_reset', 'Ann@Example.com') AS old_reset \gset
SELECT core.request_password_reset('ann@example.com', '/reset?t=', '192.0.2.1', 'r-2', now() + interval '60 seconds') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'password_reset'), 2::bigint, 'request_password_reset: again after a minute');
SELECT pg_temp.mailed('password_reset', 'Ann@Example.com') AS reset \gset
SELECT is((SELECT parameters ->> 'name' FROM app.mail WHERE kind = 'password_reset' LIMIT 1), 'Ann', 'request_password_reset: a proved address is greeted by name');
SELECT core.request_password_reset('nobody@example.com', '/reset?t=', '192.0.2.1', 'r-3') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'password_reset'), 2::bigint, 'request_password_reset: nobody is mailed for an unknown address');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.forgotten' AND account_id IS NULL), 1::bigint, 'request_password_reset: yet it is written down');
SELECT core.make_account('late@example.com', 'secret', 'L', NULL, 'dsrt_v1', 'x', now() - interval '7 days') AS late \gset
SELECT core.request_password_reset('late@example.com', '/reset?t=', '192.0.2.1', 'r-9') IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM app.mail WHERE account_id = %s', :late), 'request_password_reset: not for a registration that is over');

-- reset_password
SELECT pg_temp.token(:ann) AS session_token \gset
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'old_reset', 'password_reset'), 'request_password_reset: the link under way lives on');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL, now() + interval '25 hours'), NULL, 'reset_password: within 24 hours');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), :ann::bigint, 'reset_password: done');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), NULL, 'reset_password: once');
SELECT is(core.reset_password(:'old_reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), NULL, 'reset_password: the other links die with it');
SELECT is(pg_temp.tried(:ann, 'newpass'), 'right', 'reset_password: the new password counts');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'session_token'), 'reset_password: all sessions end');

-- ... of a pending account, which it proves
SELECT core.make_account('ben@example.com', 'secret', 'Ben', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS ben \gset
SELECT core.send_confirmation(:ben, '/confirm?t=', 'dsrt_v1.registration', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('confirmation', 'ben@example.com') AS confirmation \gset
SELECT core.request_password_reset('ben@example.com', '/reset?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT is((SELECT parameters ->> 'name' FROM app.mail WHERE kind = 'password_reset' AND account_id = :ben), NULL, 'request_password_reset: no name to an unproved address');
SELECT is(core.reset_password(pg_temp.mailed('password_reset', 'ben@example.com'), 'newpass', 'dsrt_v1.reset', NULL, NULL), :ben::bigint, 'reset_password: of a pending account');
SELECT is(core.account_state(:ben), 'active', 'reset_password: activates it');
SELECT is(pg_temp.tried(:ben, 'newpass'), 'right', 'reset_password: its new password lives');
SELECT is((core.confirm_email(:'confirmation')).account_id, NULL, 'reset_password: its confirmation link is spent');

-- states that get no mail
SELECT pg_temp.person('cat@example.com') AS cat \gset
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :cat;
SELECT core.request_password_reset('cat@example.com', '/reset?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :cat), 0::bigint, 'request_password_reset: not of a blocked account');
SELECT core.prove_email(:cat, 'x') IS NOT NULL AS done \gset
SELECT is(core.account_state(:cat), 'blocked', 'prove_email: unblocks nobody');

-- make_account: usernames, and what is active at once
SELECT core.make_account('dan@example.com', 'password', NULL, NULL, 'gather_v1', 'gather_v1.registration', p_username => 'Dan.Smith', p_pending_for => NULL) AS dan \gset
SELECT results_eq(format('SELECT state, username, username_key COLLATE "default", pending_until, activated_at IS NOT NULL, email_confirmed_at FROM app.account WHERE id = %s', :dan),
    $$VALUES ('active', 'Dan.Smith', 'dan.smith', NULL::timestamptz, true, NULL::timestamptz)$$, 'make_account: active at once, unproved');
SELECT is(core.make_account('dan2@example.com', 'password', NULL, NULL, 'gather_v1', 'x', p_username => 'dan.SMITH'), NULL, 'make_account: a username is taken in any case of letters');
SELECT ok(core.is_username_taken('DAN.smith'), 'is_username_taken: in any case of letters');
SELECT ok(NOT core.is_username_taken('DAN.smith', :dan), 'is_username_taken: not by somebody else');
SELECT ok(NOT core.is_username_taken(NULL), 'is_username_taken: none is nobody''s');
SELECT ok(NOT core.is_address_taken('dan2@example.com'), 'make_account: which takes no address');
SELECT core.make_account('eli@example.com', NULL, 'Eli', NULL, 'gather_v1', 'x', p_pending_for => interval '24 hours') AS eli \gset
SELECT results_eq(format('SELECT password_hash, password_flow, password_set_at, pending_until = created_at + interval %L FROM app.account WHERE id = %s', '24 hours', :eli),
    $$VALUES (NULL::text, NULL::text, NULL::timestamptz, true)$$, 'make_account: without a password');
SELECT is(pg_temp.tried(:eli, ''), 'wrong', 'make_account: with which nobody logs in');

-- verify_email
SELECT core.send_confirmation(:eli, '/verify?t=', 'exchange_v1.registration', 'r-5', 'verification') IS NOT NULL AS done \gset
SELECT is((SELECT pending_until > now() + interval '6 days' FROM app.account WHERE id = :eli), true, 'send_confirmation: as long as the link is good, the account is kept');
SELECT pg_temp.mailed('verification', 'eli@example.com') AS token \gset
SELECT is(core.verify_email(:'token', now() + interval '7 days'), NULL, 'verify_email: within 7 days');
SELECT is(core.verify_email('x'), NULL, 'verify_email: an unknown one');
SELECT is(core.verify_email(:'token'), :eli::bigint, 'verify_email: proves');
SELECT is(core.account_state(:eli), 'active', 'verify_email: activates');
SELECT is(core.verify_email(:'token'), :eli::bigint, 'verify_email: twice succeeds twice');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'email.confirmed' AND account_id = :eli), 1::bigint, 'verify_email: yet happens once');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :eli;
SELECT is(core.verify_email(:'token'), :eli::bigint, 'verify_email: of a disabled account');
SELECT is(core.account_state(:eli), 'disabled', 'verify_email: which it does not enable');

-- the flow travels with the link
SELECT pg_temp.token(:dan) AS dan_token \gset
SELECT core.send_confirmation(:dan, '/confirm?t=', 'gather_v1.registration', 'r-6') IS NOT NULL AS done \gset
SELECT is((core.confirm_email(pg_temp.mailed('confirmation', 'dan@example.com'))).state, 'active', 'confirm_email: a link of another contract');
SELECT is(pg_temp.tried(:dan, 'password'), 'right', 'confirm_email: its flow is the one that mailed it');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'dan_token'), 'confirm_email: so its sessions go on');

SELECT * FROM finish();
ROLLBACK;
