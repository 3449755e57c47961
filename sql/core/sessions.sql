-- Sessions: opened by a log-in, found by their token, ended by log-out, time, or what happens to the
-- account.

CREATE FUNCTION core.live_session(p_token text)
RETURNS TABLE (session_id bigint, account_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT s.id, s.account_id
    FROM app.session AS s
    WHERE s.token_hash = sha256(convert_to(p_token, 'UTF8'))
        AND s.expires_at > now()
        AND s.last_seen_at > now() - interval '30 days'
$function$;
COMMENT ON FUNCTION core.live_session(text) IS
    'The session of a token, if it still counts. Inlines into the asking query, which must still '
    'look at the state of the account.';

CREATE FUNCTION core.caller(p_token text)
RETURNS TABLE (session_id bigint, account_id bigint, is_group_creator boolean)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT s.session_id, a.id, a.is_group_creator AND a.email_confirmed_at IS NOT NULL
    FROM core.live_session(p_token) AS s
    INNER JOIN app.account AS a ON a.id = s.account_id
    WHERE a.state = 'active'
$function$;
COMMENT ON FUNCTION core.caller(text) IS 'Who is asking: one row, or none without a valid session. A GroupCreator is one only with a proved '
    'address.';

CREATE FUNCTION core.platform_of(p_user_agent text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN p_user_agent ~* 'iPad' THEN 'other'
        WHEN p_user_agent ~* '(iPhone|iPod|CFNetwork|Darwin)' THEN 'iphone'
        WHEN p_user_agent ~* '(Android|Dalvik|okhttp)' THEN 'android'
        ELSE 'other'
    END
$function$;
COMMENT ON FUNCTION core.platform_of(text) IS
    'iphone, android or other, by User-Agent: browsers name themselves, apps show the library by which '
    'they ask.';

CREATE FUNCTION core.open_session(
    p_account_id bigint,
    p_contract text,
    p_address text,
    p_user_agent text,
    p_request_id text,
    p_at timestamptz DEFAULT now(),
    p_by_code boolean DEFAULT false)
RETURNS TABLE (session_id bigint, token text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    token := core.new_token();
    UPDATE app.account AS a
    SET last_active_at = p_at,
        used_iphone = a.used_iphone OR core.platform_of(p_user_agent) = 'iphone',
        used_android = a.used_android OR core.platform_of(p_user_agent) = 'android'
    WHERE a.id = p_account_id;
    INSERT INTO app.session AS s
        (account_id, token_hash, contract, address, user_agent, created_at, last_seen_at,
         expires_at, code_proved_at)
    VALUES (
        p_account_id, core.token_hash(token), p_contract, p_address, left(p_user_agent, 400),
        p_at, p_at, p_at + interval '1 year', CASE WHEN p_by_code THEN p_at END)
    RETURNING s.id INTO session_id;
    PERFORM core.remember_network(p_account_id, core.network_of(p_address), p_at);
    PERFORM core.note(
        'session.opened', p_account_id, p_address, p_request_id,
        jsonb_build_object('contract', p_contract, 'session', session_id), p_at);
    RETURN NEXT;
END
$function$;
COMMENT ON FUNCTION core.open_session(bigint, text, text, text, text, timestamptz, boolean) IS
    'Opens a session and hands out its token, the only time it exists in clear. p_by_code: a right '
    'code opened it.';

CREATE FUNCTION core.was_opened_by_code(p_session_id bigint, p_at timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT EXISTS (
        SELECT
        FROM app.session AS s
        WHERE s.id = p_session_id AND s.code_proved_at > p_at - interval '15 minutes')
$function$;
COMMENT ON FUNCTION core.was_opened_by_code(bigint, timestamptz) IS
    'Whether a right code opened the session within the last 15 minutes.';

CREATE FUNCTION core.end_session(p_session_id bigint) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$ DELETE FROM app.session AS s WHERE s.id = p_session_id $function$;
COMMENT ON FUNCTION core.end_session(bigint) IS 'Ends one session: log-out.';

CREATE FUNCTION core.end_session_by_token(p_token text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$ DELETE FROM app.session AS s WHERE s.token_hash = core.token_hash(p_token) $function$;
COMMENT ON FUNCTION core.end_session_by_token(text) IS
    'Ends the session of a token, whether or not it still counts.';

CREATE FUNCTION core.end_sessions(p_account_id bigint, p_keep_session_id bigint DEFAULT NULL)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    DELETE FROM app.session AS s
    WHERE s.account_id = p_account_id AND s.id IS DISTINCT FROM p_keep_session_id
$function$;
COMMENT ON FUNCTION core.end_sessions(bigint, bigint) IS
    'Ends all sessions of an account, except one where that is given.';

CREATE FUNCTION core.touch_sessions(p_session_ids bigint[], p_at timestamptz DEFAULT now())
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    WITH due AS (
        SELECT s.id, s.account_id
        FROM app.session AS s
        WHERE s.id = ANY (p_session_ids) AND s.last_seen_at < p_at - interval '1 minute'
        ORDER BY s.id
        FOR NO KEY UPDATE SKIP LOCKED
    ), touched AS (
        UPDATE app.session AS s SET last_seen_at = p_at FROM due WHERE s.id = due.id
    ), people AS (
        SELECT a.id
        FROM app.account AS a
        WHERE a.id IN (SELECT due.account_id FROM due)
            AND (a.last_active_at IS NULL OR a.last_active_at < p_at - interval '1 minute')
        ORDER BY a.id
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE app.account AS a SET last_active_at = p_at FROM people WHERE a.id = people.id
$function$;
COMMENT ON FUNCTION core.touch_sessions(bigint[], timestamptz) IS
    'Writes down who was seen, to the minute. Waits for nobody: a row that somebody holds is left '
    'for the next time.';
