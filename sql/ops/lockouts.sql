-- Who is locked out, and how to let them in again.

CREATE VIEW ops.locked_accounts AS
SELECT a.id, a.email, a.state, a.wrong_codes,
    CASE WHEN a.codes_locked_until > now() THEN a.codes_locked_until END AS codes_locked_until,
    a.blocked_at, coalesce(f.networks, 0) AS locked_networks, f.passwords_locked_until,
    q.strangers_locked_until
FROM app.account AS a
LEFT JOIN (
    SELECT f.subject, count(*) AS networks, max(f.locked_until) AS passwords_locked_until
    FROM app.password_failure AS f
    WHERE f.locked_until > now()
    GROUP BY f.subject
) AS f ON f.subject = 'account:' || a.id
LEFT JOIN app.password_pressure AS q
    ON q.subject = 'account:' || a.id AND q.strangers_locked_until > now()
WHERE a.state <> 'closed'
    AND (a.state = 'blocked'
        OR a.codes_locked_until > now()
        OR f.subject IS NOT NULL
        OR q.subject IS NOT NULL);
COMMENT ON VIEW ops.locked_accounts IS
    'Accounts that somebody is locked out of now: blocked, or codes refused until codes_locked_until, '
    'or passwords refused from so many networks, the last one until passwords_locked_until, or from '
    'all networks never logged in from until strangers_locked_until.';

CREATE FUNCTION ops.unblock_account(p_account_id bigint) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_done text := core.unblock_account(p_account_id, NULL, NULL, NULL);
BEGIN
    IF v_done = 'not_found' THEN
        RAISE EXCEPTION 'there is no open account %', p_account_id
            USING ERRCODE = 'RP422', DETAIL = 'person.unknown';
    END IF;
    RETURN v_done;
END
$function$;
COMMENT ON FUNCTION ops.unblock_account(bigint) IS
    'Lifts a block and every lock of an account. One that was never active has 24 hours for a new '
    'code.';
