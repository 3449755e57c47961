-- Usage: when apps are open, who was seen and on what. An interval that is not heard of for a day
-- is over, whether or not the sweep has closed it yet.

CREATE FUNCTION core.mark_active(
    p_account_id bigint,
    p_platform text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH news AS (
        SELECT a.id
        FROM app.account AS a
        WHERE a.id = p_account_id
            AND a.state = 'active'
            AND ((a.last_active_at > p_at - interval '1 minute') IS NOT TRUE
                OR (p_platform = 'iphone' AND NOT a.used_iphone)
                OR (p_platform = 'android' AND NOT a.used_android))
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE app.account AS a
    SET last_active_at = greatest(a.last_active_at, p_at),
        used_iphone = a.used_iphone OR p_platform = 'iphone',
        used_android = a.used_android OR p_platform = 'android'
    FROM news
    WHERE a.id = news.id
$function$;
COMMENT ON FUNCTION core.mark_active(bigint, text, timestamptz) IS
    'The person was seen, to the minute, and on which platform. Writes only what is new, and '
    'waits for nobody: a row that somebody holds is left for the next time.';

CREATE FUNCTION core.open_usage(
    p_session_id bigint,
    p_platform text,
    p_at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
BEGIN
    -- The account first, as everywhere: two who lock in different orders wait for each other. The
    -- session is held, so that of two at once the second finds the interval of the first.
    PERFORM
    FROM app.session AS s
    INNER JOIN app.account AS a ON a.id = s.account_id
    WHERE s.id = p_session_id
    FOR KEY SHARE OF a;
    SELECT s.account_id INTO v_account_id
    FROM app.session AS s
    WHERE s.id = p_session_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE app.usage_interval AS u
    SET closed_at = u.last_ping_at
    WHERE u.session_id = p_session_id AND u.closed_at IS NULL;
    INSERT INTO app.usage_interval (account_id, session_id, platform, opened_at, last_ping_at)
    VALUES (v_account_id, p_session_id, p_platform, p_at, p_at);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.open_usage(bigint, text, timestamptz) IS
    'The app was opened: a new interval. One still open was never closed, and ends at its last '
    'ping. False, and nothing done, where the session has ended.';

CREATE FUNCTION core.ping_usage(p_session_id bigint, p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.usage_interval AS u
    SET last_ping_at = greatest(u.last_ping_at, p_at)
    WHERE u.session_id = p_session_id
        AND u.closed_at IS NULL
        AND u.last_ping_at > p_at - interval '24 hours'
$function$;
COMMENT ON FUNCTION core.ping_usage(bigint, timestamptz) IS
    'The app is still open: moves the session''s open interval, if there is one.';

CREATE FUNCTION core.close_usage(p_session_id bigint, p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.usage_interval AS u
    SET closed_at = greatest(u.last_ping_at, p_at)
    WHERE u.session_id = p_session_id
        AND u.closed_at IS NULL
        AND u.last_ping_at > p_at - interval '24 hours'
$function$;
COMMENT ON FUNCTION core.close_usage(bigint, timestamptz) IS
    'The app was closed: ends the session''s open interval now, if there is one.';

CREATE FUNCTION core.sweep_usage(p_at timestamptz, p_batch integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_count bigint;
BEGIN
    WITH over AS (
        SELECT u.id
        FROM app.usage_interval AS u
        WHERE u.closed_at IS NULL
            AND (u.session_id IS NULL OR u.last_ping_at <= p_at - interval '24 hours')
        LIMIT p_batch
        FOR NO KEY UPDATE SKIP LOCKED
    ), ended AS (
        UPDATE app.usage_interval AS u
        SET closed_at = u.last_ping_at
        FROM over
        WHERE u.id = over.id
        RETURNING u.id
    )
    SELECT count(*) INTO v_count FROM ended;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION core.sweep_usage(timestamptz, integer) IS
    'Ends intervals that were never closed at their last ping: those whose session has ended, '
    'and those not heard of for a day.';
