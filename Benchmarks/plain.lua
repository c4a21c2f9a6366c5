-- wrk: POST one body over and over. Arguments: the API key, the file with the body.
-- Prints one JSON object as the last line of its output; harness/load.py reads it.

-- wrk formats the request once, after this; a function `request` of our own would be called for each.
function init(arguments)
    local file = assert(io.open(arguments[2], "rb"))
    wrk.method = "POST"
    wrk.body = file:read("*a")
    file:close()
    wrk.headers["Authorization"] = "Bearer " .. arguments[1]
    wrk.headers["Content-Type"] = "application/json"
end

function done(summary)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "seconds": %f, "errors": %d}\n',
        summary.requests,
        summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout
    ))
end
