BEGIN;
SELECT no_plan();

SELECT http.define_contract('test_v1', 'plain');
SELECT http.define_error('test_v1', 'broken', 400, 'Broken', 'malformed', E'X-Test: 1\n');
SELECT http.define_refusal('test_v1', 'too_large', 'broken', 413, 'Too large');
SELECT http.define_refusal('test_v1', 'busy', 'broken', p_headers => E'Retry-After: 1\n');

SELECT results_eq(
    $$SELECT e.code, e.outcome, e.message, e.headers FROM app.error AS e WHERE e.contract = 'test_v1'$$,
    $$VALUES ('broken', 400, 'Broken', E'X-Test: 1\n')$$, 'define_error: in the catalogue');
SELECT results_eq(
    $$SELECT r.kind, r.outcome, r.message, r.headers FROM app.refusal AS r WHERE r.contract = 'test_v1' ORDER BY r.kind$$,
    $$VALUES ('busy', 400, 'Broken', E'Retry-After: 1\n'), ('malformed', 400, 'Broken', E'X-Test: 1\n'),
             ('too_large', 413, 'Too large', E'X-Test: 1\n')$$,
    'define_refusal: as in the catalogue where nothing else is said');
SELECT throws_ok($$SELECT http.define_refusal('test_v1', 'time_out', 'whole')$$, 'RP500', NULL,
    'define_refusal: only errors of the catalogue');
SELECT throws_ok($$SELECT http.define_error('test_v1', 'split', 400, 'x', NULL, 'X-Test: 1')$$, '23514', NULL,
    'define_error: every field line ends');
SELECT throws_ok($$SELECT http.define_error('test_v1', 'split', 99, 'x')$$, '23514', NULL, 'define_error: a status');
SELECT throws_ok($$SELECT http.define_contract('other_v1', 'loud')$$, '23514', NULL, 'define_contract: known styles only');
SELECT throws_ok($$SELECT http.define_space('/x', 'test_v1')$$, '23514', NULL, 'define_space: slashes at both ends');

SELECT * FROM finish();
ROLLBACK;
