-- Who answers where: contracts and the path spaces they own.

CREATE FUNCTION http.define_contract(p_contract text, p_style text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    INSERT INTO app.contract (name, style) VALUES (p_contract, p_style);
$function$;
COMMENT ON FUNCTION http.define_contract(text, text) IS
    'Registers a contract: the schema of its functions, and the style (see http.render_problem) '
    'of its problems.';

CREATE FUNCTION http.define_space(p_prefix text, p_contract text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    INSERT INTO app.path_space (prefix, contract) VALUES (p_prefix, p_contract);
$function$;
COMMENT ON FUNCTION http.define_space(text, text) IS
    'Gives the paths under p_prefix (which ends with a slash) to a contract, as far as no longer '
    'prefix takes them.';
