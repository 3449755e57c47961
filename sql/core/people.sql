-- People: names, and the profile that belongs to the core of every contract.

CREATE FUNCTION core.full_name(p_first text, p_middle text, p_last text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT concat_ws(' ', p_first, p_middle, p_last) $function$;
COMMENT ON FUNCTION core.full_name(text, text, text) IS
    'First, middle and last name, those that are there, joined by single blanks.';

CREATE FUNCTION core.is_address_taken(p_email text, p_by_other_than bigint DEFAULT NULL)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT EXISTS (
        SELECT
        FROM app.account AS a
        WHERE a.email_key = core.email_key(p_email) AND a.id IS DISTINCT FROM p_by_other_than
        UNION ALL
        SELECT
        FROM app.account AS a
        WHERE a.secondary_email_key = core.email_key(p_email)
            AND a.secondary_email_confirmed_at IS NOT NULL
            AND a.id IS DISTINCT FROM p_by_other_than)
$function$;
COMMENT ON FUNCTION core.is_address_taken(text, bigint) IS
    'Whether the address is the primary, or the confirmed secondary one of somebody (else). A '
    'secondary address without proof takes it from nobody.';

CREATE FUNCTION core.lock_address(p_email text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT pg_advisory_xact_lock(hashtextextended('address ' || core.email_key(p_email), 0))
$function$;
COMMENT ON FUNCTION core.lock_address(text) IS
    'Lets one transaction at a time decide whose an address is: primary and confirmed secondary '
    'addresses stand in two columns, which no one index keeps apart.';

CREATE FUNCTION core.update_profile(
    p_account_id bigint,
    p_first_name text,
    p_middle_name text,
    p_last_name text,
    p_birth_date date,
    p_gender text,
    p_contact_number text,
    p_country text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.account AS a
    SET first_name = p_first_name, middle_name = p_middle_name, last_name = p_last_name,
        birth_date = p_birth_date, gender = p_gender, contact_number = p_contact_number,
        country = p_country, updated_at = p_at
    WHERE a.id = p_account_id
$function$;
COMMENT ON FUNCTION core.update_profile(
    bigint, text, text, text, date, text, text, text, timestamptz) IS
    'Writes the profile; NULL clears a field.';

CREATE FUNCTION core.set_username(
    p_account_id bigint,
    p_username text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.account AS a
    SET username = p_username, updated_at = p_at
    WHERE a.id = p_account_id
$function$;
COMMENT ON FUNCTION core.set_username(bigint, text, timestamptz) IS
    'Gives the account this username; NULL takes it away. Somebody else''s, in any case of letters, '
    'raises unique_violation, so that whatever else was written with it rolls back.';

CREATE FUNCTION core.set_secondary_email(
    p_account_id bigint,
    p_email text,
    p_path text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_key text;
    v_token text;
BEGIN
    SELECT a.secondary_email_key INTO STRICT v_key
    FROM app.account AS a
    WHERE a.id = p_account_id
    FOR NO KEY UPDATE;
    IF v_key IS NOT DISTINCT FROM core.email_key(p_email) THEN
        RETURN;
    END IF;
    UPDATE app.account AS a
    SET secondary_email = p_email, secondary_email_confirmed_at = NULL, updated_at = p_at
    WHERE a.id = p_account_id;
    IF p_email IS NULL THEN
        DELETE FROM app.mailed_token AS t
        WHERE t.account_id = p_account_id AND t.purpose = 'secondary_confirmation';
        RETURN;
    END IF;
    -- The address may be a stranger's, who must not be flooded by changing it to and fro.
    IF (SELECT count(*) FROM app.mail AS m
        WHERE m.account_id = p_account_id AND m.kind = 'secondary_confirmation'
            AND m.created_at > p_at - interval '24 hours') >= 10
    THEN
        RETURN;
    END IF;
    v_token := core.issue_mailed_token(
        p_account_id, 'secondary_confirmation', p_email, interval '7 days', p_at);
    PERFORM core.post_mail(
        'secondary_confirmation', p_email, p_account_id, v_token,
        jsonb_build_object('path', p_path), p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.set_secondary_email(bigint, text, text, text, timestamptz) IS
    'Sets or, with NULL, clears the secondary address. A changed one is unconfirmed and gets a mail '
    'with the link p_path + token, 10 mails in 24 hours at the most; the same again changes nothing.';

CREATE FUNCTION core.confirm_secondary_email(p_token text, p_at timestamptz DEFAULT now())
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
    v_email text;
BEGIN
    SELECT f.address INTO v_email
    FROM core.find_mailed_token(p_token, 'secondary_confirmation', p_at) AS f;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM core.lock_address(v_email);
    SELECT t.account_id, t.address INTO v_account_id, v_email
    FROM core.take_mailed_token(p_token, 'secondary_confirmation', p_at) AS t;
    IF NOT FOUND OR core.is_address_taken(v_email, v_account_id) THEN
        RETURN NULL;
    END IF;
    UPDATE app.account AS a
    SET secondary_email_confirmed_at = p_at, updated_at = p_at
    WHERE a.id = v_account_id
        AND a.secondary_email_key = core.email_key(v_email)
        AND a.state <> 'closed';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM core.note('secondary_email.confirmed', v_account_id, p_at => p_at);
    RETURN v_account_id;
END
$function$;
COMMENT ON FUNCTION core.confirm_secondary_email(text, timestamptz) IS
    'The mailed link came back: the address is confirmed, and the account''s number returned. NULL '
    'where the token is not good, or the address has become somebody else''s meanwhile.';
