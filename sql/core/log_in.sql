-- Logging in: one rule behind all contracts.

CREATE FUNCTION core.find_account_by_uid(p_uid text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    IF p_uid ~ '^[0-9]{1,18}$' THEN
        RETURN (
            SELECT a.id FROM app.account AS a WHERE a.id = p_uid::bigint AND a.state <> 'closed');
    END IF;
    RETURN (
        SELECT a.id FROM app.account AS a WHERE a.email_md5 = lower(p_uid) AND a.state <> 'closed');
END
$function$;
COMMENT ON FUNCTION core.find_account_by_uid(text) IS
    'The account of a number or of the MD5 of its address; a closed one is as unknown.';

CREATE FUNCTION core.find_account_by_name(p_name text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    IF position('@' IN p_name) > 0 THEN
        RETURN core.find_account(p_name);
    ELSIF p_name ~* '^[0-9a-f]{32}$' THEN
        RETURN core.find_account_by_uid(p_name);
    END IF;
    RETURN (
        SELECT a.id
        FROM app.account AS a
        WHERE a.username_key = core.email_key(p_name) AND a.state <> 'closed');
END
$function$;
COMMENT ON FUNCTION core.find_account_by_name(text) IS
    'The account of a username or, with an @ in it, of a primary address, in any case of letters, or of '
    'the MD5 of one, which no username is as long as; a closed one is as unknown.';

CREATE FUNCTION core.try_password(
    p_account_id bigint,
    p_name text,
    p_password text,
    p_address text,
    p_request_id text,
    p_where text,
    p_at timestamptz DEFAULT now(),
    OUT verdict text,
    OUT locked_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_subject text := core.password_subject(p_account_id, p_name);
    v_network text := core.network_of(p_address);
    v_hash text;
    v_is_right boolean;
BEGIN
    locked_until := core.password_locked_until(v_subject, p_account_id, v_network, p_at);
    IF locked_until IS NULL THEN
        SELECT a.password_hash INTO v_hash
        FROM app.account AS a
        WHERE a.id = p_account_id AND a.state <> 'closed';
        v_is_right := core.password_matches(p_password, v_hash);
        -- It took a while. What others tried meanwhile may have closed the door.
        PERFORM core.hold_password_subject(v_subject);
        locked_until := core.password_locked_until(v_subject, p_account_id, v_network, p_at);
    END IF;
    IF locked_until IS NOT NULL THEN
        verdict := 'locked';
        PERFORM core.note(
            'password.refused', p_account_id, p_address, p_request_id,
            jsonb_build_object('where', p_where), p_at);
        RETURN;
    END IF;
    IF v_is_right THEN
        -- Whoever changed the password meanwhile meant the old one to open nothing more.
        PERFORM
        FROM app.account AS a
        WHERE a.id = p_account_id AND a.password_hash = v_hash
        FOR NO KEY UPDATE;
        v_is_right := FOUND;
    END IF;
    IF NOT v_is_right THEN
        locked_until := core.count_wrong_password(v_subject, p_account_id, v_network, p_at);
        verdict := CASE WHEN locked_until IS NULL THEN 'wrong' ELSE 'locked' END;
        PERFORM core.note(
            'password.wrong', p_account_id, p_address, p_request_id,
            jsonb_build_object('where', p_where), p_at);
        PERFORM core.even_out();
        RETURN;
    END IF;
    DELETE FROM app.password_failure AS f WHERE f.subject = v_subject AND f.network = v_network;
    IF left(v_hash, 7) <> core.bcrypt_prefix(core.bcrypt_cost()) THEN
        UPDATE app.account AS a
        SET password_hash = core.hash_password(p_password)
        WHERE a.id = p_account_id;
    END IF;
    verdict := 'right';
END
$function$;
COMMENT ON FUNCTION core.try_password(bigint, text, text, text, text, text, timestamptz) IS
    'Whether this is the password of the account (NULL: of nobody, whom p_name was to name, after the '
    'same work): right, wrong, or locked until locked_until, in which case it was not looked at, or '
    'was the wrong one too many. Every place that asks for a password asks here, so that wrong ones '
    'count wherever they are typed. After a right one the account is held, so that what follows '
    'happens to it as it was judged. Renews the hash when the cost setting has changed.';

CREATE FUNCTION core.log_in(
    p_account_id bigint,
    p_name text,
    p_password text,
    p_contract text,
    p_address text,
    p_user_agent text,
    p_request_id text,
    p_at timestamptz DEFAULT now(),
    OUT verdict text,
    OUT locked_until timestamptz,
    OUT session_id bigint,
    OUT token text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account app.account%ROWTYPE;
BEGIN
    SELECT t.verdict, t.locked_until
    INTO verdict, locked_until
    FROM core.try_password(
        p_account_id, p_name, p_password, p_address, p_request_id, p_contract || '.login', p_at)
        AS t;
    IF verdict <> 'right' THEN
        RETURN;
    END IF;
    SELECT a.* INTO STRICT v_account FROM app.account AS a WHERE a.id = p_account_id;
    IF v_account.state <> 'active' THEN
        verdict := v_account.state;
        IF v_account.state = 'pending' AND v_account.codes_locked_until > p_at THEN
            verdict := 'locked';
            locked_until := v_account.codes_locked_until;
        END IF;
        PERFORM core.note(
            'login.refused', p_account_id, p_address, p_request_id,
            jsonb_build_object('state', verdict), p_at);
        RETURN;
    END IF;
    verdict := 'open';
    SELECT o.session_id, o.token
    INTO session_id, token
    FROM core.open_session(
        p_account_id, p_contract, p_address, p_user_agent, p_request_id, p_at) AS o;
END
$function$;
COMMENT ON FUNCTION core.log_in(
    bigint, text, text, text, text, text, text, timestamptz) IS
    'A log-in with a password. open: a session and its token. wrong, also for nobody (NULL, whom '
    'p_name was to name). locked: until locked_until. pending, disabled, blocked: what the account '
    'is, told after the right password only.';
