-- rapport_api executes functions and does nothing else; rapport_report reads report_v1 and nothing
-- else.
SELECT c.oid::regclass::text AS object, format('%s may %s it', r.role, p.privilege) AS finding
  FROM pg_catalog.pg_class AS c
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 CROSS JOIN (VALUES ('rapport_api'), ('rapport_report')) AS r (role)
 CROSS JOIN LATERAL (
    SELECT v.privilege
      FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'),
                   ('TRIGGER')) AS v (privilege)
     WHERE c.relkind <> 'S' AND has_table_privilege(r.role, c.oid, v.privilege)
     UNION ALL
    SELECT v.privilege || ' columns of'
      FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) AS v (privilege)
     WHERE c.relkind <> 'S' AND NOT has_table_privilege(r.role, c.oid, v.privilege)
       AND has_any_column_privilege(r.role, c.oid, v.privilege)
     UNION ALL
    SELECT v.privilege
      FROM (VALUES ('SELECT'), ('USAGE'), ('UPDATE')) AS v (privilege)
     WHERE c.relkind = 'S' AND has_sequence_privilege(r.role, c.oid, v.privilege)) AS p
 WHERE (n.nspowner = 'rapport_owner'::regrole OR n.nspname = 'ext')
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
   AND NOT (r.role = 'rapport_report' AND n.nspname = 'report_v1' AND p.privilege = 'SELECT')
 ORDER BY 1, 2;
