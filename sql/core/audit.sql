-- The audit trail: one way in.

CREATE FUNCTION core.note(
    p_event text,
    p_account_id bigint,
    p_address text DEFAULT NULL,
    p_request_id text DEFAULT NULL,
    p_details jsonb DEFAULT '{}',
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    INSERT INTO app.audit (at, event, account_id, address, request_id, details)
    VALUES (
        p_at, p_event,
        (SELECT a.id FROM app.account AS a WHERE a.id = p_account_id FOR KEY SHARE),
        p_address, p_request_id, p_details)
$function$;
COMMENT ON FUNCTION core.note(text, bigint, text, text, jsonb, timestamptz) IS
    'Writes a row of the audit trail. Never give it what somebody typed: a password often stands in '
    'the field for the address. An account that is being deleted at this moment is written down as none.';
