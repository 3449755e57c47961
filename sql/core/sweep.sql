-- What expires, and how it goes: in small batches that wait for nobody. ops.sweep does it all.

CREATE FUNCTION core.sweep_sessions(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT s.id
        FROM app.session AS s
        WHERE s.expires_at <= p_at
            OR (s.last_seen_on <= ((p_at - interval '30 days') AT TIME ZONE 'UTC')::date
                AND s.last_seen_at <= p_at - interval '30 days')
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.session AS s USING over WHERE s.id = over.id RETURNING s.id
    )
    SELECT count(*) FROM gone
$function$;
COMMENT ON FUNCTION core.sweep_sessions(timestamptz, integer) IS
    'Deletes sessions that are a year old, or idle for 30 days.';

CREATE FUNCTION core.sweep_mailed_tokens(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT t.id
        FROM app.mailed_token AS t
        WHERE t.expires_at <= p_at
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.mailed_token AS t USING over WHERE t.id = over.id RETURNING t.id
    )
    SELECT count(*) FROM gone
$function$;
COMMENT ON FUNCTION core.sweep_mailed_tokens(timestamptz, integer) IS
    'Deletes mailed tokens that nobody used in time.';

CREATE FUNCTION core.sweep_unconfirmed_accounts(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT a.id
        FROM app.account AS a
        WHERE a.state = 'pending'
            AND a.created_via = 'dsrt_v1'
            AND a.created_at <= p_at - interval '7 days'
            AND NOT EXISTS (
                SELECT FROM app.mailed_token AS t
                WHERE t.account_id = a.id
                    AND t.expires_at > p_at
                    AND t.created_at < a.created_at + interval '7 days')
        LIMIT p_batch
        FOR UPDATE OF a SKIP LOCKED
    ), gone AS (
        DELETE FROM app.account AS a USING over WHERE a.id = over.id RETURNING a.id
    )
    SELECT count(*) FROM gone
$function$;
COMMENT ON FUNCTION core.sweep_unconfirmed_accounts(timestamptz, integer) IS
    'Deletes registrations that were not confirmed within 7 days; not while a link mailed in that time '
    'would still prove the address, which is a day longer at most.';

CREATE FUNCTION core.sweep_closed_accounts(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT a.id
        FROM app.account AS a
        WHERE a.state = 'closed'
            AND a.erased_at IS NULL
            AND a.closed_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR NO KEY UPDATE SKIP LOCKED
    ), erased AS (
        UPDATE app.account AS a
        SET erased_at = p_at, updated_at = p_at,
            email = NULL, email_confirmed_at = NULL,
            secondary_email = NULL, secondary_email_confirmed_at = NULL,
            username = NULL, password_hash = NULL, password_flow = NULL,
            first_name = NULL, middle_name = NULL, last_name = NULL,
            birth_date = NULL, gender = NULL, contact_number = NULL, country = NULL
        FROM over
        WHERE a.id = over.id
        RETURNING a.id
    ), unmailed AS (
        DELETE FROM app.mail AS m USING erased WHERE m.account_id = erased.id
    ), unaudited AS (
        UPDATE app.audit AS u SET address = NULL FROM erased WHERE u.account_id = erased.id
    )
    SELECT count(*) FROM erased
$function$;
COMMENT ON FUNCTION core.sweep_closed_accounts(timestamptz, integer) IS
    'Empties accounts closed 30 days ago: address and username become free, nothing personal stays.';

CREATE FUNCTION core.sweep_mail(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT m.id
        FROM app.mail AS m
        WHERE m.state <> 'pending' AND m.settled_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.mail AS m USING over WHERE m.id = over.id RETURNING m.id
    )
    SELECT count(*) FROM gone
$function$;
COMMENT ON FUNCTION core.sweep_mail(timestamptz, integer) IS
    'Deletes mails 30 days after they were sent or given up.';

CREATE FUNCTION core.sweep_undelivered_mail(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT m.id
        FROM app.mail AS m
        WHERE m.state = 'pending'
            AND m.created_at <= p_at - interval '24 hours'
            AND (m.claimed_until IS NULL OR m.claimed_until <= p_at)
        LIMIT p_batch
        FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT count(*)
    INTO v_count
    FROM over
    CROSS JOIN LATERAL core.give_up_mail(over.id, NULL, p_at);
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_undelivered_mail(timestamptz, integer) IS
    'Gives up mails that could not be delivered within 24 hours.';

CREATE FUNCTION core.sweep_audit(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH over AS (
        SELECT u.id
        FROM app.audit AS u
        WHERE u.at <= p_at - interval '90 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.audit AS u USING over WHERE u.id = over.id RETURNING u.id
    )
    SELECT count(*) FROM gone
$function$;
COMMENT ON FUNCTION core.sweep_audit(timestamptz, integer) IS
    'Deletes the audit trail older than 90 days.';
