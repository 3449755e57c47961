BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- close_account
SELECT pg_temp.person('ben@example.com', 'newpass') AS ben \gset
SELECT pg_temp.token(:ben) AS ben_token \gset
SELECT core.send_code(:ben, 'activation', 'password_reset', 'r-8') AS sent \gset
SELECT pg_temp.mailed('password_reset', 'ben@example.com') AS ben_code \gset
SELECT core.request_password_reset('ben@example.com', '/reset?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('password_reset', 'ben@example.com') AS ben_reset \gset
SELECT is(core.close_account(:ben, '192.0.2.1', 'r-9'), 'closed', 'close_account: closed');
SELECT is(core.account_state(:ben), 'closed', 'close_account: the state');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'ben_token'), 'close_account: its sessions end');
SELECT is(core.find_account('ben@example.com'), NULL, 'close_account: it is as unknown');
SELECT is(core.find_account_by_uid(md5('ben@example.com')), NULL, 'close_account: under no name');
SELECT is(pg_temp.tried(:ben, 'newpass'), 'wrong', 'close_account: its password is gone');
SELECT is(core.reset_password(:'ben_reset', 'newpass', 'x', NULL, NULL), NULL, 'close_account: its links are dead');
SELECT is(pg_temp.entered(:ben, :'ben_code', p_purpose => 'activation'), 'wrong 9', 'close_account: its codes too');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :ben AND (state = 'pending' OR secret IS NOT NULL)), 0::bigint, 'close_account: its unsent mails are given up');
SELECT ok(core.is_address_taken('Ben@example.com'), 'close_account: its address stays taken');
SELECT is((SELECT request_id FROM app.audit WHERE event = 'account.closed'), 'r-9', 'close_account: is in the audit trail');
SELECT is(core.close_account(:ben, NULL, NULL), 'not_found', 'close_account: once');
SELECT is(core.close_account(-1, NULL, NULL), 'not_found', 'close_account: of nobody');

-- disable_account, enable_account
SELECT pg_temp.person('gc@example.com') AS gc \gset
SELECT done FROM core.make_group_creator('gc@example.com', NULL, true) \gset
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT pg_temp.token(:ann) AS ann_token \gset
SELECT core.send_code(:ann, 'security_code', 'security_code', 'r') AS sent \gset
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code \gset
SELECT is(core.disable_account(:ann, 'was rude', :gc, '192.0.2.1', 'r-10'), 'disabled', 'disable_account: disabled');
SELECT results_eq(format('SELECT state, notes, disabled_at IS NOT NULL FROM app.account WHERE id = %s', :ann), $$VALUES ('disabled', 'was rude', true)$$, 'disable_account: with the notes');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'ann_token'), 'disable_account: its sessions end');
SELECT is(pg_temp.entered(:ann, :'code'), 'wrong 9', 'disable_account: its codes are dead');
SELECT ok(NOT core.send_code(:ann, 'security_code', 'security_code', 'r', now() + interval '2 minutes'), 'disable_account: it gets no new one');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :ann AND secret IS NOT NULL), 0::bigint, 'disable_account: nor those that had not gone out yet');
SELECT is((SELECT (details ->> 'by')::bigint FROM app.audit WHERE event = 'account.disabled'), :gc::bigint, 'disable_account: who did it');
SELECT is(core.disable_account(:ann, NULL, :gc, NULL, NULL, now() + interval '1 hour'), 'disabled', 'disable_account: twice');
SELECT results_eq(format('SELECT notes, disabled_at = now() FROM app.account WHERE id = %s', :ann), $$VALUES ('was rude', true)$$, 'disable_account: notes and time stay');
SELECT is(core.enable_account(:ann, :gc, NULL, NULL), 'enabled', 'enable_account: enabled');
SELECT is(core.account_state(:ann), 'active', 'enable_account: active as before');
SELECT is(core.enable_account(:ann, :gc, NULL, NULL), 'enabled', 'enable_account: twice');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'account.enabled'), 1::bigint, 'enable_account: happens once');
SELECT is(core.disable_account(:ben, NULL, :gc, NULL, NULL), 'not_found', 'disable_account: not of a closed account');
SELECT is(core.enable_account(:ben, :gc, NULL, NULL), 'not_found', 'enable_account: not of a closed account');
SELECT is(core.enable_account(-1, :gc, NULL, NULL), 'not_found', 'enable_account: of nobody');
SELECT core.make_account('new@example.com', 'secret', 'N', NULL, 'companion_v1', 'x', p_pending_for => interval '24 hours') AS new \gset
SELECT core.disable_account(:new, NULL, :gc, NULL, NULL) AS done \gset
SELECT core.enable_account(:new, :gc, NULL, NULL, now() + interval '3 days') AS done \gset
SELECT results_eq(format('SELECT state, pending_until = now() + interval %L FROM app.account WHERE id = %s', '4 days', :new), $$VALUES ('pending', true)$$, 'enable_account: never active, it is pending again, with time for a code');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :new;
SELECT core.disable_account(:new, NULL, :gc, NULL, NULL) AS done \gset
SELECT core.enable_account(:new, :gc, NULL, NULL) AS done \gset
SELECT is(core.account_state(:new), 'blocked', 'enable_account: lifts no block');

