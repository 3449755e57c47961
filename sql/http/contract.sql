-- The frame's own routes (/openapi.json, /docs, /noop) count as a contract of their own. It has no
-- path space: outside its routes the paths around them are exchange_v1's.

SELECT http.define_contract('http', 'plain');
