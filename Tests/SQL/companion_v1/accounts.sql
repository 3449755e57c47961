BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

SELECT pg_temp.creator('gc@example.com') AS gc, pg_temp.companion('jane.doe@example.com') AS jane, pg_temp.companion('ann@example.com') AS ann,
    pg_temp.companion('bob@example.com') AS bob \gset
SELECT pg_temp.token(:gc) AS gc_token, pg_temp.token(:jane) AS jane_token, pg_temp.token(:ann) AS ann_token \gset
CREATE FUNCTION pg_temp.of(p_user_id bigint, p_more jsonb DEFAULT '{}') RETURNS text
LANGUAGE sql
AS $function$ SELECT (jsonb_build_object('user_id', p_user_id) || p_more)::text $function$;

-- A GroupCreator whose address was never proved is none.
SELECT core.make_account('unproved@example.com', 'long enough', NULL, NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS unproved \gset
UPDATE app.account SET is_group_creator = true WHERE id = :unproved;
SELECT pg_temp.token(:unproved) AS unproved_token \gset

-- What only GroupCreators may do, and who is not asked for parameters
SELECT is(pg_temp.told(f, b, t.token), t.expected, f || ': ' || t.label || ' with ' || b)
FROM (VALUES
    ('no token', NULL, '401 LOGIN_REQUIRED'), ('a wrong token', 'nonsense', '401 LOGIN_REQUIRED'), ('somebody', :'jane_token', '403 NOT_ALLOWED'),
    ('a GroupCreator without proof', :'unproved_token', '403 NOT_ALLOWED')
) AS t (label, token, expected)
CROSS JOIN unnest(ARRAY['disable_account', 'unblock_account', 'remove_group_creator', 'create_group_creator']) AS f
CROSS JOIN unnest(ARRAY[pg_temp.of(:ann), pg_temp.of(:jane), '{}']) AS b;
SELECT is(pg_temp.faults(f, b, :'gc_token'), ARRAY['user_id can not be blank'], f || ': ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['disable_account', 'unblock_account', 'remove_group_creator']) AS f, unnest(ARRAY['{}', NULL, '{"user_id": null}', '{"user_id": ""}']) AS b;
SELECT is(pg_temp.faults(f, format('{"user_id": %s}', v), :'gc_token'), ARRAY['user_id is invalid'], f || ': user_id ' || v)
FROM unnest(ARRAY['disable_account', 'unblock_account', 'remove_group_creator', 'delete_account']) AS f, unnest(ARRAY['"x"', '-1', '1.5', 'true', '[1]']) AS v;
SELECT is(pg_temp.told(f, '{"user_id": 0}', :'gc_token'), '404 NOT_FOUND', f || ': nobody')
FROM unnest(ARRAY['disable_account', 'unblock_account', 'remove_group_creator', 'delete_account']) AS f;
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L, %L)', f, '[]', :'gc_token'), 'RP400', NULL, f || ': malformed')
FROM unnest(ARRAY['disable_account', 'unblock_account', 'remove_group_creator', 'delete_account', 'create_group_creator']) AS f;

-- disable_the_account
SELECT is(pg_temp.said('disable_account', pg_temp.of(:ann, '{"notes": " Asked three people\nfor money "}'), :'gc_token'), '{"success" : true}', 'disable: the answer');
SELECT results_eq(format('SELECT state, disabled_at, notes FROM app.account WHERE id = %s', :ann), $$VALUES ('disabled', now(), E'Asked three people\nfor money')$$, 'disable: with notes');
SELECT is_empty(format('SELECT FROM app.session WHERE account_id = %s', :ann), 'disable: sessions end');
SELECT is((SELECT details ->> 'by' FROM app.audit WHERE event = 'account.disabled' AND account_id = :ann), :'gc', 'disable: who did it');
SELECT is(pg_temp.told('disable_account', pg_temp.of(:ann, '{"disabled": "true", "notes": "  "}'), :'gc_token'), '200', 'disable: twice, as a form sends it');
SELECT is((SELECT notes FROM app.account WHERE id = :ann), E'Asked three people\nfor money', 'disable: without notes the older ones are kept');
SELECT is(pg_temp.told('disable_account', pg_temp.of(:ann, jsonb_build_object('notes', repeat('ä', 5000))), :'gc_token'), '200', 'disable: notes of 5000 characters');
SELECT is(pg_temp.faults('disable_account', t.body, :'gc_token'), t.faults, 'disable: ' || left(t.body, 60))
FROM (VALUES
    (pg_temp.of(:ann, jsonb_build_object('notes', repeat('x', 5001))), ARRAY['notes is too long (maximum is 5000 characters)']),
    (pg_temp.of(:ann, '{"notes": 5}'), ARRAY['notes is invalid']),
    (pg_temp.of(:ann, '{"disabled": "maybe"}'), ARRAY['disabled is invalid']),
    ('{"user_id": "x", "disabled": [], "notes": {}}', ARRAY['user_id is invalid', 'disabled is invalid', 'notes is invalid'])
) AS t (body, faults);
SELECT is(pg_temp.told('login', '{"email": "ann@example.com", "password": "long enough"}'), '403 ACCOUNT_DISABLED', 'disable: no log-in');
SELECT is(pg_temp.said('disable_account', pg_temp.of(:ann, '{"disabled": false}'), :'gc_token'), '{"success" : true}', 'enable: the answer');
SELECT is(pg_temp.told('login', '{"email": "ann@example.com", "password": "long enough"}'), '200', 'enable: log-in again');
SELECT is(pg_temp.told('disable_account', pg_temp.of(:ann, '{"disabled": 0}'), :'gc_token'), '200', 'enable: what is not disabled');
SELECT is(pg_temp.said('disable_account', pg_temp.of(:gc), :'gc_token'),
    '{"success" : false, "reason" : {"code" : "NOT_ALLOWED", "message" : "This is the last GroupCreator"}}', 'disable: not the last GroupCreator');
SELECT set_eq($$SELECT path FROM app.route WHERE function = 'companion_v1.disable_account'$$,
    ARRAY['/api/user/disable_the_accoun', '/api/user/disable_the_account'], 'disable: at both spellings');

-- unblock_the_account
UPDATE app.account SET wrong_codes = 15, codes_locked_at = now(), codes_locked_until = now() + interval '24 hours' WHERE id = :bob;
SELECT pg_temp.told('login', '{"email": "bob@example.com", "password": "wrong"}') FROM generate_series(1, 10) \g /dev/null
SELECT is(pg_temp.told('login', '{"email": "bob@example.com", "password": "long enough"}'), '423 ACCOUNT_LOCKED', 'unblock: setting out');
SELECT is(pg_temp.said('unblock_account', pg_temp.of(:bob), :'gc_token'), '{"success" : true}', 'unblock: the answer');
SELECT is(pg_temp.told('login', '{"email": "bob@example.com", "password": "long enough"}'), '200', 'unblock: lifts every lock');
SELECT results_eq(format('SELECT state, wrong_codes, codes_locked_until FROM app.account WHERE id = %s', :bob), $$VALUES ('active', 0, NULL::timestamptz)$$, 'unblock: all counters 0');
SELECT is((SELECT details ->> 'by' FROM app.audit WHERE event = 'account.unblocked' AND account_id = :bob), :'gc', 'unblock: who did it');
SELECT is(pg_temp.told('unblock_account', pg_temp.of(:gc), :'gc_token'), '200', 'unblock: oneself');

-- delete_account
SELECT is(pg_temp.told('delete_account', b, t), '401 LOGIN_REQUIRED', 'delete: ' || coalesce('token ' || t, 'no token'))
FROM unnest(ARRAY[NULL, pg_temp.of(:jane)]) AS b, unnest(ARRAY['nonsense', NULL]) AS t;
SELECT is(pg_temp.said('delete_account', pg_temp.of(u), :'jane_token'),
    '{"success" : false, "reason" : {"code" : "NOT_ALLOWED", "message" : "You are not allowed to do this"}}', 'delete: not somebody else''s, whether or not there is one')
FROM unnest(ARRAY[:bob, :gc, 0]) AS u;
SELECT is(pg_temp.told('delete_account', pg_temp.of(:bob), :'unproved_token'), '403 NOT_ALLOWED', 'delete: nor by a GroupCreator without proof');
SELECT is(pg_temp.told('delete_account', '{"user_id": "x"}', :'jane_token'), '400 INVALID_PARAMETERS', 'delete: a wrong user_id deletes nothing');
SELECT pg_temp.token(:jane) AS jane_other \gset
SELECT is(pg_temp.said('delete_account', pg_temp.of(:jane), :'jane_token'), '{"success" : true}', 'delete: one''s own');
SELECT results_eq(format('SELECT state, closed_at FROM app.account WHERE id = %s', :jane), $$VALUES ('closed', now())$$, 'delete: the account is closed');
SELECT is(pg_temp.told('logout', NULL, t), '401 LOGIN_REQUIRED', 'delete: all sessions end') FROM unnest(ARRAY[:'jane_token', :'jane_other']) AS t;
SELECT is(pg_temp.told('login', '{"email": "jane.doe@example.com", "password": "long enough"}'), '401 WRONG_CREDENTIALS', 'delete: as unknown from now on');
SELECT is(pg_temp.told('delete_account', NULL, pg_temp.token(:ann)), '200', 'delete: without user_id one''s own');
SELECT is(pg_temp.told('delete_account', pg_temp.of(:bob), :'gc_token'), '200', 'delete: anybody''s by a GroupCreator');
SELECT is(core.account_state(:bob), 'closed', 'delete: closed too');
SELECT is(pg_temp.said('delete_account', pg_temp.of(:bob), :'gc_token'), '{"success" : false, "reason" : {"code" : "NOT_FOUND", "message" : "There is no such thing"}}', 'delete: closed before');
SELECT is(pg_temp.told(f, pg_temp.of(:bob, b), :'gc_token'), '404 NOT_FOUND', f || ': of a closed account, ' || b)
FROM unnest(ARRAY['disable_account', 'unblock_account']) AS f, unnest(ARRAY['{}', '{"disabled": false}']::jsonb[]) AS b;

-- The last GroupCreator; with another one either may go.
SELECT is(pg_temp.said('delete_account', b, :'gc_token'),
    '{"success" : false, "reason" : {"code" : "NOT_ALLOWED", "message" : "This is the last GroupCreator"}}', 'delete: not the last GroupCreator, with ' || coalesce(b, 'no body'))
FROM unnest(ARRAY[NULL, pg_temp.of(:gc)]) AS b;
SELECT pg_temp.creator('other@example.com') AS other \gset
SELECT pg_temp.token(:other) AS other_token \gset
SELECT is(pg_temp.told('disable_account', pg_temp.of(:other), :'gc_token'), '200', 'disable: another GroupCreator');
SELECT is(pg_temp.told('delete_account', NULL, :'gc_token'), '403 NOT_ALLOWED', 'delete: the other one disabled, this is the last');
SELECT is(pg_temp.told('disable_account', pg_temp.of(:other, '{"disabled": false}'), :'gc_token'), '200', 'enable: another GroupCreator');
SELECT pg_temp.token(:other) AS other_token \gset
SELECT is(pg_temp.told('delete_account', pg_temp.of(:gc), :'other_token'), '200', 'delete: one GroupCreator another');
SELECT is(pg_temp.told('delete_account', pg_temp.of(:other), :'gc_token'), '401 LOGIN_REQUIRED', 'delete: who has nothing more to say');
SELECT is(pg_temp.told('disable_account', '{"user_id": 0}', :'other_token'), '404 NOT_FOUND', 'delete: unlike the other');

-- Roles
SELECT function_privs_are('companion_v1', f, ARRAY['http.request'], r, p, f || ': ' || r)
FROM unnest(ARRAY['delete_account', 'disable_account', 'unblock_account']) AS f
CROSS JOIN (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);
SELECT function_privs_are('companion_v1', 'acting_group_creator', ARRAY['text'], 'rapport_api', ARRAY[]::text[], 'acting_group_creator: not published');

SELECT * FROM finish();
ROLLBACK;
