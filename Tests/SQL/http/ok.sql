BEGIN;
SELECT no_plan();

SELECT is(http.ok('{"a":1}'), ROW(200, 200, NULL, '{"a":1}', NULL, NULL)::http.response, 'ok: 200 with a body');
SELECT is(http.ok('{"a":1}', 5, 'secret'), ROW(200, 200, NULL, '{"a":1}', 5, 'secret')::http.response,
    'ok: with session and new token');
SELECT is(http.ok('{"a":1}', p_status => 201), ROW(201, 201, NULL, '{"a":1}', NULL, NULL)::http.response,
    'ok: with another status');

SELECT is(http.time_text('2030-01-02 03:04:05.6789+02'), '2030-01-02T01:04:05.678Z', 'time_text: UTC, to the millisecond');
SELECT is(http.time_text(NULL), NULL, 'time_text: of nothing');

SELECT * FROM finish();
ROLLBACK;
