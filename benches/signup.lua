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

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests":%d,"micros":%d,"p99_micros":%d,"errors":%d}\n',
      summary.requests, summary.duration, latency:percentile(99.0),
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
