BEGIN;
SELECT no_plan();

SELECT is(http.parse_object(t), '{}', format('parse_object: %s is {}', coalesce(to_json(t)::text, 'NULL')))
  FROM unnest(ARRAY[NULL, '', ' ', E' \t\r\n', '{}', ' { } ']) AS t;
SELECT is(http.parse_object('{"a": {"b": [1, "ä😀"]}}'), '{"a": {"b": [1, "ä😀"]}}', 'parse_object: an object');
SELECT is(http.parse_object('{"a": 1, "a": 2}'), '{"a": 2}', 'parse_object: of two the last');

SELECT throws_ok(
    format('SELECT http.parse_object(%L)', t), 'RP400', NULL,
    format('parse_object: %s is malformed', left(t, 30)))
  FROM unnest(ARRAY[
    '[]', '1', '"a"', 'null', 'true', '{', '{"a":}', '{"a" 1}', '{"a":1}x', '{''a'':1}', E'\u00a0',
    '{"a":"\u0000"}', '{"\u0000":1}', '{"a":"\ud800"}', '{"a":"\udc00\ud800"}', '{"a":"\uZZZZ"}', E'{"a":"\x01"}',
    '{"a":1e999999}', '{"a":NaN}', repeat('[', 10000), repeat('{"a":', 10000),
    '{"a":' || repeat('[', 10000) || repeat(']', 10000) || '}']) AS t;

SELECT lives_ok(
    format('SELECT http.parse_object(%L)', repeat('{"a":', 64) || '1' || repeat('}', 64)),
    'parse_object: 64 levels');
SELECT throws_ok(
    format('SELECT http.parse_object(%L)', repeat('{"a":', 65) || '1' || repeat('}', 65)), 'RP400', NULL,
    'parse_object: 65 levels');
SELECT throws_ok(
    format('SELECT http.parse_object(%L)', '{"a":' || repeat('[', 64) || '1' || repeat(']', 64) || '}'),
    'RP400', NULL, 'parse_object: 65 levels in few characters');

SELECT is(http.body(ROW(NULL, 'POST', NULL, '{"q": 1}', '{"b": 1}', NULL, NULL, NULL, NULL, NULL)::http.request),
    '{"b": 1}', 'body: the body');
SELECT is(http.query(ROW(NULL, 'POST', NULL, '{"q": 1}', '{"b": 1}', NULL, NULL, NULL, NULL, NULL)::http.request),
    '{"q": 1}', 'query: the query');
SELECT is(http.body(ROW(NULL, 'POST', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::http.request), '{}', 'body: none is {}');

-- body_object
SELECT is(http.body_object(ROW('id', 'POST', NULL, NULL, t.body, NULL, NULL, NULL, NULL, NULL)::http.request, 'user'), t.expected::jsonb, 'body_object: ' || coalesce(t.body, 'no body'))
FROM (VALUES ('{"user": {"a": 1}}', '{"a": 1}'), ('{"user": null}', '{}'), ('{"user": [1]}', '{}'), ('{"a": 1}', '{}'), (NULL, '{}')) AS t (body, expected);
SELECT throws_ok($$SELECT http.body_object(ROW('id', 'POST', NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL)::http.request, 'user')$$, 'RP400', NULL, 'body_object: no object');

SELECT * FROM finish();
ROLLBACK;
