-- Tokens: how they are made and by what they are found again.

CREATE FUNCTION core.new_token() RETURNS text
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT rtrim(translate(encode(ext.gen_random_bytes(32), 'base64'), '+/', '-_'), '=')
$function$;
COMMENT ON FUNCTION core.new_token() IS '256 random bits as base64url: 43 characters.';

CREATE FUNCTION core.token_hash(p_token text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT sha256(convert_to(p_token, 'UTF8')) $function$;
COMMENT ON FUNCTION core.token_hash(text) IS
    'What is stored in place of a token. A plain digest suffices: there is nothing to guess in 256 '
    'random bits.';
