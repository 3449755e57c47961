BEGIN;
SELECT no_plan();

SELECT http.define_route('GET', '/api/v1/user/profile/test', 'dsrt_v1.test');
SELECT http.define_route('GET', '/api/v1/user/profile', 'gather_v1.test');
SELECT http.define_route('GET', '/api/v1/test', 'gather_v1.test', p_credential => 'none', p_lane => 'slow');
SELECT http.define_route('GET', '/test', 'http.test');

SELECT results_eq(
    $$SELECT r.path, r.contract, r.space FROM app.route AS r WHERE r.function LIKE '%.test' ORDER BY r.path COLLATE "C"$$,
    $$VALUES ('/api/v1/test', 'gather_v1', '/api/v1/'), ('/api/v1/user/profile', 'gather_v1', '/api/v1/user/profile/'),
             ('/api/v1/user/profile/test', 'dsrt_v1', '/api/v1/user/profile/'), ('/test', 'http', '/')$$,
    'define_route: the contract is the function''s schema, the space the longest prefix');
SELECT results_eq(
    $$SELECT r.credential, r.lane, r.time_limit_ms, r.body_limit, r.examples, r.errors, r.changes_on_get, r.media_types,
             r.deprecated
        FROM app.route AS r WHERE r.path = '/test'$$,
    $$VALUES ('required', 'fast', 5000, 12582912, '[]'::jsonb, '{}'::text[], false, '{application/json}'::text[], false)$$,
    'define_route: what is not said is strict');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/test', 'http.other')$$, '23505', NULL, 'define_route: one function a path');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/other', 'no_such.test')$$, '23503', NULL, 'define_route: of a known contract');
SELECT throws_ok(
    $$SELECT http.define_route('FETCH', '/other', 'http.test')$$, '23514', NULL, 'define_route: known methods only');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/other', 'http.test', p_lane => 'middle')$$, '23514', NULL,
    'define_route: known lanes only');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/other', 'http.test', p_credential => 'maybe')$$, '23514', NULL,
    'define_route: known credentials only');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/other', 'http.test, pg_sleep(9)')$$, '23514', NULL,
    'define_route: the name of a function, nothing else');
SELECT lives_ok(
    $$SELECT http.define_route('GET', '/other', 'http.test', p_body_limit => 12582912)$$, 'define_route: bodies up to 12 MiB');
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/more', 'http.test', p_body_limit => 12582913)$$, '23514', NULL,
    'define_route: none beyond');

SELECT lives_ok(
    $$SELECT http.define_route('GET', '/page', 'http.test', p_media_types => '{application/json,text/html}')$$,
    'define_route: a page beside JSON');
SELECT is(r.media_types, '{application/json,text/html}', 'define_route: media types in the order given')
  FROM app.route AS r WHERE r.path = '/page';
SELECT throws_ok(
    format($$SELECT http.define_route('GET', '/more', 'http.test', p_media_types => %L)$$, t), 'RP500', NULL,
    'define_route: is no list of media types: ' || coalesce(t, 'NULL'))
  FROM unnest(ARRAY[NULL, '{}', '{NULL}', '{html}', '{text/}', '{/html}', '{text/html/x}', '{Text/HTML}', '{*/*}',
                    '{"text/html; charset=utf-8"}', '{"text/html,text/plain"}', '{application/json,html}']) AS t;

DELETE FROM app.path_space WHERE prefix = '/';
SELECT throws_ok(
    $$SELECT http.define_route('GET', '/nowhere', 'dsrt_v1.test')$$, 'RP500', NULL, 'define_route: no space, no route');

SELECT * FROM finish();
ROLLBACK;
