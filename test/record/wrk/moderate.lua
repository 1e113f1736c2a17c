-- A load test at a moderate rate: each connection waits around 0.6 seconds
-- between two requests, over a few addresses.
math.randomseed(7)
local paths = { "/products", "/products/desk-lamp", "/blog" }
local n = 0

function delay()
  return math.random(300, 900)
end

function request()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1])
end
