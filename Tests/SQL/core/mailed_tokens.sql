BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT core.issue_mailed_token(:ann, 'password_reset', 'ann@example.com', '24 hours') AS first \gset
SELECT matches(:'first'::text, '^[A-Za-z0-9_-]{43}$', 'issue_mailed_token: 256 bits in base64url');
SELECT is((SELECT count(*) FROM app.mailed_token AS t WHERE t::text LIKE '%' || :'first' || '%'), 0::bigint,
    'issue_mailed_token: stored as a digest');
SELECT results_eq(format('SELECT * FROM core.find_mailed_token(%L, %L)', :'first', 'password_reset'),
    format('VALUES (%s::bigint, %L, NULL::text)', :ann, 'ann@example.com'), 'find_mailed_token: whose it is');
SELECT is_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'first', 'confirmation'),
    'find_mailed_token: not for another purpose');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L, now() + interval %L)', :'first', 'password_reset', '23:59:59'),
    'find_mailed_token: just before its end');
SELECT is_empty(format('SELECT FROM core.find_mailed_token(%L, %L, now() + interval %L)', :'first', 'password_reset', '24:00:00'),
    'find_mailed_token: at its end');
SELECT is_empty($$SELECT FROM core.find_mailed_token(NULL, 'password_reset')$$, 'find_mailed_token: of nothing');

SELECT core.issue_mailed_token(:ann, 'confirmation', 'ann@example.com', '7 days', p_flow => 'a.flow') AS confirmation \gset
SELECT core.issue_mailed_token(:ann, 'password_reset', 'ann@example.com', '24 hours') AS second \gset
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'first', 'password_reset'),
    'issue_mailed_token: the one under way lives on');
SELECT core.issue_mailed_token(:ann, 'secondary_confirmation', 'a@example.com', '7 days') AS second_a, core.issue_mailed_token(:ann, 'secondary_confirmation', 'b@example.com', '7 days') AS second_b \gset
SELECT is_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'second_a', 'secondary_confirmation'),
    'issue_mailed_token: but for a secondary address, which may be another one');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'second_b', 'secondary_confirmation'),
    'issue_mailed_token: of which the newest counts');
SELECT is_empty(format('SELECT FROM core.take_mailed_token(%L, %L, now() + interval %L)', :'second', 'password_reset', '24:00:00'),
    'take_mailed_token: not at its end');
SELECT is_empty(format('SELECT FROM core.take_mailed_token(%L, %L)', :'second', 'confirmation'),
    'take_mailed_token: not for another purpose');
SELECT isnt_empty(format('SELECT FROM core.take_mailed_token(%L, %L)', :'second', 'password_reset'),
    'take_mailed_token: once');
SELECT is_empty(format('SELECT FROM core.take_mailed_token(%L, %L)', :'second', 'password_reset'),
    'take_mailed_token: not twice');
SELECT isnt_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'confirmation', 'confirmation'),
    'take_mailed_token: those of other purposes live on');

SELECT is((SELECT f.flow FROM core.find_mailed_token(:'confirmation', 'confirmation') AS f), 'a.flow', 'find_mailed_token: in which flow it was mailed');
SELECT throws_ok(format('SELECT core.issue_mailed_token(%s, %L, %L, %L)', :ann, 'verification', 'ann@example.com', '7 days'), '23514', NULL,
    'issue_mailed_token: what proves an address says its flow');


-- may_mail_link
SELECT ok(core.may_mail_link(:ann, 'verification', now()), 'may_mail_link: the first');
SELECT core.post_mail('verification', 'ann@example.com', :ann, 'x', '{"path": "/x"}', NULL) AS mail \gset
SELECT ok(NOT core.may_mail_link(:ann, 'verification', now() + interval '59 seconds'), 'may_mail_link: one a minute');
SELECT ok(core.may_mail_link(:ann, 'verification', now() + interval '60 seconds'), 'may_mail_link: after a minute');
SELECT count(core.issue_mailed_token(:ann, 'verification', 'ann@example.com', '7 days', p_flow => 'x')) AS ten FROM generate_series(1, 10) \gset
SELECT ok(NOT core.may_mail_link(:ann, 'verification', now() + interval '6 days'), 'may_mail_link: not beyond ten');
SELECT ok(core.may_mail_link(:ann, 'verification', now() + interval '7 days'), 'may_mail_link: when they are over');

SELECT * FROM finish();
ROLLBACK;
