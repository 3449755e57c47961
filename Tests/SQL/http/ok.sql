BEGIN;
SELECT no_plan();

SELECT is(http.ok('{"a":1}'), ROW(200, 200, NULL, '{"a":1}', NULL, NULL)::http.response, 'ok: 200 with a body');
SELECT is(http.ok('{"a":1}', 5, 'secret'), ROW(200, 200, NULL, '{"a":1}', 5, 'secret')::http.response,
    'ok: with session and new token');
SELECT is(http.ok('{"a":1}', p_status => 201), ROW(201, 201, NULL, '{"a":1}', NULL, NULL)::http.response,
    'ok: with another status');

SELECT * FROM finish();
ROLLBACK;