-- unblock_account
UPDATE app.account SET wrong_codes = 20, codes_locked_at = now(), codes_locked_until = now() + interval '1 day' WHERE id = :new;
SELECT is(core.unblock_account(:new, :gc, NULL, NULL), 'unblocked', 'unblock_account: unblocked');
SELECT results_eq(format('SELECT state, wrong_codes, codes_locked_until, blocked_at, pending_until >= now() + interval %L FROM app.account WHERE id = %s', '24 hours', :new),
    $$VALUES ('pending', 0, NULL::timestamptz, NULL::timestamptz, true)$$, 'unblock_account: pending, counters 0, a day for a new code');
SELECT pg_temp.tried(:ann, 'wrong') FROM generate_series(1, 10) \g /dev/null
SELECT is(pg_temp.tried(:ann, 'secret'), 'locked', 'unblock_account: of a person whose password is locked');
SELECT is(core.unblock_account(:ann, :gc, NULL, NULL), 'unblocked', 'unblock_account: done');
SELECT is(pg_temp.tried(:ann, 'secret'), 'right', 'unblock_account: lifts that lock too');
SELECT is((SELECT pending_until FROM app.account WHERE id = :ann), NULL, 'unblock_account: an active account stays one');
SELECT is(core.unblock_account(:ben, :gc, NULL, NULL), 'not_found', 'unblock_account: not of a closed account');

SELECT ok((SELECT reopened_at = now() FROM app.account WHERE id = :new), 'unblock_account: a registration counts from then');
UPDATE app.account SET created_at = now() - interval '30 days' WHERE id = :new;
SELECT core.request_password_reset('new@example.com', '/x?t=', NULL, NULL) IS NOT NULL AS done \gset
SELECT isnt(pg_temp.mailed('password_reset', 'new@example.com'), NULL, 'unblock_account: so that links can be had again');
SELECT pg_temp.person('sam@example.com') AS sam \gset
SELECT core.close_account(:sam, '192.0.2.8', 'r-11', now(), :gc) AS done \gset
SELECT is((SELECT details FROM app.audit WHERE request_id = 'r-11'), jsonb_build_object('by', :gc), 'close_account: by somebody else, who');

-- The last GroupCreator stays
SELECT is(core.close_account(:gc, NULL, NULL), 'last_group_creator', 'close_account: not the last GroupCreator');
SELECT is(core.disable_account(:gc, NULL, :gc, NULL, NULL), 'last_group_creator', 'disable_account: not the last GroupCreator');
SELECT is(core.remove_group_creator(:gc, :gc, NULL, NULL), 'last_group_creator', 'remove_group_creator: not the last one');
SELECT ok(core.is_last_group_creator(:gc), 'is_last_group_creator: it is');
SELECT ok(NOT core.is_last_group_creator(:ann), 'is_last_group_creator: nobody else is');
SELECT core.make_account('half@example.com', 'password', NULL, NULL, 'gather_v1', 'x', p_pending_for => NULL) AS half \gset
UPDATE app.account SET is_group_creator = true WHERE id = :half;
SELECT ok(core.is_last_group_creator(:gc), 'is_last_group_creator: one whose address is not proved does not count');
SELECT done FROM core.make_group_creator('ann@example.com', NULL, true) \gset
SELECT is(core.close_account(:gc, NULL, NULL), 'closed', 'close_account: one of two');
SELECT ok(NOT (SELECT is_group_creator FROM app.account WHERE id = :gc), 'close_account: is one no more');

SELECT * FROM finish();
ROLLBACK;
