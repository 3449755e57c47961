-- Tokens that travel by mail and prove an address by coming back.

CREATE FUNCTION core.issue_mailed_token(
    p_account_id bigint,
    p_purpose text,
    p_address text,
    p_lifetime interval,
    p_at timestamptz DEFAULT now(),
    p_flow text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_token text := core.new_token();
BEGIN
    IF p_purpose = 'secondary_confirmation' THEN
        DELETE FROM app.mailed_token AS t
        WHERE t.account_id = p_account_id AND t.purpose = p_purpose;
    END IF;
    INSERT INTO app.mailed_token AS t
        (account_id, purpose, token_hash, address, flow, created_at, expires_at)
    VALUES (
        p_account_id, p_purpose, core.token_hash(v_token), p_address, p_flow, p_at,
        p_at + p_lifetime);
    RETURN v_token;
END
$function$;
COMMENT ON FUNCTION core.issue_mailed_token(bigint, text, text, interval, timestamptz, text) IS
    'A new token for the mail. Older ones live on: whoever asks for another link must not kill the one '
    'that is on its way; but for a secondary address, which may be another one by now. p_flow: the '
    'flow in which it will prove the address.';

CREATE FUNCTION core.find_mailed_token(
    p_token text,
    p_purpose text,
    p_at timestamptz DEFAULT now())
RETURNS TABLE (account_id bigint, address text, flow text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT t.account_id, t.address, t.flow
    FROM app.mailed_token AS t
    WHERE t.token_hash = sha256(convert_to(p_token, 'UTF8'))
        AND t.purpose = p_purpose
        AND t.expires_at > p_at
$function$;
COMMENT ON FUNCTION core.find_mailed_token(text, text, timestamptz) IS
    'What a token is good for, without using it up; no row = not good.';

CREATE FUNCTION core.take_mailed_token(
    p_token text,
    p_purpose text,
    p_at timestamptz DEFAULT now())
RETURNS TABLE (account_id bigint, address text, flow text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    -- The account first, as everywhere: two who lock in different orders wait for each other.
    PERFORM
    FROM core.find_mailed_token(p_token, p_purpose, p_at) AS f
    INNER JOIN app.account AS a ON a.id = f.account_id
    FOR NO KEY UPDATE OF a;
    RETURN QUERY
    DELETE FROM app.mailed_token AS t
    WHERE t.token_hash = core.token_hash(p_token)
        AND t.purpose = p_purpose
        AND t.expires_at > p_at
    RETURNING t.account_id, t.address, t.flow;
END
$function$;
COMMENT ON FUNCTION core.take_mailed_token(text, text, timestamptz) IS
    'Uses a token up and locks its account. Of two at once one gets the row, the other none.';

CREATE FUNCTION core.is_helped_by_link(p_account app.account, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT p_account.state = 'active'
        OR (p_account.state = 'pending'
            AND greatest(p_account.created_at, p_account.reopened_at) > p_at - interval '7 days')
$function$;
COMMENT ON FUNCTION core.is_helped_by_link(app.account, timestamptz) IS
    'Whether a link by mail may go to an account: active, or registered within 7 days. Nobody keeps an '
    'address taken by asking again and again.';

CREATE FUNCTION core.may_mail_link(p_account_id bigint, p_purpose text, p_at timestamptz)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT NOT EXISTS (
            SELECT
            FROM app.mail AS m
            WHERE m.account_id = p_account_id
                AND m.kind = p_purpose
                AND m.parameters ? 'path'
                AND m.created_at > p_at - interval '1 minute')
        AND (
            SELECT count(*)
            FROM app.mailed_token AS t
            WHERE t.account_id = p_account_id AND t.purpose = p_purpose AND t.expires_at > p_at
        ) < 10
$function$;
COMMENT ON FUNCTION core.may_mail_link(bigint, text, timestamptz) IS
    'Whether another link of that kind may go out: one a minute, and no more than ten that are good at '
    'a time, since anybody can ask for them.';
