-- Nothing that stays (app, report_v1) depends on what every migrate drops.
SELECT DISTINCT
       pg_describe_object(d.classid, d.objid, d.objsubid) AS object,
       'depends on ' || pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS finding
  FROM pg_catalog.pg_depend AS d
 CROSS JOIN LATERAL pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS code
 CROSS JOIN LATERAL (
    SELECT CASE WHEN d.classid = 'pg_rewrite'::regclass
                THEN (SELECT c.relnamespace::regnamespace::text
                        FROM pg_catalog.pg_rewrite AS w
                       INNER JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
                       WHERE w.oid = d.objid)
                ELSE (pg_identify_object(d.classid, d.objid, d.objsubid)).schema END
 ) AS kept (schema)
 WHERE d.objid >= 16384
   AND coalesce(code.schema, CASE code.type WHEN 'schema' THEN code.name END) IN (
        SELECT n.nspname
          FROM pg_catalog.pg_namespace AS n
         WHERE n.nspowner = 'rapport_owner'::regrole AND n.nspname NOT IN ('app', 'report_v1'))
   AND (kept.schema IN ('app', 'report_v1')
        OR EXISTS (SELECT
                     FROM pg_catalog.pg_trigger AS t
                    INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
                    WHERE d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
                      AND c.relnamespace::regnamespace::text IN ('app', 'report_v1')))
 ORDER BY 1, 2;
