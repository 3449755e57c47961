-- GET /api/v1/user/profile/me, each request by another of $PEOPLE people.
dofile("Tests/Benchmarks/report.lua")

local people = tonumber(os.getenv("PEOPLE"))
local head = "GET /api/v1/user/profile/me HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Access-Token: bench-"

function request()
    return head .. math.random(people) .. "\r\n\r\n"
end
