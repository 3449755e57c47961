-- Numbers about mail. Days are UTC.

CREATE OR REPLACE VIEW report_v1.mail_delivery AS
SELECT (m.created_at AT TIME ZONE 'UTC')::date AS day, m.kind,
    count(*) FILTER (WHERE m.state = 'pending') AS pending,
    count(*) FILTER (WHERE m.state = 'sent') AS sent,
    count(*) FILTER (WHERE m.state = 'failed') AS failed,
    sum(m.attempts) AS attempts,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM m.settled_at - m.created_at))
        FILTER (WHERE m.state = 'sent') AS median_seconds_to_delivery
FROM app.mail AS m
GROUP BY (m.created_at AT TIME ZONE 'UTC')::date, m.kind;
COMMENT ON VIEW report_v1.mail_delivery IS
    'Fate of mails by the day they were written, and by kind. Settled mails are kept 30 days.';
