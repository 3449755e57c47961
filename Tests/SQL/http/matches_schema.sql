BEGIN;
SELECT no_plan();

SELECT http.define_schema('test.Pair',
    '{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"$ref": "#/components/schemas/test.Pair"}}}');

SELECT is_empty(format('SELECT http.matches_schema(%L, %L)', s, v), format('matches_schema: %s takes %s', s, v))
  FROM (VALUES
    ('true', '1'), ('{}', 'null'),
    ('{"type": "string"}', '""'), ('{"type": "integer"}', '1.0'), ('{"type": "number"}', '1.5'),
    ('{"type": "null"}', 'null'), ('{"type": ["string", "null"]}', 'null'), ('{"type": "boolean"}', 'false'),
    ('{"enum": ["a", null]}', 'null'), ('{"const": {"a": 1}}', '{"a": 1}'),
    ('{"minLength": 2, "maxLength": 3}', '"äö"'), ('{"minLength": 2}', '5'), ('{"pattern": "^a+$"}', '"aa"'),
    ('{"minimum": 1, "maximum": 2}', '2'), ('{"minItems": 1, "maxItems": 1}', '[1]'), ('{"format": "date"}', '"1990-01-01"'),
    ('{"properties": {"a": {"type": "string"}}}', '{"b": 1}'),
    ('{"properties": {"a": true}, "additionalProperties": false}', '{"a": 1}'),
    ('{"additionalProperties": {"type": "integer"}}', '{"a": 1}'), ('{"additionalProperties": true}', '{"a": 1}'),
    ('{"items": {"type": "integer"}}', '[1, 2]'), ('{"items": {"type": "integer"}}', '[]'),
    ('{"anyOf": [{"type": "string"}, {"minimum": 3}]}', '4'), ('{"oneOf": [{"type": "string"}, {"type": "null"}]}', 'null'),
    ('{"$ref": "#/components/schemas/test.Pair"}', '{"a": 1, "b": {"a": 2}}')) AS t (s, v);

SELECT results_eq(format('SELECT http.matches_schema(%L, %L)', s, v), ARRAY[f], format('matches_schema: %s refuses %s', s, v))
  FROM (VALUES
    ('false', '1', '$: is not allowed'),
    ('{"type": "string"}', '1', '$: is no string'),
    ('{"type": "integer"}', '1.5', '$: is no integer'),
    ('{"type": "integer"}', '"1"', '$: is no integer'),
    ('{"type": ["string", "null"]}', '1', '$: is no ["string", "null"]'),
    ('{"enum": ["a", null]}', '"b"', '$: is not one of ["a", null]'),
    ('{"const": "a"}', '"b"', '$: is not "a"'),
    ('{"minLength": 2}', '"ä"', '$: breaks minLength 2'),
    ('{"maxLength": 2}', '"abc"', '$: breaks maxLength 2'),
    ('{"pattern": "^a+$"}', '"ab"', '$: breaks pattern "^a+$"'),
    ('{"minimum": 1}', '0.5', '$: breaks minimum 1'),
    ('{"maximum": 1}', '2', '$: breaks maximum 1'),
    ('{"minItems": 1}', '[]', '$: breaks minItems 1'),
    ('{"maxItems": 1}', '[1, 2]', '$: breaks maxItems 1'),
    ('{"format": "date"}', '"1990-02-30"', '$: breaks format "date"'),
    ('{"required": ["a"]}', '{}', '$.a: is missing'),
    ('{"properties": {"a": {"type": "string"}}}', '{"a": 1}', '$.a: is no string'),
    ('{"properties": {"a": true}, "additionalProperties": false}', '{"b": 1}', '$.b: is not allowed'),
    ('{"items": {"type": "integer"}}', '[1, "x"]', '$[1]: is no integer'),
    ('{"anyOf": [{"type": "string"}, {"minimum": 3}]}', '2', '$: matches 0 of anyOf'),
    ('{"oneOf": [{"minimum": 1}, {"minimum": 2}]}', '3', '$: matches 2 of oneOf'),
    ('{"$ref": "#/components/schemas/test.Pair"}', '{"a": 1, "b": {"a": "x"}}', '$.b.a: is no integer'),
    ('{"$ref": "#/components/schemas/test.None"}', '1', '$: refers to "#/components/schemas/test.None", which nobody defines')
    ) AS t (s, v, f);

SELECT * FROM finish();
ROLLBACK;
