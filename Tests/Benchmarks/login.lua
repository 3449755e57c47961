-- POST /api/v1/user/authentication/login: a password to hash with every request, of another of $PEOPLE people each time.
dofile("Tests/Benchmarks/report.lua")

local people = tonumber(os.getenv("PEOPLE"))
local head = "POST /api/v1/user/authentication/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    .. "Content-Type: application/json\r\nContent-Length: "

function request()
    local body = '{"user":{"email":"bench-' .. math.random(people)
        .. '@example.com","password":"secret"}}'
    return head .. #body .. "\r\n\r\n" .. body
end
