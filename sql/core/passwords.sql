-- Passwords: hashing, checking, setting. core.try_password stands in log_in.sql.

CREATE FUNCTION core.bcrypt_cost() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT coalesce(core.setting('bcrypt_cost')::integer, 10) $function$;
COMMENT ON FUNCTION core.bcrypt_cost() IS
    'The cost of new hashes. Older hashes follow at the next log-in.';

CREATE FUNCTION core.bcrypt_prefix(p_cost integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$ SELECT '$2a$' || lpad(p_cost::text, 2, '0') || '$' $function$;
COMMENT ON FUNCTION core.bcrypt_prefix(integer) IS 'How a hash of that cost begins, seven characters.';

CREATE FUNCTION core.password_digest(p_password text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT encode(
        sha256(convert_to(
            CASE WHEN char_length(p_password) <= 1000 THEN normalize(p_password, NFC)
                ELSE p_password END, 'UTF8')),
        'base64')
$function$;
COMMENT ON FUNCTION core.password_digest(text) IS
    'What goes into bcrypt, which would cut a password at 72 bytes. Normalised, since one keyboard '
    'sends ä as one character and the next as two; not beyond every length that can be set, since that '
    'takes time by the square of it.';

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
    c_salt CONSTANT text := 'Rapport.no.one.is.here';
    v_digest text := core.password_digest(p_password);
    v_cost integer := core.bcrypt_cost();
    v_matches boolean;
BEGIN
    IF p_hash IS NULL THEN
        PERFORM ext.crypt(v_digest, core.bcrypt_prefix(v_cost) || c_salt);
        RETURN false;
    END IF;
    v_matches := ext.crypt(v_digest, p_hash) = p_hash;
    -- What an older hash leaves undone: 2^c + 2^c + 2^(c+1) + … + 2^(n-1) = 2^n.
    FOR v_older IN substr(p_hash, 5, 2)::integer..v_cost - 1 LOOP
        PERFORM ext.crypt(v_digest, core.bcrypt_prefix(v_older) || c_salt);
    END LOOP;
    RETURN v_matches;
END
$function$;
COMMENT ON FUNCTION core.password_matches(text, text) IS
    'Whether the password is the one of the hash. Without a hash the answer is no, after the same '
    'work, and so it is with a hash of a lower cost than the setting: time does not tell who is known.';

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
    SET password_hash = v_hash, password_set_at = p_at, updated_at = p_at,
        password_flow = CASE
            WHEN p_keep_session_id IS NOT NULL AND a.email_confirmed_at IS NULL
                THEN coalesce(a.password_flow, p_flow)
            ELSE p_flow
        END
    WHERE a.id = p_account_id;
    DELETE FROM app.mailed_token AS t
    WHERE t.account_id = p_account_id AND t.purpose = 'password_reset';
    -- Not deleted, for the row remembers when the last mail went.
    UPDATE app.mailed_code AS c
    SET expires_at = p_at
    WHERE c.account_id = p_account_id AND c.expires_at > p_at;
    PERFORM core.end_sessions(p_account_id, p_keep_session_id);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.set_password(bigint, text, text, bigint, timestamptz) IS
    'Sets the password. Ends all sessions but the one to keep, and every link and code under way that '
    'would open one. False, and nothing done, where the one to keep has ended. Before the first proof of '
    'the address, whoever changes it from a session is who set it before: the flow stays.';
