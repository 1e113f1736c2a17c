-- A flood as fast as the site answers, stopped after as many answers as the
-- first argument says, so that the log stays small.
local limit, seen, n = 500, 0, 0

function init(args)
  limit = tonumber(args[1]) or limit
end

function request()
  n = n + 1
  return wrk.format("GET", "/search?q=" .. n % 40)
end

function response()
  seen = seen + 1
  if seen >= limit then
    wrk.thread:stop()
  end
end
