-- Prints the figures of a round as JSON.

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests":%d,"micros":%d,"p99_micros":%d,"errors":%d}\n',
      summary.requests, summary.duration, latency:percentile(99.0),
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
