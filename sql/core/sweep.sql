-- What expires, and how it goes: in small batches that wait for nobody. ops.sweep does it all. In plpgsql,
-- which plans with the times and limits as they are: SQL functions would read whole tables.

CREATE FUNCTION core.sweep_sessions(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
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
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_sessions(timestamptz, integer) IS
    'Deletes sessions that are a year old, or idle for 30 days.';

CREATE FUNCTION core.sweep_mailed_tokens(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT t.id
        FROM app.mailed_token AS t
        WHERE t.expires_at <= p_at
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.mailed_token AS t USING over WHERE t.id = over.id RETURNING t.id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_mailed_tokens(timestamptz, integer) IS
    'Deletes mailed tokens that nobody used in time.';

CREATE FUNCTION core.sweep_mailed_codes(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT c.account_id, c.purpose
        FROM app.mailed_code AS c
        WHERE c.expires_at <= p_at AND c.created_at <= p_at - interval '1 minute'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.mailed_code AS c
        USING over
        WHERE c.account_id = over.account_id AND c.purpose = over.purpose
        RETURNING c.account_id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_mailed_codes(timestamptz, integer) IS
    'Deletes codes that nobody entered in time; not within a minute of the mail, of which the row is the '
    'memory.';

CREATE FUNCTION core.sweep_password_failures(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT f.subject, f.network
        FROM app.password_failure AS f
        WHERE f.last_failed_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.password_failure AS f
        USING over
        WHERE f.subject = over.subject AND f.network = over.network
        RETURNING f.subject
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_password_failures(timestamptz, integer) IS
    'Forgets wrong passwords 30 days after the last one: no lock lasts longer than one.';

CREATE FUNCTION core.sweep_password_pressure(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT q.subject
        FROM app.password_pressure AS q
        WHERE q.last_failed_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.password_pressure AS q
        USING over
        WHERE q.subject = over.subject
        RETURNING q.subject
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_password_pressure(timestamptz, integer) IS
    'Forgets wrong passwords from all addresses together, 30 days after the last one.';

CREATE FUNCTION core.sweep_known_networks(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT k.account_id, k.network
        FROM app.known_network AS k
        WHERE k.last_log_in_at <= p_at - interval '1 year'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.known_network AS k
        USING over
        WHERE k.account_id = over.account_id AND k.network = over.network
        RETURNING k.account_id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_known_networks(timestamptz, integer) IS
    'Forgets from where an account was logged in to, a year after the last time.';

CREATE FUNCTION core.sweep_pending_accounts(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT a.id
        FROM app.account AS a
        WHERE a.state = 'pending'
            AND a.pending_until <= p_at
            AND (a.codes_locked_until <= p_at - interval '24 hours') IS NOT FALSE
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.account AS a USING over WHERE a.id = over.id RETURNING a.id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_pending_accounts(timestamptz, integer) IS
    'Deletes registrations whose code or link was not used in time; not while codes are locked, '
    'nor within 24 hours after that.';

CREATE FUNCTION core.sweep_closed_accounts(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_over bigint[] := ARRAY(
        SELECT a.id
        FROM app.account AS a
        WHERE a.state = 'closed'
            AND a.erased_at IS NULL
            AND a.closed_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED);
BEGIN
    IF cardinality(v_over) > 0 THEN
        PERFORM core.erase_people(v_over, p_at);
    END IF;
    RETURN cardinality(v_over);
END
$function$;
COMMENT ON FUNCTION core.sweep_closed_accounts(timestamptz, integer) IS
    'Erases accounts closed 30 days ago: address and username become free, nothing personal stays.';

CREATE FUNCTION core.sweep_mail(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT m.id
        FROM app.mail AS m
        WHERE m.state <> 'pending' AND m.settled_at <= p_at - interval '30 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.mail AS m USING over WHERE m.id = over.id RETURNING m.id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
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
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT u.id
        FROM app.audit AS u
        WHERE u.at <= p_at - interval '90 days'
        LIMIT p_batch
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM app.audit AS u USING over WHERE u.id = over.id RETURNING u.id
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_audit(timestamptz, integer) IS
    'Deletes the audit trail older than 90 days.';
