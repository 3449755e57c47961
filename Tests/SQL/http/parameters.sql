BEGIN;
SELECT no_plan();

\set none 'ARRAY[]::json[]'
SELECT is(http.wrong_field('a', 'A', 'is invalid')::text, '{"field" : "a", "message" : "A is invalid"}', 'wrong_field: with a label');
SELECT is(http.wrong_field('a', NULL, 'is invalid')::text, '{"field" : "a", "message" : "is invalid"}', 'wrong_field: without one');

-- read_text, read_email
SELECT is((http.read_text(:none, '{"a": " x "}', 'a')).value, 'x', 'read_text: the value, trimmed');
SELECT is((http.read_text(:none, '{"a": " x "}', 'a', p_trim => false)).value, ' x ', 'read_text: or as it is');
SELECT is(cardinality((http.read_text(:none, '{}', 'a')).errors), 0, 'read_text: optional');
SELECT is(cardinality((http.read_text(ARRAY['{}'::json], '{}', 'a', p_required => true)).errors), 2, 'read_text: adds to the errors');
SELECT is((http.read_text(:none, v, 'a', p_min => 2, p_max => 3, p_required => true)).errors[1] ->> 'message', m, 'read_text: ' || v::text)
FROM (VALUES ('{}'::jsonb, 'can not be blank'), ('{"a": null}', 'can not be blank'), ('{"a": "  "}', 'can not be blank'),
    ('{"a": "x"}', 'is too short (minimum is 2 characters)'), ('{"a": "xxxx"}', 'is too long (maximum is 3 characters)'),
    ('{"a": 12}', 'is invalid'), ('{"a": true}', 'is invalid'), ('{"a": []}', 'is invalid'), ('{"a": {}}', 'is invalid'), ('{"a": "x\ny"}', 'is invalid'), ('{"a": "xy"}', NULL)) AS c (v, m);
SELECT is((http.read_text(:none, '{}', 'a', 'A', p_required => true, p_blank => 'can''t be blank')).errors[1] ->> 'message', 'A can''t be blank', 'read_text: says blank as it should');
SELECT is((http.read_text(:none, '{"a": 12}', 'a', p_digits => true)).value, '12', 'read_text: a number of digits where that is allowed');
SELECT is((http.read_text(:none, '{"a": 1.2}', 'a', p_digits => true)).value, NULL, 'read_text: of digits only');
SELECT is((http.read_email(:none, '{"a": "x@example.com"}', 'a')).value, 'x@example.com', 'read_email: an address');
SELECT is((http.read_email(:none, '{"a": "x"}', 'a', 'A')).errors[1] ->> 'message', 'A is invalid', 'read_email: none');
SELECT is(cardinality((http.read_email(:none, '{}', 'a')).errors), 0, 'read_email: optional');

-- read_username
SELECT is((http.read_username(:none, jsonb_build_object('a', v), 'a', 3, 5)).value, v, 'read_username: ' || v) FROM unnest(ARRAY['abc', 'A.b-_', '12345']) AS v;
SELECT is((http.read_username(:none, jsonb_build_object('a', v), 'a', 3, 5)).errors[1] ->> 'message', m, 'read_username: not ' || v)
FROM (VALUES ('ab', 'is too short (minimum is 3 characters)'), ('abcdef', 'is too long (maximum is 5 characters)'), ('a b', 'may only have letters, digits, "_", "." and "-"'),
    ('a@bc', 'may only have letters, digits, "_", "." and "-"'), ('äbc', 'may only have letters, digits, "_", "." and "-"')) AS c (v, m);
SELECT is((http.read_username(:none, '{}', 'a', 3, 5, true)).errors[1] ->> 'message', 'can not be blank', 'read_username: required');

