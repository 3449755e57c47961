-- Every foreign key has an index that begins with its columns, and says what ON DELETE does.
SELECT c.conrelid::regclass::text AS object, format('%s: %s', c.conname, v.finding) AS finding
  FROM pg_catalog.pg_constraint AS c
 CROSS JOIN LATERAL (VALUES
    ('no index begins with its columns', NOT EXISTS (
        SELECT
          FROM pg_catalog.pg_index AS i
         WHERE i.indrelid = c.conrelid
           AND i.indpred IS NULL
           AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)),
    ('ON DELETE is not said', c.confdeltype = 'a')
 ) AS v (finding, holds)
 WHERE c.contype = 'f' AND c.connamespace = 'app'::regnamespace AND v.holds
 ORDER BY 1, 2;
