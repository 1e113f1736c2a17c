package pipeline

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// Apart gives the machine's last processor to what is started on it with the command that it returns: this process and
// the servers that it has started move to the others, until the benchmark ends. Processes that take turns on one
// processor empty each other's caches, which says more about the neighbours than about the one that is measured.
// Without a second processor there is no command, and the log says so.
func Apart(b *testing.B) (on []string) {
	b.Helper()
	taskset, err := exec.LookPath("taskset")
	last := runtime.NumCPU() - 1
	if err != nil || last == 0 {
		b.Log("what is measured shares its processor with the servers: there is no other, or no taskset")
		return nil
	}
	everyone := family(os.Getpid())
	move := func(processors string) error {
		for _, pid := range everyone {
			out, err := exec.Command(taskset, "-acp", processors, strconv.Itoa(pid)).CombinedOutput() //nolint:noctx // a moment
			if err != nil {
				return fmt.Errorf("moving process %d: %w: %s", pid, err, out)
			}
		}
		return nil
	}
	if err := move(fmt.Sprintf("0-%d", last-1)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		everyone = everyone[:1] // the servers are about to end
		if err := move(fmt.Sprintf("0-%d", last)); err != nil {
			b.Error(err)
		}
	})
	return []string{taskset, "-c", strconv.Itoa(last)}
}

// family is a process and all that descend from it.
func family(pid int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		// The name, in parentheses, may hold anything.
		if fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:])); len(fields) > 1 {
			if parent, err := strconv.Atoi(fields[1]); err == nil {
				children[parent] = append(children[parent], child)
			}
		}
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}
