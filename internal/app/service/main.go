package service

// Main runs a service as a program does and returns the exit code.
func Main(name, long string, build Build) int {
	_, _, _ = name, long, build
	return 2
}
