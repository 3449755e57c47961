BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- read_number
SELECT is((exchange_v1.read_number(ARRAY[]::json[], t.source::jsonb, 'n', 20, 100)).value, t.value, 'read_number: ' || t.source)
FROM (VALUES ('{}', 20), ('{"n": null}', 20), ('{"n": ""}', 20), ('{"n": "1"}', 1), ('{"n": 100}', 100), ('{"n": " 7 "}', 7), ('{"n": "007"}', 7)) AS t (source, value);
SELECT is((exchange_v1.read_number(ARRAY[]::json[], t.source::jsonb, 'n', 20, 100)).errors[1] ->> 'message', t.says, 'read_number: ' || t.source)
FROM (VALUES ('{"n": "0"}', 'is not a number from 1 to 100'), ('{"n": "101"}', 'is not a number from 1 to 100'), ('{"n": "-1"}', 'is not a number from 1 to 100'),
    ('{"n": "1.5"}', 'is not a number from 1 to 100'), ('{"n": "x"}', 'is not a number from 1 to 100'), ('{"n": "99999999999999999999"}', 'is not a number from 1 to 100'),
    ('{"n": 1.5}', 'is invalid'), ('{"n": -1}', 'is invalid'), ('{"n": true}', 'is invalid'), ('{"n": ["1"]}', 'is invalid')) AS t (source, says);
SELECT is(cardinality((exchange_v1.read_number(ARRAY['{}'::json], '{"n": "0"}', 'n', 1, 9)).errors), 2, 'read_number: adds to the errors');
SELECT is(cardinality((exchange_v1.read_number(ARRAY['{}'::json], '{"n": "3"}', 'n', 1, 9)).errors), 1, 'read_number: or does not');
SELECT is((exchange_v1.read_number(ARRAY[]::json[], '{"n": "2147483647"}', 'n', 1, 2147483647)).value, 2147483647, 'read_number: up to 2^31');
SELECT is((exchange_v1.read_number(ARRAY[]::json[], '{"n": "2147483648"}', 'n', 1, 2147483647)).errors[1] ->> 'field', 'n', 'read_number: and not beyond');

-- read_page
SELECT results_eq($$SELECT page, per, cardinality(errors) FROM exchange_v1.read_page(ARRAY[]::json[], '{}')$$, 'VALUES (1, 20, 0)', 'read_page: the first, of 20');
SELECT results_eq($$SELECT page, per, cardinality(errors) FROM exchange_v1.read_page(ARRAY[]::json[], '{"page": "3", "per": "100"}')$$, 'VALUES (3, 100, 0)', 'read_page: as asked');
SELECT is((SELECT errors::text[] FROM exchange_v1.read_page(ARRAY[]::json[], '{"page": "0", "per": "101"}')),
    ARRAY['{"field" : "page", "message" : "is not a number from 1 to 2147483647"}', '{"field" : "per", "message" : "is not a number from 1 to 100"}'], 'read_page: each is told');

-- page_fields
SELECT is(exchange_v1.page_fields('/x', t.page, t.per, t.total), t.fields, format('page_fields: %s of %s a page, of %s', t.page, t.per, t.total))
FROM (VALUES
    (NULL, NULL, 183, E'X-Total-Count: 183\n'),
    (1, 20, 0, E'X-Total-Count: 0\nLink: </x?page=1&per=20>; rel="first", </x?page=1&per=20>; rel="last"\n'),
    (1, 20, 20, E'X-Total-Count: 20\nLink: </x?page=1&per=20>; rel="first", </x?page=1&per=20>; rel="last"\n'),
    (1, 20, 21, E'X-Total-Count: 21\nLink: </x?page=1&per=20>; rel="first", </x?page=2&per=20>; rel="next", </x?page=2&per=20>; rel="last"\n'),
    (2, 5, 13, E'X-Total-Count: 13\nLink: </x?page=1&per=5>; rel="first", </x?page=1&per=5>; rel="prev", </x?page=3&per=5>; rel="next", </x?page=3&per=5>; rel="last"\n'),
    (3, 5, 13, E'X-Total-Count: 13\nLink: </x?page=1&per=5>; rel="first", </x?page=2&per=5>; rel="prev", </x?page=3&per=5>; rel="last"\n'),
    (2147483647, 100, 13, E'X-Total-Count: 13\nLink: </x?page=1&per=100>; rel="first", </x?page=1&per=100>; rel="prev", </x?page=1&per=100>; rel="last"\n')
) AS t (page, per, total, fields);
SELECT set_config('rapport.public_url', 'https://rapport.example/api', true) AS public_url \gset
SELECT alike(exchange_v1.page_fields('/x', 1, 5, 13), '%</api/x?page=2&per=5>; rel="next"%', 'page_fields: under PUBLIC_URL');

-- read_new_password
SELECT is((exchange_v1.read_new_password(ARRAY[]::json[], jsonb_build_object('password', p))).value, p, 'read_new_password: taken as it is')
FROM unnest(ARRAY['12345678', '        ', ' secret ', repeat('ä', 128)]) AS p;
SELECT is((exchange_v1.read_new_password(ARRAY[]::json[], t.source)).errors[1] ->> 'message', t.says, 'read_new_password: ' || t.says)
FROM (VALUES ('{}'::jsonb, 'can not be blank'), ('{"password": "1234567"}', 'is too short (minimum is 8 characters)'), ('{"password": 12345678}', 'is invalid'),
    (jsonb_build_object('password', repeat('x', 129)), 'is too long (maximum is 128 characters)')) AS t (source, says);

-- refuse_parameters
SELECT is(exchange_v1.refuse_parameters(ARRAY[http.wrong_field('a', NULL, 'is invalid')], 5),
    ROW(400, 400, NULL, '{"message" : "Some parameters are invalid", "errors" : [{"field" : "a", "message" : "is invalid"}]}', 5, NULL)::http.response, 'refuse_parameters: 400');

SELECT * FROM finish();
ROLLBACK;
