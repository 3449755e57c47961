-- The comment of a contract function begins with a route it serves (GET /noop, or GET, POST
-- /confirm), so that either leads to the other.
SELECT DISTINCT ON (r.function) r.function AS object,
       format('its comment does not begin with %s %s', r.method, r.path) AS finding
  FROM app.route AS r
 WHERE NOT EXISTS (
    SELECT
      FROM app.route AS o
     CROSS JOIN LATERAL obj_description(
         to_regprocedure(o.function || '(http.request)'), 'pg_proc') AS c (comment)
     WHERE o.function = r.function
       AND c.comment ~ ('^([A-Z]+, )*' || o.method || '(, [A-Z]+)* /')
       AND starts_with(regexp_replace(c.comment, '^([A-Z]+, )*[A-Z]+ ', ''), o.path))
 ORDER BY r.function, r.method, r.path;
