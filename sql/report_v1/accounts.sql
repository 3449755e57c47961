-- Numbers about accounts and log-ins. Days are UTC.

CREATE OR REPLACE VIEW report_v1.accounts_by_day AS
SELECT e.day, e.contract,
    count(*) FILTER (WHERE e.event = 'created') AS created,
    count(*) FILTER (WHERE e.event = 'activated') AS activated,
    count(*) FILTER (WHERE e.event = 'closed') AS closed
FROM (
    SELECT (a.created_at AT TIME ZONE 'UTC')::date AS day, a.created_via AS contract,
        'created' AS event
    FROM app.account AS a
    UNION ALL
    SELECT (a.activated_at AT TIME ZONE 'UTC')::date, a.created_via, 'activated'
    FROM app.account AS a
    WHERE a.activated_at IS NOT NULL
    UNION ALL
    SELECT (a.closed_at AT TIME ZONE 'UTC')::date, a.created_via, 'closed'
    FROM app.account AS a
    WHERE a.closed_at IS NOT NULL) AS e
GROUP BY e.day, e.contract;
COMMENT ON VIEW report_v1.accounts_by_day IS
    'Accounts created, activated and closed by day and by the contract they were made through. '
    'Registrations that were never confirmed disappear when they are deleted: after 24 hours where a '
    'code was to confirm them, after 7 days where a link was.';

CREATE OR REPLACE VIEW report_v1.accounts_by_state AS
SELECT a.state, a.created_via AS contract, count(*) AS accounts,
    count(*) FILTER (WHERE a.email_confirmed_at IS NOT NULL) AS with_proved_address
FROM app.account AS a
WHERE a.erased_at IS NULL
GROUP BY a.state, a.created_via;
COMMENT ON VIEW report_v1.accounts_by_state IS 'Accounts now, by state and by the contract they were made through.';

CREATE OR REPLACE VIEW report_v1.sessions_active AS
SELECT s.contract, count(*) AS sessions, count(DISTINCT s.account_id) AS accounts,
    count(*) FILTER (WHERE s.last_seen_at > now() - interval '5 minutes') AS seen_5_minutes,
    count(*) FILTER (WHERE s.last_seen_at > now() - interval '24 hours') AS seen_24_hours
FROM app.session AS s
WHERE s.expires_at > now() AND s.last_seen_at > now() - interval '30 days'
GROUP BY s.contract;
COMMENT ON VIEW report_v1.sessions_active IS
    'Sessions that count now, by the contract of their log-in, and how many were seen lately.';

CREATE OR REPLACE VIEW report_v1.log_ins_by_day AS
SELECT (u.at AT TIME ZONE 'UTC')::date AS day,
    count(*) FILTER (WHERE u.event = 'session.opened') AS succeeded,
    count(*) FILTER (WHERE u.event = 'password.wrong') AS wrong_passwords,
    count(DISTINCT u.account_id) FILTER (WHERE u.event = 'session.opened') AS accounts
FROM app.audit AS u
WHERE u.event IN ('session.opened', 'password.wrong')
GROUP BY (u.at AT TIME ZONE 'UTC')::date;
COMMENT ON VIEW report_v1.log_ins_by_day IS
    'Log-ins and wrong passwords by day, of the last 90 days.';
