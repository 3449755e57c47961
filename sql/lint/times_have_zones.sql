-- Points in time are timestamptz.
SELECT format('%s.%s', c.oid::regclass, a.attname) AS object,
       'is ' || format_type(a.atttypid, NULL) AS finding
  FROM pg_catalog.pg_attribute AS a
 INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspowner = 'rapport_owner'::regrole
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
   AND a.attnum > 0 AND NOT a.attisdropped
   AND a.atttypid IN ('timestamp'::regtype, 'timetz'::regtype)
 ORDER BY 1;
