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
SELECT is_empty(format('SELECT FROM core.take_mailed_token(%L, %L)', :'first', 'password_reset'),
    'issue_mailed_token: a new one kills the old one');
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

SELECT * FROM finish();
ROLLBACK;
