BEGIN;
SELECT no_plan();

SELECT matches(core.new_token(), '^[A-Za-z0-9_-]{43}$', 'new_token: 256 bits in base64url');
SELECT is(count(DISTINCT core.new_token()), 1000::bigint, 'new_token: never the same') FROM generate_series(1, 1000);
SELECT is(core.token_hash('abc'), '\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'::bytea, 'token_hash: SHA-256 (FIPS 180-4)');
SELECT is(core.token_hash(NULL), NULL, 'token_hash: of nothing is nothing');

SELECT * FROM finish();
ROLLBACK;
