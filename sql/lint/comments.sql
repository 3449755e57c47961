-- Everything that has a name says what it is for.
SELECT o.object, 'has no comment' AS finding
  FROM (SELECT 'schema ' || n.nspname, n.oid, obj_description(n.oid, 'pg_namespace')
          FROM pg_catalog.pg_namespace AS n
         UNION ALL
        SELECT c.oid::regclass::text, n.oid, obj_description(c.oid, 'pg_class')
          FROM pg_catalog.pg_class AS c
         INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
         UNION ALL
        SELECT t.oid::regtype::text, n.oid, obj_description(t.oid, 'pg_type')
          FROM pg_catalog.pg_type AS t
         INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
          LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
         WHERE t.typtype IN ('e', 'd') OR c.relkind = 'c'
         UNION ALL
        SELECT p.oid::regprocedure::text, n.oid, obj_description(p.oid, 'pg_proc')
          FROM pg_catalog.pg_proc AS p
         INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
       ) AS o (object, namespace, comment)
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = o.namespace
 WHERE coalesce(o.comment, '') = ''
   AND (n.nspowner = 'rapport_owner'::regrole OR o.object = 'schema ext')
 ORDER BY 1;
