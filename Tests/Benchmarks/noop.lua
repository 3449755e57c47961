-- GET /noop
dofile("Tests/Benchmarks/report.lua")
