package process

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// ownGroup makes a process lead its own group and die with its parent. The latter depends on the thread that forks,
// which is safe because Go keeps its threads.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// peakMemory returns the peak resident set of a running process, in MB.
func peakMemory(pid int) int {
	status, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	kilobytes, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	n, _ := strconv.Atoi(string(kilobytes)) // 0 for one that has ended
	return (n + 1023) / 1024
}