-- read_choice, read_past_date
SELECT is((http.read_choice(:none, '{"a": "x"}', 'a', ARRAY['x', 'y'])).value, 'x', 'read_choice: one of them');
SELECT is((http.read_choice(:none, '{"a": "X"}', 'a', ARRAY['x', 'y'], 'A')).errors[1] ->> 'message', 'A is not included in the list', 'read_choice: none of them');
SELECT is((http.read_choice(:none, '{}', 'a', ARRAY['x', 'y'])).value, NULL, 'read_choice: optional');
SELECT is((http.read_past_date(:none, '{"a": "2000-02-29"}', 'a')).value, date '2000-02-29', 'read_past_date: a date');
SELECT is((http.read_past_date(:none, '{"a": "2001-02-29"}', 'a', 'A')).errors[1] ->> 'message', 'A is not a date', 'read_past_date: none');
SELECT is((http.read_past_date(:none, '{"a": "2030-01-02"}', 'a', p_at => '2030-01-01 23:59:59+00')).errors[1] ->> 'message', 'is invalid', 'read_past_date: tomorrow');
SELECT is((http.read_past_date(:none, '{"a": "2030-01-01"}', 'a', p_at => '2030-01-01 23:59:59+00')).value, date '2030-01-01', 'read_past_date: today');

-- read_id, read_boolean
SELECT is((http.read_id(:none, v, 'a')).value, 7::bigint, 'read_id: ' || v::text) FROM unnest(ARRAY['{"a": 7}', '{"a": "7"}']::jsonb[]) AS v;
SELECT is((http.read_id(:none, v, 'a')).errors[1] ->> 'message', 'is invalid', 'read_id: not ' || v::text)
FROM unnest(ARRAY['{"a": -7}', '{"a": 7.5}', '{"a": "x"}', '{"a": true}', '{"a": [7]}', '{"a": 9999999999999999999}']::jsonb[]) AS v;
SELECT is((http.read_id(:none, '{}', 'a', true)).errors[1] ->> 'message', 'can not be blank', 'read_id: required');
SELECT is((http.read_boolean(:none, v, 'a', true)).value, w, 'read_boolean: ' || v::text)
FROM (VALUES ('{"a": true}'::jsonb, true), ('{"a": "true"}', true), ('{"a": "1"}', true), ('{"a": 1}', true), ('{"a": false}', false), ('{"a": "false"}', false), ('{"a": "0"}', false), ('{"a": 0}', false), ('{}', true), ('{"a": null}', true)) AS c (v, w);
SELECT is((http.read_boolean(:none, v, 'a', true)).errors[1] ->> 'message', 'is invalid', 'read_boolean: not ' || v::text) FROM unnest(ARRAY['{"a": "yes"}', '{"a": 2}', '{"a": []}', '{"a": ""}']::jsonb[]) AS v;
SELECT is(cardinality((http.read_boolean(:none, '{}', 'a')).errors), 0, 'read_boolean: optional');

-- read_code
SELECT is(r.value, t.value, 'read_code: ' || t.source)
  FROM (VALUES
    ('{"code": "012345"}', '012345'),
    ('{"code": " 123456\n"}', '123456'),
    ('{"code": 123456}', '123456'),
    ('{"code": 12345}', '012345'),
    ('{"code": 0}', '000000')
  ) AS t (source, value)
 CROSS JOIN LATERAL http.read_code('{}', t.source::jsonb) AS r;
SELECT is(r.errors[1] ->> 'message', t.message, 'read_code: wrong: ' || t.source)
  FROM (VALUES
    ('{}', 'can not be blank'),
    ('{"code": null}', 'can not be blank'),
    ('{"code": ""}', 'can not be blank'),
    ('{"code": "12345"}', 'is invalid'),
    ('{"code": "1234567"}', 'is invalid'),
    ('{"code": 1234567}', 'is invalid'),
    ('{"code": "12345x"}', 'is invalid'),
    ('{"code": "１２３４５６"}', 'is invalid'),
    ('{"code": -12345}', 'is invalid'),
    ('{"code": 1234.5}', 'is invalid'),
    ('{"code": true}', 'is invalid'),
    ('{"code": ["123456"]}', 'is invalid')
  ) AS t (source, message)
 CROSS JOIN LATERAL http.read_code('{}', t.source::jsonb) AS r;

SELECT * FROM finish();
ROLLBACK;
