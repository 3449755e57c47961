-- The outbox, as a DBA sees it.

CREATE VIEW ops.mail AS
SELECT m.id, m.kind, m.state, m.recipient, m.account_id, m.attempts, m.last_error, m.created_at,
    CASE WHEN m.state = 'pending' THEN m.next_attempt_at END AS next_attempt_at,
    m.claimed_by, m.claimed_until, m.settled_at, m.message_id, m.request_id
FROM app.mail AS m;
COMMENT ON VIEW ops.mail IS 'Every mail and its fate; codes and links are not in here.';
