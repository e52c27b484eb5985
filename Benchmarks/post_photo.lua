-- What wrk sends to blip serve: a JPEG (the file in PHOTO), each time with a comment that no other has, so that no
-- answer is found in the server's cache. Prints captions a second, and the answers that were not 200.
local file = assert(io.open(os.getenv("PHOTO"), "rb"))
local photo = file:read("*a")
file:close()
local marker, rest = photo:sub(1, 2), photo:sub(3)
local headers = { ["Content-Type"] = "image/jpeg" }
local count = 0

function request()
  count = count + 1
  local comment = os.time() .. " " .. count
  local size = #comment + 2
  return wrk.format("POST", nil, headers, marker .. "\255\254" .. string.char(0, size) .. comment .. rest)
end

function done(summary)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("%.3f %d\n", summary.requests / summary.duration * 1e6, failed))
end
