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
SELECT throws_ok($$INSERT INTO app.account (email, created_via) VALUES ('aNN@example.com', 'x')$$, '23505', NULL, 'app.account: addresses are unique');
SELECT throws_ok($$INSERT INTO app.account (created_via) VALUES ('x')$$, '23514', NULL, 'app.account: an address is needed');
SELECT throws_ok(format($$UPDATE app.account SET state = 'active' WHERE id = %s$$, :ann), '23514', NULL, 'app.account: nobody is active without a time of activation');

-- confirm_email
SELECT core.send_confirmation(:ann, '/confirm?t=', 'r-1') IS NOT NULL AS done \gset
SELECT results_eq($$SELECT kind, recipient, parameters, state, request_id FROM app.mail$$,
    $$VALUES ('confirmation', 'Ann@Example.com', '{"path": "/confirm?t="}'::jsonb, 'pending', 'r-1')$$, 'send_confirmation: a mail in the outbox');
SELECT pg_temp.mailed('confirmation', 'Ann@Example.com') AS first_token \gset
SELECT core.send_confirmation(:ann, '/confirm?t=', 'r-1') IS NOT NULL AS done \gset
SELECT pg_temp.mailed('confirmation', 'Ann@Example.com') AS token \gset
SELECT is((core.confirm_email(:'first_token', 'dsrt_v1.registration')).account_id, NULL, 'confirm_email: the newer link counts');
SELECT is((core.confirm_email(:'token', 'dsrt_v1.registration', now() + interval '7 days')).account_id, NULL, 'confirm_email: within 7 days');
SELECT is((core.confirm_email(:'token', 'dsrt_v1.registration', now() + interval '7 days' - interval '1 second')).state, 'active', 'confirm_email: activates');
SELECT ok((SELECT email_confirmed_at IS NOT NULL AND activated_at IS NOT NULL FROM app.account WHERE id = :ann), 'confirm_email: proves the address');
SELECT is((core.confirm_email(:'token', 'dsrt_v1.registration')).account_id, NULL, 'confirm_email: once');

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
SELECT is(core.reset_password(:'old_reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), NULL, 'reset_password: the newer link counts');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL, now() + interval '25 hours'), NULL, 'reset_password: within 24 hours');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), :ann::bigint, 'reset_password: done');
SELECT is(core.reset_password(:'reset', 'newpass', 'dsrt_v1.reset', NULL, NULL), NULL, 'reset_password: once');
SELECT ok(core.try_password(:ann, 'newpass', NULL, NULL, 'test'), 'reset_password: the new password counts');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'session_token'), 'reset_password: all sessions end');

-- ... of a pending account, which it proves
SELECT core.make_account('ben@example.com', 'secret', 'Ben', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS ben \gset
SELECT core.send_confirmation(:ben, '/confirm?t=', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('confirmation', 'ben@example.com') AS confirmation \gset
SELECT core.request_password_reset('ben@example.com', '/reset?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT is((SELECT parameters ->> 'name' FROM app.mail WHERE kind = 'password_reset' AND account_id = :ben), NULL, 'request_password_reset: no name to an unproved address');
SELECT is(core.reset_password(pg_temp.mailed('password_reset', 'ben@example.com'), 'newpass', 'dsrt_v1.reset', NULL, NULL), :ben::bigint, 'reset_password: of a pending account');
SELECT is(core.account_state(:ben), 'active', 'reset_password: activates it');
SELECT ok(core.try_password(:ben, 'newpass', NULL, NULL, 'test'), 'reset_password: its new password lives');
SELECT is((core.confirm_email(:'confirmation', 'dsrt_v1.registration')).account_id, NULL, 'reset_password: its confirmation link is spent');

-- states that get no mail
SELECT pg_temp.person('cat@example.com') AS cat \gset
UPDATE app.account SET state = 'blocked' WHERE id = :cat;
SELECT core.request_password_reset('cat@example.com', '/reset?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :cat), 0::bigint, 'request_password_reset: not of a blocked account');
SELECT core.prove_email(:cat, 'x') IS NOT NULL AS done \gset
SELECT is(core.account_state(:cat), 'blocked', 'prove_email: unblocks nobody');

-- close_account
SELECT pg_temp.token(:ben) AS ben_token \gset
SELECT core.request_password_reset('ben@example.com', '/reset?t=', NULL, NULL, now() + interval '2 minutes') IS NOT NULL AS done \gset
SELECT pg_temp.mailed('password_reset', 'ben@example.com') AS ben_reset \gset
SELECT core.close_account(:ben, '192.0.2.1', 'r-9') IS NOT NULL AS done \gset
SELECT is(core.account_state(:ben), 'closed', 'close_account: closed');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'ben_token'), 'close_account: its sessions end');
SELECT is(core.find_account('ben@example.com'), NULL, 'close_account: it is as unknown');
SELECT ok(NOT core.try_password(:ben, 'newpass', NULL, NULL, 'test'), 'close_account: its password is gone');
SELECT is(core.reset_password(:'ben_reset', 'newpass', 'x', NULL, NULL), NULL, 'close_account: its links are dead');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :ben AND (state = 'pending' OR secret IS NOT NULL)), 0::bigint, 'close_account: its unsent mails are given up');
SELECT ok(core.is_address_taken('Ben@example.com'), 'close_account: its address stays taken');
SELECT is((SELECT request_id FROM app.audit WHERE event = 'account.closed'), 'r-9', 'close_account: is in the audit trail');

SELECT * FROM finish();
ROLLBACK;
