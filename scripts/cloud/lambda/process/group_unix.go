//go:build unix

package process

import (
	"os"
	"syscall"
)

// killGroup kills a process and its children. It ignores a group that no longer exists.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
