-- core.gdpr_map knows every column of the data, names nothing that is not there, and is of one mind
-- about each table: nothing about a person is forgotten at export and erasure.
WITH told AS (
    SELECT m.*, r.oid AS relation, a.attnum, a.attnotnull, a.atthasdef
      FROM core.gdpr_map() AS m
      LEFT JOIN pg_catalog.pg_class AS r
        ON r.relnamespace = 'app'::regnamespace AND r.relname = m.table_name
       AND r.relkind IN ('r', 'p')
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = r.oid AND a.attname = m.column_name AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT format('%s.%s', r.relname, a.attname) AS object, 'is not in core.gdpr_map' AS finding
  FROM pg_catalog.pg_class AS r
 INNER JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE r.relnamespace = 'app'::regnamespace AND r.relkind IN ('r', 'p') AND NOT r.relispartition
   AND NOT EXISTS (
    SELECT
      FROM told AS t
     WHERE t.relation = r.oid AND t.column_name IN (a.attname, '*'))
 UNION ALL
SELECT format('%s.%s', r.relname, a.attname),
       'refers to a person, which is not how core.gdpr_map says that its table does'
  FROM pg_catalog.pg_constraint AS c
 INNER JOIN pg_catalog.pg_class AS r ON r.oid = c.conrelid
 INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = ANY (c.conkey)
 WHERE c.contype = 'f' AND c.confrelid = 'app.account'::regclass
   AND NOT EXISTS (
    SELECT FROM told AS t WHERE t.relation = r.oid AND t.person_column = a.attname)
 UNION ALL
SELECT format('%s.%s', t.table_name, t.column_name), f.finding
  FROM told AS t
 CROSS JOIN LATERAL (VALUES
    ('is in core.gdpr_map, but not in the data',
     t.relation IS NULL OR (t.attnum IS NULL AND t.column_name <> '*')),
    ('is in core.gdpr_map more than once',
     1 < (SELECT count(*)
            FROM told AS o
           WHERE o.table_name = t.table_name AND o.column_name IN (t.column_name, '*'))),
    ('has an unknown word in core.gdpr_map',
     t.person_as NOT IN ('number', 'account:number', 'nobody')
     OR t.at_erasure NOT IN ('row deleted', 'emptied', 'kept')),
    ('is of another mind than the other columns of its table',
     EXISTS (SELECT
               FROM told AS o
              WHERE o.table_name = t.table_name
                AND ((o.person_as, o.person_column)
                        IS DISTINCT FROM (t.person_as, t.person_column)
                     OR (o.at_erasure = 'row deleted') <> (t.at_erasure = 'row deleted')))),
    ('does not say by which column its table names a person',
     (t.person_as = 'nobody') <> (t.person_column IS NULL)
     OR (t.person_column IS NOT NULL AND NOT EXISTS (
        SELECT
          FROM pg_catalog.pg_attribute AS a
         WHERE a.attrelid = t.relation AND a.attname = t.person_column AND NOT a.attisdropped))),
    ('is listed as a whole, or as about nobody, but is about a person',
     (t.column_name = '*') <> (t.person_as = 'nobody')
     OR (t.person_as = 'nobody' AND (t.is_exported OR t.at_erasure <> 'kept'))),
    ('is kept or not given out, and no reason is told',
     (t.at_erasure = 'kept' OR NOT t.is_exported) AND coalesce(t.reason, '') = ''),
    ('is emptied, but is NOT NULL and has no default',
     t.at_erasure = 'emptied' AND t.attnotnull AND NOT t.atthasdef)
 ) AS f (finding, holds)
 WHERE f.holds
 ORDER BY 1, 2;
