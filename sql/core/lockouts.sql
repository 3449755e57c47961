-- Lockouts: the steps of the ladders, and what is remembered of wrong passwords. See core/codes.sql for
-- wrong codes.

CREATE FUNCTION core.lockout_step(
    p_ladder text,
    p_failures integer,
    OUT lock_for interval,
    OUT blocks boolean)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT s.lock_for, s.blocks
    FROM app.lockout_step AS s
    WHERE s.ladder = p_ladder
        AND (s.failures = p_failures
            OR (p_failures > s.failures AND (p_failures - s.failures) % s.repeats_every = 0))
    ORDER BY s.failures DESC
    LIMIT 1
$function$;
COMMENT ON FUNCTION core.lockout_step(text, integer) IS
    'What the failure of this number brings: a lock for some time, a block, or nothing (NULL).';

CREATE FUNCTION core.failures_left(p_ladder text, p_failures integer) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT min(CASE
        WHEN s.failures > p_failures THEN s.failures - p_failures
        ELSE s.repeats_every - (p_failures - s.failures) % s.repeats_every
    END)
    FROM app.lockout_step AS s
    WHERE s.ladder = p_ladder
$function$;
COMMENT ON FUNCTION core.failures_left(text, integer) IS
    'How many failures more bring the next step of the ladder; NULL beyond the last one.';

CREATE FUNCTION core.network_of(p_address text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    v_address inet;
BEGIN
    IF p_address ~ '^[0-9.]+$' THEN
        RETURN p_address;
    END IF;
    BEGIN
        v_address := p_address::inet;
    EXCEPTION WHEN invalid_text_representation THEN
        v_address := NULL;
    END;
    IF v_address IS NULL THEN
        RETURN coalesce(p_address, '');
    END IF;
    RETURN CASE WHEN family(v_address) = 6
        THEN network(set_masklen(v_address, 64))::text ELSE host(v_address) END;
END
$function$;
COMMENT ON FUNCTION core.network_of(text) IS
    'The network address by which failures are counted: an IPv4 address, the /64 of an IPv6 one, '
    'which a single line can use at will.';

CREATE FUNCTION core.password_subject(p_account_id bigint, p_name text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_account_id bigint := coalesce(p_account_id, core.find_account_by_name(core.trim_text(p_name)));
    v_name text;
BEGIN
    IF v_account_id IS NOT NULL THEN
        RETURN 'account:' || v_account_id;
    END IF;
    v_name := left(core.email_key(core.trim_text(coalesce(p_name, ''))), 1000);
    IF v_name !~ '^[0-9a-f]{32}$' THEN
        v_name := md5(v_name);
    END IF;
    RETURN 'unknown:' || left(
        encode((
            SELECT sha256(s.salt || convert_to(v_name, 'UTF8'))
            FROM app.password_salt AS s), 'hex'),
        8);
END
$function$;
COMMENT ON FUNCTION core.password_subject(bigint, text) IS
    'By whom wrong passwords are counted: by the account, also where its name came in a field that takes '
    'other names, so that it counts alike wherever it is typed. Of a name that nobody has, a digest too short to tell what '
    'was typed (sometimes it is a password), with a salt that nobody outside knows: otherwise two names '
    'with one digest could be made up, of which the known one would count apart. An address and its MD5 '
    'are one, as they are of a person.';

CREATE FUNCTION core.password_locked_until(
    p_subject text,
    p_account_id bigint,
    p_network text,
    p_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT max(l.locked_until)
    FROM (
        SELECT f.locked_until
        FROM app.password_failure AS f
        WHERE f.subject = p_subject AND f.network = p_network
        UNION ALL
        SELECT q.strangers_locked_until
        FROM app.password_pressure AS q
        WHERE q.subject = p_subject
            AND NOT EXISTS (
                SELECT
                FROM app.known_network AS k
                WHERE k.account_id = p_account_id AND k.network = p_network)
    ) AS l
    WHERE l.locked_until > p_at
$function$;
COMMENT ON FUNCTION core.password_locked_until(text, bigint, text, timestamptz) IS
    'Until when passwords from this network are refused unseen; NULL = they are not.';

CREATE FUNCTION core.hold_password_subject(p_subject text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT pg_advisory_xact_lock(hashtextextended('password ' || p_subject, 0))
$function$;
COMMENT ON FUNCTION core.hold_password_subject(text) IS
    'Lets one transaction at a time judge a password of this subject, so that fifty at once are '
    'counted as one by one. Whoever judges a password takes it, before the account''s row.';

CREATE FUNCTION core.count_wrong_password(
    p_subject text,
    p_account_id bigint,
    p_network text,
    p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_step app.lockout_step%ROWTYPE;
    v_recent timestamptz[];
    v_failures integer;
BEGIN
    INSERT INTO app.password_failure AS f (subject, network, failures, last_failed_at)
    VALUES (p_subject, p_network, 1, p_at)
    ON CONFLICT ON CONSTRAINT password_failure_pkey DO UPDATE
    SET failures = f.failures + 1, last_failed_at = p_at
    RETURNING f.failures INTO v_failures;
    UPDATE app.password_failure AS f
    SET locked_until = p_at + s.lock_for
    FROM core.lockout_step('password_pair', v_failures) AS s
    WHERE f.subject = p_subject AND f.network = p_network AND s.lock_for IS NOT NULL;

    SELECT s.* INTO v_step
    FROM app.lockout_step AS s
    WHERE s.ladder = 'password_account'
    ORDER BY s.failures
    LIMIT 1;
    INSERT INTO app.password_pressure AS q (subject, recent, last_failed_at)
    VALUES (p_subject, ARRAY[p_at], p_at)
    ON CONFLICT ON CONSTRAINT password_pressure_pkey DO UPDATE
    SET recent = (q.recent || p_at)[
            greatest(1, cardinality(q.recent) + 2 - coalesce(v_step.failures, 1)):],
        last_failed_at = p_at
    RETURNING q.recent INTO v_recent;
    UPDATE app.password_pressure AS q
    SET strangers_locked_until = p_at + v_step.lock_for
    WHERE q.subject = p_subject
        AND (SELECT count(*) FROM unnest(v_recent) AS r (at)
            WHERE r.at > p_at - v_step.counted_within) >= v_step.failures;
    RETURN core.password_locked_until(p_subject, p_account_id, p_network, p_at);
END
$function$;
COMMENT ON FUNCTION core.count_wrong_password(text, bigint, text, timestamptz) IS
    'Counts a wrong password, and takes the steps it brings: until when passwords from there are '
    'refused now, NULL where they are not.';

CREATE FUNCTION core.forget_wrong_passwords(p_account_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    DELETE FROM app.password_failure AS f
    WHERE f.subject = core.password_subject(p_account_id, NULL);
    DELETE FROM app.password_pressure AS q
    WHERE q.subject = core.password_subject(p_account_id, NULL);
END
$function$;
COMMENT ON FUNCTION core.forget_wrong_passwords(bigint) IS
    'Lifts all locks that wrong passwords brought: after a reset, a right code, or by a GroupCreator.';

CREATE FUNCTION core.remember_network(
    p_account_id bigint,
    p_network text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    INSERT INTO app.known_network AS k (account_id, network, last_log_in_at)
    VALUES (p_account_id, p_network, p_at)
    ON CONFLICT ON CONSTRAINT known_network_pkey DO UPDATE SET last_log_in_at = p_at
$function$;
COMMENT ON FUNCTION core.remember_network(bigint, text, timestamptz) IS
    'The account was logged in to from there: strangers'' failures no longer lock it out there.';
