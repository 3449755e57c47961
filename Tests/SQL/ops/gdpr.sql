BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset

-- The map
SELECT results_eq('SELECT * FROM ops.gdpr', 'SELECT * FROM core.gdpr_map()', 'gdpr: the map');
SELECT results_eq($$SELECT column_name, person_column, person_as, is_exported, at_erasure, reason FROM ops.gdpr WHERE table_name = 'known_network' ORDER BY 1$$,
    $$VALUES ('account_id', 'account_id', 'number', false, 'row deleted', 'the number of the account'), ('last_log_in_at', 'account_id', 'number', true, 'row deleted', NULL), ('network', 'account_id', 'number', true, 'row deleted', NULL)$$,
    'gdpr: one row a column');

-- export_person
SELECT is(ops.export_person(:ann)::text, core.export_person(:ann)::text, 'export_person: all of it');
SELECT throws_ok('SELECT ops.export_person(-1)', 'RP422', 'there is no account -1', 'export_person: nobody');
SELECT throws_ok('SELECT ops.export_person(NULL)', 'RP422', NULL, 'export_person: no number');

-- erase_person
SELECT throws_ok('SELECT ops.erase_person(-1)', 'RP422', 'there is no account -1', 'erase_person: nobody');
SELECT throws_ok('SELECT ops.erase_person(NULL)', 'RP422', NULL, 'erase_person: no number');
UPDATE app.account SET is_group_creator = false;
SELECT ops.make_group_creator('ann@example.com', NULL) AS made \gset
SELECT throws_ok(format('SELECT ops.erase_person(%s)', :ann), 'RP409', format('account %s is the last GroupCreator', :ann), 'erase_person: the last GroupCreator');
SELECT is(core.find_account('ann@example.com'), :ann::bigint, 'erase_person: a refusal erases nothing');
SELECT ops.make_group_creator('next@example.com', 'password') AS made \gset
SELECT is(ops.erase_person(:ann), 'erased', 'erase_person: erased');
SELECT ok(NOT core.is_address_taken('ann@example.com'), 'erase_person: the address is free');
SELECT is(ops.export_person(:ann) #>> '{account,email}', NULL, 'erase_person: nothing is known any more');
SELECT is(ops.erase_person(:ann), 'unchanged', 'erase_person: twice');

-- Roles
SELECT table_privs_are('ops', 'gdpr', r, ARRAY[]::text[], 'gdpr: not for ' || r) FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SELECT function_privs_are('ops', f, ARRAY['bigint'], r, ARRAY[]::text[], f || ': not for ' || r)
FROM unnest(ARRAY['export_person', 'erase_person']) AS f, unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SELECT pg_temp.person('bob@example.com') AS bob \gset
SET LOCAL ROLE rapport_owner;
SELECT is(ops.export_person(:bob) #>> '{account,email}', 'bob@example.com', 'export_person: by the owner');
SELECT is(ops.erase_person(:bob), 'erased', 'erase_person: by the owner');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
