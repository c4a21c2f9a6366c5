-- wrk: POST one body over and over, each time with the next key of a list. Arguments: the file with the keys, a line
-- each, and the file with the body. Prints what plain.lua prints.

local requests = {}
local position = 0

function init(arguments)
    local file = assert(io.open(arguments[2], "rb"))
    local body = file:read("*a")
    file:close()
    local headers = { ["Content-Type"] = "application/json" }
    -- Formatted once: a request then costs the load generator one look-up.
    for key in io.lines(arguments[1]) do
        headers["Authorization"] = "Bearer " .. key
        requests[#requests + 1] = wrk.format("POST", nil, headers, body)
    end
end

function request()
    position = position % #requests + 1
    return requests[position]
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
