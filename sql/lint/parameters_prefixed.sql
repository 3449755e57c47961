-- Parameters begin with p_, so that no column is ever mistaken for one. (OUT and INOUT ones name
-- results.)
SELECT p.oid::regprocedure::text AS object,
       coalesce(nullif(a.name, '') || ' does not begin with p_', 'has a parameter without name')
           AS finding
  FROM pg_catalog.pg_proc AS p
 INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs))
     AS i (number)
 CROSS JOIN LATERAL (
    SELECT p.proargnames[i.number], coalesce(p.proargmodes[i.number], 'i')) AS a (name, mode)
 WHERE n.nspowner = 'rapport_owner'::regrole
   AND p.prorettype <> 'trigger'::regtype
   AND a.mode IN ('i', 'v')
   AND coalesce(a.name, '') !~ '^p_'
 ORDER BY 1, 2;
