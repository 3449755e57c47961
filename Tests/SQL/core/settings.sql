BEGIN;
SELECT no_plan();

SELECT is(core.setting('bcrypt_cost'), value, 'setting: what the row says') FROM app.setting WHERE name = 'bcrypt_cost';
SELECT is(core.setting('nonsense'), NULL, 'setting: NULL without a row');
SELECT throws_ok(format('UPDATE app.setting SET value = %L WHERE name = %L', v, 'bcrypt_cost'), '23514', NULL, 'app.setting: a cost of ' || v)
FROM unnest(ARRAY['', '3', '17', 'ten', '10 ']) AS v;

SELECT * FROM finish();
ROLLBACK;
