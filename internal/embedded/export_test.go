package embedded

// ClickHousePid is the number of the first ClickHouse process of a stack.
func ClickHousePid(s *Stack) int { return s.clickhouse.first.Pid() }
