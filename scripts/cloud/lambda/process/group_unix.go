//go:build unix

package process

import (
	"os"
	"syscall"
)

// killGroup kills a process and its children. A group that is gone is no error.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
