-- Passwords: hashing, checking, setting.

CREATE FUNCTION core.bcrypt_cost() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT coalesce(core.setting('bcrypt_cost')::integer, 10) $function$;
COMMENT ON FUNCTION core.bcrypt_cost() IS
    'The cost of new hashes. Older hashes follow at the next log-in.';

CREATE FUNCTION core.password_digest(p_password text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT encode(sha256(convert_to(normalize(p_password, NFC), 'UTF8')), 'base64')
$function$;
COMMENT ON FUNCTION core.password_digest(text) IS
    'What goes into bcrypt, which would cut a password at 72 bytes. Normalised, since one keyboard '
    'sends ä as one character and the next as two.';

CREATE FUNCTION core.hash_password(p_password text) RETURNS text
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT ext.crypt(core.password_digest(p_password), ext.gen_salt('bf', core.bcrypt_cost()))
$function$;
COMMENT ON FUNCTION core.hash_password(text) IS 'A new hash. Takes some 80 ms at cost 10: slow lane.';

CREATE FUNCTION core.password_matches(p_password text, p_hash text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_setting text := coalesce(
        p_hash,
        '$2a$' || lpad(core.bcrypt_cost()::text, 2, '0') || '$Rapport.no.one.is.here');
BEGIN
    RETURN ext.crypt(core.password_digest(p_password), v_setting) = p_hash IS TRUE;
END
$function$;
COMMENT ON FUNCTION core.password_matches(text, text) IS
    'Whether the password is the one of the hash. Without a hash the answer is no, after the same '
    'work, so that time does not tell who is known.';

CREATE FUNCTION core.set_password(
    p_account_id bigint,
    p_password text,
    p_flow text,
    p_keep_session_id bigint DEFAULT NULL,
    p_at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_hash text := core.hash_password(p_password);
BEGIN
    -- It took a while. A session that was ended meanwhile, as by a reset, has nothing more to say.
    PERFORM core.lock_account(p_account_id);
    IF p_keep_session_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM app.session AS s WHERE s.id = p_keep_session_id)
    THEN
        RETURN false;
    END IF;
    UPDATE app.account AS a
    SET password_hash = v_hash, password_flow = p_flow, password_set_at = p_at, updated_at = p_at
    WHERE a.id = p_account_id;
    DELETE FROM app.mailed_token AS t
    WHERE t.account_id = p_account_id AND t.purpose = 'password_reset';
    PERFORM core.end_sessions(p_account_id, p_keep_session_id);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.set_password(bigint, text, text, bigint, timestamptz) IS
    'Sets the password. Ends all sessions but the one to keep, and every reset link under way. False, '
    'and nothing done, where the one to keep has ended.';

CREATE FUNCTION core.try_password(
    p_account_id bigint,
    p_password text,
    p_address text,
    p_request_id text,
    p_where text,
    p_at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_hash text;
    v_cost text := '$2a$' || lpad(core.bcrypt_cost()::text, 2, '0') || '$';
BEGIN
    SELECT a.password_hash INTO v_hash
    FROM app.account AS a
    WHERE a.id = p_account_id AND a.state <> 'closed';
    IF NOT core.password_matches(p_password, v_hash) THEN
        PERFORM core.note(
            'password.wrong', p_account_id, p_address, p_request_id,
            jsonb_build_object('where', p_where), p_at);
        RETURN false;
    END IF;
    -- It took a while. Whoever changed the password meanwhile meant the old one to open nothing more.
    PERFORM
    FROM app.account AS a
    WHERE a.id = p_account_id AND a.password_hash = v_hash
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF left(v_hash, 7) <> v_cost THEN
        UPDATE app.account AS a
        SET password_hash = core.hash_password(p_password)
        WHERE a.id = p_account_id;
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.try_password(bigint, text, text, text, text, timestamptz) IS
    'Whether this is the password of the account (NULL: of nobody, after the same work). Every place '
    'that asks for a password asks here, so that a wrong one is remembered wherever it was typed. '
    'After a right one the account is locked, so that what follows from it happens to the account as '
    'it was judged. Renews the hash when the cost setting has changed.';
