-- Every request signs up an address that was never seen before.
-- Arguments: a word that tells this round from all others.

local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(args)
   count = 0
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   head = '{"email":"reader-' .. args[1] .. "-" .. number .. "-"
end

function request()
   count = count + 1
   return wrk.format(nil, nil, nil, head .. count .. '@example.org"}')
end

-- benches/measure runs wrk in the folder above.
dofile("benches/figures.lua")
