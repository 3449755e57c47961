-- Numbers about lockouts. Days are UTC.

CREATE OR REPLACE VIEW report_v1.lockouts_by_day AS
SELECT (u.at AT TIME ZONE 'UTC')::date AS day,
    count(*) FILTER (WHERE u.event = 'code.wrong') AS wrong_codes,
    count(*) FILTER (WHERE u.event = 'account.locked') AS locks,
    count(*) FILTER (WHERE u.event = 'account.blocked') AS blocks,
    count(*) FILTER (WHERE u.event = 'password.wrong') AS wrong_passwords,
    count(*) FILTER (WHERE u.event = 'password.refused') AS refused
FROM app.audit AS u
WHERE u.event IN (
    'code.wrong', 'account.locked', 'account.blocked', 'password.wrong', 'password.refused')
GROUP BY (u.at AT TIME ZONE 'UTC')::date;
COMMENT ON VIEW report_v1.lockouts_by_day IS
    'Wrong codes, the locks and blocks they brought, wrong passwords, and passwords refused unseen '
    'while locked, by day, of the last 90 days.';
